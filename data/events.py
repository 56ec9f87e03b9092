"""The inbox: what Zalo told us, remembered before it was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, and_, delete, func, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from data.tables import EventRow


@dataclass(frozen=True)
class NewEvent:
    """An event as it is remembered; the body is already sealed, the citizen already opaque."""

    key: str
    name: str
    oa_id: str
    citizen: str | None
    occurred_at: datetime
    received_at: datetime
    body_sealed: bytes


def remember(session: Session, events: Sequence[NewEvent]) -> None:
    """Keep each event once: what is known under its key already is left as it is."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(EventRow).on_conflict_do_nothing(index_elements=["key"])
    session.execute(statement, [{**vars(event), "run_at": event.received_at} for event in events])


def claim_due(session: Session, *, now: datetime, limit: int, lease: timedelta) -> list[EventRow]:
    """Take up to `limit` events that nobody works on, so that no other worker does.

    Of one citizen only the earliest open event can be taken (by Zalo's clock, then by arrival), and none while
    another of theirs is being worked on: a citizen is answered in order, citizens side by side.
    PostgreSQL skips rows others hold; for SQLite, with its single writer, SQLAlchemy drops that clause.
    """
    other = aliased(EventRow)
    same_citizen_open = and_(other.citizen == EventRow.citizen, other.done_at.is_(None))
    earlier = (
        select(other.id)
        .where(
            same_citizen_open,
            tuple_(other.occurred_at, other.id) < tuple_(EventRow.occurred_at, EventRow.id),
        )
        .exists()
    )
    busy = (
        select(other.id).where(same_citizen_open, other.id != EventRow.id, other.lease_until > now).exists()
    )
    due = (
        select(EventRow.id)
        .where(
            EventRow.done_at.is_(None),
            EventRow.run_at <= now,
            or_(EventRow.lease_until.is_(None), EventRow.lease_until <= now),
            or_(EventRow.citizen.is_(None), and_(~earlier, ~busy)),
        )
        .order_by(EventRow.run_at, EventRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    rows = session.scalars(
        update(EventRow)
        .where(EventRow.id.in_(select(due.c.id)))
        .values(lease_until=now + lease, attempts=EventRow.attempts + 1)
        .returning(EventRow)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return sorted(rows, key=lambda row: (row.occurred_at, row.id))


def finish(session: Session, event: EventRow, *, now: datetime, error: str | None = None) -> bool:
    """Mark it done, in the transaction of its effects. False: another worker has it by now, so undo yours."""
    return _change(session, event, done_at=now, lease_until=None, last_error=error)


def put_back(session: Session, event: EventRow, *, run_at: datetime, error: str) -> bool:
    """It failed: let it be tried again at `run_at`. `error` names the fault, never the citizen's words."""
    return _change(session, event, run_at=run_at, lease_until=None, last_error=error)


def _change(session: Session, event: EventRow, **values: Any) -> bool:
    result = session.execute(
        update(EventRow)
        .where(EventRow.id == event.id, EventRow.done_at.is_(None), EventRow.attempts == event.attempts)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def forget_bodies(session: Session, *, older_than: datetime) -> int:
    """Take out the sealed bodies of events done long ago, then the rows that nothing points to."""
    result = session.execute(
        update(EventRow)
        .where(EventRow.done_at < older_than, EventRow.body_sealed.is_not(None))
        .values(body_sealed=None)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount


def erase_bodies_of(session: Session, citizen: str, *, but: int) -> None:
    """The citizen wants to be forgotten: their open events go, the bodies of all go (event `but` stays open)."""
    session.execute(
        delete(EventRow).where(EventRow.citizen == citizen, EventRow.done_at.is_(None), EventRow.id != but)
    )
    session.execute(
        update(EventRow).where(EventRow.citizen == citizen).values(body_sealed=None, citizen=None)
    )


def waiting(session: Session) -> tuple[int, datetime | None]:
    """How many events wait, and since when the oldest does."""
    count, oldest = session.execute(
        select(func.count(), func.min(EventRow.received_at)).where(EventRow.done_at.is_(None))
    ).one()
    return count, oldest
