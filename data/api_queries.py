"""What other systems may read: tips without the person, broadcasts as counts, units. In the order of their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from data.tables import AttachmentRow, Broadcast, Delivery, GroupRow, Tip, UnitRow
from data.tip_queue import EVERY_UNIT, within
from domain.broadcasts import BroadcastStatus, DeliveryStatus
from domain.screening import screen
from domain.tips import TipStatus

SHOWN_BROADCASTS = (BroadcastStatus.SENDING, BroadcastStatus.PAUSED, BroadcastStatus.DONE)


@dataclass(frozen=True)
class TipFacts:
    """A tip as another system sees it; `what` and `place` are screened, and None without the right to words."""

    id: int
    sort: str
    category: str | None
    status: TipStatus
    urgent: bool
    unit_id: str
    created_at: datetime
    updated_at: datetime
    take_due_at: datetime | None
    close_due_at: datetime | None
    files: int
    what: str | None
    place: str | None


def tips(
    session: Session,
    reach: Sequence[str] | None,
    *,
    words: bool,
    after: int = 0,
    status: TipStatus | None = None,
    since: datetime | None = None,
    only: int | None = None,
    limit: int,
) -> list[TipFacts]:
    """Tips within reach (None: every unit); never one that accuses police, whoever asks."""
    files = select(func.count()).where(AttachmentRow.tip_id == Tip.id).scalar_subquery()
    query = select(Tip, files).where(within(EVERY_UNIT if reach is None else reach), Tip.id > after)
    if status is not None:
        query = query.where(Tip.status == status)
    if since is not None:
        query = query.where(Tip.updated_at >= since)
    if only is not None:
        query = query.where(Tip.id == only)
    rows = session.execute(query.order_by(Tip.id).limit(limit))
    return [_facts(tip, count, words=words) for tip, count in rows]


def _facts(tip: Tip, files: int, *, words: bool) -> TipFacts:
    return TipFacts(
        id=tip.id,
        sort=tip.kind,
        category=tip.category,
        status=TipStatus(tip.status),
        urgent=tip.urgent,
        unit_id=tip.unit_id,
        created_at=tip.created_at,
        updated_at=tip.updated_at,
        take_due_at=tip.take_due_at,
        close_due_at=tip.close_due_at,
        files=files,
        what=screen(tip.what).text if words else None,
        place=screen(tip.place).text if words else None,
    )


@dataclass(frozen=True)
class BroadcastFacts:
    """What became of one broadcast: deliveries to groups within reach, by state."""

    id: int
    title: str
    kind: str
    status: str
    starts_at: datetime | None
    counts: Mapping[DeliveryStatus, int]


def broadcasts(
    session: Session, reach: Sequence[str] | None, *, after: int = 0, only: int | None = None, limit: int
) -> list[BroadcastFacts]:
    """Broadcasts that went out, training left aside."""
    query = select(Broadcast).where(
        Broadcast.status.in_([str(one) for one in SHOWN_BROADCASTS]),
        ~Broadcast.training,
        Broadcast.id > after,
    )
    if only is not None:
        query = query.where(Broadcast.id == only)
    rows = session.scalars(query.order_by(Broadcast.id).limit(limit)).all()
    counted = select(Delivery.broadcast_id, Delivery.state, func.count()).where(
        Delivery.broadcast_id.in_([row.id for row in rows]), Delivery.part == 0
    )
    if reach is not None:
        counted = counted.join(GroupRow, GroupRow.code == Delivery.group_code).where(
            GroupRow.unit_id.in_(reach)
        )
    counts: dict[int, dict[DeliveryStatus, int]] = {}
    for broadcast_id, state, count in session.execute(
        counted.group_by(Delivery.broadcast_id, Delivery.state)
    ):
        counts.setdefault(broadcast_id, {})[DeliveryStatus(state)] = count
    return [
        BroadcastFacts(row.id, row.title, row.kind, row.status, row.starts_at, counts.get(row.id, {}))
        for row in rows
    ]


def units(
    session: Session, today: date, *, after: str = "", only: str | None = None, limit: int
) -> list[UnitRow]:
    """The units in force today, by their ids."""
    lasts = or_(UnitRow.valid_to.is_(None), UnitRow.valid_to > today)
    query = select(UnitRow).where(lasts, UnitRow.valid_from <= today, UnitRow.id > after)
    if only is not None:
        query = query.where(UnitRow.id == only)
    return list(session.scalars(query.order_by(UnitRow.id).limit(limit)))
