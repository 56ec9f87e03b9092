"""What an administrator may set, and within which bounds.

The shipped values are data (content/tips/kinds.toml, surveys/complaints.toml, dossiers/codes.toml) or stand here. All
bounds are proposals of this program, to be confirmed by the province.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.clocks import TO_PROVINCE_AFTER
from domain.said import said
from domain.tip_kinds import TipKind

SHORTER_FROM = timedelta(days=7)
"""A shorter term of keeping holds a week from now at the earliest: what it deletes nobody brings back."""
TO_PROVINCE, EVENT_BODIES, KEPT_QUESTIONS, API_LOG = (
    "escalation.province_minutes",
    "events.body_days",
    "questions.keep_days",
    "api.log_days",
)
SHIFT_SHEETS, ENDED_SESSIONS = "shifts.sheet_days", "sessions.keep_days"
COMPLAINT_LOOK, COMPLAINT_ANSWER, ORDER_PROPOSED, COMPLAINTS_KEPT = (
    "complaints.look_hours",
    "complaints.answer_hours",
    "complaints.order_days",
    "complaints.keep_days",
)
DOSSIERS_ENDED, DOSSIERS_SILENT, DOSSIER_TRIES, DOSSIER_SHEETS = (
    "dossiers.ended_days",
    "dossiers.silent_days",
    "dossiers.tries_days",
    "dossiers.imports_days",
)
GENERAL, COMPLAINTS, DOSSIERS = said("Chung"), "Phản ánh phục vụ", "Hồ sơ dịch vụ công"
SECTIONS = (GENERAL, COMPLAINTS, DOSSIERS)
"""Groups of settings that are not a kind of tip."""
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


def adjustables(kinds: Iterable[TipKind], shipped: Mapping[str, int]) -> Mapping[str, Adjustable]:
    """All settings by key, in the order they are shown.

    shipped  key → value of the settings of complaints and dossiers, as their files say
    """
    found = [*_GENERAL, *(replace(one, default=shipped[one.key]) for one in _OF_FILES)]
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


def _days(key: str, group: str, label: str, least: int, most: int, default: int = 0) -> Adjustable:
    """A term of keeping."""
    return Adjustable(key, group, label, "ngày", least, most, default, keeps=True)


_GENERAL = (
    Adjustable(
        TO_PROVINCE,
        GENERAL,
        "Sau khi quá hạn, báo lên tỉnh sau",
        "phút",
        10,
        1440,
        int(TO_PROVINCE_AFTER.total_seconds()) // 60,
    ),
    _days(EVENT_BODIES, GENERAL, "Giữ nội dung sự kiện Zalo đã xử lý (để truy lỗi)", 1, 60, 14),
    _days(KEPT_QUESTIONS, GENERAL, "Giữ câu hỏi đã che mà bot chưa chắc", 7, 365, 180),
    _days(SHIFT_SHEETS, GENERAL, "Giữ sổ bàn giao ca", 365, 3650, 3 * 365),
    _days(ENDED_SESSIONS, GENERAL, "Giữ các lần đăng nhập của cán bộ đã qua", 7, 365, 30),
    _days(API_LOG, GENERAL, "Giữ nhật ký gửi tới hệ thống kết nối", 7, 365, 30),
)
"""A year of sheets: who asks later what a shift did finds it. A week of log-ins: longer than any of them lasts."""
_OF_FILES = (
    Adjustable(COMPLAINT_LOOK, COMPLAINTS, "Hạn chỉ huy tiếp nhận", "giờ làm việc", 1, 40, 0),
    Adjustable(COMPLAINT_ANSWER, COMPLAINTS, "Hạn trả lời người dân", "giờ làm việc", 40, 160, 0),
    Adjustable(ORDER_PROPOSED, COMPLAINTS, "Thời hạn đề xuất cho văn bản chấn chỉnh", "ngày", 1, 90, 0),
    _days(COMPLAINTS_KEPT, COMPLAINTS, "Giữ phản ánh đã xong và lời góp ý trong khảo sát", 365, 3650),
    _days(DOSSIERS_ENDED, DOSSIERS, "Giữ hồ sơ đã trả kết quả, từ chối hoặc rút", 30, 365),
    _days(DOSSIERS_SILENT, DOSSIERS, "Giữ hồ sơ không có thông tin mới", 365, 3650),
    _days(DOSSIER_TRIES, DOSSIERS, "Giữ các lần tra cứu nhập sai", 1, 30),
    _days(DOSSIER_SHEETS, DOSSIERS, "Giữ kết quả so sánh tệp nhập hồ sơ", 7, 365),
)
"""Bounds touch where one term must not pass another: a complaint is taken up before it is answered, an ended dossier goes
before a silent one. A month of scores may be counted anew from its complaints for a year. Wrong tries are kept for the
day in which they are counted (domain.dossiers.WINDOW_OF_CODE)."""
_DAY_KEY = re.compile(re.escape(DAY_OFF) + r"(\d{4}-\d\d-\d\d)")


def day_off_of(key: str) -> date | None:
    """The day such a key is about; None for every other key."""
    found = _DAY_KEY.fullmatch(key)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
