"""A record of the catalogue as people read and type it: one text per field, for forms, sheets and differences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from data.record_rules import Fault, is_day, is_month
from domain.procedures import FIELDS
from domain.said import said
from domain.upkeep import PRIORITY_LABELS, STATUS_LABELS
from domain.vietnamese import fold, nfc

LEVEL_LABELS = {"ministry": "Bộ", "province": "Cấp tỉnh", "district": "Cấp huyện", "commune": "Cấp xã"}
AUDIENCE_LABELS = {
    "citizen": "Người dân",
    "business": "Doanh nghiệp",
    "both": "Người dân và doanh nghiệp",
    "organisation": "Cơ quan, tổ chức",
    "foreigner": "Người nước ngoài",
}
CONFIDENCE_LABELS = {"high": said("Cao"), "medium": "Vừa", "low": "Thấp"}
BASIS_LABELS = {"source": said("Theo nguồn đã dẫn"), "inferred": said("Suy ra, cần đối chiếu")}
ONLINE_LABELS = {"yes": "Có", "no": "Không"}
STATUSES = {str(key): label for key, label in STATUS_LABELS.items()}
PRIORITIES = {str(key): label for key, label in PRIORITY_LABELS.items()}


@dataclass(frozen=True)
class Column:
    """A field as a text. `kind`: text, lines (one a line), choice, many (choices, one a line), day, month.

    required  must not be empty; an empty text of another field means that it is unknown
    """

    name: str
    label: str
    kind: str = "text"
    choices: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    hint: str = ""

    @property
    def is_written(self) -> bool:
        """People's own words, in Vietnamese; not one of our choices, not a day."""
        return self.kind in {"text", "lines"}


COLUMNS: tuple[Column, ...] = (
    Column("id", "Mã trong danh mục", required=True, hint="Không đổi được sau khi lưu."),
    Column("code", "Mã thủ tục quốc gia"),
    Column("name", "Tên thủ tục", required=True),
    Column("field", "Lĩnh vực", "choice", FIELDS, required=True),
    Column("family", "Nhóm thủ tục", required=True, hint="Các thủ tục cùng nhóm được trả lời như một."),
    Column("aliases", "Cách gọi khác", "lines", hint="Mỗi dòng một cách người dân thường gọi."),
    Column("audience", "Đối tượng", "choice", AUDIENCE_LABELS, required=True),
    Column("dossier", "Thành phần hồ sơ", "lines", hint="Mỗi dòng một giấy tờ; để trống nếu chưa rõ."),
    Column("steps", "Các bước thực hiện", "lines", hint="Mỗi dòng một bước; để trống nếu chưa rõ."),
    Column("time_limit", "Thời hạn giải quyết"),
    Column("fee", "Phí, lệ phí", hint="Nếu có ngày hết hạn, viết “đến hết 31/12/2026”."),
    Column("where", "Nơi làm"),
    Column("online", "Nộp trực tuyến", "choice", ONLINE_LABELS),
    Column("url", "Trang chính thức"),
    Column("legal_basis", "Căn cứ pháp lý", "lines", hint="Mỗi dòng một văn bản."),
    Column("levels_2025", "Cấp giải quyết hiện nay", "many", LEVEL_LABELS, hint="Mỗi dòng một cấp."),
    Column("levels", "Cấp giải quyết trước 7/2025", "many", LEVEL_LABELS, hint="Mỗi dòng một cấp."),
    Column("levels_basis", "Căn cứ phân cấp", "choice", BASIS_LABELS),
    Column("valid_from", "Hiệu lực từ", "day", hint="Ngày/tháng/năm, ví dụ 01/07/2025."),
    Column("valid_to", "Hiệu lực đến", "day", hint="Hết ngày này bot thôi hướng dẫn thủ tục."),
    Column("status", "Tình trạng", "choice", STATUSES, required=True),
    Column("replaced_by", "Thay bằng", "lines", hint="Mỗi dòng một mã thủ tục."),
    Column("priority", "Mức độ hay hỏi", "choice", PRIORITIES, required=True),
    Column("decision", "Quyết định công bố"),
    Column("checked", "Tháng kiểm tra", "month", hint="Ví dụ 11/2026."),
    Column("sources", "Nguồn", "lines", required=True, hint="Mỗi dòng một nguồn."),
    Column("confidence", "Độ tin cậy", "choice", CONFIDENCE_LABELS, required=True),
    Column("note", "Ghi chú"),
)
BY_NAME = {column.name: column for column in COLUMNS}
_NULL_LINES = {"dossier", "steps"}
"""Lists that may be unknown; the others are simply empty."""


