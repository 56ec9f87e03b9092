"""Units that become others: its states, the second person, what may be typed."""

from __future__ import annotations

from datetime import date

import pytest

from domain.errors import MoveRefused
from domain.unit_changes import (
    ChangeState,
    NewUnit,
    check_move,
    check_second_person,
    faults_of_day,
    faults_of_new,
)
from domain.units import Succession, Unit, UnitBook, UnitLevel

S = ChangeState


@pytest.mark.parametrize(
    ("before", "after"),
    [(S.PROPOSED, S.APPLIED), (S.DROPPED, S.AGREED), (S.UNDONE, S.APPLIED), (S.APPLIED, S.DROPPED)],
)
def test_no_step_is_skipped(before: ChangeState, after: ChangeState) -> None:
    with pytest.raises(MoveRefused):
        check_move(before, after)


def test_nobody_gives_their_own_work_the_second_look() -> None:
    check_second_person(1, 2)
    with pytest.raises(MoveRefused, match="Người lập không tự xác nhận"):
        check_second_person(1, 1)


def test_a_new_unit_has_a_code_a_kind_and_a_name_without_it() -> None:
    assert faults_of_new(NewUnit("07999", "phường", "Thương Giang")) == []
    assert NewUnit("07999", "đặc khu", "Cô Tô").name == "Đặc khu Cô Tô"
    for wrong in (NewUnit("7999", "phường", "A"), NewUnit("07999", "quận", "A"), NewUnit("07999", "xã", "")):
        assert faults_of_new(wrong)
    assert "không ghi lại loại" in faults_of_new(NewUnit("07999", "xã", "Xã Tân An"))[0]


def test_a_day_far_away_is_asked_about() -> None:
    today = date(2026, 11, 24)
    assert faults_of_day(date(2027, 1, 1), today) == []
    assert faults_of_day(date(2029, 1, 1), today)
    assert faults_of_day(date(2025, 1, 1), today)


def test_old_ids_lead_over_several_changes_to_the_one_unit_of_the_day() -> None:
    a, b, c = date(2025, 7, 1), date(2027, 1, 1), date(2028, 1, 1)

    def unit(code: str, since: date, until: date | None) -> Unit:
        return Unit(code, f"Xã {code}", code, "xã", UnitLevel.COMMUNE, since, until)

    units = (
        unit("1", a, b),
        unit("2", a, b),
        unit("3", b, c),
        unit("4", c, None),
        unit("9", a, b),
        unit("5", b, None),
    )
    steps = (
        Succession("1@2025-07-01", "3@2027-01-01", b, ""),
        Succession("2@2025-07-01", "3@2027-01-01", b, ""),
        Succession("3@2027-01-01", "4@2028-01-01", c, ""),
        Succession("9@2025-07-01", "3@2027-01-01", b, ""),
        Succession("9@2025-07-01", "5@2027-01-01", b, ""),
    )
    book = UnitBook(units, steps)
    assert {old: new.code for old, new in book.became(c).items()} == {
        "1@2025-07-01": "4",
        "2@2025-07-01": "4",
        "3@2027-01-01": "4",
    }, "one that was split up leads nowhere by itself"
    assert book.became(a) == {}
