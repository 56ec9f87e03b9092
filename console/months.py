"""The month a page speaks of, and the year that leads up to it."""

from __future__ import annotations

from datetime import datetime

from console.desk import now
from console.forms import asked
from domain.broadcasts import VIETNAM

YEARS = range(2000, 2200)


def month_of_address() -> tuple[datetime, datetime]:
    """The month of the address (`thang=2026-11`), else this one: [from, to), Vietnam time."""
    try:
        year, _, month = asked("thang").partition("-")
        if int(year) not in YEARS:
            raise ValueError(year)
        first = datetime(int(year), int(month), 1, tzinfo=VIETNAM)
    except ValueError:
        first = now().astimezone(VIETNAM).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return first, _later(first, 1)


def year_up_to(first: datetime) -> list[datetime]:
    """The begins of twelve months, the last of which begins at `first`, and the end of that one."""
    return [_later(first, months) for months in range(-11, 2)]


def _later(first: datetime, months: int) -> datetime:
    at = first.year * 12 + first.month - 1 + months
    return first.replace(year=at // 12, month=at % 12 + 1)
