"""A group has a first and a last day, both included; without them it is always there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.group_days import GroupDays, fault_of
from domain.reasons import said_again

FIRST, LAST = date(2026, 12, 1), date(2027, 6, 30)
BEFORE, AFTER = FIRST - timedelta(days=1), LAST + timedelta(days=1)


@pytest.mark.parametrize(
    ("days", "on", "why"),
    [
        (GroupDays(), BEFORE, None),
        (GroupDays(FIRST, LAST), BEFORE, "Nhóm chưa bắt đầu: ngày đầu của nhóm là 01/12/2026."),
        (GroupDays(FIRST, LAST), FIRST, None),
        (GroupDays(FIRST, LAST), LAST, None),
        (GroupDays(FIRST, LAST), AFTER, "Nhóm đã kết thúc: ngày cuối của nhóm là 30/06/2027."),
        (GroupDays(first=FIRST), AFTER, None),
        (GroupDays(last=LAST), BEFORE, None),
        (GroupDays(FIRST, FIRST), FIRST, None),
    ],
)
def test_it_lasts_from_its_first_day_to_the_end_of_its_last(
    days: GroupDays, on: date, why: str | None
) -> None:
    assert days.why_not(on) == why
    assert days.lasts(on) is (why is None)
    assert days.is_over(on) is (why is not None and "kết thúc" in why)


def test_the_last_day_is_not_before_the_first_and_a_year_is_no_slip() -> None:
    assert fault_of(GroupDays()) is None
    assert fault_of(GroupDays(FIRST, FIRST)) is None
    assert "Ngày cuối (30/11/2026) đang trước ngày đầu (01/12/2026)" in str(
        fault_of(GroupDays(FIRST, BEFORE))
    )
    assert "xem lại năm" in str(fault_of(GroupDays(last=date(202, 6, 30))))


def test_a_reason_that_was_kept_in_a_row_can_be_said_again_in_another_language() -> None:
    for on in (BEFORE, AFTER):
        why = GroupDays(FIRST, LAST).why_not(on)
        assert why is not None
        again = said_again("".join(why))
        assert (again, getattr(again, "words", None)) == (why, why.words)
