"""The catalogue as a sheet (Excel or CSV), written and read. Nothing is compared or changed here."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils.exceptions import InvalidFileException

from data.record_text import BY_NAME, COLUMNS, as_texts, label_of
from domain.errors import HouseError
from domain.said import Said, said
from domain.vietnamese import fold, nfc

SHEET = "Thủ tục"
ROWS_MAX = 5000
BYTES_MAX = 8 << 20
"""Largest file that is read."""
UNPACKED_MAX = 64 << 20
"""An Excel file is a zip: this much may come out of it."""
CELL_MAX = 20_000
TOO_MANY_ROWS = "Tệp có hơn %(most)s dòng. Mời chia thành nhiều tệp."
EXAMPLE = {
    "id": "vi-du-1",
    "name": "Tên thủ tục như trên Cổng dịch vụ công",
    "field": "Đăng ký, quản lý cư trú",
    "family": "vi-du-1",
    "audience": "Người dân",
    "status": "Đang áp dụng",
    "priority": "Thỉnh thoảng",
    "sources": "https://dichvucong.gov.vn/…",
    "confidence": "Vừa",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class UnreadableSheet(HouseError):
    """The file is no sheet we can read; the words are for the officer."""


@dataclass(frozen=True)
class SheetProblem:
    """Where and what: `row` as numbered in the sheet, `column` its heading ("" = the whole row)."""

    row: int
    column: str
    text: str

    def kept(self) -> dict[str, Any]:
        """For a row of the database; `words_of` gives the sentence back so that it can be looked up."""
        blanks = (
            {"words": self.text.words, "values": dict(self.text.values)}
            if isinstance(self.text, Said)
            else {}
        )
        return {"row": self.row, "column": self.column, "text": self.text, **blanks}


def words_of(kept: Mapping[str, Any]) -> str:
    """What is wrong, from a problem as it was kept (before, there was only the sentence)."""
    return Said(kept["words"], kept["values"]) if "words" in kept else str(kept["text"])


# ---- out ----------------------------------------------------------------------------------------------------------


def to_xlsx(bodies: Iterable[Mapping[str, Any]]) -> bytes:
    """An Excel file with a heading row; every cell is text, so nothing in it is run as a formula."""
    return _xlsx(as_texts(body) for body in bodies)


def to_csv(bodies: Iterable[Mapping[str, Any]]) -> bytes:
    """A CSV file in UTF-8 with a mark, as Excel wants it; what looks like a formula gets an apostrophe."""
    return _csv(as_texts(body) for body in bodies)


def template() -> bytes:
    """An Excel file with the headings and one made-up row."""
    return _xlsx([EXAMPLE])


def _xlsx(rows: Iterable[Mapping[str, str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    sheet.freeze_panes = "B2"
    for index, column in enumerate(COLUMNS):
        letter = chr(65 + index) if index < 26 else f"A{chr(65 + index - 26)}"
        sheet.column_dimensions[letter].width = 44 if column.kind in {"lines", "text"} else 22
    head = []
    for column in COLUMNS:
        cell = WriteOnlyCell(sheet, column.label)
        cell.font = Font(bold=True)
        head.append(cell)
    sheet.append(head)
    for row in rows:
        cells = []
        for column in COLUMNS:
            cell = WriteOnlyCell(sheet, _CONTROLS.sub("", row.get(column.name, "")))
            cell.data_type = "s"  # also what begins with =
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _csv(rows: Iterable[Mapping[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.label for column in COLUMNS])
    for row in rows:
        writer.writerow([_harmless(row.get(column.name, "")) for column in COLUMNS])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


# ---- in -----------------------------------------------------------------------------------------------------------


def read(name: str, content: bytes) -> tuple[list[str], list[tuple[int, dict[str, str]]], list[SheetProblem]]:
    """(fields of the headings, [(row number, {field: text})], problems). Raises UnreadableSheet."""
    rows = rows_of(name, content, [column.label for column in COLUMNS])
    head_at = next((at for at, (_, cells) in enumerate(rows) if any(cells)), None)
    if head_at is None:
        raise UnreadableSheet("Tệp không có dòng nào. Mời tải mẫu về và điền vào đó.")
    number, heading = rows[head_at]
    problems: list[SheetProblem] = []
    fields = _fields(heading, number, problems)
    found = []
    for at, cells in rows[head_at + 1 :]:
        if not any(cells):
            continue
        texts = {}
        for field, cell in zip(fields, cells, strict=False):
            if field and cell is IS_FORMULA:
                problems.append(
                    SheetProblem(at, label_of(field), "Ô này là công thức. Mời thay bằng giá trị.")
                )
            elif field and len(str(cell)) > CELL_MAX:
                problems.append(SheetProblem(at, label_of(field), "Nội dung ô quá dài."))
            elif field:
                texts[field] = str(cell)
        found.append((at, texts))
    if len(found) > ROWS_MAX:
        raise UnreadableSheet(said(TOO_MANY_ROWS, most=ROWS_MAX))
    return [field for field in fields if field], found, problems


IS_FORMULA: Any = object()
"""Stands for a cell with a formula: nobody can tell what it would show."""


def raw_rows(name: str, content: bytes, labels: Iterable[str]) -> list[tuple[int, list[str | None]]]:
    """(row number, cells as text; None = a formula) of any sheet, whose headings are `labels`. Raises UnreadableSheet."""
    return [
        (at, [None if cell is IS_FORMULA else str(cell) for cell in cells])
        for at, cells in rows_of(name, content, labels)
    ]


def rows_of(name: str, content: bytes, labels: Iterable[str]) -> list[tuple[int, list[Any]]]:
    """(row number, cells) of an Excel or CSV file, cells as text or IS_FORMULA. Raises UnreadableSheet.

    labels  headings that are expected: they tell which sign separates the cells of a CSV file
    """
    if content[:2] == b"PK" or name.lower().endswith(".xlsx"):
        return _xlsx_rows(content)
    return _csv_rows(content, {fold(label) for label in labels})


def _xlsx_rows(content: bytes) -> list[tuple[int, list[Any]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > UNPACKED_MAX:
                raise UnreadableSheet("Tệp Excel quá lớn sau khi giải nén.")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        rows = []
        for number, row in enumerate(sheet.iter_rows(max_col=80), 1):
            rows.append((number, [_cell(cell) for cell in row]))
            if number > ROWS_MAX + 10:
                raise UnreadableSheet(said(TOO_MANY_ROWS, most=ROWS_MAX))
        return rows
    except UnreadableSheet:
        raise
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        SyntaxError,
        OSError,
    ) as error:
        raise UnreadableSheet(
            "Không đọc được tệp Excel này. Mời lưu lại dạng .xlsx hoặc .csv rồi thử lại."
        ) from error


def _cell(cell: Any) -> Any:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return IS_FORMULA
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return nfc(str(value)).strip()


def _csv_rows(content: bytes, labels: set[str]) -> list[tuple[int, list[Any]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableSheet("Tệp CSV phải lưu dạng UTF-8. Trong Excel: “CSV UTF-8”.") from error
    if "\x00" in text:
        raise UnreadableSheet("Tệp này không phải bảng tính. Mời dùng .xlsx hoặc .csv.")

    def known(mark: str) -> int:
        """How many headings this separator makes; Excel in Vietnamese writes semicolons."""
        heading = next(csv.reader(io.StringIO(text, newline=""), delimiter=mark), [])
        return sum(fold(cell) in labels for cell in heading)

    try:
        mark = max(",;\t", key=known)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
        rows = []
        began = 1
        for cells in reader:
            rows.append((began, [_unharm(nfc(cell)) for cell in cells]))
            began = reader.line_num + 1
        return rows
    except csv.Error as error:
        raise UnreadableSheet("Không đọc được tệp CSV này. Mời kiểm tra lại dấu ngoặc kép.") from error


def _unharm(text: str) -> str:
    return (text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text).strip()


def _fields(heading: Sequence[Any], number: int, problems: list[SheetProblem]) -> list[str | None]:
    by_label = {fold(column.label): column.name for column in COLUMNS} | {
        column.name: column.name for column in COLUMNS
    }
    fields: list[str | None] = []
    for cell in heading:
        label = "" if cell is IS_FORMULA else str(cell)
        field = by_label.get(fold(label)) or by_label.get(label)
        if label and field is None:
            problems.append(SheetProblem(number, label[:80], "Không có cột nào tên như vậy trong mẫu."))
        elif field and field in fields:
            problems.append(SheetProblem(number, label, "Cột này có hai lần."))
            field = None
        fields.append(field)
    if "id" not in fields:
        raise UnreadableSheet(
            said(
                "Dòng đầu phải có cột “%(column)s”. Mời tải mẫu về để xem tên các cột.",
                column=BY_NAME["id"].label,
            )
        )
    return fields


def excel_rows(content: bytes) -> list[tuple[int, list[Any]]]:
    """(row number, cells as text) of the first sheet of an Excel file; IS_FORMULA for a formula. UnreadableSheet."""
    if content[:2] != b"PK":
        raise UnreadableSheet("Mời dùng tệp Excel dạng .xlsx.")
    return [
        (number, [cell if cell is IS_FORMULA else _unharm(cell) for cell in cells])
        for number, cells in _xlsx_rows(content)
    ]
