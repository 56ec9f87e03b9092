"""Articles of OA pages: which Zalo was asked to make, what it calls them, and the pictures everybody may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from data.tables import BroadcastMedia, Delivery, OaArticle
from domain.broadcasts import VIETNAM, ChannelKind, DeliveryStatus


def find(session: Session, oa_id: str, digest: str) -> OaArticle | None:
    return session.get(OaArticle, (oa_id, digest))


def known_ids(session: Session, oa_id: str) -> set[str]:
    """The articles of this OA whose broadcast we know: none of them is one whose making was unclear."""
    query = select(OaArticle.article_id).where(OaArticle.oa_id == oa_id)
    return {one for one in session.scalars(query) if one}


def begin(session: Session, oa_id: str, digest: str, *, now: datetime) -> None:
    """Committed before Zalo is asked: when its answer is lost, the article is looked for, not made again."""
    session.add(OaArticle(oa_id=oa_id, digest=digest, begun_at=now))
    session.flush()


def note_token(session: Session, oa_id: str, digest: str, token: str) -> None:
    session.get_one(OaArticle, (oa_id, digest)).token = token


def note_ready(session: Session, oa_id: str, digest: str, article_id: str) -> None:
    session.get_one(OaArticle, (oa_id, digest)).article_id = article_id


def forget(session: Session, oa_id: str, digest: str) -> None:
    """Zalo does not know it (any more): the next try makes it anew."""
    session.execute(delete(OaArticle).where(OaArticle.oa_id == oa_id, OaArticle.digest == digest))


def make_public(session: Session, keys: Sequence[str], *, now: datetime) -> None:
    """From now on these files have an address that everybody may open: they stand in an article."""
    session.execute(
        update(BroadcastMedia)
        .where(BroadcastMedia.media_key.in_(keys), BroadcastMedia.public_at.is_(None))
        .values(public_at=now)
    )


def public_media(session: Session, key: str) -> BroadcastMedia | None:
    """The file of this key, if everybody may see it."""
    row = session.get(BroadcastMedia, key)
    return row if row is not None and row.public_at is not None else None


def pages_used_today(session: Session, *, now: datetime) -> set[str]:
    """The OAs whose followers got a broadcast today, by the calendar in Vietnam, or are about to.

    Zalo lets a follower get one a day from an OA (docs/zalo.md, "Articles").
    """
    midnight = now.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    moving = [DeliveryStatus.WAITING, DeliveryStatus.CLAIMED, DeliveryStatus.SENDING]
    began_today = [DeliveryStatus.SENT, DeliveryStatus.UNKNOWN]
    query = select(Delivery.oa_id).where(
        Delivery.channel == ChannelKind.OA_PAGE,
        Delivery.oa_id.is_not(None),
        Delivery.state.in_(moving) | (Delivery.state.in_(began_today) & (Delivery.sending_at >= midnight)),
    )
    return {oa_id for oa_id in session.scalars(query.distinct()) if oa_id}
