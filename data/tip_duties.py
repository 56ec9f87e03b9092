"""What waits for an officer now, the oldest clock first: tips to take, tips to close, broadcasts to look at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, func, literal_column, not_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from data.tables import Broadcast, Delivery, Tip
from data.tip_lines import Line, lines_where
from data.tip_queue import within
from domain.broadcasts import BroadcastStatus, DeliveryStatus
from domain.tips import OPEN, TipStatus

_NEVER = datetime.max.replace(tzinfo=UTC)


def due(line: Line) -> datetime:
    """When the clock that runs now runs out; far away when none runs."""
    at = line.take_due_at if line.status is TipStatus.NEW else line.close_due_at
    return at or _NEVER


def to_take(session: Session, *, unit_ids: Collection[str] | None, limit: int) -> list[Line]:
    """New tips within reach, the one whose clock runs out first in front."""
    new = literal_column("tips.status") == literal_column("'new'")  # as in ix_tips_take_due
    return _by_clock(session, and_(new, within(unit_ids)), Tip.take_due_at, limit)


def to_close(session: Session, *, officer_id: int, limit: int) -> list[Line]:
    """What this officer has taken and not closed."""
    own = and_(Tip.taken_by == officer_id, Tip.status.in_(sorted(OPEN - {TipStatus.NEW})))
    return _by_clock(session, own, Tip.close_due_at, limit)


def open_of(session: Session, *, unit_id: str | None, limit: int) -> list[Line]:
    """What is open at the desk of a unit, for the sheet of a shift; None = at every desk of the province."""
    desk = Tip.unit_id == unit_id if unit_id is not None else true()
    own = and_(desk, Tip.status.in_(sorted(OPEN)), not_(Tip.bypass))
    return _by_clock(session, own, Tip.close_due_at, limit)


def _by_clock(
    session: Session, where: ColumnElement[bool], clock: InstrumentedAttribute[datetime | None], limit: int
) -> list[Line]:
    ids = session.scalars(select(Tip.id).where(where).order_by(clock, Tip.id).limit(limit)).all()
    return sorted(lines_where(session, Tip.id.in_(ids)), key=lambda line: (due(line), line.id))


@dataclass(frozen=True)
class BroadcastDuty:
    """A broadcast somebody has to look at. `since`: how long it waits; `count`: deliveries that nobody is sure of."""

    id: int
    title: str
    urgent: bool
    author_id: int
    starts_at: datetime | None
    since: datetime
    count: int = 0


def to_approve(session: Session, *, limit: int) -> list[BroadcastDuty]:
    """Proposed broadcasts, the one that is to begin first in front."""
    rows = session.scalars(
        select(Broadcast)
        .where(Broadcast.status == BroadcastStatus.PROPOSED)
        .order_by(Broadcast.starts_at)
        .limit(limit)
    )
    return [
        BroadcastDuty(row.id, row.title, row.urgent, row.author_id, row.starts_at, row.updated_at)
        for row in rows
    ]


def to_settle(session: Session, *, limit: int) -> list[BroadcastDuty]:
    """Broadcasts with deliveries of which nobody knows whether they arrived."""
    rows = session.execute(
        select(Broadcast, func.count(), func.min(Delivery.due_at))
        .join(Delivery, Delivery.broadcast_id == Broadcast.id)
        .where(Delivery.state == DeliveryStatus.UNKNOWN)
        .group_by(Broadcast.id)
        .order_by(func.min(Delivery.due_at))
        .limit(limit)
    )
    return [
        BroadcastDuty(row.id, row.title, row.urgent, row.author_id, row.starts_at, since, count)
        for row, count, since in rows
    ]
