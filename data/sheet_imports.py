"""A sheet that came in: compared with the catalogue, kept as it was shown, applied whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import audit, care, records
from data.record_rules import PROCEDURE_SHAPE, procedure_faults, shape_faults
from data.record_text import BY_NAME, blank, from_texts, label_of
from data.sheets import SheetProblem
from data.tables import CatalogueImport, ProcedureRow
from domain.errors import MoveRefused
from domain.said import said
from domain.upkeep import How, changed

FROM_A_FILE = "Nhập từ tệp"
"""The reason that a record's history keeps, before the name of the file."""


@dataclass(frozen=True)
class SheetLine:
    """A row that would change something. `version` 0: a new record. `changes`: field → [before, after]."""

    row: int
    id: str
    name: str
    version: int
    changes: Mapping[str, list[Any]]


def compare(
    session: Session, rows: Sequence[tuple[int, Mapping[str, str]]]
) -> tuple[list[SheetLine], list[SheetProblem]]:
    """What the rows would change, and what is wrong with them."""
    known = {row.id: row for row in session.scalars(select(ProcedureRow))}
    ids = records.known_ids(session) | {texts.get("id", "").strip() for _, texts in rows}
    lines: list[SheetLine] = []
    problems: list[SheetProblem] = []
    seen: dict[str, int] = {}
    for number, texts in rows:
        wanted = texts.get("id", "").strip()
        if not wanted:
            problems.append(SheetProblem(number, BY_NAME["id"].label, "Dòng này chưa có mã."))
            continue
        if wanted in seen:
            words = said("Mã này đã có ở dòng %(row)s.", row=seen[wanted])
            problems.append(SheetProblem(number, BY_NAME["id"].label, words))
            continue
        seen[wanted] = number
        row = known.get(wanted)
        body, faults = from_texts(texts, row.body if row else blank())
        faults = faults or shape_faults(body, PROCEDURE_SHAPE) or procedure_faults(body, ids)
        problems += [
            SheetProblem(number, label_of(fault.field) if fault.field else "", fault.words)
            for fault in faults
        ]
        before, after = changed(row.body if row else {}, body)
        if after and not faults:
            pairs = {name: [before[name], after[name]] for name in after}
            lines.append(SheetLine(number, wanted, body["name"], row.version if row else 0, pairs))
    return lines, problems


def keep(
    session: Session,
    *,
    file_name: str,
    rows: int,
    lines: Sequence[SheetLine],
    problems: Sequence[SheetProblem],
    officer_id: int,
    now: datetime,
) -> CatalogueImport:
    """Keep a comparison, so that exactly what was shown can be applied."""
    row = CatalogueImport(
        at=now,
        officer_id=officer_id,
        file_name=file_name[:200],
        rows=rows,
        lines=[vars(line) | {"changes": dict(line.changes)} for line in lines],
        problems=[problem.kept() for problem in problems[:500]],
        state="draft",
    )
    session.add(row)
    session.flush()
    return row


def apply(session: Session, import_id: int, *, officer_id: int, now: datetime) -> int:
    """Let every line of a kept comparison hold, or none; returns how many.

    Raises MoveRefused when there are problems, when it was settled before, or when a record changed since.
    """
    kept = session.get(CatalogueImport, import_id, with_for_update=True, populate_existing=True)
    if kept is None or kept.state != "draft":
        raise MoveRefused("Lần nhập này đã được xử lý.")
    if kept.problems:
        raise MoveRefused("Tệp còn chỗ chưa đúng nên chưa áp dụng được.")
    moved = []
    for line in kept.lines:
        row = session.get(ProcedureRow, line["id"])
        if (row.version if row else 0) != line["version"]:
            moved.append(line["name"])
    if moved:
        names = "; ".join(moved[:5])
        raise MoveRefused(
            said(
                "Sau khi đọc tệp đã có người sửa: %(names)s. Mời nhập lại tệp để xem chỗ khác nhau mới.",
                names=names,
            )
        )
    reason = f"{FROM_A_FILE} {kept.file_name}"
    coming = [line["id"] for line in kept.lines]
    for line in sorted(kept.lines, key=lambda one: bool(one["version"])):
        after = {name: pair[1] for name, pair in line["changes"].items()}
        if not line["version"]:
            care.create(
                session, blank() | after, reason=reason, officer_id=officer_id, now=now, coming=coming
            )
            continue
        body = session.get_one(ProcedureRow, line["id"]).body | after
        care.save(
            session,
            line["id"],
            body,
            version=line["version"],
            reason=reason,
            officer_id=officer_id,
            now=now,
            how=How.SHEET,
            coming=coming,
        )
    kept.state, kept.decided_at = "applied", now
    audit.record(
        session,
        officer_id=officer_id,
        action="catalogue.import",
        subject=f"import:{kept.id}",
        before=None,
        after={"records": len(kept.lines)},
        now=now,
    )
    return len(kept.lines)


def drop(session: Session, import_id: int, *, now: datetime) -> None:
    kept = session.get(CatalogueImport, import_id, with_for_update=True, populate_existing=True)
    if kept is not None and kept.state == "draft":
        kept.state, kept.decided_at = "dropped", now
