"""Danger going on now is told from everyday words that sound like it; tips are told from questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.hearing import SOMETHING_ELSE, heard
from domain.urgent import FIRE, MEDICAL, POLICE, emergency_numbers, looks_like_tip
from domain.vietnamese import strip_marks
from tests.domain import alarms, reports

DANGER = [
    ("nhà tôi đang cháy", {FIRE}),
    ("cháy nhà rồi mọi người ơi", {FIRE}),
    ("đang cháy lớn ở chợ Thương", {FIRE}),
    ("xưởng gỗ bốc cháy", {FIRE}),
    ("có cháy ở tầng 3 chung cư", {FIRE}),
    ("nổ bình gas ở nhà hàng xóm", {FIRE}),
    ("có người đuối nước ở hồ", {FIRE, MEDICAL}),
    ("có người bị mắc kẹt trong thang máy", {FIRE}),
    ("đang đánh nhau ở đầu ngõ", {POLICE}),
    ("có một nhóm thanh niên đang cầm dao đuổi nhau", {POLICE}),
    ("tôi đang bị cướp", {POLICE}),
    ("có kẻ đang phá cửa nhà tôi", {POLICE}),
    ("cứu tôi với", {POLICE}),
    ("chồng tôi đang đánh tôi", {POLICE}),
    ("vừa có tai nạn, người nằm bất tỉnh", {MEDICAL}),
    ("có người nhảy cầu", {MEDICAL}),
    ("bố tôi bị đột quỵ rồi", {MEDICAL}),
]

HARMLESS = [
    "dạo này bán cháy hàng",
    "phim này cháy vé rồi",
    "hết lương cháy túi",
    "pháo cháy hết hạn sử dụng thì sao",
    "đang chạy xe trên đường thì bị phạt",
    "tôi đang chạy bộ",
    "xin giấy phép phòng cháy chữa cháy",
    "nghiệm thu phòng cháy cho quán",
    "học bơi chống đuối nước ở đâu",
    "đánh nhau bị phạt bao nhiêu tiền",
    "bảo hiểm cháy nổ mua ở đâu",
    "đang làm căn cước thì mất điện",
    "có nổ hũ không ad",
    "tôi muốn làm hộ chiếu",
    "bình chữa cháy hết hạn",
    "có người nước ngoài đến ở",
    "",
    "👍",
]


@pytest.mark.parametrize(("text", "numbers"), DANGER)
def test_danger_now_is_answered_with_the_numbers_to_call(text: str, numbers: set[str]) -> None:
    assert numbers <= set(emergency_numbers(text))


@pytest.mark.parametrize(("text", "numbers"), DANGER)
def test_danger_is_heard_without_accents_too(text: str, numbers: set[str]) -> None:
    assert numbers <= set(emergency_numbers(strip_marks(text)))
    assert numbers <= set(emergency_numbers(text.upper()))


@pytest.mark.parametrize("text", HARMLESS)
def test_words_that_only_sound_like_danger_raise_no_alarm(text: str) -> None:
    assert emergency_numbers(text) == ()


@pytest.mark.parametrize("text", [t for t in HARMLESS if "chạy" not in t])
def test_nor_without_accents(text: str) -> None:
    assert emergency_numbers(strip_marks(text)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "tôi muốn báo tin có nhóm đánh bạc ở cuối xóm",
        "phát hiện đối tượng buôn bán ma túy",
        "nhà tôi bị mất trộm xe máy đêm qua",
        "thanh niên tụ tập đua xe ngoài đê",
        "nha ben canh hat karaoke gay on",
        "toi bi lua dao chuyen tien",
    ],
)
def test_words_that_report_something_look_like_a_tip(text: str) -> None:
    assert looks_like_tip(text)


@pytest.mark.parametrize(
    "text",
    [
        "thủ tục trình báo mất hộ chiếu",
        "làm căn cước cần gì",
        "đăng ký tạm trú ở đâu",
        "đánh bạc bị phạt bao nhiêu",
        "chào ad",
        "cảm ơn nhé",
    ],
)
def test_questions_do_not_look_like_a_tip(text: str) -> None:
    assert not looks_like_tip(text)


# ---- the long lists ---------------------------------------------------------------------------------------------


def both_forms(messages: tuple[str, ...]) -> list[str]:
    """As typed and without accents."""
    return [form for message in messages for form in (message, strip_marks(message))]


def test_the_lists_are_long_enough_to_mean_something():
    assert len(alarms.DANGER) >= 60
    assert len(alarms.HARMLESS) >= 60
    assert len(reports.REPORTS) >= 60
    assert len(reports.NO_REPORTS) >= 60


@pytest.mark.parametrize(("text", "number"), alarms.DANGER + alarms.LATER_DANGER)
def test_danger_going_on_names_the_right_number_first(text: str, number: str) -> None:
    for typed in (text, strip_marks(text), text.upper()):
        assert number in emergency_numbers(typed), typed


@pytest.mark.parametrize("text", both_forms(alarms.HARMLESS + alarms.LATER_HARMLESS))
def test_no_alarm_is_raised_by_talk_papers_or_the_past(text: str) -> None:
    assert emergency_numbers(text) == ()


def test_a_bare_word_is_a_cry_only_with_the_accents_of_one() -> None:
    assert emergency_numbers("cháy") == (FIRE,)
    assert emergency_numbers("chạy") == ()


@pytest.mark.parametrize("text", both_forms(reports.REPORTS))
def test_a_report_is_heard_as_one(text: str) -> None:
    assert looks_like_tip(text) or emergency_numbers(text)


@pytest.mark.parametrize("text", both_forms(reports.NO_REPORTS))
def test_questions_shops_and_chat_are_no_reports(text: str) -> None:
    assert not looks_like_tip(text)


@pytest.mark.parametrize(
    ("now", "past"),
    [
        ("hàng xóm đang đánh nhau", "hàng xóm đánh nhau đêm qua"),
        ("đang cháy nhà hàng xóm", "năm ngoái cháy nhà hàng xóm"),
        ("có tai nạn ở ngã tư", "hôm qua có tai nạn ở ngã tư"),
        ("em đang bị cướp", "em bị cướp tuần trước"),
    ],
)
def test_what_is_over_is_a_report_and_no_alarm(now: str, past: str) -> None:
    assert emergency_numbers(now)
    assert emergency_numbers(past) == ()


def test_what_began_before_and_goes_on_is_an_alarm() -> None:
    assert POLICE in emergency_numbers(
        "từ đêm qua đến giờ nó đang cầm dao đứng trước cửa dọa chém cả nhà tôi"
    )


@pytest.mark.parametrize(
    ("typed", "word"),
    [("chạy xe", "chay"), ("nợ nần", "no"), ("đạo đức", "dao"), ("đợt này", "dot")],
)
def test_accents_that_were_typed_tell_look_alikes_apart(typed: str, word: str) -> None:
    assert word not in heard(typed).split()
    assert SOMETHING_ELSE in heard(typed)


def test_a_beating_at_home_is_a_report_when_it_is_over() -> None:
    assert looks_like_tip("chồng em đánh em hôm qua")
    assert not looks_like_tip("chồng em đánh giá dịch vụ thế nào")


def test_urging_somebody_to_act_is_no_question() -> None:
    assert looks_like_tip("quán bar mở nhạc to cả đêm, công an có biết không")
    assert not looks_like_tip("quán bar mở nhạc to cả đêm có bị phạt không")


@given(st.text(st.characters(), max_size=300))
def test_no_text_whatever_makes_the_rules_fall_over(text: str) -> None:
    assert set(emergency_numbers(text)) <= {POLICE, FIRE, MEDICAL}
    assert looks_like_tip(text) in {True, False}


@pytest.mark.parametrize("text", ["đang " * 20_000, "co mot nhom " * 8_000, "a" * 100_000])
def test_a_text_of_100_kb_is_read_at_once(text: str) -> None:
    emergency_numbers(text)
    looks_like_tip(text)


@pytest.mark.parametrize("text", both_forms(reports.OVER))
def test_a_danger_that_is_over_is_a_report_and_no_alarm(text: str) -> None:
    assert looks_like_tip(text)
    assert emergency_numbers(text) == ()


@pytest.mark.parametrize("text", both_forms(reports.OVER_AND_NO_REPORT))
def test_a_question_about_it_and_talk_of_it_are_neither(text: str) -> None:
    assert not looks_like_tip(text)
    assert emergency_numbers(text) == ()
