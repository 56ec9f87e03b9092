"""Broadcasts and what officers do with them: write, propose, approve, schedule, pause, withdraw, settle.

Every act checks the allowed moves and the version the officer saw, and leaves an audit row. The words of a
broadcast are public information; they still stay out of the audit trail, which keeps their hash.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, update
from sqlalchemy.orm import Session

from data import audit
from data.deliveries import progress
from data.tables import Approval, AuditRow, Broadcast, Delivery, GroupRow, Officer, Run
from domain.broadcasts import (
    BROADCAST_LABELS,
    BroadcastStatus,
    ChannelKind,
    DeliveryStatus,
    check_broadcast_move,
)
from domain.errors import MoveRefused, NotAllowed
from domain.repeats import read_repeat

TEXT_MAX = 2000
"""Characters of one group message (docs/zalo.md, "Group text")."""
TITLE_MAX = 150
WITHDRAWN = "Tin đã được rút."
EVERYONE: Mapping[str, Any] = {"all": True}


@dataclass(frozen=True)
class Content:
    """What an officer writes. `audience`: see groups_of; times aware UTC; `repeat`: domain/repeats.py."""

    title: str
    text: str
    audience: Mapping[str, Any]
    kind: str = "other"
    urgent: bool = False
    starts_at: datetime | None = None
    repeat: str | None = None
    ends_at: datetime | None = None
    lifetime_minutes: int = 1440


# ---- audience -----------------------------------------------------------------------------------------------


def groups_of(session: Session, audience: Mapping[str, Any]) -> list[GroupRow]:
    """The active groups an audience means, by name.

    {"all": true}, or any of "districts" (2022 codes), "units" (unit ids), "groups" (codes), together; and
    "exclude" (codes) taken away.
    """
    if audience.get("all"):
        wanted: ColumnElement[bool] = GroupRow.active.is_(True)
    else:
        parts = [
            GroupRow.district_2022_code.in_(audience.get("districts") or ()),
            GroupRow.unit_id.in_(audience.get("units") or ()),
            GroupRow.code.in_(audience.get("groups") or ()),
        ]
        wanted = and_(GroupRow.active.is_(True), or_(false(), *parts))
    query = select(GroupRow).where(wanted, GroupRow.code.not_in(audience.get("exclude") or ()))
    return list(session.scalars(query.order_by(GroupRow.level, GroupRow.name_folded, GroupRow.code)))


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
    """What an approval is bound to: text, audience, times and kind."""
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
    }
    return hashlib.sha256(json.dumps(bound, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


# ---- writing ------------------------------------------------------------------------------------------------


def create(session: Session, content: Content, *, author_id: int, now: datetime) -> Broadcast:
    """A new draft. Raises ValueError, in Vietnamese, when the content cannot be sent."""
    row = Broadcast(author_id=author_id, status=BroadcastStatus.DRAFT, created_at=now, version=0)
    _write(row, content, now)
    session.add(row)
    session.flush()
    _record(session, row, author_id, "broadcast.create", None, now)
    return row


def edit(
    session: Session, row: Broadcast, content: Content, *, version: int, officer_id: int, now: datetime
) -> None:
    """Change a draft; one that was proposed goes back to being a draft, its approvals no longer count."""
    _lock(session, row, version)
    if row.status not in {BroadcastStatus.DRAFT, BroadcastStatus.PROPOSED}:
        raise MoveRefused(
            f"Tin đang ở trạng thái “{BROADCAST_LABELS[BroadcastStatus(row.status)]}” nên không sửa được."
        )
    before = content_hash(row)
    row.status = BroadcastStatus.DRAFT
    _write(row, content, now)
    _record(session, row, officer_id, "broadcast.edit", {"hash": before}, now)


def propose(session: Session, row: Broadcast, *, version: int, officer_id: int, now: datetime) -> None:
    """Ask for approval. Raises ValueError when a time or a group is missing, or when it is already over."""
    _lock(session, row, version)
    if row.starts_at is None:
        raise ValueError("Xin chọn thời gian gửi.")
    _first_time(row, now)
    if not groups_of(session, row.audience):
        raise ValueError("Xin chọn ít nhất một nhóm nhận.")
    _move(session, row, BroadcastStatus.PROPOSED, officer_id, "broadcast.propose", now)


def take_back(session: Session, row: Broadcast, *, version: int, officer_id: int, now: datetime) -> None:
    """Make it a draft again, before it is sent."""
    _lock(session, row, version)
    if _run_under_way(session, row):
        raise MoveRefused("Tin đang được gửi nên không rút về bản nháp được. Có thể tạm dừng hoặc rút tin.")
    row.next_due_at = None
    _move(session, row, BroadcastStatus.DRAFT, officer_id, "broadcast.take_back", now)


def approve(session: Session, row: Broadcast, *, version: int, officer_id: int, now: datetime) -> None:
    """Say yes to exactly this content; it is scheduled. Nobody approves what they wrote."""
    _lock(session, row, version)
    if row.status != BroadcastStatus.PROPOSED:
        raise MoveRefused("Chỉ duyệt được tin đang chờ duyệt.")
    if officer_id == row.author_id or officer_id in _editors(session, row.id):
        raise NotAllowed("Người soạn không được tự duyệt tin của mình.")
    session.add(
        Approval(
            broadcast_id=row.id, officer_id=officer_id, at=now, content_hash=content_hash(row), verdict="yes"
        )
    )
    row.next_due_at = _first_time(row, now)
    _move(session, row, BroadcastStatus.SCHEDULED, officer_id, "broadcast.approve", now)


def refuse(
    session: Session, row: Broadcast, *, version: int, officer_id: int, words: str, now: datetime
) -> None:
    """Say no, with words for the author; it is a draft again."""
    _lock(session, row, version)
    if row.status != BroadcastStatus.PROPOSED:
        raise MoveRefused("Chỉ trả lại được tin đang chờ duyệt.")
    session.add(
        Approval(
            broadcast_id=row.id,
            officer_id=officer_id,
            at=now,
            content_hash=content_hash(row),
            verdict="no",
            words=words,
        )
    )
    _move(session, row, BroadcastStatus.DRAFT, officer_id, "broadcast.refuse", now)


def pause(session: Session, row: Broadcast, *, version: int, officer_id: int, now: datetime) -> None:
    """Stop sending; what waits stays waiting. Works from the next claim on."""
    _lock(session, row, version)
    row.pause_reason = "Cán bộ tạm dừng."
    _move(session, row, BroadcastStatus.PAUSED, officer_id, "broadcast.pause", now)


def resume(session: Session, row: Broadcast, *, version: int, officer_id: int, now: datetime) -> None:
    """Go on where it stopped; nobody who got a message of a run gets it again.

    A run that was never made because it came late is made now. When it paused by itself, the groups whose fault
    was the reason are tried again.
    """
    _lock(session, row, version)
    if row.status != BroadcastStatus.PAUSED:
        raise MoveRefused("Tin không ở trạng thái tạm dừng nên không có gì để tiếp tục.")
    under_way = _run_under_way(session, row)
    if row.pause_reason:
        under_way = _try_again_what_stopped_it(session, row, now) or under_way
    row.pause_reason = None
    if row.next_due_at is not None:
        row.next_due_at = max(row.next_due_at, now)
        if row.ends_at is not None and row.next_due_at > row.ends_at:
            row.next_due_at = None
    if under_way:
        status = BroadcastStatus.SENDING
    else:
        status = BroadcastStatus.SCHEDULED if row.next_due_at else BroadcastStatus.DONE
    _move(session, row, status, officer_id, "broadcast.resume", now)


def withdraw(session: Session, row: Broadcast, *, version: int, officer_id: int, now: datetime) -> None:
    """Nothing more is sent; what was sent stays in the groups."""
    _lock(session, row, version)
    row.next_due_at = None
    session.execute(
        update(Delivery)
        .where(
            Delivery.broadcast_id == row.id,
            Delivery.state.in_([DeliveryStatus.WAITING, DeliveryStatus.CLAIMED]),
        )
        .values(state=DeliveryStatus.EXPIRED, reason=WITHDRAWN, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    _move(session, row, BroadcastStatus.WITHDRAWN, officer_id, "broadcast.withdraw", now)


def settle_unknown(
    session: Session, delivery_id: int, *, broadcast_id: int, sent: bool, officer_id: int, now: datetime
) -> None:
    """A person looked: it is in the group, or it is not and is sent again (not of a withdrawn broadcast)."""
    broadcast = session.get(Broadcast, broadcast_id, with_for_update=True)
    row = session.get(Delivery, delivery_id, with_for_update=True)
    if broadcast is None or row is None or row.broadcast_id != broadcast_id:
        raise MoveRefused("Không có lượt gửi này.")
    if row.state != DeliveryStatus.UNKNOWN:
        raise MoveRefused("Lượt gửi này đã rõ kết quả.")
    if sent:
        row.state, row.sent_at = DeliveryStatus.SENT, now
        row.reason = "Cán bộ xác nhận đã thấy tin trong nhóm."
        session.execute(update(GroupRow).where(GroupRow.code == row.group_code).values(last_sent_at=now))
    elif broadcast.status == BroadcastStatus.WITHDRAWN:
        row.state, row.reason = DeliveryStatus.EXPIRED, WITHDRAWN
    else:
        row.state, row.due_at, row.reason = DeliveryStatus.WAITING, now, None
        row.sending_at, row.attempts = None, 0
        session.execute(update(Run).where(Run.id == row.run_id).values(ended_at=None))
        if broadcast.status in {BroadcastStatus.DONE, BroadcastStatus.SCHEDULED}:
            check_broadcast_move(BroadcastStatus(broadcast.status), BroadcastStatus.SENDING)
            broadcast.status, broadcast.updated_at = BroadcastStatus.SENDING, now
            broadcast.version += 1
    _audit_delivery(session, row, officer_id, "delivery.settle", {"sent": sent}, now)


def assisted_done(
    session: Session, delivery_id: int, *, broadcast_id: int, officer_id: int, now: datetime
) -> None:
    """The officer posted it by hand: only now it counts as sent."""
    row = session.get(Delivery, delivery_id, with_for_update=True)
    if row is None or row.broadcast_id != broadcast_id or row.channel != ChannelKind.ASSISTED:
        raise MoveRefused("Không có lượt đăng này.")
    if row.state != DeliveryStatus.WAITING:
        raise MoveRefused("Lượt đăng này đã xong hoặc đã hết hạn.")
    row.state, row.sent_at = DeliveryStatus.SENT, now
    session.execute(update(GroupRow).where(GroupRow.code == row.group_code).values(last_sent_at=now))
    _audit_delivery(session, row, officer_id, "delivery.posted", None, now)


def assisted_waiting(
    session: Session, unit_ids: Sequence[str], *, now: datetime
) -> list[tuple[Delivery, str]]:
    """What waits for the hand of a unit's officer, with the names of the groups, oldest first."""
    query = (
        select(Delivery, GroupRow.name)
        .join(GroupRow, GroupRow.code == Delivery.group_code)
        .where(
            Delivery.state == DeliveryStatus.WAITING,
            Delivery.channel == ChannelKind.ASSISTED,
            Delivery.due_at <= now,
            GroupRow.unit_id.in_(unit_ids),
        )
        .order_by(Delivery.due_at, Delivery.id)
    )
    return [(row, name) for row, name in session.execute(query)]


