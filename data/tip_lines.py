"""Tips as lines of the queue: what an officer reads of each, screened; the order they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from data.tables import AttachmentRow, Officer, Tip, TipMessage, UnitRow
from domain.screening import screen
from domain.tips import TipStatus

S = TypeVar("S", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True)
class Line:
    """One tip in the queue. `what` and `place` are screened; `hidden` says what kinds of things were taken out."""

    id: int
    code: str
    kind: str
    designation: str
    unit_id: str
    unit_name: str
    status: TipStatus
    urgent: bool
    what: str
    place: str
    taken_by: int | None
    taken_by_name: str | None
    created_at: datetime
    updated_at: datetime
    version: int
    files: int
    reporter_spoke_last: bool
    hidden: tuple[str, ...] = ()
    category: str | None = None
    bypass: bool = False
    unfinished: bool = False
    legal_hold: bool = False
    take_due_at: datetime | None = None
    close_due_at: datetime | None = None
    escalation: int = 0
    settled: str | None = None
    duplicate_of: int | None = None


def in_order(statement: S, oldest_first: bool) -> S:
    """Newest first, or oldest first; by number where two came at the same moment."""
    if oldest_first:
        return statement.order_by(Tip.created_at, Tip.id)
    return statement.order_by(Tip.created_at.desc(), Tip.id.desc())


def lines_where(session: Session, where: ColumnElement[bool], oldest_first: bool = False) -> tuple[Line, ...]:
    rows = session.execute(
        in_order(
            select(Tip, UnitRow.name, Officer.name)
            .join(UnitRow, UnitRow.id == Tip.unit_id)
            .outerjoin(Officer, Officer.id == Tip.taken_by)
            .where(where),
            oldest_first,
        )
    ).all()
    ids = [tip.id for tip, _, _ in rows]
    files = _files_of(session, ids)
    speakers = _last_speakers(session, ids)
    return tuple(
        _line(tip, unit_name, taker, files.get(tip.id, 0), spoke_last=speakers.get(tip.id, True) is False)
        for tip, unit_name, taker in rows
    )


def _line(tip: Tip, unit_name: str, taker: str | None, files: int, *, spoke_last: bool) -> Line:
    what, place = screen(tip.what), screen(tip.place)
    return Line(
        id=tip.id,
        code=tip.code,
        kind=tip.kind,
        designation=tip.designation,
        unit_id=tip.unit_id,
        unit_name=unit_name,
        status=TipStatus(tip.status),
        urgent=tip.urgent,
        what=what.text,
        place=place.text,
        taken_by=tip.taken_by,
        taken_by_name=taker,
        created_at=tip.created_at,
        updated_at=tip.updated_at,
        version=tip.version,
        files=files,
        reporter_spoke_last=spoke_last,
        hidden=(*what.hidden, *place.hidden),
        category=tip.category,
        bypass=tip.bypass,
        unfinished=tip.unfinished,
        legal_hold=tip.legal_hold,
        take_due_at=tip.take_due_at,
        close_due_at=tip.close_due_at,
        escalation=tip.escalation,
        settled=tip.settled,
        duplicate_of=tip.duplicate_of,
    )


def _files_of(session: Session, ids: Sequence[int]) -> dict[int, int]:
    counted = session.execute(
        select(AttachmentRow.tip_id, func.count())
        .where(AttachmentRow.tip_id.in_(ids))
        .group_by(AttachmentRow.tip_id)
    )
    return {tip_id: count for tip_id, count in counted if tip_id is not None}


def _last_speakers(session: Session, ids: Sequence[int]) -> dict[int, bool]:
    """Tip → was the last one who wrote an officer?"""
    last = select(func.max(TipMessage.id)).where(TipMessage.tip_id.in_(ids)).group_by(TipMessage.tip_id)
    found = session.execute(select(TipMessage.tip_id, TipMessage.from_officer).where(TipMessage.id.in_(last)))
    return {row.tip_id: row.from_officer for row in found}
