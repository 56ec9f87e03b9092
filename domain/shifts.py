"""Who is on duty when: shifts of a unit's officers, kept a week at a time.

A unit whose roster is alive is on duty as the roster says; any other as its officers log in (data.on_duty).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from domain.broadcasts import VIETNAM
from domain.errors import MoveRefused
from domain.roles import Role
from domain.said import said

LONGEST = timedelta(hours=24)
ROSTER_LIVES = timedelta(days=7)
"""So long after its last shift a roster still counts: a week nobody wrote is a gap, a second one is no roster."""
ON_DUTY_ROLES = frozenset({Role.DUTY, Role.UNIT_HEAD, Role.INSPECTOR})
WEEK = timedelta(days=7)


class Duty(StrEnum):
    """How an officer stands with the roster of their unit now."""

    ON = "on"
    OFF = "off"
    NO_ROSTER = "no_roster"


@dataclass(frozen=True)
class Shift:
    """One officer's time on duty; aware times, `ends_at` is not part of it."""

    id: int
    officer_id: int
    officer: str
    starts_at: datetime
    ends_at: datetime


USUAL: Mapping[str, tuple[str, time, time]] = {
    "day": ("Ca ngày 07:00–19:00", time(7), time(19)),
    "night": ("Ca đêm 19:00–07:00 hôm sau", time(19), time(7)),
    "whole": ("Cả ngày 07:00–07:00 hôm sau", time(7), time(7)),
}
"""The shifts most units keep: label, from, until; any other time can be typed."""


def span(day: date, starts: time, ends: time) -> tuple[datetime, datetime]:
    """A shift that begins on this day in Vietnam; one that ends no later than it starts ends the day after."""
    begin = datetime.combine(day, starts, VIETNAM)
    end = datetime.combine(day if ends > starts else day + timedelta(days=1), ends, VIETNAM)
    return begin, end


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_from(monday: date) -> tuple[datetime, datetime]:
    """From midnight to midnight in Vietnam."""
    begin = datetime.combine(monday, time(0), VIETNAM)
    return begin, begin + WEEK


def check_span(starts_at: datetime, ends_at: datetime, *, now: datetime) -> None:
    """Raise MoveRefused for a shift that makes no sense or is over."""
    if not timedelta(0) < ends_at - starts_at <= LONGEST:
        raise MoveRefused("Một ca trực dài tối đa 24 giờ.")
    if ends_at <= now:
        raise MoveRefused(
            said("Ca %(when)s đã qua nên không xếp được nữa.", when=in_words(starts_at, ends_at))
        )


def in_words(starts_at: datetime, ends_at: datetime) -> str:
    """“19:00 24/11 – 07:00 25/11”, or “07:00–19:00 24/11” within a day."""
    begin, end = starts_at.astimezone(VIETNAM), ends_at.astimezone(VIETNAM)
    if begin.date() == end.date():
        return f"{begin:%H:%M}–{end:%H:%M} {begin:%d/%m}"
    return f"{begin:%H:%M} {begin:%d/%m} – {end:%H:%M} {end:%d/%m}"


def gaps(shifts: Iterable[Shift], begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """When nobody is on duty between `begin` and `end`."""
    free: list[tuple[datetime, datetime]] = []
    covered = begin
    for shift in sorted(shifts, key=lambda one: one.starts_at):
        if shift.ends_at <= begin or shift.starts_at >= end:
            continue
        if shift.starts_at > covered:
            free.append((covered, shift.starts_at))
        covered = max(covered, shift.ends_at)
    if covered < end:
        free.append((covered, end))
    return free