# ---- inside -------------------------------------------------------------------------------------------------


def _write(row: Broadcast, content: Content, now: datetime) -> None:
    title, text = _clean(content.title), _clean(content.text)
    if not title or len(title) > TITLE_MAX:
        raise ValueError(f"Tiêu đề phải có từ 1 đến {TITLE_MAX} ký tự.")
    if not text or len(text) > TEXT_MAX:
        raise ValueError(f"Nội dung phải có từ 1 đến {TEXT_MAX} ký tự.")
    if content.ends_at and content.starts_at and content.ends_at <= content.starts_at:
        raise ValueError("Ngày kết thúc phải sau ngày bắt đầu.")
    if content.lifetime_minutes < 1:
        raise ValueError("Thời hạn của tin phải từ một phút trở lên.")
    row.title, row.text, row.audience = title, text, dict(content.audience)
    row.kind, row.urgent = content.kind, content.urgent
    row.repeat = str(read_repeat(content.repeat)) if content.repeat else None
    row.starts_at, row.ends_at = content.starts_at, content.ends_at
    row.lifetime_minutes = content.lifetime_minutes
    row.updated_at, row.version = now, row.version + 1


def _clean(text: str) -> str:
    """NFC, without what no database or group takes: NUL and halves of a surrogate pair."""
    kept = "".join(letter for letter in text if letter != "\0" and not "\ud800" <= letter <= "\udfff")
    return unicodedata.normalize("NFC", kept).strip()


