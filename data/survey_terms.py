"""What surveys and complaints keep is deleted when its term is over (data.dated_settings.complaint_rules)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.orm import Session

from data import audit
from data.tables import Complaint, ComplaintMove, ImprovementOrder, OrderProof, SurveyAnswer
from domain.complaints import OPEN, ORDER_OPEN, ComplaintRules

BATCH = 100


def forget_words(session: Session, rules: ComplaintRules, *, now: datetime) -> None:
    """Words of old answers go; the answers stay, they lead to nobody."""
    session.execute(
        update(SurveyAnswer)
        .where(SurveyAnswer.words != "", SurveyAnswer.at < now - timedelta(days=rules.keep_days))
        .values(words="", same_words=None)
        .execution_options(synchronize_session=False)
    )


def is_over(kept: timedelta, at: datetime) -> ColumnElement[bool]:
    """The cases that were done with longer than `kept` before that moment."""
    unproved = select(ImprovementOrder.complaint_id).where(ImprovementOrder.status.in_(ORDER_OPEN))
    return and_(
        Complaint.status.not_in(OPEN), Complaint.updated_at < at - kept, Complaint.id.not_in(unproved)
    )


def delete_complaints(session: Session, rules: ComplaintRules, *, now: datetime) -> list[str]:
    """Cases that were done with long ago go with all that hangs on them; a line in the audit stays for each.

    Returns the files of the media store, to be deleted after the commit. A case that is open, or whose order is
    not accepted, stays however old it is.
    """
    over = session.scalars(
        select(Complaint)
        .where(is_over(timedelta(days=rules.keep_days), now))
        .order_by(Complaint.id)
        .limit(BATCH)
    ).all()
    files: list[str] = []
    for case in over:
        orders = select(ImprovementOrder.id).where(ImprovementOrder.complaint_id == case.id)
        proofs = session.scalars(select(OrderProof).where(OrderProof.order_id.in_(orders))).all()
        files.extend(row.media_key for row in proofs if row.media_key)
        session.execute(delete(OrderProof).where(OrderProof.id.in_([row.id for row in proofs])))
        session.execute(delete(ImprovementOrder).where(ImprovementOrder.complaint_id == case.id))
        session.execute(delete(ComplaintMove).where(ComplaintMove.complaint_id == case.id))
        session.delete(case)
        session.flush()
        audit.record(
            session,
            officer_id=None,
            action="complaint.deleted",
            subject=f"complaint:{case.id}",
            before=None,
            after={"rule": f"{rules.keep_days} d", "media": len(proofs)},
            now=now,
        )
    return files
