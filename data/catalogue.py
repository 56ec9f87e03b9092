"""The catalogue and the units as the database has them now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.tables import LearnedChange, OfficialAccount, ProcedureRow, SuccessionRow, TopicRow, UnitRow
from domain.learning import ChangeKind, ChangeState, clean_aliases
from domain.procedures import Procedure, Topic
from domain.units import Succession, Unit, UnitBook, UnitLevel
from domain.upkeep import standing

Edition = tuple[int | datetime | None, ...]
"""Changes whenever the content does."""


def edition(session: Session) -> Edition:
    """Which edition of the content the database has: cheap to ask, different after every change."""
    applied = LearnedChange.state == ChangeState.APPLIED
    return (
        *session.execute(select(func.count(), func.max(ProcedureRow.updated_at))).one(),
        session.scalar(select(func.sum(ProcedureRow.version))),
        *session.execute(select(func.count(), func.max(TopicRow.updated_at))).one(),
        *session.execute(select(func.count(), func.sum(LearnedChange.id)).where(applied)).one(),
        session.scalar(select(func.count()).select_from(UnitRow)),
        session.scalar(select(func.count()).select_from(SuccessionRow)),
        session.scalar(select(func.count()).select_from(OfficialAccount)),
    )


def procedures(session: Session, today: date, also: LearnedChange | None = None) -> list[Procedure]:
    """The records as they hold on `today` (a day in Vietnam), with the aliases that officers let the bot learn.

    also  a change that is only being tried
    """
    learned: dict[str, list[str]] = {}
    for change in _learned(session, ChangeKind.ALIAS, also):
        learned.setdefault(change.target or "", []).extend(change.aliases)
    rows = session.scalars(select(ProcedureRow).order_by(ProcedureRow.priority, ProcedureRow.id))
    found = (standing(Procedure.from_json(row.body), today) for row in rows)
    return [
        replace(
            one, aliases=(*one.aliases, *clean_aliases(learned.get(one.id, ()), (one.name, *one.aliases)))
        )
        for one in found
        if one
    ]


def topics(session: Session, also: LearnedChange | None = None) -> list[Topic]:
    """The topics, with those and the aliases that officers added."""
    rows = session.scalars(select(TopicRow).order_by(TopicRow.id))
    found = {topic.id: topic for topic in (Topic.from_json(row.body) for row in rows)}
    for change in _learned(session, ChangeKind.TOPIC, also):
        topic = Topic.from_json(change.topic or {})
        found.setdefault(topic.id, topic)
    for change in _learned(session, ChangeKind.ALIAS, also):
        known = found.get(change.target or "")
        if known:
            more = clean_aliases(change.aliases, (known.name, *known.aliases))
            found[known.id] = replace(known, aliases=(*known.aliases, *more))
    return list(found.values())


def _learned(session: Session, kind: ChangeKind, also: LearnedChange | None) -> list[LearnedChange]:
    """What holds of one kind, oldest first, and the change that is only being tried."""
    query = select(LearnedChange).where(
        LearnedChange.kind == kind, LearnedChange.state == ChangeState.APPLIED
    )
    found = list(session.scalars(query.order_by(LearnedChange.id)))
    if also is not None and also.kind == kind and all(one.id != also.id for one in found):
        found.append(also)
    return found


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
