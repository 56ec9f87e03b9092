"""When a repeating broadcast goes out, by the clock in Vietnam, in words an officer can check.

Kept as one short text: `daily 07:00`, `weekly 1,3,5 07:00` (1 = Monday), `monthly 15 07:00`. Vietnam keeps one
offset all year, so every day has every minute once.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from domain.broadcasts import VIETNAM

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_FORM = re.compile(r"(daily|weekly|monthly)(?: ([\d,]+))? (\d\d):(\d\d)")


@dataclass(frozen=True)
class Repeat:
    """rhythm daily, weekly or monthly; `days` are weekdays 1–7 or one day of the month (31 = the last one)."""

    rhythm: str
    at: time
    days: tuple[int, ...] = ()

    def __str__(self) -> str:
        days = f" {','.join(map(str, self.days))}" if self.days else ""
        return f"{self.rhythm}{days} {self.at:%H:%M}"

    def in_words(self) -> str:
        """As in “07:00 thứ Hai, thứ Tư hằng tuần”."""
        match self.rhythm:
            case "weekly":
                return f"{self.at:%H:%M} {', '.join(WEEKDAYS[day - 1] for day in self.days)} hằng tuần"
            case "monthly":
                short = " (tháng ngắn hơn: ngày cuối tháng)" if self.days[0] > 28 else ""
                return f"{self.at:%H:%M} ngày {self.days[0]} hằng tháng{short}"
        return f"{self.at:%H:%M} hằng ngày"

    def next_after(self, moment: datetime) -> datetime:
        """The first time strictly after `moment` (aware); aware UTC."""
        local = moment.astimezone(VIETNAM)
        for ahead in range(63):
            day = local.date() + timedelta(days=ahead)
            candidate = datetime.combine(day, self.at, tzinfo=VIETNAM)
            if candidate > local and self._falls_on(candidate):
                return candidate.astimezone(UTC)
        raise AssertionError("every rhythm comes round within two months")

    def _falls_on(self, moment: datetime) -> bool:
        match self.rhythm:
            case "weekly":
                return moment.isoweekday() in self.days
            case "monthly":
                last = calendar.monthrange(moment.year, moment.month)[1]
                return moment.day == min(self.days[0], last)
        return True


def read_repeat(text: str) -> Repeat:
    """The repeat a text stands for. Raises ValueError, in Vietnamese, for one that makes no sense."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError("Lịch lặp không đúng dạng.")
    rhythm, listed, hour, minute = found.groups()
    if int(hour) > 23 or int(minute) > 59:
        raise ValueError("Giờ gửi phải từ 00:00 đến 23:59.")
    days = tuple(sorted({int(day) for day in listed.split(",") if day})) if listed else ()
    if rhythm == "daily" and days:
        raise ValueError("Lịch hằng ngày không có thứ hay ngày.")
    if rhythm == "weekly" and (not days or days[0] < 1 or days[-1] > 7):
        raise ValueError("Lịch hằng tuần cần ít nhất một thứ.")
    if rhythm == "monthly" and (len(days) != 1 or not 1 <= days[0] <= 31):
        raise ValueError("Lịch hằng tháng cần một ngày từ 1 đến 31.")
    return Repeat(rhythm, time(int(hour), int(minute)), days)
