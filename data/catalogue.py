"""The catalogue and the units as the database has them now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.tables import OfficialAccount, ProcedureRow, SuccessionRow, TopicRow, UnitRow
from domain.procedures import Procedure, Topic
from domain.units import Succession, Unit, UnitBook, UnitLevel

Edition = tuple[int | datetime | None, ...]
"""Changes whenever the content does."""


def edition(session: Session) -> Edition:
    """Which edition of the content the database has: cheap to ask, different after every change."""
    return (
        *session.execute(select(func.count(), func.max(ProcedureRow.updated_at))).one(),
        *session.execute(select(func.count(), func.max(TopicRow.updated_at))).one(),
        session.scalar(select(func.count()).select_from(UnitRow)),
        session.scalar(select(func.count()).select_from(SuccessionRow)),
        session.scalar(select(func.count()).select_from(OfficialAccount)),
    )


def procedures(session: Session) -> list[Procedure]:
    rows = session.scalars(select(ProcedureRow).order_by(ProcedureRow.priority, ProcedureRow.id))
    return [Procedure.from_json(row.body) for row in rows]


def topics(session: Session) -> list[Topic]:
    return [Topic.from_json(row.body) for row in session.scalars(select(TopicRow).order_by(TopicRow.id))]


def units(session: Session) -> UnitBook:
    """All units and the succession."""
    return UnitBook(
        tuple(
            Unit(
                row.code,
                row.name,
                row.short_name,
                row.kind,
                UnitLevel(row.level),
                row.valid_from,
                row.valid_to,
                row.district_code,
                row.district,
                row.province,
                row.latitude,
                row.longitude,
            )
            for row in session.scalars(select(UnitRow).order_by(UnitRow.valid_from, UnitRow.code))
        ),
        tuple(
            Succession(row.old_id, row.new_id, row.since, row.evidence)
            for row in session.scalars(
                select(SuccessionRow).order_by(SuccessionRow.old_id, SuccessionRow.new_id)
            )
        ),
    )
