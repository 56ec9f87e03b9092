"""A sheet of dossiers: compared first, kept as it was shown, then applied as a whole or dropped.

What is kept between the two holds no digits, only their hashes; it is emptied when it is applied or dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data import audit, dossiers
from data.dossier_proof import DossierKey
from data.dossier_sheets import COLUMNS, SheetRow
from data.dossiers import By, Compose, Line
from data.sheets import SheetProblem
from data.tables import Dossier, DossierImport, UnitRow
from domain.dossiers import DossierStep
from domain.errors import MoveRefused
from domain.said import said, with_blanks

PROBLEMS_KEPT = 500


@dataclass(frozen=True)
class Compared:
    """What a sheet would change."""

    lines: list[tuple[int, Line]]
    problems: list[SheetProblem]
    same: int


def compare(
    session: Session, key: DossierKey, rows: Sequence[SheetRow], *, unit_id: str | None, today: date
) -> Compared:
    """Look at every row against what is kept. `unit_id`: whose dossiers the officer may speak of; None: all."""
    known = set(session.scalars(select(UnitRow.id).where(UnitRow.valid_to.is_(None))))
    lines: list[tuple[int, Line]] = []
    problems: list[SheetProblem] = []
    seen: dict[str, int] = {}
    same = 0
    for row in rows:
        if row.change.unit_id not in known:
            problems.append(SheetProblem(row.number, COLUMNS["unit_id"], "Không có đơn vị nào mang mã này."))
            continue
        try:
            line = dossiers.check(session, key, row.change, unit_id=unit_id, today=today)
        except MoveRefused as refused:
            problems.append(SheetProblem(row.number, COLUMNS["code"], str(refused)))
            continue
        if line is None:
            same += 1
        elif line.mark in seen:
            words = said("Mã này đã có ở dòng %(row)d.", row=seen[line.mark])
            problems.append(SheetProblem(row.number, COLUMNS["code"], words))
        else:
            seen[line.mark] = row.number
            lines.append((row.number, line))
    return Compared(lines, problems, same)


def keep(
    session: Session,
    compared: Compared,
    problems: Sequence[SheetProblem],
    *,
    file_name: str,
    rows: int,
    unit_id: str | None,
    officer_id: int,
    now: datetime,
) -> DossierImport:
    """Keep a comparison, so that exactly what was shown can be applied."""
    kept = DossierImport(
        at=now,
        officer_id=officer_id,
        unit_id=unit_id,
        file_name=file_name[:200],
        rows=rows,
        changes=len(compared.lines),
        lines=[{"row": number, "line": line.as_json()} for number, line in compared.lines],
        problems=[
            vars(one) | with_blanks(one.text) for one in (*problems, *compared.problems)[:PROBLEMS_KEPT]
        ],
        state="draft",
    )
    session.add(kept)
    session.flush()
    return kept


def open_import(session: Session, import_id: int, *, unit_id: str | None) -> DossierImport | None:
    """An import within reach: one's own unit's, or any for the province."""
    kept = session.get(DossierImport, import_id)
    return kept if kept is not None and unit_id in {None, kept.unit_id} else None


def lines_of(kept: DossierImport) -> list[tuple[int, Line]]:
    return [(one["row"], Line.from_json(one["line"])) for one in kept.lines]


def recent(session: Session, *, unit_id: str | None, limit: int = 10) -> list[DossierImport]:
    query = select(DossierImport).order_by(DossierImport.id.desc()).limit(limit)
    return list(session.scalars(query if unit_id is None else query.where(DossierImport.unit_id == unit_id)))


def apply(
    session: Session, import_id: int, *, unit_id: str | None, officer_id: int, compose: Compose, now: datetime
) -> int:
    """Let every line hold, or none; followers are told. Returns how many lines.

    Raises MoveRefused when there are problems, when it was settled before, or when a dossier changed since.
    """
    kept = session.get(DossierImport, import_id, with_for_update=True, populate_existing=True)
    if kept is None or kept.state != "draft" or unit_id not in {None, kept.unit_id}:
        raise MoveRefused("Lần nhập này đã được xử lý.")
    if kept.problems:
        raise MoveRefused("Tệp còn chỗ chưa đúng nên chưa áp dụng được.")
    lines = lines_of(kept)
    for _, line in lines:
        dossiers.keep(session, line, by=By(officer_id=officer_id), compose=compose, now=now)
    kept.state, kept.decided_at, kept.lines = "applied", now, []
    audit.record(
        session,
        officer_id=officer_id,
        action="dossier.import",
        subject=f"dossier_import:{kept.id}",
        before=None,
        after={"dossiers": len(lines), "unit_id": kept.unit_id},
        now=now,
    )
    return len(lines)


def drop(session: Session, import_id: int, *, unit_id: str | None, now: datetime) -> bool:
    """Throw a comparison away; nothing changes. False: there is none in reach that still waits."""
    kept = session.get(DossierImport, import_id, with_for_update=True, populate_existing=True)
    if kept is None or kept.state != "draft" or unit_id not in {None, kept.unit_id}:
        return False
    kept.state, kept.decided_at, kept.lines = "dropped", now, []
    return True


def count_by_step(session: Session, *, unit_id: str | None) -> dict[DossierStep, int]:
    """How many dossiers stand at each step."""
    query = select(Dossier.step, func.count()).group_by(Dossier.step)
    if unit_id is not None:
        query = query.where(Dossier.unit_id == unit_id)
    return {DossierStep(step): count for step, count in session.execute(query)}
