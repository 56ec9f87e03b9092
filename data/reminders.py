"""What waits for an officer's hand, said to them in Zalo: at once, and again while it goes on waiting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from data import officer_chats, stops
from data.tables import Broadcast, Delivery, GroupRow, Officer, OfficerChat
from data.turns import is_its_turn
from domain.broadcasts import BroadcastStatus, ChannelKind, DeliveryStatus, in_quiet_hours
from domain.messages import Button, Press, Reply
from domain.posts import Post, attached_from, whole_text

AGAIN = timedelta(hours=2)
"""Said again when it still waits after so long."""
AT_ONCE_MAX = 20
POSTED = "group.posted"
"""The button under a reminder; its value is the delivery's number."""


def remind(session: Session, *, now: datetime) -> int:
    """Tell every linked officer of a unit what waits to be posted; returns how many were told.

    One message for each broadcast and group, with its text ready to copy and a button. Nothing in quiet hours
    unless it is urgent. What nobody linked to Zalo could be told stays in the console alone.
    """
    told = 0
    for unit_id, rows in _waiting(session, now).items():
        officers = _linked(session, unit_id)
        if not officers:
            continue  # who links their Zalo later is told then, with the files
        for row, group, broadcast in rows:
            if in_quiet_hours(now) and not broadcast.urgent:
                continue
            words = _words(row, group, broadcast)
            row.reminded_at = now
            for officer_id in officers:
                told += officer_chats.say(session, officer_id, words, now=now)
    return told


def _waiting(session: Session, now: datetime) -> dict[str, list[tuple[Delivery, str, Broadcast]]]:
    query = (
        select(Delivery, GroupRow.name, GroupRow.unit_id, Broadcast)
        .join(GroupRow, GroupRow.code == Delivery.group_code)
        .join(Broadcast, Broadcast.id == Delivery.broadcast_id)
        .where(
            Delivery.state == DeliveryStatus.WAITING,
            Delivery.channel == ChannelKind.ASSISTED,
            Delivery.part == 0,
            Delivery.due_at <= now,
            or_(Delivery.expires_at.is_(None), Delivery.expires_at > now),
            or_(Delivery.reminded_at.is_(None), Delivery.reminded_at <= now - AGAIN),
            Broadcast.status == BroadcastStatus.SENDING,
            is_its_turn(),
            ~stops.is_stopped(),
        )
        .order_by(Delivery.id)
        .limit(AT_ONCE_MAX)
    )
    by_unit: dict[str, list[tuple[Delivery, str, Broadcast]]] = defaultdict(list)
    for row, group, unit_id, broadcast in session.execute(query):
        by_unit[unit_id].append((row, group, broadcast))
    return by_unit


def _linked(session: Session, unit_id: str) -> Sequence[int]:
    query = (
        select(Officer.id)
        .join(OfficerChat, OfficerChat.officer_id == Officer.id)
        .where(Officer.unit_id == unit_id, Officer.active.is_(True), OfficerChat.citizen.is_not(None))
    )
    return session.scalars(query).all()


def _words(row: Delivery, group: str, broadcast: Broadcast) -> list[Reply]:
    """What to post: the files to forward come once, before the words that are copied and the button."""
    media = [attached_from(one) for one in broadcast.media or ()]
    files = f" Tin có {len(media)} tệp kèm theo." if media else ""
    again = "NHẮC LẠI: " if row.reminded_at else ""
    return [
        Reply(f"{again}Nhờ đồng chí đăng tin sau vào nhóm “{group}”, rồi bấm “Đã đăng”.{files}"),
        *(() if row.reminded_at else (officer_chats.as_reply(Post("", one)) for one in media)),
        Reply(
            whole_text(broadcast.text, broadcast.link),
            (Button("Đã đăng", press=Press(POSTED, str(row.id))),),
        ),
    ]
