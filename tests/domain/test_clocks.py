"""The clocks of tips: office hours, holidays, amber before red, and who has to look when they run out."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from data.tip_rules import shipped
from domain import clocks
from domain.broadcasts import VIETNAM
from domain.clocks import Colour, colour, dues, escalation
from domain.tips import TipStatus


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


CALENDAR = shipped().calendar
OFFICE = shipped().kinds.get("environment")
ALWAYS = shipped().kinds.get("drugs")


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23 08:00", 1, "2026-11-23 09:00"),
        ("2026-11-23 11:00", 1, "2026-11-23 14:00"),
        ("2026-11-23 16:30", 1, "2026-11-24 08:00"),
        ("2026-11-27 16:30", 1, "2026-11-30 08:00"),
        ("2026-11-28 10:00", 1, "2026-11-30 08:30"),
        ("2026-04-29 16:00", 2, "2026-05-04 08:30"),
        ("2026-02-13 16:00", 2, "2026-02-23 08:30"),
        ("2026-11-23 03:00", 1, "2026-11-23 08:30"),
    ],
)
def test_office_time_leaves_out_nights_lunch_weekends_and_holidays(start: str, hours: int, end: str) -> None:
    assert CALENDAR.add_working(at(start), timedelta(hours=hours)) == at(end)


def test_some_kinds_run_around_the_clock_and_urgent_ones_always_do() -> None:
    night = at("2026-11-28 23:00")
    assert dues(ALWAYS, CALENDAR, at=night, urgent=False).take == night + timedelta(minutes=30)
    assert dues(OFFICE, CALENDAR, at=night, urgent=False).take > night + timedelta(hours=24)
    assert dues(OFFICE, CALENDAR, at=night, urgent=True).take == night + timedelta(minutes=10)


def test_amber_comes_before_red() -> None:
    came, due = at("2026-11-23 08:00"), at("2026-11-23 12:00")
    seen = [
        colour(
            TipStatus.NEW,
            created_at=came,
            take_due_at=due,
            close_due_at=None,
            now=came + timedelta(hours=hours),
        )
        for hours in (1, 3, 4)
    ]
    assert seen == [Colour.GREEN, Colour.AMBER, Colour.RED]
    assert (
        colour(
            TipStatus.DONE, created_at=came, take_due_at=due, close_due_at=due, now=due + timedelta(days=9)
        )
        is Colour.GREEN
    )


def test_late_ones_go_to_the_head_and_then_to_the_province() -> None:
    due = at("2026-11-23 12:00")

    def level(minutes: int, *, urgent: bool = False, present: bool = True) -> int:
        return escalation(due, urgent=urgent, somebody_on_duty=present, now=due + timedelta(minutes=minutes))

    assert [level(-1), level(0), level(59), level(60)] == [
        clocks.DUTY,
        clocks.UNIT_HEAD,
        clocks.UNIT_HEAD,
        clocks.PROVINCE,
    ]
    assert level(20, urgent=True) == clocks.PROVINCE
    assert level(0, present=False) == clocks.PROVINCE, "nobody is on duty there: no time to lose"


def test_the_shipped_calendar_has_the_holidays_of_vietnam() -> None:
    for day in (date(2026, 2, 17), date(2026, 4, 30), date(2026, 5, 1), date(2026, 9, 1), date(2026, 9, 2)):
        assert not CALENDAR.works_on(day)
    assert CALENDAR.works_on(date(2026, 11, 23))