def label_of(name: str) -> str:
    return BY_NAME[name].label if name in BY_NAME else {"in_force": "Hiệu lực"}.get(name, name)


def as_texts(body: Mapping[str, Any]) -> dict[str, str]:
    """Every field as a person reads it; "" where it is unknown."""
    return {column.name: _text(column, _value(body, column.name)) for column in COLUMNS}


def as_text(name: str, value: Any) -> str:
    """One field of a difference as a person reads it."""
    if name == "in_force":
        days = [
            as_text(key, (value or {}).get(part))
            for key, part in (("valid_from", "from"), ("valid_to", "to"))
        ]
        begins, ends = (day or "…" for day in days)
        return said("từ %(begins)s đến %(ends)s", begins=begins, ends=ends) if any(days) else ""
    return _text(BY_NAME[name], value) if name in BY_NAME else str(value)


def from_texts(
    texts: Mapping[str, str], base: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], list[Fault]]:
    """The record that the texts say; fields that are not among them stay as in `base`. Never raises."""
    body: dict[str, Any] = dict(base or {})
    force = dict(body.get("in_force") or {"from": None, "to": None})
    faults: list[Fault] = []
    for column in COLUMNS:
        if column.name not in texts:
            continue
        text = nfc(texts[column.name]).replace("\r\n", "\n").strip()
        if column.required and not text:
            faults.append(Fault(column.name, f"{column.name} is empty", "Mục này không được để trống."))
            continue
        value, wrong = _read(column, text)
        if wrong:
            faults.append(Fault(column.name, f"{column.name} cannot be read", wrong))
        elif column.name in {"valid_from", "valid_to"}:
            force[column.name.removeprefix("valid_")] = value
        else:
            body[column.name] = value
    body["in_force"] = force
    return body, faults


def blank() -> dict[str, Any]:
    """A new record before anything is typed."""
    body: dict[str, Any] = {column.name: None for column in COLUMNS if not column.name.startswith("valid_")}
    for name in ("aliases", "legal_basis", "levels", "levels_2025", "replaced_by", "sources"):
        body[name] = []
    return body | {
        "status": "current",
        "priority": 2,
        "audience": "citizen",
        "confidence": "medium",
        "in_force": {"from": None, "to": None},
    }


def _value(body: Mapping[str, Any], name: str) -> Any:
    if name in {"valid_from", "valid_to"}:
        return (body.get("in_force") or {}).get(name.removeprefix("valid_"))
    return body.get(name)


def _text(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return ONLINE_LABELS["yes" if value else "no"]
    if isinstance(value, list):
        return "\n".join(column.choices.get(one, str(one)) for one in value)
    if column.kind in {"day", "month"}:
        return "/".join(reversed(str(value).split("-")))
    return column.choices.get(str(value), str(value))


def _read(column: Column, text: str) -> tuple[Any, str | None]:
    match column.kind:
        case "lines":
            lines = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
            return (None if not lines and column.name in _NULL_LINES else lines), None
        case "many":
            found = [_choice(column, line) for line in re.split(r"[\n;,]", text) if line.strip()]
            if None in found:
                return None, _not_listed(column)
            return found, None
        case "choice":
            if not text:
                return None, None
            key = _choice(column, text)
            if key is None:
                return None, _not_listed(column)
            return _typed_choice(column.name, key), None
        case "day" | "month":
            return _read_date(column.kind, text)
    return (text or None), None


def _not_listed(column: Column) -> str:
    if column.choices is FIELDS:  # too many to be named
        return "Không có lĩnh vực nào tên như vậy trong danh mục."
    return said("Chỉ nhận: %(choices)s.", choices="; ".join(column.choices.values()))


def _choice(column: Column, text: str) -> str | None:
    wanted = fold(text)
    for key, label in column.choices.items():
        if wanted in {fold(key), fold(label)}:
            return key
    return None


def _typed_choice(name: str, key: str) -> Any:
    if name == "online":
        return key == "yes"
    return int(key) if name == "priority" else key


def _read_date(kind: str, text: str) -> tuple[str | None, str | None]:
    if not text:
        return None, None
    parts = re.split(r"[/.\-\s]+", text)
    if not all(part.isascii() and part.isdecimal() for part in parts) or len(parts) > 3:
        return None, "Ngày phải viết như 01/07/2025." if kind == "day" else "Tháng phải viết như 07/2026."
    if len(parts[0]) < 4:
        parts.reverse()
    written = "-".join([parts[0], *(part.zfill(2) for part in parts[1:])])
    good = is_day(written) if kind == "day" else is_month(written)
    if not good:
        return None, "Ngày phải viết như 01/07/2025." if kind == "day" else "Tháng phải viết như 07/2026."
    return written, None
