"""One broadcast that is due + its groups → one delivery each. Safe to run twice and from two processes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from data import broadcasts, deliveries, planning, stops
from data.broadcast_moves import is_approved
from data.replies import content_of
from data.session import Database
from data.tables import Broadcast, Delivery, Run
from domain.broadcasts import BroadcastStatus, ChannelKind, DeliveryStatus, check_broadcast_move
from domain.posts import AttachedKind, Post, posts_of
from domain.repeats import read_repeat

LATE = timedelta(minutes=30)
"""A broadcast that is not urgent and comes later than this asks an officer instead of going out."""
CAME_LATE = "Đã quá giờ gửi vì hệ thống ngừng hoạt động. Xin kiểm tra nội dung còn phù hợp rồi bấm “Tiếp tục”, hoặc rút tin."
NOT_AS_APPROVED = (
    "Nội dung hiện nay khác với bản đã duyệt nên không gửi. Xin rút về bản nháp và trình duyệt lại."
)


def plan_due(database: Database, *, now: datetime) -> int:
    """Make the deliveries of every broadcast whose time has come, and close the runs that are over.

    Returns how many deliveries were made.
    """
    with database.reading() as session:
        due = (
            []
            if stops.standing(session)
            else list(
                session.scalars(
                    select(Broadcast.id).where(
                        Broadcast.next_due_at <= now,
                        or_(
                            Broadcast.status == BroadcastStatus.SCHEDULED,
                            Broadcast.status == BroadcastStatus.SENDING,
                        ),
                    )
                )
            )
        )
    made = 0
    for broadcast_id in due:
        with database.transaction() as session:
            made += _plan(session, broadcast_id, now)
    with database.transaction() as session:
        for broadcast_id in deliveries.end_runs(session, now=now):
            _after_run(session, broadcast_id, now)
    return made


def _plan(session: Session, broadcast_id: int, now: datetime) -> int:
    row = session.scalar(select(Broadcast).where(Broadcast.id == broadcast_id).with_for_update())
    waits = row is not None and row.status in {BroadcastStatus.SCHEDULED, BroadcastStatus.SENDING}
    if row is None or row.next_due_at is None or row.next_due_at > now or not waits:
        return 0  # somebody else was here meanwhile
    due_at = row.next_due_at
    if _too_late(row, due_at, now):
        _hold(row, CAME_LATE, now)
        return 0
    if not is_approved(session, row):
        _hold(row, NOT_AS_APPROVED, now)
        return 0
    if session.scalar(select(Run.id).where(Run.broadcast_id == row.id, Run.due_at == due_at)) is not None:
        _set_next(row, due_at)
        return 0
    run = Run(broadcast_id=row.id, due_at=due_at, created_at=now)
    session.add(run)
    session.flush()
    made = list(_deliveries(session, row, run, now))
    session.add_all(made)
    if row.status == BroadcastStatus.SCHEDULED:
        check_broadcast_move(BroadcastStatus.SCHEDULED, BroadcastStatus.SENDING)
        row.status = BroadcastStatus.SENDING
    row.updated_at, row.version = now, row.version + 1
    _set_next(row, due_at)
    return len(made)


def _hold(row: Broadcast, reason: str, now: datetime) -> None:
    """An officer has to look before this goes out."""
    check_broadcast_move(BroadcastStatus(row.status), BroadcastStatus.PAUSED)
    row.status, row.updated_at, row.version = BroadcastStatus.PAUSED, now, row.version + 1
    row.pause_reason = reason


def _deliveries(session: Session, row: Broadcast, run: Run, now: datetime) -> Iterator[Delivery]:
    """Every part for every group that was approved; one that cannot be sent to waits for a person."""
    parts = posts_of(row.text, row.link, broadcasts.media_of(row))
    for one in planning.plan(session, row, now=now):
        # a page's followers get one article with everything in it, made of the broadcast when it is sent
        its_parts = parts[:1] if one.channel is ChannelKind.OA_PAGE else parts
        for number, part in enumerate(its_parts):
            yield Delivery(
                run_id=run.id,
                broadcast_id=row.id,
                group_code=one.code,
                part=number,
                channel=one.channel,
                oa_id=one.oa_id,
                zalo_group_id=one.zalo_group_id,
                text=part.text,
                media=part.media.as_json() if part.media else None,
                follows_id=row.follows_id,
                content=content_of(_kind_of(part), part.text),
                state=DeliveryStatus.FAILED if one.reason else DeliveryStatus.WAITING,
                reason=one.reason,
                due_at=one.at,
                expires_at=run.due_at + timedelta(minutes=row.lifetime_minutes),
            )


def _kind_of(part: Post) -> str:
    """As what Zalo's echo brings it back."""
    if part.media is None:
        return "text"
    return "file" if part.media.kind is AttachedKind.FILE else "image"


def _too_late(row: Broadcast, due_at: datetime, now: datetime) -> bool:
    """Urgent ones go out as long as they have not expired; others ask when they come later than LATE."""
    if row.urgent:
        return now - due_at > timedelta(minutes=row.lifetime_minutes)
    return now - due_at > LATE


def _set_next(row: Broadcast, after: datetime) -> None:
    if row.repeat is None:
        row.next_due_at = None
        return
    following = read_repeat(row.repeat).next_after(after)
    row.next_due_at = None if row.ends_at and following > row.ends_at else following


def _after_run(session: Session, broadcast_id: int, now: datetime) -> None:
    """Every run of it has ended: it is done, or waits for its next time. A paused one stays so while more is due."""
    row = session.scalar(select(Broadcast).where(Broadcast.id == broadcast_id).with_for_update())
    if row is None or row.status not in {BroadcastStatus.SENDING, BroadcastStatus.PAUSED}:
        return
    open_runs = select(Run.id).where(Run.broadcast_id == broadcast_id, Run.ended_at.is_(None))
    if session.scalar(open_runs.limit(1)) is not None:
        return
    if row.status == BroadcastStatus.PAUSED and (row.next_due_at or _stopped_by_itself(session, row)):
        return
    new = BroadcastStatus.SCHEDULED if row.next_due_at else BroadcastStatus.DONE
    check_broadcast_move(BroadcastStatus(row.status), new)
    row.status, row.updated_at, row.version = new, now, row.version + 1


def _stopped_by_itself(session: Session, row: Broadcast) -> bool:
    """Did it pause over equal faults? Then an officer may still have them tried again."""
    failed = select(Delivery.reason).where(
        Delivery.broadcast_id == row.id,
        Delivery.state == DeliveryStatus.FAILED,
        Delivery.sending_at.is_not(None),
    )
    return any(reason in (row.pause_reason or "") for reason in session.scalars(failed.distinct()) if reason)
