"""When a repeating broadcast goes out, by the clock in Vietnam, in words an officer can check.

Kept as one short text: `daily 07:00`, `weekly 1,3,5 07:00` (1 = Monday), `monthly 15 07:00`. Vietnam keeps one
offset all year, so every day has every minute once.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from domain.broadcasts import VIETNAM
from domain.said import Said, listed, said

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

    def in_words(self) -> Said:
        """As in “07:00 thứ Hai, thứ Tư hằng tuần”."""
        time = f"{self.at:%H:%M}"
        match self.rhythm:
            case "weekly":
                days = listed(said(WEEKDAYS[day - 1]) for day in self.days)
                return said("%(time)s %(days)s hằng tuần", time=time, days=days)
            case "monthly" if self.days[0] > 28:
                return said(
                    "%(time)s ngày %(day)s hằng tháng (tháng ngắn hơn: ngày cuối tháng)",
                    time=time,
                    day=self.days[0],
                )
            case "monthly":
                return said("%(time)s ngày %(day)s hằng tháng", time=time, day=self.days[0])
        return said("%(time)s hằng ngày", time=time)

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
    rhythm, on, hour, minute = found.groups()
    if int(hour) > 23 or int(minute) > 59:
        raise ValueError("Giờ gửi phải từ 00:00 đến 23:59.")
    days = tuple(sorted({int(day) for day in on.split(",") if day})) if on else ()
    if rhythm == "daily" and days:
        raise ValueError("Lịch hằng ngày không có thứ hay ngày.")
    if rhythm == "weekly" and (not days or days[0] < 1 or days[-1] > 7):
        raise ValueError("Lịch hằng tuần cần ít nhất một thứ.")
    if rhythm == "monthly" and (len(days) != 1 or not 1 <= days[0] <= 31):
        raise ValueError("Lịch hằng tháng cần một ngày từ 1 đến 31.")
    return Repeat(rhythm, time(int(hour), int(minute)), days)


# ---- typed in words ---------------------------------------------------------------------------------------

_TIME = re.compile(
    r"(\d{1,2})(?::(\d{2})| gio(?: (\d{1,2}))?| h(\d{2})?|h(\d{2})?)\b(?: ?(ruoi|sang|chieu|toi))*"
)
_DAY_WORDS = {
    "2": 1, "hai": 1, "3": 2, "ba": 2, "4": 3, "tu": 3, "5": 4, "nam": 4, "6": 5, "sau": 5, "7": 6, "bay": 6,
}  # fmt: skip
_WEEKDAY = re.compile(r"\bthu (2|3|4|5|6|7|hai|ba|tu|nam|sau|bay)\b")
_MONTH_DAY = re.compile(r"\bngay (\d{1,2})\b")


def repeat_from_words(text: str) -> Repeat:
    """“mỗi thứ Hai 7 giờ”, “thứ 2, thứ 4 lúc 7h30”, “hằng ngày 6:45”, “ngày 15 hằng tháng 8 giờ”.

    Raises ValueError, in Vietnamese, when the words leave the time or the days open.
    """
    said = _plain(text)
    found = _TIME.search(said)
    if found is None:
        raise ValueError("Chưa rõ giờ gửi. Ví dụ: “mỗi thứ Hai 7 giờ”, “hằng ngày 6:45”.")
    minute = next((one for one in found.groups()[1:5] if one), None) or (
        "30" if "ruoi" in found.group() else "0"
    )
    hour = int(found.group(1)) + (12 if _afternoon(said) and int(found.group(1)) < 12 else 0)
    days = {_DAY_WORDS[day] for day in _WEEKDAY.findall(said)} | ({7} if "chu nhat" in said else set())
    month_day = _MONTH_DAY.search(said)
    if month_day and "thang" in said:
        return read_repeat(f"monthly {int(month_day.group(1))} {hour:02}:{int(minute):02}")
    if days:
        return read_repeat(f"weekly {','.join(map(str, sorted(days)))} {hour:02}:{int(minute):02}")
    if re.search(r"\b(hang|moi) ngay\b", said):
        return read_repeat(f"daily {hour:02}:{int(minute):02}")
    raise ValueError("Chưa rõ ngày lặp lại. Ví dụ: “mỗi thứ Hai 7 giờ”, “ngày 15 hằng tháng 8 giờ”.")


def _afternoon(said: str) -> bool:
    return bool(re.search(r"\b(chieu|toi)\b", said))


def _plain(text: str) -> str:
    """Without marks and signs, but with the colon and digits of a time."""
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    kept = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^a-z0-9:]+", " ", kept).split())
