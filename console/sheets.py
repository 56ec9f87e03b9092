"""Tables as Excel files. Nothing an officer or resident wrote is ever taken for a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Value = str | int | float | None
Sheet = tuple[str, Sequence[str], Iterable[Sequence[Value]]]
"""Name, head, rows."""
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CELL_MAX = 32_000
WIDTHS = 22


def excel(name: str, sheets: Sequence[Sheet]) -> Response:
    """An .xlsx to keep; `name` without its ending, ASCII."""
    book = Workbook(write_only=True)
    for title, head, rows in sheets:
        sheet = book.create_sheet(title[:31])
        sheet.freeze_panes = "A2"
        for number in range(len(head)):
            sheet.column_dimensions[chr(ord("A") + number)].width = WIDTHS
        sheet.append([_bold(sheet, words) for words in head])
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    answer = Response(out.getvalue(), mimetype=MIME)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}.xlsx"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def as_plain(value: Value) -> Value:
    """Text that a spreadsheet would run as a formula gets a ' before it, also after a copy to CSV."""
    if not isinstance(value, str):
        return value
    text = _NOT_IN_XML.sub("", value)[:CELL_MAX]
    return f"'{text}" if text.lstrip().startswith(_BEGINS_A_FORMULA) else text


def _cell(sheet: Any, value: Value) -> Any:
    cell = WriteOnlyCell(sheet, value=as_plain(value))
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def _bold(sheet: Any, words: str) -> Any:
    cell = WriteOnlyCell(sheet, value=words)
    cell.font = Font(bold=True)
    return cell
