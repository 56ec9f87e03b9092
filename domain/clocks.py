"""When a tip has to be taken and closed, counted around the clock or in office hours, holidays left out.

The calendar is data (data/content/tips/calendar.toml). Moments are aware UTC; hours and days are Vietnam's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from domain.broadcasts import VIETNAM
from domain.tip_kinds import TipKind
from domain.tips import OPEN, TipStatus

AMBER_SHARE = 0.75
"""A clock turns amber when this share of its time is gone."""
DAYS_MAX = 400
"""So far ahead working time is looked for; beyond it a calendar is wrong."""
DUTY, UNIT_HEAD, PROVINCE = 0, 1, 2
"""Who has to look: `Tip.escalation`."""
TO_PROVINCE_AFTER = timedelta(hours=1)
"""So long a unit head has, before an overdue tip goes up to the province (a third of it for urgent ones)."""


class Colour(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True)
class Calendar:
    """Office hours of a weekday as (from, to) pairs, and the days off with their names."""

    hours: tuple[tuple[time, time], ...]
    weekdays: frozenset[int]
    days_off: Mapping[date, str]
    known_until: date

    def works_on(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.days_off

    def add_working(self, start: datetime, wanted: timedelta) -> datetime:
        """The moment when `wanted` of office time has passed since `start`."""
        local = start.astimezone(VIETNAM)
        day = local.date()
        for _ in range(DAYS_MAX):
            if self.works_on(day):
                for opens, closes in self.hours:
                    begin = max(local, datetime.combine(day, opens, VIETNAM))
                    end = datetime.combine(day, closes, VIETNAM)
                    if begin >= end:
                        continue
                    if wanted <= end - begin:
                        return (begin + wanted).astimezone(start.tzinfo)
                    wanted -= end - begin
            day += timedelta(days=1)
        return datetime.combine(day, time(0), VIETNAM).astimezone(start.tzinfo)


@dataclass(frozen=True)
class Dues:
    take: datetime
    close: datetime


def dues(kind: TipKind, calendar: Calendar, *, at: datetime, urgent: bool) -> Dues:
    """When a tip of this kind that came at `at` has to be taken and closed; urgent ones at once, at any hour."""
    take, close = timedelta(minutes=kind.take_minutes), timedelta(hours=kind.close_hours)
    if urgent:
        return Dues(at + min(take, timedelta(minutes=10)), at + close)
    if not kind.office_hours:
        return Dues(at + take, at + close)
    return Dues(calendar.add_working(at, take), calendar.add_working(at, close))


def colour(
    status: TipStatus,
    *,
    created_at: datetime,
    take_due_at: datetime | None,
    close_due_at: datetime | None,
    now: datetime,
) -> Colour:
    """How the tip stands with the clock that runs now; amber before red."""
    due = take_due_at if status is TipStatus.NEW else close_due_at
    if status not in OPEN or due is None:
        return Colour.GREEN
    if now >= due:
        return Colour.RED
    return Colour.AMBER if now >= created_at + (due - created_at) * AMBER_SHARE else Colour.GREEN


def escalation(
    due: datetime,
    *,
    urgent: bool,
    somebody_on_duty: bool,
    now: datetime,
    to_province: timedelta = TO_PROVINCE_AFTER,
) -> int:
    """Who has to look at a tip whose clock ran out at `due`: nobody yet, the unit head, then the province.

    A unit where nobody is on duty has no time to lose: its tips go up when they turn red.
    """
    if now < due:
        return DUTY
    later = to_province / 3 if urgent else to_province
    return PROVINCE if not somebody_on_duty or now >= due + later else UNIT_HEAD
