"""What officers do with a broadcast: propose, approve, refuse, pause, resume, withdraw.

Every act checks the allowed moves and the version the officer saw, and leaves an audit row.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from data import on_duty
from data.audiences import day_of, first_time, groups_of, left_out, mark_of, snapshot
from data.broadcast_kinds import kinds
from data.broadcasts import content_hash, lock, move, record, runs_of
from data.tables import Approval, AuditRow, Broadcast, Delivery, GroupRow, Run
from domain.broadcasts import VIETNAM, BroadcastStatus, DeliveryStatus
from domain.errors import MoveRefused, NotAllowed
from domain.said import said
from domain.shifts import Duty

WITHDRAWN = "Tin đã được rút."
URGENT_BY = {
    Duty.ON: "Đang trong ca trực theo lịch của đơn vị.",
    Duty.NO_ROSTER: "Đơn vị chưa có lịch trực; duyệt với vai trò chỉ huy.",
}
"""What is kept beside an urgent approval: by which rule this officer was on duty."""
REVIEW_WITHIN = timedelta(hours=24)
"""An approval by the officer on duty is looked at by an approver within a day."""


def propose(session: Session, row: Broadcast, *, version: int, officer_id: int, now: datetime) -> None:
    """Ask for approval. Raises ValueError when a time or a group is missing, or when it is already over."""
    lock(session, row, version)
    if row.starts_at is None:
        raise ValueError("Xin chọn thời gian gửi.")
    _first_time(row, now)
    if not groups_of(session, row.audience, on=day_of(row, now=now)):
        raise ValueError(_nobody(session, row, now) or "Xin chọn ít nhất một nhóm nhận.")
    move(session, row, BroadcastStatus.PROPOSED, officer_id, "broadcast.propose", now)


def take_back(session: Session, row: Broadcast, *, version: int, officer_id: int, now: datetime) -> None:
    """Make it a draft again, before it is sent."""
    lock(session, row, version)
    if _run_under_way(session, row):
        raise MoveRefused("Tin đang được gửi nên không rút về bản nháp được. Có thể tạm dừng hoặc rút tin.")
    row.next_due_at = row.recipients = None
    move(session, row, BroadcastStatus.DRAFT, officer_id, "broadcast.take_back", now)


def approve(
    session: Session,
    row: Broadcast,
    *,
    version: int,
    officer_id: int,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Say yes to exactly this content and these groups; it is scheduled. Nobody approves what they wrote.

    seen  data.audiences.mark_of the groups the approver's page showed; refused when they changed meanwhile
    """
    lock(session, row, version)
    _say_yes(session, row, "yes", officer_id, now, seen)
    move(session, row, BroadcastStatus.SCHEDULED, officer_id, "broadcast.approve", now)


def approve_urgent(
    session: Session,
    row: Broadcast,
    *,
    version: int,
    officer_id: int,
    now: datetime,
    seen: str | None = None,
) -> None:
    """The officer on duty says yes to an urgent one; an approver reviews it afterwards (review).

    On duty: by the roster of their unit; where there is none, any head of a unit is.
    """
    lock(session, row, version)
    if not row.urgent or not kinds()[row.kind].urgent_way:
        raise NotAllowed("Loại tin này phải do người duyệt tin xét duyệt.")
    duty = on_duty.check_may_approve(session, officer_id, now=now)
    _say_yes(session, row, "urgent", officer_id, now, seen, words=URGENT_BY[duty])
    row.review_due_at = now + REVIEW_WITHIN
    move(session, row, BroadcastStatus.SCHEDULED, officer_id, "broadcast.approve_urgent", now)


def _say_yes(
    session: Session,
    row: Broadcast,
    verdict: str,
    officer_id: int,
    now: datetime,
    seen: str | None,
    words: str = "",
) -> None:
    if row.status != BroadcastStatus.PROPOSED:
        raise MoveRefused("Chỉ duyệt được tin đang chờ duyệt.")
    if officer_id == row.author_id or officer_id in _editors(session, row.id):
        raise NotAllowed("Người soạn không được tự duyệt tin của mình.")
    recipients = snapshot(groups_of(session, row.audience, on=day_of(row, now=now)))
    if seen is not None and seen != mark_of(recipients):
        raise MoveRefused("Danh sách nhóm nhận vừa thay đổi. Xin xem lại các nhóm rồi duyệt.")
    if not recipients:
        raise ValueError(_nobody(session, row, now) or "Không còn nhóm nào để gửi.")
    row.recipients = recipients
    row.next_due_at = _first_time(row, now)
    _note(session, row, verdict, officer_id, now, words)


def _note(
    session: Session, row: Broadcast, verdict: str, officer_id: int, now: datetime, words: str = ""
) -> None:
    """What somebody said about exactly what stands there now."""
    session.add(
        Approval(
            broadcast_id=row.id,
            officer_id=officer_id,
            at=now,
            content_hash=content_hash(row),
            verdict=verdict,
            words=words,
        )
    )


def is_approved(session: Session, row: Broadcast) -> bool:
    """Is what stands there now exactly what was approved? Asked again right before it is sent."""
    newest = session.scalars(
        select(Approval)
        .where(Approval.broadcast_id == row.id, Approval.verdict.in_(["yes", "no", "urgent"]))
        .order_by(Approval.id.desc())
        .limit(1)
    ).first()
    return newest is not None and newest.verdict != "no" and newest.content_hash == content_hash(row)


