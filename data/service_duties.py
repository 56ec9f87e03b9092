"""What waits for somebody in the service's own business: complaints, orders of improvement, answers to be sifted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from data import complaints
from data.tables import Complaint, ImprovementOrder, SurveyAnswer
from domain.complaints import ComplaintStatus, OrderStatus
from domain.surveys import AnswerState

TO_LOOK = (ComplaintStatus.NEW, ComplaintStatus.LOOKING)
"""A case that was ordered about waits for its order, which is a duty of its own."""
TO_PROVE = (OrderStatus.ISSUED, OrderStatus.SENT_BACK)
TO_JUDGE = (OrderStatus.PROOF,)


def due_at(row: Complaint) -> datetime:
    """When the clock that runs now runs out."""
    return row.look_due_at if row.status == ComplaintStatus.NEW else row.answer_due_at


def cases(session: Session, *, unit_ids: Collection[str] | None, limit: int) -> Sequence[Complaint]:
    """Complaints in reach that somebody must look at or answer, the nearest clock first."""
    clock = case(
        (Complaint.status == ComplaintStatus.NEW, Complaint.look_due_at), else_=Complaint.answer_due_at
    )
    return session.scalars(
        select(Complaint)
        .where(complaints.within(unit_ids), Complaint.status.in_(TO_LOOK))
        .order_by(clock, Complaint.id)
        .limit(limit)
    ).all()


def orders(
    session: Session, states: Collection[OrderStatus], *, unit_ids: Collection[str] | None, limit: int
) -> list[tuple[ImprovementOrder, str]]:
    """Orders in these states whose case is in reach, with the case's code; the nearest day first."""
    rows = session.execute(
        select(ImprovementOrder, Complaint.code)
        .join(Complaint, Complaint.id == ImprovementOrder.complaint_id)
        .where(complaints.within(unit_ids), ImprovementOrder.status.in_(states))
        .order_by(ImprovementOrder.due_on, ImprovementOrder.id)
        .limit(limit)
    )
    return [(order, code) for order, code in rows]


def held_answers(session: Session) -> tuple[int, datetime | None]:
    """How many answers of surveys wait to be sifted, and since when the oldest does."""
    count, oldest = session.execute(
        select(func.count(), func.min(SurveyAnswer.at)).where(SurveyAnswer.state == AnswerState.HELD)
    ).one()
    return count, oldest
