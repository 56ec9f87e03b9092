"""Sheets of dossiers (Excel or CSV) as units send them, read row by row. Nothing is compared or kept here."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from data.sheets import IS_FORMULA, SheetProblem, UnreadableSheet, rows_of
from domain.dossiers import LABELS, DossierChange, DossierStep, last_digits, read_step
from domain.said import said
from domain.vietnamese import fold, nfc

ROWS_MAX = 5000
BYTES_MAX = 4 << 20
PROCEDURE_MAX = 200
COLUMNS: Mapping[str, str] = {
    "code": "Mã hồ sơ",
    "step": "Bước",
    "on": "Ngày",
    "procedure": "Thủ tục",
    "due_on": "Ngày hẹn trả",
    "phone": "4 số cuối điện thoại",
    "paper": "4 số cuối CCCD",
    "unit_id": "Đơn vị",
}
NEEDED = ("code", "step", "on")
_EXAMPLE = {
    "code": "G01.899.909-260916-890028",
    "step": LABELS[DossierStep.PROCESSING],
    "on": "17/09/2026",
    "procedure": "Đăng ký tạm trú",
    "due_on": "23/09/2026",
    "phone": "0123",
    "paper": "4567",
}
_DAYS = (
    re.compile(r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})(?: .*)?"),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[T ].*)?"),
)


@dataclass(frozen=True)
class SheetRow:
    """A row that could be read: its number in the sheet, and what it says."""

    number: int
    change: DossierChange


def template() -> bytes:
    """An Excel file with the headings, one made-up row, and the words for steps beside it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Hồ sơ")
    sheet.freeze_panes = "A2"
    for index in range(len(COLUMNS)):
        sheet.column_dimensions[chr(65 + index)].width = 26
    sheet.append([_cell(sheet, label, bold=True) for label in COLUMNS.values()])
    sheet.append([_cell(sheet, _EXAMPLE.get(name, "")) for name in COLUMNS])
    steps = book.create_sheet("Các bước")
    steps.column_dimensions["A"].width = 26
    steps.append([_cell(steps, "Bước", bold=True)])
    for label in LABELS.values():
        steps.append([_cell(steps, label)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # digits stay text: Excel would drop leading zeros
    cell.number_format = "@"
    cell.font = Font(bold=bold)
    return cell


def read(name: str, content: bytes, *, unit_id: str | None) -> tuple[list[SheetRow], list[SheetProblem], int]:
    """(rows, problems, how many rows had something in them). Raises UnreadableSheet.

    unit_id  the unit of rows that name none; None: every row must name its unit by its number
    """
    rows = rows_of(name, content, COLUMNS.values())
    head_at = next((at for at, (_, cells) in enumerate(rows) if any(cells)), None)
    if head_at is None:
        raise UnreadableSheet("Tệp không có dòng nào. Mời tải mẫu về và điền vào đó.")
    fields, problems = _fields(*rows[head_at])
    found: list[SheetRow] = []
    full = [(number, cells) for number, cells in rows[head_at + 1 :] if any(cells)]
    if len(full) > ROWS_MAX:
        raise UnreadableSheet(said("Tệp có hơn %(most)d dòng. Mời chia thành nhiều tệp.", most=ROWS_MAX))
    for number, cells in full:
        change, wrong = _row(number, dict(zip(fields, cells, strict=False)), unit_id)
        problems += wrong
        if change:
            found.append(SheetRow(number, change))
    return found, problems, len(full)


def _fields(number: int, heading: Sequence[Any]) -> tuple[list[str], list[SheetProblem]]:
    by_label = {fold(label): name for name, label in COLUMNS.items()}
    fields, problems = [], []
    for at, cell in enumerate(heading):
        label = "" if cell is IS_FORMULA else str(cell)
        field = by_label.get(fold(label))
        if field in fields:
            problems.append(SheetProblem(number, label, "Cột này có hai lần."))
            field = None
        fields.append(field or f"?{at}")  # other columns of the unit's own sheet are left alone
    missing = [COLUMNS[name] for name in NEEDED if name not in fields]
    if missing:
        raise UnreadableSheet(
            said(
                "Dòng đầu thiếu cột: %(names)s. Mời tải mẫu về để xem tên các cột.", names=", ".join(missing)
            )
        )
    return fields, problems


def _row(
    number: int, cells: Mapping[str, Any], unit_id: str | None
) -> tuple[DossierChange | None, list[SheetProblem]]:
    wrong: list[SheetProblem] = []

    def fault(name: str, words: str) -> None:
        wrong.append(SheetProblem(number, COLUMNS[name], words))

    texts = {
        name: nfc(str(cells.get(name, ""))).strip() for name in COLUMNS if cells.get(name) is not IS_FORMULA
    }
    for name in COLUMNS.keys() - texts.keys():
        fault(name, "Ô này là công thức. Mời thay bằng giá trị.")
    for name in NEEDED:
        if name in texts and not texts[name]:
            fault(name, "Chưa có nội dung.")
    step, on = read_step(texts.get("step", "")), read_day(texts.get("on", ""))
    due = read_day(texts.get("due_on", ""))
    if texts.get("step") and step is None:
        fault("step", said("Không có bước này. Các bước: %(steps)s.", steps=", ".join(LABELS.values())))
    for name, day in (("on", on), ("due_on", due)):
        if texts.get(name) and day is None:
            fault(name, "Ngày chưa đúng, ví dụ đúng: 17/09/2026.")
    digits = {name: last_digits(texts.get(name, "")) for name in ("phone", "paper") if texts.get(name)}
    for name, four in digits.items():
        if four is None:
            fault(name, "Phải là 4 chữ số cuối.")
    unit = texts.get("unit_id") or unit_id or ""
    if not unit:
        fault("unit_id", "Chưa có mã đơn vị, ví dụ 07210@2025-07-01.")
    if len(texts.get("procedure", "")) > PROCEDURE_MAX:
        fault("procedure", said("Dài hơn %(most)d ký tự.", most=PROCEDURE_MAX))
    if wrong or step is None or on is None:
        return None, wrong
    return DossierChange(
        code=texts["code"],
        step=step,
        on=on,
        unit_id=unit,
        procedure=texts.get("procedure", ""),
        due_on=due,
        phone=digits.get("phone") or "",
        paper=digits.get("paper") or "",
    ), []


def read_day(text: str) -> date | None:
    """17/09/2026, 17-9-2026 or 2026-09-17, with or without an hour; None for anything else."""
    for pattern in _DAYS:
        found = pattern.fullmatch(text)
        if found:
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                return None
    return None
