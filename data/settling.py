"""What officers say about single deliveries: it is there after all, it was posted by hand, try it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, aliased

from data import articles, audit, planning, stops
from data.broadcast_moves import WITHDRAWN
from data.tables import Broadcast, BroadcastMedia, Delivery, GroupRow, Run
from data.turns import NOT_GOT, is_its_turn
from domain.broadcasts import (
    VIETNAM,
    BroadcastStatus,
    ChannelKind,
    DeliveryStatus,
    check_broadcast_move,
)
from domain.errors import MoveRefused


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
        _open_again(session, broadcast, {row.run_id}, now)
    _audit_delivery(session, row, officer_id, "delivery.settle", {"sent": sent}, now)


def retry(
    session: Session,
    broadcast_id: int,
    delivery_ids: Sequence[int],
    *,
    officer_id: int,
    now: datetime,
) -> int:
    """Send again the chosen ones that failed or came too late, as their groups are reached today; how many.

    A person chose them: that is why a group that moved since the approval is sent to where it is now. What was
    sent, is under way or unclear is left alone; the other parts for a chosen group go with it. So is
    a group that cannot be reached at all.
    """
    broadcast = session.get(Broadcast, broadcast_id, with_for_update=True)
    if broadcast is None:
        raise MoveRefused("Không có tin này.")
    if broadcast.status == BroadcastStatus.WITHDRAWN:
        raise MoveRefused("Tin đã rút nên không gửi lại.")
    chosen = aliased(Delivery)
    rows = session.scalars(
        select(Delivery)
        .where(
            Delivery.broadcast_id == broadcast_id,
            Delivery.state.in_([DeliveryStatus.FAILED, DeliveryStatus.EXPIRED]),
            select(chosen.id)
            .where(
                chosen.id.in_(delivery_ids),
                chosen.run_id == Delivery.run_id,
                chosen.group_code == Delivery.group_code,
            )
            .exists(),
        )
        .order_by(Delivery.id)
        .with_for_update()
    ).all()
    again = []
    pages = articles.pages_used_today(session, now=now)
    for row in rows:
        if not broadcast.training:
            group = session.get_one(GroupRow, row.group_code)
            day = now.astimezone(VIETNAM).date()
            reach = planning.reach_today(group, ChannelKind(row.channel), pages, day)
            if reach is None:
                continue
            row.channel, row.oa_id, row.zalo_group_id = reach
        again.append(row)
        if row.expires_at is not None and row.expires_at <= now:
            row.expires_at = now + timedelta(minutes=broadcast.lifetime_minutes)
        row.state, row.due_at, row.attempts = DeliveryStatus.WAITING, now, 0
        row.reason = row.error_code = row.sending_at = None
        _revive_followers(session, row, now)
    if again:
        _open_again(session, broadcast, {row.run_id for row in again}, now)
    session.flush()
    audit.record(
        session,
        officer_id=officer_id,
        action="delivery.retry",
        subject=f"broadcast:{broadcast_id}",
        before=None,
        after={"deliveries": sorted(row.id for row in again)},
        now=now,
    )
    return len(again)


def _open_again(session: Session, broadcast: Broadcast, run_ids: set[int], now: datetime) -> None:
    session.execute(update(Run).where(Run.id.in_(run_ids)).values(ended_at=None))
    if broadcast.status in {BroadcastStatus.DONE, BroadcastStatus.SCHEDULED}:
        check_broadcast_move(BroadcastStatus(broadcast.status), BroadcastStatus.SENDING)
        broadcast.status, broadcast.updated_at = BroadcastStatus.SENDING, now
        broadcast.version += 1


def _revive_followers(session: Session, row: Delivery, now: datetime) -> None:
    """The group may get the original after all: then it gets what follows it too."""
    followers = session.scalars(
        select(Delivery).where(
            Delivery.follows_id == row.broadcast_id,
            Delivery.group_code == row.group_code,
            Delivery.state == DeliveryStatus.EXPIRED,
            Delivery.reason == NOT_GOT,
        )
    )
    for one in followers:
        broadcast = session.get_one(Broadcast, one.broadcast_id, with_for_update=True)
        if broadcast.status != BroadcastStatus.WITHDRAWN:
            one.state, one.reason = DeliveryStatus.WAITING, None
            one.expires_at = now + timedelta(minutes=broadcast.lifetime_minutes)
            _open_again(session, broadcast, {one.run_id}, now)


# ---- by an officer's hand -----------------------------------------------------------------------------------


def assisted_done(
    session: Session,
    delivery_id: int,
    *,
    broadcast_id: int,
    officer_id: int,
    now: datetime,
    proof_key: str | None = None,
) -> None:
    """The officer posted it by hand, with a screenshot or without: only now it counts as sent.

    All parts of the broadcast for this group are posted together.
    """
    row = session.get(Delivery, delivery_id, with_for_update=True)
    if row is None or row.broadcast_id != broadcast_id or row.channel != ChannelKind.ASSISTED:
        raise MoveRefused("Không có lượt đăng này.")
    if row.state != DeliveryStatus.WAITING:
        raise MoveRefused("Lượt đăng này đã xong hoặc đã hết hạn.")
    if proof_key is not None and session.get(BroadcastMedia, proof_key) is None:
        raise MoveRefused("Ảnh chụp màn hình chưa được lưu. Xin tải lên lại.")
    parts = session.scalars(
        select(Delivery).where(
            Delivery.run_id == row.run_id,
            Delivery.group_code == row.group_code,
            Delivery.state == DeliveryStatus.WAITING,
        )
    )
    for part in parts:
        part.state, part.sent_at, part.posted_by = DeliveryStatus.SENT, now, officer_id
        part.proof_key = proof_key
    session.execute(update(GroupRow).where(GroupRow.code == row.group_code).values(last_sent_at=now))
    _audit_delivery(session, row, officer_id, "delivery.posted", {"screenshot": proof_key is not None}, now)


def assisted_waiting(
    session: Session, unit_ids: Sequence[str], *, now: datetime
) -> list[tuple[Delivery, str]]:
    """What waits for the hand of a unit's officer, with the names of the groups, oldest first.

    One line for each group, whatever the number of parts; nothing of what is paused or stopped.
    """
    query = (
        select(Delivery, GroupRow.name)
        .join(GroupRow, GroupRow.code == Delivery.group_code)
        .join(Broadcast, Broadcast.id == Delivery.broadcast_id)
        .where(
            Delivery.state == DeliveryStatus.WAITING,
            Delivery.channel == ChannelKind.ASSISTED,
            Delivery.part == 0,
            Delivery.due_at <= now,
            or_(Delivery.expires_at.is_(None), Delivery.expires_at > now),
            Broadcast.status.not_in([BroadcastStatus.PAUSED, BroadcastStatus.WITHDRAWN]),
            GroupRow.unit_id.in_(unit_ids),
            is_its_turn(),
            ~stops.is_stopped(),
        )
        .order_by(Delivery.due_at, Delivery.id)
    )
    return [(row, name) for row, name in session.execute(query)]


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
