"""An officer's own chat with an OA: linked by a code that is said in the chat; for tests and for what to post.

The chat is known by the opaque key of a citizen, as every chat is.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from data import audit, outgoing
from data.tables import Broadcast, Delivery, GroupRow, Officer, OfficerChat
from domain.broadcasts import ChannelKind, DeliveryStatus
from domain.messages import Reply
from domain.posts import AttachedKind, Post, attached_from, posts_of

CODE_GOOD_FOR = timedelta(minutes=15)
TEST_HEAD = "BẢN THỬ, CHƯA GỬI NGƯỜI DÂN"
_DIGITS = 8


def chat_of(session: Session, officer_id: int) -> OfficerChat | None:
    return session.get(OfficerChat, officer_id)


def new_code(session: Session, officer_id: int, *, now: datetime) -> str:
    """A code for the officer to say to the OA, good for CODE_GOOD_FOR; the one before is void."""
    row = session.get(OfficerChat, officer_id) or OfficerChat(officer_id=officer_id)
    row.code = "".join(secrets.choice("0123456789") for _ in range(_DIGITS))
    row.code_until = now + CODE_GOOD_FOR
    session.add(row)
    session.flush()
    return row.code


def link(session: Session, code: str, *, citizen: str, oa_id: str, now: datetime) -> bool:
    """Somebody said this code in a chat: from now on it is that officer's. False: no such code, or too late."""
    row = session.scalars(select(OfficerChat).where(OfficerChat.code == code).with_for_update()).first()
    if row is None or row.code_until is None or row.code_until <= now:
        return False
    for other in session.scalars(select(OfficerChat).where(OfficerChat.citizen == citizen)):
        other.citizen = other.oa_id = other.linked_at = None
    session.flush()
    row.code = row.code_until = None
    row.citizen, row.oa_id, row.linked_at = citizen, oa_id, now
    session.flush()
    _record(session, row.officer_id, "officer.link_chat", now)
    return True


def is_open(session: Session, code: str, *, now: datetime) -> bool:
    """Does some officer have this code now?"""
    query = select(OfficerChat.officer_id).where(OfficerChat.code == code, OfficerChat.code_until > now)
    return session.scalar(query) is not None


@dataclass(frozen=True)
class ToPost:
    """What an officer was asked to post: into which group."""

    delivery_id: int
    broadcast_id: int
    officer_id: int
    group: str


def to_post(session: Session, citizen: str, delivery_id: str) -> ToPost | None:
    """The open task of this number, when the chat is an active officer's of the group's unit."""
    if not (delivery_id.isascii() and delivery_id.isdigit() and len(delivery_id) < 16):
        return None
    query = (
        select(Delivery.id, Delivery.broadcast_id, Officer.id, GroupRow.name)
        .join(GroupRow, GroupRow.code == Delivery.group_code)
        .join(OfficerChat, OfficerChat.citizen == citizen)
        .join(Officer, Officer.id == OfficerChat.officer_id)
        .where(
            Delivery.id == int(delivery_id),
            Delivery.channel == ChannelKind.ASSISTED,
            Delivery.state == DeliveryStatus.WAITING,
            Officer.active.is_(True),
            or_(Officer.unit_id.is_(None), Officer.unit_id == GroupRow.unit_id),
        )
    )
    found = session.execute(query).first()
    return ToPost(*found) if found else None


def unlink(session: Session, officer_id: int, *, now: datetime) -> None:
    row = session.get(OfficerChat, officer_id)
    if row is not None:
        session.delete(row)
        session.flush()
        _record(session, officer_id, "officer.unlink_chat", now)


def officer_of(session: Session, citizen: str) -> int | None:
    """Whose chat this is."""
    return session.scalar(select(OfficerChat.officer_id).where(OfficerChat.citizen == citizen))


def say(session: Session, officer_id: int, replies: Sequence[Reply], *, now: datetime) -> bool:
    """Queue words for an officer's own chat; False when it is not linked."""
    row = session.get(OfficerChat, officer_id)
    if row is None or row.citizen is None or row.oa_id is None:
        return False
    outgoing.queue_replies(
        session, citizen=row.citizen, oa_id=row.oa_id, replies=replies, event_id=None, now=now
    )
    return True


def send_test(session: Session, officer_id: int, broadcast: Broadcast, *, now: datetime) -> bool:
    """A broadcast to the officer's own chat as the groups would get it, with a line before it that says test."""
    media = [attached_from(one) for one in broadcast.media or ()]
    posts = posts_of(broadcast.text, broadcast.link, media)
    return say(session, officer_id, [Reply(TEST_HEAD), *map(as_reply, posts)], now=now)


def as_reply(post: Post) -> Reply:
    """What goes into a group, as a message to one person."""
    if post.media is None:
        return Reply(post.text)
    if post.media.kind is AttachedKind.FILE:
        return Reply(post.text, file=post.media.key)
    return Reply(post.text, image=post.media.key)


def _record(session: Session, officer_id: int, action: str, now: datetime) -> None:
    audit.record(
        session,
        officer_id=officer_id,
        action=action,
        subject=f"officer:{officer_id}",
        before=None,
        after=None,
        now=now,
    )
