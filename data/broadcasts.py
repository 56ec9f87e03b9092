"""Broadcasts: what they are, how they are listed, how they are written. What becomes of them: broadcast_moves.

Every act checks the version the officer saw and leaves an audit row. The words of a broadcast are public
information; they still stay out of the audit trail, which keeps their hash.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data import audit
from data.tables import Approval, Broadcast, BroadcastMedia, Officer, Run
from data.walls import progress
from domain.broadcasts import BROADCAST_LABELS, BroadcastStatus, DeliveryStatus, check_broadcast_move
from domain.errors import MoveRefused
from domain.posts import PICTURES_MAX, POST_TEXT_MAX, Attached, AttachedKind, attached_from, whole_text
from domain.repeats import read_repeat
from domain.said import Said, said

TEXT_MAX = POST_TEXT_MAX
TITLE_MAX = 150
_LINK = re.compile(r"https://[^\s<>\"]{4,500}")


@dataclass(frozen=True)
class Content:
    """What an officer writes. `audience`: data.audiences.groups_of; times aware UTC; `repeat`: domain/repeats.py.

    quiet_ok  it may go out in quiet hours
    follows   the broadcast this one updates or withdraws, and which of both: (id, "update" or "withdrawal")
    """

    title: str
    text: str
    audience: Mapping[str, Any]
    kind: str = "other"
    urgent: bool = False
    starts_at: datetime | None = None
    repeat: str | None = None
    ends_at: datetime | None = None
    lifetime_minutes: int = 1440
    media: tuple[Attached, ...] = ()
    link: str = ""
    quiet_ok: bool = False
    training: bool = False
    follows: tuple[int, str] | None = None


# ---- looking ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BroadcastLine:
    """A broadcast in a list."""

    id: int
    title: str
    kind: str
    urgent: bool
    status: BroadcastStatus
    next_due_at: datetime | None
    repeat: str | None
    author: str
    updated_at: datetime
    counts: Mapping[DeliveryStatus, int]


def listed(
    session: Session, *, status: BroadcastStatus | None = None, limit: int = 50, before_id: int | None = None
) -> list[BroadcastLine]:
    """Broadcasts, newest first; `before_id` for the next page."""
    query = select(Broadcast, Officer.name).join(Officer, Officer.id == Broadcast.author_id)
    if status is not None:
        query = query.where(Broadcast.status == status)
    if before_id is not None:
        query = query.where(Broadcast.id < before_id)
    return [
        BroadcastLine(
            row.id,
            row.title,
            row.kind,
            row.urgent,
            BroadcastStatus(row.status),
            row.next_due_at,
            row.repeat,
            author,
            row.updated_at,
            progress(session, row.id),
        )
        for row, author in session.execute(query.order_by(Broadcast.id.desc()).limit(limit))
    ]


def counts(session: Session) -> dict[BroadcastStatus, int]:
    """How many broadcasts are in which status."""
    found = dict.fromkeys(BroadcastStatus, 0)
    for status, count in session.execute(select(Broadcast.status, func.count()).group_by(Broadcast.status)):
        found[BroadcastStatus(status)] = count
    return found


def get(session: Session, broadcast_id: int) -> Broadcast | None:
    return session.get(Broadcast, broadcast_id)


def followers_of(session: Session, broadcast_id: int) -> list[Broadcast]:
    """Its updates and withdrawals, in order."""
    query = select(Broadcast).where(Broadcast.follows_id == broadcast_id).order_by(Broadcast.id)
    return list(session.scalars(query))


def runs_of(session: Session, broadcast_id: int, *, limit: int = 20) -> list[Run]:
    """The times it went out, newest first."""
    query = select(Run).where(Run.broadcast_id == broadcast_id).order_by(Run.due_at.desc()).limit(limit)
    return list(session.scalars(query))


def approvals_of(session: Session, broadcast_id: int) -> list[tuple[Approval, str]]:
    """Who said yes or no, with names, newest first."""
    query = (
        select(Approval, Officer.name)
        .join(Officer, Officer.id == Approval.officer_id)
        .where(Approval.broadcast_id == broadcast_id)
        .order_by(Approval.id.desc())
    )
    return [(row, name) for row, name in session.execute(query)]


def content_hash(row: Broadcast) -> str:
    """What an approval is bound to: text, media, audience (and the groups it meant then), times and kind."""
    bound = {
        "title": row.title,
        "text": row.text,
        "audience": row.audience,
        "kind": row.kind,
        "urgent": row.urgent,
        "starts_at": row.starts_at.isoformat() if row.starts_at else None,
        "repeat": row.repeat,
        "ends_at": row.ends_at.isoformat() if row.ends_at else None,
        "lifetime_minutes": row.lifetime_minutes,
        "media": [[one["sha256"], one["kind"], one["name"]] for one in row.media or ()],
        "link": row.link,
        "quiet_ok": row.quiet_ok,
        "training": row.training,
        "recipients": row.recipients,
        "follows": [row.follows_id, row.follows_kind],
    }
    return hashlib.sha256(json.dumps(bound, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


# ---- writing ------------------------------------------------------------------------------------------------


def create(session: Session, content: Content, *, author_id: int, now: datetime) -> Broadcast:
    """A new draft. Raises ValueError, in Vietnamese, when the content cannot be sent."""
    row = Broadcast(author_id=author_id, status=BroadcastStatus.DRAFT, created_at=now, version=0)
    _write(session, row, content, now)
    session.add(row)
    session.flush()
    record(session, row, author_id, "broadcast.create", None, now)
    return row


def edit(
    session: Session, row: Broadcast, content: Content, *, version: int, officer_id: int, now: datetime
) -> None:
    """Change a draft; one that was proposed goes back to being a draft, its approvals no longer count."""
    lock(session, row, version)
    if row.status not in {BroadcastStatus.DRAFT, BroadcastStatus.PROPOSED}:
        raise MoveRefused(
            said("Tin đang ở trạng thái “%(status)s” nên không sửa được.", status=_status_words(row))
        )
    before = content_hash(row)
    row.status, row.recipients = BroadcastStatus.DRAFT, None
    _write(session, row, content, now)
    record(session, row, officer_id, "broadcast.edit", {"hash": before}, now)


# ---- inside -------------------------------------------------------------------------------------------------


def _write(session: Session, row: Broadcast, content: Content, now: datetime) -> None:
    title, text, link = _clean(content.title), _clean(content.text), _clean(content.link)
    if not title or len(title) > TITLE_MAX:
        raise ValueError(said("Tiêu đề phải có từ 1 đến %(most)s ký tự.", most=TITLE_MAX))
    if not text or len(whole_text(text, link)) > TEXT_MAX:
        raise ValueError(said("Nội dung, cả đường dẫn, phải có từ 1 đến %(most)s ký tự.", most=TEXT_MAX))
    if link and not _LINK.fullmatch(link):
        raise ValueError("Đường dẫn phải bắt đầu bằng https:// và không có khoảng trắng.")
    _check_media(session, content.media)
    if content.ends_at and content.starts_at and content.ends_at <= content.starts_at:
        raise ValueError("Ngày kết thúc phải sau ngày bắt đầu.")
    if content.lifetime_minutes < 1:
        raise ValueError("Thời hạn của tin phải từ một phút trở lên.")
    row.title, row.text, row.audience = title, text, dict(content.audience)
    row.kind, row.urgent = content.kind, content.urgent
    row.repeat = str(read_repeat(content.repeat)) if content.repeat else None
    row.starts_at, row.ends_at = content.starts_at, content.ends_at
    row.lifetime_minutes = content.lifetime_minutes
    row.media, row.link = [one.as_json() for one in content.media] or None, link
    row.quiet_ok, row.training = content.quiet_ok, content.training
    row.follows_id, row.follows_kind = content.follows or (None, None)
    row.updated_at, row.version = now, row.version + 1


def _check_media(session: Session, media: tuple[Attached, ...]) -> None:
    """Only files that were taken in, not too many. Raises ValueError, in Vietnamese."""
    pictures = [one for one in media if one.kind is not AttachedKind.FILE]
    if len(pictures) > PICTURES_MAX or len(media) - len(pictures) > 1:
        raise ValueError(said("Một tin kèm nhiều nhất %(most)s ảnh và một tệp.", most=PICTURES_MAX))
    for one in media:
        kept = session.get(BroadcastMedia, one.key)
        if kept is None or kept.sha256 != one.sha256:
            raise ValueError("Có tệp đính kèm không còn trên máy chủ. Xin tải lên lại.")


def media_of(row: Broadcast) -> tuple[Attached, ...]:
    """The pictures and files of a broadcast, in order."""
    return tuple(attached_from(one) for one in row.media or ())


def _clean(text: str) -> str:
    """NFC, without what no database or group takes: NUL and halves of a surrogate pair."""
    kept = "".join(letter for letter in text if letter != "\0" and not "\ud800" <= letter <= "\udfff")
    return unicodedata.normalize("NFC", kept).strip()


def lock(session: Session, row: Broadcast, version: int) -> None:
    """Hold the row until the commit, as it is now; refuse when it is no longer what the officer saw."""
    session.refresh(row, with_for_update=True)
    if row.version != version:
        raise MoveRefused(
            said(
                "Tin vừa được người khác thay đổi, nay ở trạng thái “%(status)s”. Xin xem lại rồi làm tiếp.",
                status=_status_words(row),
            )
        )


def _status_words(row: Broadcast) -> Said:
    return said(BROADCAST_LABELS[BroadcastStatus(row.status)])


def move(
    session: Session, row: Broadcast, new: BroadcastStatus, officer_id: int, action: str, now: datetime
) -> None:
    old = BroadcastStatus(row.status)
    check_broadcast_move(old, new)
    row.status, row.updated_at, row.version = new, now, row.version + 1
    session.flush()
    record(session, row, officer_id, action, {"status": old.value}, now)


def record(
    session: Session,
    row: Broadcast,
    officer_id: int,
    action: str,
    before: dict[str, Any] | None,
    now: datetime,
) -> None:
    after = {"status": str(row.status), "hash": content_hash(row)}
    audit.record(
        session,
        officer_id=officer_id,
        action=action,
        subject=f"broadcast:{row.id}",
        before=before,
        after=after,
        now=now,
    )