def review(
    session: Session,
    row: Broadcast,
    *,
    version: int,
    officer_id: int,
    now: datetime,
    fault: bool,
    words: str,
) -> None:
    """An approver looks at what went out the urgent way: in order, or not, with words."""
    lock(session, row, version)
    if row.review_due_at is None:
        raise MoveRefused("Tin này không chờ xem lại.")
    said_yes = select(Approval.officer_id).where(
        Approval.broadcast_id == row.id, Approval.verdict == "urgent"
    )
    if officer_id in {row.author_id, *_editors(session, row.id), *session.scalars(said_yes)}:
        raise NotAllowed("Người soạn và người đã duyệt khẩn không tự xem lại.")
    _note(session, row, "review_fault" if fault else "review_ok", officer_id, now, words)
    row.review_due_at, row.updated_at, row.version = None, now, row.version + 1
    session.flush()
    record(session, row, officer_id, "broadcast.review", {"fault": fault}, now)


def refuse(
    session: Session, row: Broadcast, *, version: int, officer_id: int, words: str, now: datetime
) -> None:
    """Say no, with words for the author; it is a draft again. Raises ValueError without words."""
    lock(session, row, version)
    if not words.strip():
        raise ValueError("Mời nhập lý do không duyệt.")
    if row.status != BroadcastStatus.PROPOSED:
        raise MoveRefused("Chỉ trả lại được tin đang chờ duyệt.")
    _note(session, row, "no", officer_id, now, words)
    move(session, row, BroadcastStatus.DRAFT, officer_id, "broadcast.refuse", now)


def pause(session: Session, row: Broadcast, *, version: int, officer_id: int, now: datetime) -> None:
    """Stop sending; what waits stays waiting. Works from the next claim on."""
    lock(session, row, version)
    row.pause_reason = "Cán bộ tạm dừng."
    move(session, row, BroadcastStatus.PAUSED, officer_id, "broadcast.pause", now)


def resume(session: Session, row: Broadcast, *, version: int, officer_id: int, now: datetime) -> None:
    """Go on where it stopped; nobody who got a message of a run gets it again.

    A run that was never made because it came late is made now. A group whose last day passed meanwhile is not sent
    to, with the reason. When it paused by itself, the groups whose fault
    was the reason are tried again.
    """
    lock(session, row, version)
    if row.status != BroadcastStatus.PAUSED:
        raise MoveRefused("Tin không ở trạng thái tạm dừng nên không có gì để tiếp tục.")
    under_way = _run_under_way(session, row)
    _fail_who_is_over(session, row, now)
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
    move(session, row, status, officer_id, "broadcast.resume", now)


def withdraw(session: Session, row: Broadcast, *, version: int, officer_id: int, now: datetime) -> None:
    """Nothing more is sent; what was sent stays in the groups."""
    lock(session, row, version)
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
    move(session, row, BroadcastStatus.WITHDRAWN, officer_id, "broadcast.withdraw", now)


def _first_time(row: Broadcast, now: datetime) -> datetime:
    """When it goes out first: at its time or at once; a repeating one at the first time of its rhythm."""
    first = first_time(row.starts_at, row.repeat, now=now)
    if row.ends_at is not None and first > row.ends_at:
        raise ValueError("Lịch gửi đã qua ngày kết thúc. Xin chọn lại thời gian.")
    return first


def _nobody(session: Session, row: Broadcast, now: datetime) -> str | None:
    """Why nobody is left of a choice that means groups, in words; None: it means none."""
    outside = left_out(session, row.audience, on=day_of(row, now=now))
    if not outside:
        return None
    return said(
        "Vào ngày gửi, các nhóm đã chọn đều chưa bắt đầu hoặc đã kết thúc: %(names)s.",
        names=", ".join(group.name for group, _ in outside[:5]),
    )


def _run_under_way(session: Session, row: Broadcast) -> bool:
    query = select(Run.id).where(Run.broadcast_id == row.id, Run.ended_at.is_(None)).limit(1)
    return session.scalar(query) is not None


def _try_again_what_stopped_it(session: Session, row: Broadcast, now: datetime) -> bool:
    """Put back the newest run's failures that are named in the reason of the pause; True: there were some."""
    run_id = next((run.id for run in runs_of(session, row.id, limit=1)), None)
    failed = (
        Delivery.run_id == run_id,
        Delivery.state == DeliveryStatus.FAILED,
        Delivery.sending_at.is_not(None),
        or_(Delivery.expires_at.is_(None), Delivery.expires_at > now),
    )
    kept = row.pause_reason or ""
    reasons = [one for one in session.scalars(select(Delivery.reason).where(*failed).distinct()) if one]
    named = [one for one in reasons if one in kept]
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


def _fail_who_is_over(session: Session, row: Broadcast, now: datetime) -> None:
    """What waits for a group that is no longer in use today fails with the reason, for a person to see."""
    waiting = select(Delivery, GroupRow).join(GroupRow, GroupRow.code == Delivery.group_code)
    waiting = waiting.where(Delivery.broadcast_id == row.id, Delivery.state == DeliveryStatus.WAITING)
    day = now.astimezone(VIETNAM).date()
    for delivery, group in session.execute(waiting.with_for_update(of=Delivery)).all():
        why = None if row.training else group.days.why_not(day)
        if why:
            delivery.state, delivery.reason = DeliveryStatus.FAILED, why
    session.flush()


def _editors(session: Session, broadcast_id: int) -> set[int]:
    """Everybody who wrote on it."""
    query = select(AuditRow.officer_id).where(
        AuditRow.subject == f"broadcast:{broadcast_id}",
        AuditRow.action.in_(["broadcast.create", "broadcast.edit"]),
    )
    return {officer for officer in session.scalars(query) if officer is not None}
