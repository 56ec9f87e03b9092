"""The clocks of tips: what is late goes up, what lies with somebody off duty goes back. Run often, harmless twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, exists, literal_column, or_, select
from sqlalchemy.orm import Session

from data import dated_settings
from data.on_duty import LOGGED_IN_FOR, on_duty
from data.tables import Officer, ShiftRow, Tip, TipMove
from domain import clocks
from domain.tips import TipStatus

BATCH = 500
ESCALATED, WENT_HOME = "escalated", "went_home"


def escalate(session: Session, *, now: datetime) -> int:
    """Tips whose clock ran out go up: to the head of the unit, then to the province. Returns how many moved."""
    present = on_duty(session, now=now)
    to_province = dated_settings.rules(session, now=now).to_province
    moved = 0
    for tip in _overdue(session, now):
        due = tip.take_due_at if tip.status == TipStatus.NEW else tip.close_due_at
        assert due is not None
        level = clocks.escalation(
            due,
            urgent=tip.urgent,
            somebody_on_duty=tip.unit_id in present.units,
            now=now,
            to_province=to_province,
        )
        if level > tip.escalation:
            session.add(
                TipMove(tip_id=tip.id, at=now, move=ESCALATED, before=str(tip.escalation), after=str(level))
            )
            tip.escalation, tip.updated_at = level, now
            tip.version += 1
            moved += 1
    return moved


def _overdue(session: Session, now: datetime) -> list[Tip]:
    """Late ones that are not yet as high as they can go; the conditions stand as in the partial indexes."""
    status: ColumnElement[str] = literal_column("tips.status")
    late_to_take = select(Tip).where(
        status == literal_column("'new'"), Tip.take_due_at <= now, Tip.escalation < clocks.PROVINCE
    )
    under_way = ("'taken'", "'in_progress'", "'waiting'")
    late_to_close = select(Tip).where(
        status.in_([literal_column(one) for one in under_way]),
        Tip.close_due_at <= now,
        Tip.escalation < clocks.PROVINCE,
    )
    return [
        *session.scalars(late_to_take.order_by(Tip.take_due_at).limit(BATCH)),
        *session.scalars(late_to_close.order_by(Tip.close_due_at).limit(BATCH)),
    ]


def give_back_abandoned(session: Session, *, now: datetime) -> int:
    """Tips taken by somebody who went home without beginning go back into the queue. Returns how many.

    Went home: the shift in which it was taken is over; where it was taken outside any shift, no log-in for so long.
    Whoever is in a shift now, keeps it.
    """
    of_taker = select(ShiftRow.id).where(ShiftRow.officer_id == Tip.taken_by)
    in_a_shift = exists(of_taker.where(ShiftRow.starts_at <= now, ShiftRow.ends_at > now))
    in_that = (ShiftRow.starts_at <= Tip.taken_at, ShiftRow.ends_at > Tip.taken_at)
    taken_in_a_shift = exists(of_taker.where(*in_that))
    long_ago = now - LOGGED_IN_FOR
    left = session.scalars(
        select(Tip)
        .join(Officer, Officer.id == Tip.taken_by)
        .where(
            Tip.status == TipStatus.TAKEN,
            or_(
                Officer.active.is_(False),
                ~in_a_shift
                & (taken_in_a_shift | ((Officer.last_login_at <= long_ago) & (Tip.taken_at <= long_ago))),
            ),
        )
        .limit(BATCH)
    ).all()
    for tip in left:
        session.add(
            TipMove(tip_id=tip.id, at=now, move=WENT_HOME, before=TipStatus.TAKEN, after=TipStatus.NEW)
        )
        tip.status, tip.taken_by, tip.taken_at, tip.updated_at = TipStatus.NEW, None, None, now
        tip.version += 1
    return len(left)
