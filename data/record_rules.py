"""The rules a record of the catalogue keeps, one home for files, forms and sheets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.procedures import FIELDS, ProcedureStatus
from domain.said import said

LEVELS = ("ministry", "province", "district", "commune")
AUDIENCES = ("citizen", "business", "both", "organisation", "foreigner")
CONFIDENCES = ("high", "medium", "low")
PRIORITIES = (1, 2, 3)

_BROKEN = re.compile("[\x00\ud800-\udfff]")
_TEXT = (str,)
_MAYBE_TEXT = (str, type(None))
PROCEDURE_SHAPE: Mapping[str, tuple[type, ...]] = {
    "id": _TEXT,
    "family": _TEXT,
    "code": _MAYBE_TEXT,
    "name": _TEXT,
    "field": _TEXT,
    "levels": (list,),
    "levels_2025": (list,),
    "aliases": (list,),
    "audience": _TEXT,
    "dossier": (list, type(None)),
    "steps": (list, type(None)),
    "time_limit": _MAYBE_TEXT,
    "fee": _MAYBE_TEXT,
    "where": _MAYBE_TEXT,
    "online": (bool, type(None)),
    "url": _MAYBE_TEXT,
    "legal_basis": (list,),
    "in_force": (dict,),
    "status": _TEXT,
    "replaced_by": (list,),
    "priority": (int,),
    "levels_basis": _MAYBE_TEXT,
    "decision": _MAYBE_TEXT,
    "checked": _MAYBE_TEXT,
    "sources": (list,),
    "confidence": _TEXT,
    "note": _MAYBE_TEXT,
}
TOPIC_SHAPE: Mapping[str, tuple[type, ...]] = {
    "id": _TEXT,
    "topic": _TEXT,
    "category": _TEXT,
    "aliases": (list,),
    "audience": _TEXT,
    "answer": (list,),
    "where": _MAYBE_TEXT,
    "url": _MAYBE_TEXT,
    "sources": (list,),
    "confidence": _TEXT,
    "note": _MAYBE_TEXT,
}


@dataclass(frozen=True)
class Fault:
    """One fault of a record: in which field, what for an engineer (English), what for an officer (Vietnamese)."""

    field: str
    text: str
    words: str


def shape_faults(value: Mapping[str, Any], shape: Mapping[str, tuple[type, ...]]) -> list[Fault]:
    """What is missing, of the wrong kind, empty, broken, or not known."""
    faults = [Fault(name, f"{name} is missing", "Chưa có mục này.") for name in shape if name not in value]
    for name, kinds in shape.items():
        if name in value:
            faults += _faults(name, value[name], kinds)
    if unknown := sorted(set(value) - set(shape)):
        names = ", ".join(unknown)
        words = said("Không có mục nào tên là %(names)s.", names=names)
        faults.append(Fault("", f"{names}: no such field", words))
    return faults


def procedure_faults(value: Mapping[str, Any], known: Collection[str | None]) -> list[Fault]:
    """What does not add up in a procedure that has the shape. `known`: ids and codes of all records."""
    faults: list[Fault] = []

    def fault(field: str, text: str, words: str) -> None:
        faults.append(Fault(field, text, words))

    if value.get("field") not in FIELDS:
        fault(
            "field",
            f"field {value.get('field')!r} is not one of the known fields",
            "Lĩnh vực không có trong danh mục.",
        )
    if value.get("status") not in set(ProcedureStatus):
        fault(
            "status",
            f"status {value.get('status')!r} is not current, replaced or abolished",
            "Tình trạng phải là đang áp dụng, đã được thay thế hoặc đã bãi bỏ.",
        )
    if value.get("audience") not in AUDIENCES:
        fault(
            "audience",
            f"audience {value.get('audience')!r} is not known",
            "Đối tượng không có trong danh mục.",
        )
    if value.get("priority") not in PRIORITIES:
        fault("priority", "priority must be 1, 2 or 3", "Mức độ hay hỏi phải là 1, 2 hoặc 3.")
    for name in ("levels", "levels_2025"):
        wrong = set(value.get(name) or ()) - set(LEVELS)
        if wrong:
            names = ", ".join(sorted(map(str, wrong)))
            words = said("“%(names)s” không phải là cấp giải quyết.", names=names)
            fault(name, f"{name}: {names} is not a level", words)
    missing = [code for code in value.get("replaced_by") or () if code not in known]
    if missing:
        names = ", ".join(missing)
        fault(
            "replaced_by",
            f"replaced_by names {names}, which is nowhere",
            said("Không có thủ tục nào mang mã %(names)s.", names=names),
        )
    for name in ("from", "to"):
        day = (value.get("in_force") or {}).get(name)
        if day is not None and not is_day(day):
            fault(
                "in_force",
                f"in_force.{name} {day!r} is not a date like 2025-07-01",
                "Ngày hiệu lực phải viết như 01/07/2025.",
            )
    checked = value.get("checked")
    if checked is not None and not is_month(checked):
        fault("checked", "checked must be a month like 2026-07", "Tháng kiểm tra phải viết như 07/2026.")
    if not value.get("sources"):
        fault(
            "sources",
            "sources is empty: where does this come from?",
            "Mời ghi ít nhất một nguồn của nội dung này.",
        )
    return faults


def topic_faults(value: Mapping[str, Any]) -> list[Fault]:
    """What does not add up in a topic that has the shape."""
    return [] if value.get("answer") else [Fault("answer", "answer is empty", "Mời nhập nội dung trả lời.")]


def is_day(text: Any) -> bool:
    """A day, a month or a year: 2025-07-01, 2025-07, 2025."""
    try:
        date.fromisoformat(text)
    except (ValueError, TypeError):
        return isinstance(text, str) and (is_month(text) or (len(text) == 4 and text.isdecimal()))
    return True


def is_month(text: Any) -> bool:
    try:
        date.fromisoformat(f"{text}-01")
    except ValueError:
        return False
    return True


def _faults(name: str, value: Any, kinds: tuple[type, ...]) -> list[Fault]:
    if type(value) not in kinds:
        return [
            Fault(name, f"{name} is a {type(value).__name__}", "Nội dung không đúng kiểu, hoặc còn trống.")
        ]
    texts = value if isinstance(value, list) else [value] if isinstance(value, str) else []
    if not all(isinstance(text, str) for text in texts):
        return [Fault(name, f"{name} must list texts only", "Mỗi dòng phải là chữ.")]
    if any(not text.strip() for text in texts):
        return [Fault(name, f"{name} has an empty text: null says that it is unknown", "Mục này còn trống.")]
    if any(_BROKEN.search(text) for text in texts):
        broken = f"{name} has a character that no text has (NUL or half a surrogate pair)"
        return [Fault(name, broken, "Có ký tự lạ không đọc được.")]
    if not all(unicodedata.is_normalized("NFC", text) for text in texts):
        return [Fault(name, f"{name} is not NFC: letters and accents are apart", "Chữ và dấu bị tách rời.")]
    return []
