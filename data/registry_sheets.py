"""A sheet of units, groups or topics: compared first, kept as it was shown, applied whole or not at all, undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from data import audit
from data.registry_columns import SUBJECTS, Record, Subject
from data.sheets import IS_FORMULA, ROWS_MAX, SheetProblem, UnreadableSheet
from data.tables import RegistryImport
from domain.errors import MoveRefused
from domain.said import said, with_blanks
from domain.vietnamese import fold

NEW = "new"


def table(session: Session, subject: Subject) -> tuple[list[str], list[list[str]]]:
    """(head, rows) of everything there is, as text."""
    return (
        [column.label for column in subject.columns],
        [
            [column.write(record[column.name]) for column in subject.columns]
            for record in subject.read(session).values()
        ],
    )


def compare(
    session: Session, subject: Subject, rows: Sequence[tuple[int, list[Any]]]
) -> tuple[list[dict[str, Any]], list[SheetProblem], int]:
    """(lines that would change something, problems, rows read). Raises UnreadableSheet."""
    head_at = next((at for at, (_, cells) in enumerate(rows) if any(cells)), None)
    if head_at is None or len(rows) - head_at > ROWS_MAX:
        raise UnreadableSheet("Tệp không có dòng nào, hoặc có quá nhiều dòng.")
    by_label = {fold(column.label): column for column in subject.columns}
    columns = [None if cell is IS_FORMULA else by_label.get(fold(str(cell))) for cell in rows[head_at][1]]
    if subject.id_column not in columns:
        raise UnreadableSheet(
            said(
                "Dòng đầu phải có cột “%(name)s”. Mời xuất tệp về rồi sửa trên đó.",
                name=subject.id_column.label,
            )
        )
    known = subject.read(session)
    problems: list[SheetProblem] = []
    wanted: dict[str, Record] = {}
    at_row: dict[str, int] = {}
    count = 0
    for number, cells in rows[head_at + 1 :]:
        if not any(cells):
            continue
        count += 1
        read = _read(subject, number, dict(zip(columns, cells, strict=False)), known, problems)
        if read is None:
            continue
        key, record = read
        if key in wanted:
            problems.append(
                SheetProblem(
                    number, subject.id_column.label, said("Mã này đã có ở dòng %(row)d.", row=at_row[key])
                )
            )
            continue
        wanted[key], at_row[key] = record, number
    changed = {key: record for key, record in wanted.items() if record != known.get(key)}
    labels = {column.name: column.label for column in subject.columns}
    for key, field, words in subject.faults(session, changed):
        problems.append(SheetProblem(at_row[key], labels.get(field, ""), words))
    lines = [
        {
            "row": at_row[key],
            "key": key,
            "name": str(record[subject.name_column.name] or ""),
            NEW: key not in known,
            "changes": {
                name: [known.get(key, {}).get(name), value]
                for name, value in record.items()
                if key not in known or value != known[key][name]
            },
        }
        for key, record in changed.items()
    ]
    return lines, problems, count


def _read(
    subject: Subject,
    number: int,
    cells: dict[Any, Any],
    known: dict[str, Record],
    problems: list[SheetProblem],
) -> tuple[str, Record] | None:
    """(key, whole record as wanted); None when the row cannot be read."""
    key = cells.get(subject.id_column, "")
    key = "" if key is IS_FORMULA else str(key).strip()
    if not key:
        problems.append(SheetProblem(number, subject.id_column.label, "Dòng này chưa có mã."))
        return None
    if key not in known and not subject.may_add:
        words = "Chưa có mã này. Đơn vị mới lập ở mục Sắp xếp đơn vị."
        problems.append(SheetProblem(number, subject.id_column.label, words))
        return None
    record = dict(
        known.get(key) or {column.name: [] if column.kind == "lines" else None for column in subject.columns}
    )
    record[subject.id_column.name] = key
    sound = True
    for column, cell in cells.items():
        if column is None or column is subject.id_column:
            continue
        try:
            if cell is IS_FORMULA:
                raise ValueError("Ô này là công thức. Mời thay bằng giá trị.")
            text = str(cell)
            if text == column.write(record[column.name]):
                continue
            if not column.writable:
                raise ValueError("Cột này chỉ để xem, không sửa bằng tệp được.")
            record[column.name] = column.read(text)
        except ValueError as refused:
            problems.append(SheetProblem(number, column.label, str(refused)))
            sound = False
    return (key, record) if sound else None


def keep(
    session: Session,
    subject: Subject,
    *,
    file_name: str,
    rows: int,
    lines: Sequence[dict[str, Any]],
    problems: Sequence[SheetProblem],
    officer_id: int,
    now: datetime,
) -> RegistryImport:
    """Keep a comparison, so that exactly what was shown can be applied."""
    row = RegistryImport(
        subject=subject.key,
        at=now,
        officer_id=officer_id,
        file_name=file_name[:200],
        rows=rows,
        lines=list(lines),
        problems=[vars(problem) | with_blanks(problem.text) for problem in problems[:500]],
        state="draft",
    )
    session.add(row)
    session.flush()
    return row


def apply(session: Session, import_id: int, *, officer_id: int, now: datetime) -> int:
    """Let every line hold, or none. Raises MoveRefused: problems, settled before, or changed meanwhile."""
    row = _locked(session, import_id, "draft")
    if row.problems:
        raise MoveRefused("Tệp còn chỗ chưa đúng nên chưa áp dụng được.")
    subject = SUBJECTS[row.subject]
    known = subject.read(session)
    _unchanged(row, known, 0)
    for line in row.lines:
        subject.write(
            session, line["key"], {name: pair[1] for name, pair in line["changes"].items()}, line[NEW], now
        )
        session.flush()
    return _settle(session, row, "applied", officer_id, now)


def undo(session: Session, import_id: int, *, officer_id: int, now: datetime) -> int:
    """Everything of this sheet as it was before. Raises MoveRefused when one of the rows changed since."""
    row = _locked(session, import_id, "applied")
    subject = SUBJECTS[row.subject]
    _unchanged(row, subject.read(session), 1)
    for line in row.lines:
        if line[NEW]:
            subject.take_out(session, line["key"])
        else:
            before = {name: pair[0] for name, pair in line["changes"].items()}
            subject.write(session, line["key"], before, False, now)
        session.flush()
    return _settle(session, row, "undone", officer_id, now)


def drop(session: Session, import_id: int, *, now: datetime) -> None:
    row = session.get(RegistryImport, import_id, with_for_update=True, populate_existing=True)
    if row is not None and row.state == "draft":
        row.state, row.decided_at = "dropped", now


def _locked(session: Session, import_id: int, state: str) -> RegistryImport:
    row = session.get(RegistryImport, import_id, with_for_update=True, populate_existing=True)
    if row is None or row.state != state:
        raise MoveRefused("Lần nhập này đã được xử lý.")
    return row


def _unchanged(row: RegistryImport, known: dict[str, Record], side: int) -> None:
    """Do the rows still read as on this side (0 before, 1 after) of the comparison?"""
    moved = []
    for line in row.lines:
        there = known.get(line["key"])
        missing = side == 0 and line[NEW]
        if (there is None) is not missing or (
            there is not None and any(there[name] != pair[side] for name, pair in line["changes"].items())
        ):
            moved.append(line["name"] or line["key"])
    if moved:
        raise MoveRefused(
            said(
                "Đã có người sửa từ lúc đó: %(what)s. Mời nhập lại tệp để so sánh mới.",
                what="; ".join(moved[:5]),
            )
        )


def _settle(session: Session, row: RegistryImport, state: str, officer_id: int, now: datetime) -> int:
    row.state, row.decided_at = state, now
    audit.record(
        session,
        officer_id=officer_id,
        action=f"registry.{state}",
        subject=f"registry:{row.id}",
        before=None,
        after={"subject": row.subject, "records": [line["key"] for line in row.lines][:200]},
        now=now,
    )
    return len(row.lines)
