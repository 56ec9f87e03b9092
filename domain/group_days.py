"""The days on which a group is in use: a first and a last one, both included, as the calendar of Vietnam has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.reasons import GROUP_NOT_BEGUN, GROUP_OVER
from domain.said import Said, said

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
"""Days outside these are slips of the keyboard."""


@dataclass(frozen=True)
class GroupDays:
    """None: always since, or with no end."""

    first: date | None = None
    last: date | None = None

    def lasts(self, day: date) -> bool:
        return self.why_not(day) is None

    def is_over(self, day: date) -> bool:
        return self.last is not None and day > self.last

    def why_not(self, day: date) -> Said | None:
        """Why the group is not in use on that day, in words; None: it is."""
        if self.first is not None and day < self.first:
            return said(GROUP_NOT_BEGUN, day=f"{self.first:%d/%m/%Y}")
        if self.last is not None and day > self.last:
            return said(GROUP_OVER, day=f"{self.last:%d/%m/%Y}")
        return None


def fault_of(days: GroupDays) -> str | None:
    """What is wrong with these days, in words for the form; None: nothing."""
    if any(day is not None and not EARLIEST <= day <= LATEST for day in (days.first, days.last)):
        return "Mời xem lại năm của ngày đầu, ngày cuối."
    if days.first is not None and days.last is not None and days.last < days.first:
        return said(
            "Ngày cuối (%(last)s) đang trước ngày đầu (%(first)s). Mời xem lại hai ngày này.",
            first=f"{days.first:%d/%m/%Y}",
            last=f"{days.last:%d/%m/%Y}",
        )
    return None