def _first_time(row: Broadcast, now: datetime) -> datetime:
    """When it goes out first: at its time or at once; a repeating one at the first time of its rhythm."""
    first = max(row.starts_at, now) if row.starts_at else now
    if row.repeat:
        first = read_repeat(row.repeat).next_after(first - timedelta(microseconds=1))
    if row.ends_at is not None and first > row.ends_at:
        raise ValueError("Lịch gửi đã qua ngày kết thúc. Xin chọn lại thời gian.")
    return first


def _run_under_way(session: Session, row: Broadcast) -> bool:
    query = select(Run.id).where(Run.broadcast_id == row.id, Run.ended_at.is_(None)).limit(1)
    return session.scalar(query) is not None


def _try_again_what_stopped_it(session: Session, row: Broadcast, now: datetime) -> bool:
    """Put back the newest run's failures that are named in the reason of the pause; True: there were some."""
    run_id = session.scalar(
        select(Run.id).where(Run.broadcast_id == row.id).order_by(Run.due_at.desc()).limit(1)
    )
    failed = (
        Delivery.run_id == run_id,
        Delivery.state == DeliveryStatus.FAILED,
        Delivery.sending_at.is_not(None),
        or_(Delivery.expires_at.is_(None), Delivery.expires_at > now),
    )
    said = row.pause_reason or ""
    reasons = [one for one in session.scalars(select(Delivery.reason).where(*failed).distinct()) if one]
    named = [one for one in reasons if one in said]
    if not named:
        return False
    session.execute(
        update(Delivery)
        .where(*failed, Delivery.reason.in_(named))
        .values(state=DeliveryStatus.WAITING, due_at=now, attempts=0, reason=None, error_code=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(update(Run).where(Run.id == run_id).values(ended_at=None))
    return True


def _lock(session: Session, row: Broadcast, version: int) -> None:
    """Hold the row until the commit, as it is now; refuse when it is no longer what the officer saw."""
    session.refresh(row, with_for_update=True)
    if row.version != version:
        status = BROADCAST_LABELS[BroadcastStatus(row.status)]
        raise MoveRefused(
            f"Tin vừa được người khác thay đổi, nay ở trạng thái “{status}”. Xin xem lại rồi làm tiếp."
        )


def _move(
    session: Session, row: Broadcast, new: BroadcastStatus, officer_id: int, action: str, now: datetime
) -> None:
    old = BroadcastStatus(row.status)
    check_broadcast_move(old, new)
    row.status, row.updated_at, row.version = new, now, row.version + 1
    session.flush()
    _record(session, row, officer_id, action, {"status": old.value}, now)


def _record(
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


def _audit_delivery(
    session: Session, row: Delivery, officer_id: int, action: str, more: dict[str, Any] | None, now: datetime
) -> None:
    session.flush()
    audit.record(
        session,
        officer_id=officer_id,
        action=action,
        subject=f"delivery:{row.id}",
        before=more,
        after={"state": str(row.state), "broadcast": row.broadcast_id},
        now=now,
    )


def _editors(session: Session, broadcast_id: int) -> set[int]:
    """Everybody who wrote on it."""
    query = select(AuditRow.officer_id).where(
        AuditRow.subject == f"broadcast:{broadcast_id}",
        AuditRow.action.in_(["broadcast.create", "broadcast.edit"]),
    )
    return {officer for officer in session.scalars(query) if officer is not None}
