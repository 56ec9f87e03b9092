"""Care of the catalogue: when a record holds, what is wrong or old about it, and what an edit changes."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from domain.broken_links import BrokenLink
from domain.procedures import Procedure, ProcedureStatus
from domain.said import said

CHECKED_FOR_MONTHS = 6
"""A record nobody checked for this long is on the list of warnings."""
NEARS = timedelta(days=60)
"""So long before its end a fee is on the list of warnings."""

STATUS_LABELS: Mapping[ProcedureStatus, str] = {
    ProcedureStatus.CURRENT: "Đang áp dụng",
    ProcedureStatus.REPLACED: "Đã được thay thế",
    ProcedureStatus.ABOLISHED: "Đã bãi bỏ",
}
PRIORITY_LABELS: Mapping[int, str] = {1: "Hỏi hằng ngày", 2: "Thỉnh thoảng", 3: "Hiếm hoặc nội bộ"}


class How(StrEnum):
    """How a record came to change."""

    EDIT = "edit"
    CHECKED = "checked"
    UNDO = "undo"
    SHEET = "sheet"
    FILES = "files"


HOW_LABELS: Mapping[How, str] = {
    How.EDIT: "Sửa trên trang",
    How.CHECKED: "Kiểm tra lại",
    How.UNDO: "Hoàn tác",
    How.SHEET: "Nhập từ bảng tính",
    How.FILES: "Nhập từ tệp gốc",
}


class StepState(StrEnum):
    """A scheduled step waits for its day; it may be called off until then."""

    LIVE = "live"
    SCHEDULED = "scheduled"
    CALLED_OFF = "called_off"


# ---- when a record holds --------------------------------------------------------------------------------------------


def first_day(text: str | None) -> date | None:
    """The first day of “2025-07-01”, “2025-07” or “2025”; None for anything else."""
    return _day(text, last=False)


def last_day(text: str | None) -> date | None:
    """The last day of “2025-07-01”, “2025-07” or “2025”; None for anything else."""
    return _day(text, last=True)


def _day(text: str | None, *, last: bool) -> date | None:
    found = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", text or "")
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        month = month or (12 if last else 1)
        return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))
    except ValueError:
        return None


def standing(procedure: Procedure, today: date) -> Procedure | None:
    """The record as it holds today: None before its first day; replaced or abolished after its last."""
    begins, ends = first_day(procedure.valid_from), last_day(procedure.valid_to)
    if not procedure.is_current:
        return procedure
    if begins and begins > today:
        return None
    if ends and ends < today:
        after = ProcedureStatus.REPLACED if procedure.replaced_by else ProcedureStatus.ABOLISHED
        return replace(procedure, status=after)
    return procedure


# ---- warnings ---------------------------------------------------------------------------------------------------------


class Warn(StrEnum):
    UNCHECKED = "unchecked"
    FEE_ENDS = "fee_ends"
    FEE_ENDED = "fee_ended"
    ENDS = "ends"
    LINK = "link"


WARN_LABELS: Mapping[Warn, str] = {
    Warn.UNCHECKED: "Quá 6 tháng chưa kiểm tra",
    Warn.FEE_ENDS: "Mức phí sắp hết hạn",
    Warn.FEE_ENDED: "Mức phí đã hết hạn",
    Warn.ENDS: "Thủ tục sắp hết hiệu lực",
    Warn.LINK: "Đường dẫn hỏng",
}


@dataclass(frozen=True)
class CareNote:
    """`words` say what to look at, for an officer."""

    kind: Warn
    words: str


_END = re.compile(
    r"(?:đến|tới|hết|trước|-|–)\s*(?:hết\s*)?(?:ngày\s*)?(\d{1,2})(?:/|-|\.| tháng )(\d{1,2})(?:/|-|\.| năm )(\d{4})",
    re.IGNORECASE,
)


def end_of_fee(fee: str | None) -> date | None:
    """The last day a fee names (“đến hết 31/12/2026”); the earliest when it names several; None when none."""
    found = []
    for day, month, year in _END.findall(fee or ""):
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return min(found, default=None)


def warnings(procedure: Procedure, today: date, broken: Mapping[str, BrokenLink]) -> list[CareNote]:
    """What somebody should look at. Records that are not in force any more need no care.

    broken  links that did not open for some nights, by their address
    """
    if not procedure.is_current:
        return []
    found = []
    if is_unchecked(procedure.checked, today):
        found.append(CareNote(Warn.UNCHECKED, _since(procedure.checked)))
    ends = end_of_fee(procedure.fee)
    if ends and ends < today:
        words = said("Mức phí ghi hết hạn ngày %(day)s.", day=f"{ends:%d/%m/%Y}")
        found.append(CareNote(Warn.FEE_ENDED, words))
    elif ends and ends - today <= NEARS:
        left = (ends - today).days
        words = said(
            "Mức phí ghi hết hạn ngày %(day)s, còn %(left)s ngày.", day=f"{ends:%d/%m/%Y}", left=left
        )
        found.append(CareNote(Warn.FEE_ENDS, words))
    over = last_day(procedure.valid_to)
    if over and today <= over <= today + NEARS:
        found.append(CareNote(Warn.ENDS, said("Hết hiệu lực ngày %(day)s.", day=f"{over:%d/%m/%Y}")))
    if procedure.url and not is_link(procedure.url):
        found.append(CareNote(Warn.LINK, "Đường dẫn trang chính thức không đúng dạng https://…"))
    elif procedure.url and procedure.url in broken:
        found.append(CareNote(Warn.LINK, broken[procedure.url].words()))
    return found


def is_unchecked(checked: str | None, today: date) -> bool:
    """Nobody has looked at it for CHECKED_FOR_MONTHS; `checked` is a month like 2026-07."""
    seen = first_day(checked)
    if seen is None:
        return True
    return (today.year - seen.year) * 12 + today.month - seen.month >= CHECKED_FOR_MONTHS


def is_link(text: str) -> bool:
    """Could this be the address of a page? Nothing is asked of the network."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", host))
        and not re.search(r"\s", text)
    )


def _since(checked: str | None) -> str:
    if not checked:
        return "Chưa kiểm tra lại lần nào."
    year, _, month = checked.partition("-")
    return said("Chưa kiểm tra lại từ %(month)s.", month=f"{month}/{year}")


# ---- what an edit changes ---------------------------------------------------------------------------------------------


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that differ, as they were and as they are; a field that is not there counts as None."""
    names = [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]
    return {name: before.get(name) for name in names}, {name: after.get(name) for name in names}


def clash(mine: Iterable[str], theirs: Iterable[str]) -> list[str]:
    """Fields that both changed."""
    others = set(theirs)
    return [name for name in mine if name in others]
