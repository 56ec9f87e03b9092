"""Complaints about service: opened, worked by the head of the unit under a clock, copied to the inspectors, answered.

`unit_ids` says whose may be seen, as in data.tip_queue: these units', EVERY_UNIT, or None = all, also those that
go past the unit. Every act leaves a line in the case's history and one in the audit; the words stand in the history.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, func, not_, or_, select, true, update
from sqlalchemy.orm import Session

from data import audit, dated_settings, officer_chats
from data.outgoing import queue_replies
from data.tables import Complaint, ComplaintMove, ImprovementOrder, Officer
from data.tip_queue import EVERY_UNIT
from domain import complaints
from domain.complaints import ANSWERS, OPEN, ORDER_OPEN, ComplaintStatus, words_needed
from domain.errors import MoveRefused
from domain.messages import Reply
from domain.roles import Role
from domain.said import said

S = ComplaintStatus
Compose = Callable[[str, str, str], Sequence[Reply]]
"""(receipt, words, status) → what the resident gets in the chat."""
OPENED, REOPENED, LATE, STATUS = "opened", "reopened", "late", "status"
PAGE = 50
TOLD = "Có phản ánh mới về cách phục vụ ({code}). Mời mở bảng điều hành, mục Phản ánh phục vụ, để xác minh và trả lời."
TOLD_LATE = "Phản ánh {code} đã quá hạn. Mời mở bảng điều hành, mục Phản ánh phục vụ."


@dataclass(frozen=True)
class NewComplaint:
    """What opens a case. bad: question → answer, as people read them; words already screened."""

    code: str
    unit_id: str
    source: str
    bad: dict[str, str]
    words: str
    past_unit: bool = False
    citizen: str | None = None
    oa_id: str | None = None


def open_case(session: Session, new: NewComplaint, *, now: datetime) -> Complaint:
    """Open a case for the head of the unit, copied to the inspectors; both are told in their own chat."""
    look, answer = _dues(session, now)
    row = Complaint(
        code=new.code,
        unit_id=new.unit_id,
        source=new.source,
        bad=new.bad,
        words=new.words,
        citizen=new.citizen,
        oa_id=new.oa_id,
        past_unit=new.past_unit,
        status=S.NEW,
        created_at=now,
        look_due_at=look,
        answer_due_at=answer,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    session.add(ComplaintMove(complaint_id=row.id, at=now, move=OPENED, after=S.NEW))
    _tell(session, row, TOLD, now=now)
    return row


def _dues(session: Session, now: datetime) -> tuple[datetime, datetime]:
    """The clocks of a case that comes now, by the settings and the days off of today."""
    calendar = dated_settings.rules(session, now=now).calendar
    return complaints.dues(dated_settings.complaint_rules(session, now=now), calendar, now)


def within(unit_ids: Collection[str] | None) -> ColumnElement[bool]:
    """The cases in reach of these units."""
    if unit_ids is None:
        return true()
    if unit_ids == EVERY_UNIT:
        return not_(Complaint.past_unit)
    return and_(Complaint.unit_id.in_(unit_ids), not_(Complaint.past_unit))


def find(session: Session, complaint_id: int, *, unit_ids: Collection[str] | None) -> Complaint | None:
    return session.scalar(select(Complaint).where(Complaint.id == complaint_id, within(unit_ids)))


def listed(
    session: Session,
    *,
    unit_ids: Collection[str] | None,
    open_only: bool,
    before_id: int | None = None,
    late_only: bool = False,
) -> list[Complaint]:
    """Cases in reach, newest first; at most PAGE + 1, so that the caller sees whether there are more."""
    query = select(Complaint).where(within(unit_ids))
    if open_only:
        query = query.where(Complaint.status.in_(OPEN))
    if late_only:
        query = query.where(Complaint.late)
    if before_id is not None:
        query = query.where(Complaint.id < before_id)
    return list(session.scalars(query.order_by(Complaint.id.desc()).limit(PAGE + 1)))


def open_count(session: Session, *, unit_ids: Collection[str] | None) -> int:
    query = select(func.count()).select_from(Complaint).where(within(unit_ids), Complaint.status.in_(OPEN))
    return session.scalar(query) or 0


def history(session: Session, complaint_id: int) -> list[tuple[ComplaintMove, str | None]]:
    """Lines of a case's history with the officer's name, oldest first."""
    rows = session.execute(
        select(ComplaintMove, Officer.name)
        .outerjoin(Officer, Officer.id == ComplaintMove.officer_id)
        .where(ComplaintMove.complaint_id == complaint_id)
        .order_by(ComplaintMove.id)
    )
    return [(row, name) for row, name in rows]


def move(
    session: Session,
    row: Complaint,
    *,
    to: ComplaintStatus,
    officer_id: int,
    inspector: bool,
    version: int,
    words: str,
    compose: Compose,
    now: datetime,
) -> None:
    """Bring a case to another state as the table of domain.complaints allows; what is answered goes to the resident.

    Raises MoveRefused: not allowed, changed meanwhile, or without the words the move needs.
    """
    before = S(row.status)
    orders = session.scalar(
        select(func.count()).where(
            ImprovementOrder.complaint_id == row.id, ImprovementOrder.status.in_(ORDER_OPEN)
        )
    )
    complaints.check_move(before, to, inspector=inspector, open_orders=orders or 0)
    needed = words_needed(before, to)
    if needed and not words.strip():
        raise MoveRefused(said("Mời ghi %(what)s.", what=said(needed)))
    values: dict[str, Any] = {"status": to, "handled_by": officer_id}
    if to in ANSWERS:
        values |= {"answer": words, "answered_at": now, "late": False}
    if to in {S.CLOSED, S.SPAM}:
        values |= {"closed_at": now, "late": False}
    elif before in {S.CLOSED, S.SPAM}:
        values |= {"closed_at": None}
    change(session, row, version=version, values=values, now=now)
    record(session, row, STATUS, before, to, officer_id=officer_id, words=words, now=now)
    if to in ANSWERS and row.citizen is not None and row.oa_id is not None:
        queue_replies(
            session,
            citizen=row.citizen,
            oa_id=row.oa_id,
            replies=compose(row.code, words, str(to)),
            event_id=None,
            now=now,
            lifetime=None,
        )


def change(session: Session, row: Complaint, *, version: int, values: dict[str, Any], now: datetime) -> None:
    """Change the row if nobody else did meanwhile; MoveRefused otherwise."""
    result = session.execute(
        update(Complaint)
        .where(Complaint.id == row.id, Complaint.version == version)
        .values(version=Complaint.version + 1, updated_at=now, **values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(row)
    if cast("CursorResult[Any]", result).rowcount != 1:
        raise MoveRefused("Phản ánh này vừa có thay đổi. Mời xem lại trước khi thao tác tiếp.")


def record(
    session: Session,
    row: Complaint,
    kind: str,
    before: str | None,
    after: str | None,
    *,
    officer_id: int | None,
    now: datetime,
    words: str = "",
) -> None:
    """A line in the history and one in the audit."""
    session.add(
        ComplaintMove(
            complaint_id=row.id,
            at=now,
            officer_id=officer_id,
            move=kind,
            before=before,
            after=after,
            words=words,
        )
    )
    session.flush()
    audit.record(
        session,
        officer_id=officer_id,
        action=f"complaint.{kind}",
        subject=f"complaint:{row.id}",
        before=None if before is None else {"value": str(before)},
        after=None if after is None else {"value": str(after)},
        now=now,
    )


# ---- the resident -------------------------------------------------------------------------------------------------


def of_receipt(session: Session, code: str) -> Complaint | None:
    """The case of a receipt, for whoever holds it: its state and its answer."""
    return session.scalar(select(Complaint).where(Complaint.code == code))


def may_reopen(row: Complaint) -> bool:
    """May the resident say, once, that the answer does not satisfy?"""
    return row.status in ANSWERS and not row.reopened


def reopen(session: Session, code: str, *, now: datetime) -> bool:
    """The answer does not satisfy: the inspectors look at it. Once; False when that is not possible (any more)."""
    row = session.scalar(select(Complaint).where(Complaint.code == code).with_for_update())
    if row is None or not may_reopen(row):
        return False
    look, answer = _dues(session, now)
    before, row.status, row.reopened, row.late = row.status, S.LOOKING, True, True
    row.look_due_at, row.answer_due_at, row.updated_at, row.answered_at = look, answer, now, None
    row.version += 1
    session.add(ComplaintMove(complaint_id=row.id, at=now, move=REOPENED, before=before, after=S.LOOKING))
    _tell(session, row, TOLD_LATE.replace("đã quá hạn", "chưa được người dân đồng ý"), now=now)
    return True


# ---- the clock ----------------------------------------------------------------------------------------------------


def mark_late(session: Session, *, now: datetime, limit: int = 200) -> int:
    """Cases whose clock ran out are marked, and the inspectors are told. Run often, harmless twice."""
    rows = session.scalars(
        select(Complaint)
        .where(
            Complaint.late.is_(False),
            or_(
                and_(Complaint.status == S.NEW, Complaint.look_due_at <= now),
                and_(Complaint.status.in_(OPEN), Complaint.answer_due_at <= now),
            ),
        )
        .limit(limit)
    ).all()
    for row in rows:
        row.late = True
        row.version += 1
        session.add(ComplaintMove(complaint_id=row.id, at=now, move=LATE))
        _tell(session, row, TOLD_LATE, now=now)
    return len(rows)


def _tell(session: Session, row: Complaint, words: str, *, now: datetime) -> None:
    """Say in their own chats, to those who linked one, that there is a case: its number, nothing of what it says."""
    session.flush()
    for officer in session.scalars(select(Officer).where(Officer.active.is_(True))):
        roles = {role.name for role in officer.roles}
        heads = officer.unit_id == row.unit_id and Role.UNIT_HEAD in roles and not row.past_unit
        if heads or (officer.unit_id is None and Role.INSPECTOR in roles):
            officer_chats.say(session, officer.id, [Reply(words.format(code=row.code))], now=now)
