"""Danger going on now is told from everyday words that sound like it; tips are told from questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.urgent import FIRE, MEDICAL, POLICE, emergency_numbers, looks_like_tip
from domain.vietnamese import strip_marks

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


@given(st.text(st.characters(), max_size=300))
def test_no_text_whatever_makes_the_rules_fall_over(text: str) -> None:
    assert set(emergency_numbers(text)) <= {POLICE, FIRE, MEDICAL}
    assert looks_like_tip(text) in {True, False}


@pytest.mark.parametrize("text", ["đang " * 20_000, "co mot nhom " * 8_000, "a" * 100_000])
def test_a_text_of_100_kb_is_read_at_once(text: str) -> None:
    emergency_numbers(text)
    looks_like_tip(text)
