"""Which unit answers for a place somebody typed: old names and new, and a question back where two are possible."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.places import CHOICES_MAX, PlaceAnswer, PlaceBook
from domain.units import Unit, UnitLevel
from domain.vietnamese import strip_marks
from tests.domain.catalogue import units

TODAY = date(2026, 11, 24)


@cache
def places() -> PlaceBook:
    return PlaceBook(units(), TODAY)


def unit_of(text: str) -> str:
    found = places().find(text)
    assert found.unit, f"{text}: {[choice.label for choice in found.choices]}"
    return found.unit.name


def choices_of(text: str) -> set[str]:
    found = places().find(text)
    assert found.unit is None, f"{text}: {found.unit}"
    return {choice.unit.name for choice in found.choices}


@pytest.mark.parametrize(
    ("typed", "today"),
    [
        ("Phường Bắc Giang", "Phường Bắc Giang"),
        ("hẻm 12, phường Ngô Quyền tp Bắc Giang", "Phường Bắc Giang"),
        ("hem 12 phuong ngo quyen tp bac giang", "Phường Bắc Giang"),
        ("xa tan tien", "Phường Tân Tiến"),
        ("thi tran neo", "Phường Yên Dũng"),
        ("xã Hoàng Ninh", "Phường Nếnh"),
        ("thôn 3 xã Lan Giới", "Xã Quang Trung"),
        ("số 5 ngõ 7 tổ dân phố 2 p. Trần Phú", "Phường Bắc Giang"),
        ("đường Hoàng Văn Thụ, phường Xương Giang", "Phường Bắc Giang"),
        ("công an xã Nhã Nam", "Xã Nhã Nam"),
        ("tt đồi ngô", "Xã Lục Nam"),
        ("tôi ở xã Tiên Lục huyện Lạng Giang", "Xã Tiên Lục"),
        ("gần chợ Nếnh", "Phường Nếnh"),
        ("xã Lam Sơn", "Xã Quang Trung"),
        ("đình bảng", "Phường Từ Sơn"),
        ("Xa Lý", "Xã Sa Lý"),
        ("sa ly", "Xã Sa Lý"),
    ],
)
def test_old_and_new_names_lead_to_the_unit_of_today(typed: str, today: str) -> None:
    assert unit_of(typed) == today


@pytest.mark.parametrize(
    ("typed", "today"), [("phuong ngo quyn", "Phường Bắc Giang"), ("xã nghiã hưngg", "Xã Tiên Lục")]
)
def test_a_slip_of_the_finger_is_forgiven(typed: str, today: str) -> None:
    assert unit_of(typed) == today


def test_a_name_that_was_used_twice_is_asked_about() -> None:
    assert choices_of("Phúc Sơn") == {"Xã Quang Trung", "Xã Đại Sơn"}
    assert choices_of("xã Đồng Tiến") == {"Xã Xuân Lương", "Xã Hoàng Vân"}


def test_unless_the_old_district_is_said() -> None:
    assert unit_of("phuc son tan yen") == "Xã Quang Trung"
    assert unit_of("xã Phúc Sơn, huyện Sơn Động") == "Xã Đại Sơn"
    assert unit_of("xa dong son huyen yen the tinh bac giang") == "Xã Bố Hạ"


@pytest.mark.parametrize(
    ("one", "today", "other", "other_today"),
    [
        ("Đông Sơn", "Xã Bố Hạ", "Đồng Sơn", "Phường Tiền Phong"),
        ("Phương Sơn", "Xã Lục Nam", "Phượng Sơn", "Phường Phượng Sơn"),
    ],
)
def test_accents_tell_two_names_apart_and_without_them_we_ask(
    one: str, today: str, other: str, other_today: str
) -> None:
    assert unit_of(one) == today
    assert unit_of(other) == other_today
    assert choices_of(strip_marks(one)) == {today, other_today}


def test_an_old_district_is_asked_about_its_own_name_first() -> None:
    found = places().find("huyện Tân Yên")
    assert found.choices[0].unit.name == "Xã Tân Yên"
    assert len(found.choices) == CHOICES_MAX
    assert choices_of("tân yên") == {choice.unit.name for choice in found.choices}


def test_the_kind_tells_a_commune_of_today_from_the_old_district() -> None:
    assert unit_of("xã Tân Yên") == "Xã Tân Yên"
    assert unit_of("phường Yên Dũng") == "Phường Yên Dũng"


def test_a_choice_shows_the_old_name_where_that_was_used() -> None:
    labels = {choice.label for choice in places().find("Phúc Sơn").choices}
    assert labels == {
        "Xã Phúc Sơn (huyện Tân Yên) → Xã Quang Trung",
        "Xã Phúc Sơn (huyện Sơn Động) → Xã Đại Sơn",
    }


@pytest.mark.parametrize(
    "typed", ["", "   ", "hà nội", "abc", "tôi ở phường", "xã", "gần nhà", "👍", "ngõ 5"]
)
def test_what_names_no_place_of_the_province_leads_nowhere(typed: str) -> None:
    assert places().find(typed) == PlaceAnswer()


def _successors() -> dict[str, Unit]:
    current = units().today(TODAY)
    following = defaultdict(list)
    for link in units().succession:
        following[link.old_id].append(link.new_id)

    def last(unit_id: str) -> str:
        return unit_id if unit_id in current else last(following[unit_id][0])

    communes = [u for u in units().units if u.level is UnitLevel.COMMUNE]
    return {unit.id: current[last(unit.id)] for unit in communes}


def test_every_commune_there_was_is_found_by_name_and_district() -> None:
    successors = _successors()
    for unit in units().units:
        if unit.level is not UnitLevel.COMMUNE:
            continue
        typed = [f"{unit.name}, {unit.district}" if unit.district else unit.name]
        typed.append(strip_marks(f"số nhà 12 {typed[0]} tỉnh Bắc Giang"))
        for text in typed:
            assert unit_of(text) == successors[unit.id].name, text


def test_by_name_alone_the_right_unit_is_given_or_among_the_choices() -> None:
    successors = _successors()
    for unit in units().units:
        if unit.level is UnitLevel.COMMUNE:
            for text in (unit.short_name, strip_marks(unit.short_name)):
                found = places().find(text)
                possible = {found.unit} if found.unit else {choice.unit for choice in found.choices}
                assert successors[unit.id] in possible, text


@given(st.text(st.characters(), max_size=200))
def test_any_text_at_all_is_read_without_falling_over(text: str) -> None:
    found = places().find(text)
    assert not (found.unit and found.choices)
    assert len(found.choices) <= CHOICES_MAX


def test_a_text_of_100_kb_is_read_at_once() -> None:
    assert places().find("xã " * 40_000) == PlaceAnswer()
