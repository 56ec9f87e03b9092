"""The month a page speaks of."""

from __future__ import annotations

from datetime import datetime

from console.desk import now
from console.forms import asked
from domain.broadcasts import VIETNAM


def month_of_address() -> tuple[datetime, datetime]:
    """The month of the address (`thang=2026-11`), else this one: [from, to), Vietnam time."""
    try:
        year, _, month = asked("thang").partition("-")
        first = datetime(int(year), int(month), 1, tzinfo=VIETNAM)
    except ValueError:
        first = now().astimezone(VIETNAM).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (first.year + 1, 1) if first.month == 12 else (first.year, first.month + 1)
    return first, first.replace(year=following[0], month=following[1])
