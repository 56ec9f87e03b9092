"""What an administrator may set, and within which bounds. The shipped values are data (content/tips/kinds.toml)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from domain.clocks import TO_PROVINCE_AFTER
from domain.said import said
from domain.tip_kinds import TipKind

SHORTER_FROM = timedelta(days=7)
"""A shorter term of keeping holds a week from now at the earliest: what it deletes nobody brings back."""
TO_PROVINCE, EVENT_BODIES, KEPT_QUESTIONS = (
    "escalation.province_minutes",
    "events.body_days",
    "questions.keep_days",
)
EVENT_BODY_DAYS, QUESTION_DAYS = 14, 180
DAY_OFF = "day_off."
"""Beginning of the keys that add a day off, or take one out: `day_off.2027-02-05`."""
DAY_NAME_MAX = 80
REASON_MAX = 300


@dataclass(frozen=True)
class Adjustable:
    """One setting. `unit`: what the number counts; `default`: as shipped; keeps: it says how long something is kept."""

    key: str
    group: str
    label: str
    unit: str
    least: int
    most: int
    default: int
    keeps: bool = False

    def read(self, text: str) -> int:
        """The number somebody typed. Raises ValueError with words for the form."""
        plain = text.strip().replace(".", "")
        if not (plain.isascii() and plain.isdigit() and len(plain) < 9):
            raise ValueError("Mời nhập một số nguyên.")
        value = int(plain)
        if not self.least <= value <= self.most:
            raise ValueError(
                said(
                    "Giá trị phải từ %(least)s đến %(most)s %(unit)s.",
                    least=_told(self.least),
                    most=_told(self.most),
                    unit=said(self.unit),
                )
            )
        return value

    def earliest(self, value: int, current: int, today: date) -> date:
        """From which day on a change to `value` may hold."""
        return today + SHORTER_FROM if self.keeps and value < current else today


def _told(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def adjustables(kinds: Iterable[TipKind]) -> Mapping[str, Adjustable]:
    """All settings by key, in the order they are shown."""
    found = [
        Adjustable(
            TO_PROVINCE,
            "Chung",
            "Sau khi quá hạn, báo lên tỉnh sau",
            "phút",
            10,
            1440,
            int(TO_PROVINCE_AFTER.total_seconds()) // 60,
        ),
        Adjustable(
            EVENT_BODIES,
            "Chung",
            "Giữ nội dung sự kiện Zalo đã xử lý (để truy lỗi)",
            "ngày",
            1,
            60,
            EVENT_BODY_DAYS,
            keeps=True,
        ),
        Adjustable(
            KEPT_QUESTIONS,
            "Chung",
            "Giữ câu hỏi đã che mà bot chưa chắc",
            "ngày",
            7,
            365,
            QUESTION_DAYS,
            keeps=True,
        ),
    ]
    for kind in kinds:
        found += [
            Adjustable(
                f"{kind.key}.take_minutes", kind.label, "Hạn tiếp nhận", "phút", 5, 2880, kind.take_minutes
            ),
            Adjustable(
                f"{kind.key}.close_hours", kind.label, "Hạn kết thúc", "giờ", 1, 1440, kind.close_hours
            ),
            Adjustable(
                f"{kind.key}.keep_days",
                kind.label,
                "Giữ tin đã đóng",
                "ngày",
                90,
                7300,
                kind.keep_days,
                keeps=True,
            ),
        ]
    return {one.key: one for one in found}


_DAY_KEY = re.compile(re.escape(DAY_OFF) + r"(\d{4}-\d\d-\d\d)")


def day_off_of(key: str) -> date | None:
    """The day such a key is about; None for every other key."""
    found = _DAY_KEY.fullmatch(key)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
