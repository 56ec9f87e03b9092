"""The level a question names, and what the records say of it: nothing is promised that stands in no record."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.aspects import Asked, Aspect, read
from domain.cards import CARD_MAX, wish_card
from domain.families import wish_of
from domain.levels import LEVEL_NAMES, Level, answer, levels_asked
from domain.vietnamese import fold, strip_marks
from tests.domain.catalogue import a_procedure, procedures

COMMUNE, DISTRICT, PROVINCE, MINISTRY = Level


def told(wanted: str, *asked: Level) -> str:
    one = next(known for known in procedures() if known.id == wanted)
    return answer(wish_of(one, [other for other in procedures() if other.family == one.family]), asked)


@pytest.mark.parametrize(
    ("message", "levels"),
    [
        ("ở xã có làm không", {COMMUNE}),
        ("làm ở công an tỉnh được không", {PROVINCE}),
        ("ra phường làm được ko ạ", {COMMUNE}),
        ("công an phường có cấp không", {COMMUNE}),
        ("có phải lên tỉnh không", {PROVINCE}),
        ("lên huyện làm được không", {DISTRICT}),
        ("xã hay huyện ạ", {COMMUNE, DISTRICT}),
        ("nộp ở phường hay tỉnh", {COMMUNE, PROVINCE}),
        ("đăng ký tạm trú ở công an tỉnh được không", {PROVINCE}),
        ("ra bộ công an làm được không", {MINISTRY}),
    ],
)
def test_the_level_a_question_names_is_heard_with_accents_and_without(
    message: str, levels: set[Level]
) -> None:
    for typed in (message, strip_marks(message), message.upper()):
        assert set(levels_asked(typed)) == levels, typed


@pytest.mark.parametrize(
    "message",
    [
        "ở xa có làm được không",
        "ở tỉnh khác làm được không",
        "công an xã nào làm",
        "tính phí thế nào, có đắt không",
        "ở quán karaoke có cần không",
        "tôi ở xã Tân Tiến",
        "lệ phí bao nhiêu",
        "",
    ],
)
def test_another_place_far_away_or_a_statement_names_no_level(message: str) -> None:
    assert levels_asked(message) == ()


@pytest.mark.parametrize("message", ["ở xã có làm không", "cong an xa co cap khong", "phường làm được không"])
def test_a_level_is_a_question_about_the_place_and_names_nothing_else(message: str) -> None:
    asked = read(message)
    assert asked is not None
    assert (asked.aspect, asked.rest, asked.levels) == (Aspect.WHERE, (), (COMMUNE,))


def test_who_asks_for_the_fee_there_asks_for_both() -> None:
    asked = read("làm ở công an tỉnh có mất phí không")
    assert asked is not None
    assert [one.aspect for one in asked.apart] == [Aspect.FEE, Aspect.WHERE]
    assert asked.apart[1].levels == (PROVINCE,)


@pytest.mark.parametrize("message", ["ở tỉnh thì sao", "thế ở tỉnh", "còn công an tỉnh thì sao"])
def test_asking_on_about_another_level_needs_few_words(message: str) -> None:
    asked = read(message)
    assert asked is not None
    assert (asked.levels, asked.rest) == ((PROVINCE,), ())


def test_what_was_asked_survives_a_button_and_a_conversation() -> None:
    for asked in (
        Asked(Aspect.FEE),
        Asked(Aspect.PAPER, "so do"),
        Asked(Aspect.WHERE, levels=(COMMUNE, PROVINCE)),
    ):
        assert Asked.of(asked.kept) == asked
    assert Asked.of("gone/anh") is None


@pytest.mark.parametrize(
    ("wanted", "asked", "says"),
    [
        ("1.004194", (COMMUNE,), "Được ạ, thủ tục này làm ở Công an cấp xã."),
        ("1.004194", (PROVINCE,), "Thủ tục này làm ở Công an cấp xã, không làm ở Công an tỉnh."),
        (
            "1.001456",
            (COMMUNE,),
            "Thủ tục này làm ở Công an tỉnh hoặc Bộ Công an, không làm ở Công an cấp xã.",
        ),
        ("1.014061", (PROVINCE,), "Được ạ, thủ tục này làm ở Công an tỉnh."),
        ("1.004194", (COMMUNE, PROVINCE), "Thủ tục này làm ở Công an cấp xã, không làm ở Công an tỉnh."),
        (
            "1.004194",
            (DISTRICT,),
            "Công an huyện không còn từ 01/3/2025. Thủ tục này làm ở Công an cấp xã.",
        ),
    ],
)
def test_a_level_is_answered_from_the_records(wanted: str, asked: tuple[Level, ...], says: str) -> None:
    assert told(wanted, *asked) == says


def test_what_hangs_on_a_condition_is_no_plain_yes() -> None:
    assert "Công an cấp xã có điểm tiếp nhận" in told("3.000347", COMMUNE)
    assert told("3.000347", COMMUNE).startswith("Tùy nơi")


@pytest.mark.parametrize(
    ("wanted", "level"),
    [
        ("3.000527", COMMUNE),  # the committee of the commune takes it, not its police
        ("1.013065", PROVINCE),  # its levels say so, its `where` says “Trực tuyến” only
        ("1.011410", COMMUNE),  # done in the app
    ],
)
def test_where_the_record_is_not_clear_that_is_said(wanted: str, level: Level) -> None:
    assert "chưa có thông tin chắc chắn" in told(wanted, level)


def test_the_same_wish_in_another_case_at_that_level_is_named() -> None:
    assert "trường hợp khác làm ở Công an tỉnh" in told("1.004327", PROVINCE)


def test_a_record_without_a_place_is_answered_by_its_levels() -> None:
    wish = wish_of(a_procedure(where=None, levels_2025=("province",)), [])
    assert answer(wish, [PROVINCE]).startswith("Được ạ")
    assert answer(wish, [COMMUNE]).endswith("không làm ở Công an cấp xã.")


@pytest.mark.parametrize("level", Level)
def test_no_record_is_promised_at_a_level_that_neither_its_levels_nor_its_place_name(level: Level) -> None:
    for one in (known for known in procedures() if known.is_current):
        wish = wish_of(one, [])
        says = answer(wish, [level])
        assert says
        assert len(wish_card(wish, says)) <= CARD_MAX
        if says.startswith("Được ạ"):
            words = fold(one.where or "")
            assert level.value in one.levels_2025 or fold(LEVEL_NAMES[level]).split()[-1] in words


@given(st.text(st.characters(), max_size=200))
def test_no_text_whatever_makes_it_fall_over(text: str) -> None:
    assert set(levels_asked(text)) <= set(Level)
