"""The short codes of boards: made once, kept for ever, found again, and counted when they are scanned."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from data.tables import BoardCode, BoardScan, SuccessionRow, UnitRow
from domain.board_codes import new_code
from domain.broadcasts import VIETNAM

WHOLE_BOARD = ""
"""The `field` of the code of a whole board."""
_STEPS_MAX = 20
"""Changes of a unit that are followed: more than there will be in a century."""


@dataclass(frozen=True)
class Meaning:
    """Where a code leads; `field` WHOLE_BOARD = the whole board."""

    code: str
    unit_id: str
    board: str
    field: str


@dataclass(frozen=True)
class Scans:
    """How often a unit's code of a field was scanned on a day."""

    unit_id: str
    board: str
    field: str
    day: date
    count: int


def codes(
    session: Session, unit_id: str, board: str, fields: Collection[str], *, now: datetime
) -> dict[str, str]:
    """Field → code, WHOLE_BOARD among them; the missing ones are made. A field taken off and put back keeps its code."""
    wanted = [WHOLE_BOARD, *fields]
    known = made(session, unit_id, board)
    for field in wanted:
        if field not in known:
            known[field] = _make(session, unit_id, board, field, now)
    return {field: known[field] for field in wanted}


def made(session: Session, unit_id: str, board: str) -> dict[str, str]:
    """Field → code, of those that were made before; nothing is made."""
    query = select(BoardCode).where(BoardCode.unit_id == unit_id, BoardCode.board == board)
    return {row.field: row.code for row in session.scalars(query)}


def meaning(session: Session, code: str) -> Meaning | None:
    """Where this code (as it is printed) leads; None when nobody made it."""
    row = session.get(BoardCode, code)
    return Meaning(row.code, row.unit_id, row.board, row.field) if row else None


def existing(session: Session, wanted: Sequence[str]) -> list[str]:
    """Those of the codes that were made."""
    return sorted(session.scalars(select(BoardCode.code).where(BoardCode.code.in_(wanted))))


def unit_today(session: Session, unit_id: str, day: date) -> UnitRow | None:
    """The unit that answers today for the one a poster was made for, over any number of changes."""
    wanted: str | None = unit_id
    for _ in range(_STEPS_MAX):
        row = session.get(UnitRow, wanted) if wanted else None
        if row is None or (row.valid_from <= day and (row.valid_to is None or day < row.valid_to)):
            return row
        wanted = session.scalar(
            select(SuccessionRow.new_id).where(SuccessionRow.old_id == wanted).order_by(SuccessionRow.new_id)
        )
    return None


def count_scan(session: Session, found: Meaning, *, now: datetime) -> None:
    """One more on this day in Vietnam. Nothing is kept of who, with what, or when on that day."""
    insert = postgres_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    session.execute(
        insert(BoardScan)
        .values(
            unit_id=found.unit_id,
            board=found.board,
            field=found.field,
            day=now.astimezone(VIETNAM).date(),
            count=1,
        )
        .on_conflict_do_update(
            index_elements=["unit_id", "board", "field", "day"], set_={"count": BoardScan.count + 1}
        )
    )


def scans(session: Session, unit_ids: Collection[str] | None, *, since: date) -> list[Scans]:
    """Counts from `since` on, of these units (None: all), newest day first."""
    query = select(BoardScan).where(BoardScan.day >= since)
    if unit_ids is not None:
        query = query.where(BoardScan.unit_id.in_(unit_ids))
    query = query.order_by(BoardScan.day.desc(), BoardScan.unit_id, BoardScan.board, BoardScan.field)
    return [Scans(row.unit_id, row.board, row.field, row.day, row.count) for row in session.scalars(query)]


def totals(session: Session, unit_ids: Collection[str] | None, *, since: date) -> dict[tuple[str, str], int]:
    """(unit id, board) → scans from `since` on."""
    query = select(BoardScan.unit_id, BoardScan.board, func.sum(BoardScan.count)).where(
        BoardScan.day >= since
    )
    if unit_ids is not None:
        query = query.where(BoardScan.unit_id.in_(unit_ids))
    found = session.execute(query.group_by(BoardScan.unit_id, BoardScan.board))
    return {(unit, board): int(count) for unit, board, count in found}


def _make(session: Session, unit_id: str, board: str, field: str, now: datetime) -> str:
    """A new code. Two who print the same board at once get the same: the first one's row stays."""
    insert = postgres_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    while True:
        values = {"code": new_code(), "unit_id": unit_id, "board": board, "field": field, "made_at": now}
        session.execute(insert(BoardCode).values(**values).on_conflict_do_nothing())
        own = select(BoardCode.code).where(
            BoardCode.unit_id == unit_id, BoardCode.board == board, BoardCode.field == field
        )
        if made := session.scalar(own):
            return made
