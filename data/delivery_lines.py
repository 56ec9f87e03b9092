"""The deliveries of a broadcast as officers read them: with the names of their groups, troubles first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.tables import Delivery, GroupRow
from domain.broadcasts import DeliveryStatus
from domain.vietnamese import fold


@dataclass(frozen=True)
class DeliveryLine:
    """A delivery as officers see it."""

    id: int
    group_code: str
    group_name: str
    channel: str
    state: DeliveryStatus
    reason: str | None
    attempts: int
    due_at: datetime
    sent_at: datetime | None
    part: int = 0


def page(
    session: Session,
    broadcast_id: int,
    *,
    run_id: int | None = None,
    states: Sequence[DeliveryStatus] = (),
    words: str = "",
    limit: int = 300,
    offset: int = 0,
) -> list[DeliveryLine]:
    """Deliveries of a broadcast with the names of their groups; troubles first, then by name."""
    query = (
        select(Delivery, GroupRow.name)
        .join(GroupRow, GroupRow.code == Delivery.group_code)
        .where(Delivery.broadcast_id == broadcast_id)
    )
    if run_id is not None:
        query = query.where(Delivery.run_id == run_id)
    if states:
        query = query.where(Delivery.state.in_(states))
    if words:
        query = query.where(GroupRow.name_folded.contains(fold(words), autoescape=True))
    troubles = Delivery.state.in_([DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN, DeliveryStatus.EXPIRED])
    query = query.order_by(troubles.desc(), GroupRow.level, GroupRow.name_folded, Delivery.id)
    return [
        DeliveryLine(
            row.id,
            row.group_code,
            name,
            row.channel,
            DeliveryStatus(row.state),
            row.reason,
            row.attempts,
            row.due_at,
            row.sent_at,
            row.part,
        )
        for row, name in session.execute(query.limit(limit).offset(offset))
    ]
