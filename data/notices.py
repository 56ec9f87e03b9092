"""Broadcasts that still hold, for the public pages: what went out to the groups, and is neither over nor taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.tables import Broadcast, Delivery
from domain.broadcasts import BroadcastStatus, DeliveryStatus

_HIDDEN = (BroadcastStatus.DRAFT, BroadcastStatus.PROPOSED, BroadcastStatus.WITHDRAWN)


@dataclass(frozen=True)
class Notice:
    """One broadcast as residents read it: `text` as it was sent, `sent_at` and `until` aware UTC."""

    id: int
    title: str
    text: str
    kind: str
    urgent: bool
    link: str
    sent_at: datetime
    until: datetime


def valid(session: Session, *, now: datetime, limit: int = 50) -> list[Notice]:
    """Urgent ones first, then the newest. A broadcast holds from the first group that has it until the lifetime of
    its kind is over; one that was followed by an update or a withdrawal that went out gives way to it.
    """
    sent = (
        select(Delivery.broadcast_id, func.max(Delivery.sent_at).label("sent_at"))
        .where(Delivery.state == DeliveryStatus.SENT, Delivery.sent_at.is_not(None))
        .group_by(Delivery.broadcast_id)
        .subquery()
    )
    followed = (
        select(Broadcast.follows_id)
        .join(sent, sent.c.broadcast_id == Broadcast.id)
        .where(Broadcast.follows_id.is_not(None))
    )
    query = (
        select(Broadcast, sent.c.sent_at)
        .join(sent, sent.c.broadcast_id == Broadcast.id)
        .where(
            Broadcast.training.is_(False),
            Broadcast.status.not_in(_HIDDEN),
            Broadcast.id.not_in(followed),
        )
        .order_by(Broadcast.urgent.desc(), sent.c.sent_at.desc(), Broadcast.id.desc())
    )
    found = (
        Notice(
            row.id,
            row.title,
            row.text,
            row.kind,
            row.urgent,
            row.link,
            at,
            at + timedelta(minutes=row.lifetime_minutes),
        )
        for row, at in session.execute(query)
    )
    return [one for one in found if one.until > now][:limit]
