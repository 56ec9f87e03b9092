"""Looking at the records of the catalogue: the list with what needs a look, the history, a record as it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import link_checks
from data.tables import Officer, ProcedureChange, ProcedureRow
from domain.procedures import Procedure
from domain.upkeep import CareNote, warnings
from domain.vietnamese import fold


@dataclass(frozen=True)
class RecordLine:
    """A record in the list."""

    record: Procedure
    version: int
    edited: bool
    notes: tuple[CareNote, ...]


@dataclass(frozen=True)
class Step:
    """One step of a record's history, with the name of who did it (None: the program)."""

    row: ProcedureChange
    officer: str | None


def lines(session: Session, today: date) -> list[RecordLine]:
    """Every record, with what is to be looked at; most asked first."""
    rows = session.scalars(
        select(ProcedureRow).order_by(ProcedureRow.priority, ProcedureRow.name, ProcedureRow.id)
    )
    broken = link_checks.broken(session)
    found = []
    for row in rows:
        record = Procedure.from_json(row.body)
        found.append(RecordLine(record, row.version, row.edited, tuple(warnings(record, today, broken))))
    return found


def matches(line: RecordLine, words: str) -> bool:
    """Do all the words stand in the name, the aliases or the codes? Without accents and case."""
    record = line.record
    text = fold(" ".join((record.name, record.id, record.code or "", *record.aliases)))
    return all(word in text for word in fold(words).split())


def history(session: Session, procedure_id: str, *, limit: int = 100) -> list[Step]:
    """The steps of a record, newest first; those that wait for their day among them."""
    query = (
        select(ProcedureChange, Officer.name)
        .outerjoin(Officer, Officer.id == ProcedureChange.officer_id)
        .where(ProcedureChange.procedure_id == procedure_id)
        .order_by(ProcedureChange.id.desc())
        .limit(limit)
    )
    return [Step(row, name) for row, name in session.execute(query)]


def known_ids(session: Session) -> set[str]:
    """Ids and national codes of all records."""
    found: set[str] = set()
    for row in session.scalars(select(ProcedureRow)):
        found |= {row.id, row.body.get("code") or row.id}
    return found


def body_at(session: Session, row: ProcedureRow, version: int) -> dict[str, Any]:
    """The record as it was at `version`: the later steps taken back, newest first."""
    body = dict(row.body)
    steps = session.scalars(
        select(ProcedureChange)
        .where(ProcedureChange.procedure_id == row.id, ProcedureChange.version > version)
        .order_by(ProcedureChange.version.desc())
    )
    for step in steps:
        body |= step.before
    return body
