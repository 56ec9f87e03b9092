"""Deliveries: one message to one group. The same promises as for replies: never twice, nothing lost."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, and_, case, func, or_, select, true, update
from sqlalchemy.orm import Session

from data.stops import is_stopped
from data.tables import Broadcast, Delivery, GroupRow, Run
from data.turns import end_what_has_no_turn, is_its_turn, is_open
from domain.broadcasts import BroadcastStatus, ChannelKind, DeliveryStatus


@dataclass(frozen=True)
class Overdue:
    """What dead workers left behind: given back, or unknown. Falsy when there was nothing."""

    given_back: int
    unknown: int

    def __bool__(self) -> bool:
        return bool(self.given_back or self.unknown)


def claim_due(
    session: Session, *, now: datetime, limit: int, lease: timedelta, not_of: Collection[str] = ()
) -> list[Delivery]:
    """Take up to `limit` deliveries whose time has come, so that no other worker sends them.

    Commit before sending. Only of broadcasts that are being sent: a pause works from the next claim on, and the
    stop button on all. Those for an officer's hand are never taken, nor those of the OAs in `not_of`, which have
    to wait, nor what is not its turn yet (is_its_turn). Urgent ones come first, however long the others have waited.
    """
    urgent = list(
        session.scalars(
            select(Broadcast.id).where(Broadcast.status == BroadcastStatus.SENDING, Broadcast.urgent)
        )
    )
    rows = _claim(session, now, limit, lease, not_of, of=urgent) if urgent else []
    if len(rows) < limit:
        rows += _claim(session, now, limit - len(rows), lease, not_of)
    return rows


def _claim(
    session: Session,
    now: datetime,
    limit: int,
    lease: timedelta,
    not_of: Collection[str],
    of: Collection[int] | None = None,
) -> list[Delivery]:
    """`of`: only of these broadcasts. A list of its own, so that the index by time still serves the others."""
    due = (
        select(Delivery.id)
        .join(Broadcast, Broadcast.id == Delivery.broadcast_id)
        .where(
            is_open(),
            Delivery.state == DeliveryStatus.WAITING,
            Delivery.due_at <= now,
            or_(
                Delivery.channel == ChannelKind.TRAINING,
                and_(
                    Delivery.channel == ChannelKind.GMF,
                    Delivery.oa_id.is_not(None),
                    Delivery.zalo_group_id.is_not(None),
                ),
                and_(Delivery.channel == ChannelKind.OA_PAGE, Delivery.oa_id.is_not(None)),
            ),
            or_(Delivery.oa_id.is_(None), Delivery.oa_id.not_in(not_of)),
            Broadcast.status == BroadcastStatus.SENDING,
            true() if of is None else Delivery.broadcast_id.in_(of),
            or_(Delivery.expires_at.is_(None), Delivery.expires_at > now),
            is_its_turn(),
            ~is_stopped(),
        )
        .order_by(Delivery.due_at, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Delivery)
        .cte("due")
    )
    rows = session.scalars(
        update(Delivery)
        .where(Delivery.id.in_(select(due.c.id)))
        .values(state=DeliveryStatus.CLAIMED, lease_until=now + lease)
        .returning(Delivery)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return sorted(rows, key=lambda row: (row.due_at, row.id))


def begin_sending(session: Session, row: Delivery, *, now: datetime, lease: timedelta) -> bool:
    """The request leaves next. False: the claim was lost meanwhile, so do not send."""
    begun = _change(
        session,
        row,
        DeliveryStatus.CLAIMED,
        state=DeliveryStatus.SENDING,
        sending_at=now,
        lease_until=now + lease,
        attempts=Delivery.attempts + 1,
    )
    if begun:  # the row in hand belongs to an older session: keep it in step, it is our fence
        row.lease_until, row.attempts = now + lease, row.attempts + 1
    return begun


def give_back(session: Session, row: Delivery, *, due_at: datetime, reason: str | None = None) -> bool:
    """Not begun: another time."""
    return _change(
        session,
        row,
        DeliveryStatus.CLAIMED,
        state=DeliveryStatus.WAITING,
        due_at=due_at,
        lease_until=None,
        reason=reason,
    )


def settle_sent(session: Session, row: Delivery, *, message_id: str | None, now: datetime) -> bool:
    """It arrived. An echo may have said so before us: then this changes nothing."""
    done = _change(
        session,
        row,
        DeliveryStatus.SENDING,
        state=DeliveryStatus.SENT,
        zalo_message_id=message_id,
        sent_at=now,
        lease_until=None,
        reason=None,
        error_code=None,
    )
    if done and row.channel != ChannelKind.TRAINING:
        session.execute(update(GroupRow).where(GroupRow.code == row.group_code).values(last_sent_at=now))
    return done


def settle_retry(
    session: Session, row: Delivery, *, due_at: datetime, reason: str, code: int | None, counts: bool = True
) -> bool:
    """It did not go; it may later. `counts` False: we were only asked to wait, that is no failed try."""
    return _change(
        session,
        row,
        DeliveryStatus.SENDING,
        state=DeliveryStatus.WAITING,
        due_at=due_at,
        lease_until=None,
        reason=reason,
        error_code=code,
        attempts=Delivery.attempts if counts else Delivery.attempts - 1,
    )


def settle_failed(session: Session, row: Delivery, *, reason: str, code: int | None) -> bool:
    """It will never go; the reason is for an officer."""
    return _change(
        session,
        row,
        DeliveryStatus.SENDING,
        state=DeliveryStatus.FAILED,
        lease_until=None,
        reason=reason,
        error_code=code,
    )


def settle_unclear(session: Session, row: Delivery, *, reason: str) -> bool:
    """Nobody knows whether it went: never repeated by itself."""
    return _change(
        session,
        row,
        DeliveryStatus.SENDING,
        state=DeliveryStatus.UNKNOWN,
        lease_until=None,
        reason=reason,
    )


def release_overdue(session: Session, *, now: datetime) -> Overdue:
    """Leases that ended: what was only claimed goes back, what may have left becomes unknown; expiry too."""
    late = (is_open(), Delivery.lease_until <= now)
    back = session.execute(
        update(Delivery)
        .where(*late, Delivery.state == DeliveryStatus.CLAIMED)
        .values(state=DeliveryStatus.WAITING, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    unknown = session.execute(
        update(Delivery)
        .where(*late, Delivery.state == DeliveryStatus.SENDING)
        .values(
            state=DeliveryStatus.UNKNOWN,
            lease_until=None,
            reason="Máy chủ dừng giữa lúc gửi nên chưa rõ tin đã tới nhóm hay chưa.",
        )
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Delivery)
        .where(is_open(), Delivery.state == DeliveryStatus.WAITING, Delivery.expires_at <= now)
        .values(state=DeliveryStatus.EXPIRED, reason="Quá thời hạn gửi của tin.")
        .execution_options(synchronize_session=False)
    )
    end_what_has_no_turn(session)
    assert isinstance(back, CursorResult)
    assert isinstance(unknown, CursorResult)
    return Overdue(back.rowcount, unknown.rowcount)


def match_echo(session: Session, *, oa_id: str, message_id: str, to: str, content: str, at: datetime) -> bool:
    """Zalo says that this message is in the group: settle the delivery whose answer was lost.

    Matched by the message id, else by content among the open ones of that group that were begun before; also
    one that waits for its next try, because an answer of 5xx may have hidden a success.
    """
    known = session.scalar(select(Delivery.id).where(Delivery.zalo_message_id == message_id))
    if known is not None:
        return True
    row = session.scalars(
        select(Delivery)
        .where(
            is_open(),
            Delivery.sending_at.is_not(None),
            Delivery.oa_id == oa_id,
            Delivery.zalo_group_id == to,
            Delivery.content == content,
            Delivery.sending_at <= at + timedelta(seconds=60),
        )
        .order_by(Delivery.sending_at.desc())
        .limit(1)
    ).first()
    if row is None:
        return False
    row.state, row.zalo_message_id, row.sent_at = DeliveryStatus.SENT, message_id, at
    row.lease_until, row.reason, row.error_code = None, None, None
    session.execute(update(GroupRow).where(GroupRow.code == row.group_code).values(last_sent_at=at))
    return True


def end_runs(session: Session, *, now: datetime) -> list[int]:
    """Close the runs in which nothing is under way any more; returns the broadcasts they belong to.

    Deliveries for an officer's hand keep a run open until they are posted or expire; unknown ones do not.
    Who puts a delivery back to waiting holds its broadcast; so do we, and only then look for good.
    """
    under_way = select(Delivery.id).where(
        Delivery.run_id == Run.id,
        Delivery.state.in_([DeliveryStatus.WAITING, DeliveryStatus.CLAIMED, DeliveryStatus.SENDING]),
    )
    over = select(Run).where(Run.ended_at.is_(None), ~under_way.exists())
    touched = sorted({run.broadcast_id for run in session.scalars(over)})
    ended = []
    for broadcast_id in touched:
        session.execute(select(Broadcast.id).where(Broadcast.id == broadcast_id).with_for_update())
        runs = session.scalars(over.where(Run.broadcast_id == broadcast_id)).all()
        for run in runs:
            run.ended_at = now
        if runs:
            ended.append(broadcast_id)
    return ended


def failures_in_a_row(session: Session, run_id: int, *, reason: str) -> int:
    """How many of the newest sends of a run failed for this same reason, one after the other."""
    newest = (
        select(Delivery.state, Delivery.reason)
        .where(
            Delivery.run_id == run_id,
            Delivery.sending_at.is_not(None),
            Delivery.state.in_([DeliveryStatus.SENT, DeliveryStatus.FAILED]),
        )
        .order_by(Delivery.sending_at.desc(), Delivery.id.desc())
    )
    count = 0
    for state, said in session.execute(newest):
        if state != DeliveryStatus.FAILED or said != reason:
            break
        count += 1
    return count


def share_of_failure(session: Session, run_id: int, *, reason: str) -> tuple[int, int]:
    """(sends of a run that failed for this reason, sends of it that ended)."""
    tried = (
        Delivery.run_id == run_id,
        Delivery.sending_at.is_not(None),
        Delivery.state.in_([DeliveryStatus.SENT, DeliveryStatus.FAILED]),
    )
    alike = func.sum(case((Delivery.reason == reason, 1), else_=0))
    failed, ended = session.execute(select(alike, func.count()).where(*tried)).one()
    return int(failed or 0), int(ended)


def _change(session: Session, row: Delivery, expected: DeliveryStatus, **values: Any) -> bool:
    result = session.execute(
        update(Delivery)
        .where(Delivery.id == row.id, Delivery.state == expected, Delivery.lease_until == row.lease_until)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
