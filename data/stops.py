"""The stop button over everything: while it is pressed nothing goes out to any group, by any channel."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from data import audit
from data.tables import Officer, SendingStop
from domain.errors import MoveRefused, NotAllowed
from domain.said import said

REASON_MAX = 300


def is_stopped() -> ColumnElement[bool]:
    """A condition: the button is pressed. For the queries that take what is due."""
    return exists().where(SendingStop.lifted_at.is_(None))


def standing(session: Session) -> tuple[SendingStop, str] | None:
    """The stop that holds now, with the name of who pressed it; None: sending is free."""
    query = (
        select(SendingStop, Officer.name)
        .join(Officer, Officer.id == SendingStop.officer_id)
        .where(SendingStop.lifted_at.is_(None))
        .order_by(SendingStop.id)
        .limit(1)
    )
    found = session.execute(query).first()
    return (found[0], found[1]) if found else None


def press(session: Session, *, reason: str, officer_id: int, now: datetime) -> None:
    """Stop everything. Raises ValueError without a reason, MoveRefused when it is stopped already."""
    reason = " ".join(reason.split())
    if not reason or len(reason) > REASON_MAX:
        raise ValueError(said("Mời ghi lý do dừng, nhiều nhất %(most)s ký tự.", most=REASON_MAX))
    if standing(session) is not None:
        raise MoveRefused("Hệ thống đang dừng toàn bộ rồi.")
    row = SendingStop(at=now, officer_id=officer_id, reason=reason)
    session.add(row)
    session.flush()
    _record(session, row, "sending.stop", officer_id, now)


def lift(session: Session, *, officer_id: int, now: datetime) -> None:
    """Let sending go on. Another person than the one who pressed: two look before it starts again."""
    found = standing(session)
    if found is None:
        raise MoveRefused("Hệ thống không ở trạng thái dừng.")
    if found[0].officer_id == officer_id:
        raise NotAllowed("Người bấm dừng không tự cho gửi lại; xin một đồng chí khác xác nhận.")
    for row in session.scalars(select(SendingStop).where(SendingStop.lifted_at.is_(None))):
        row.lifted_at, row.lifted_by = now, officer_id
        session.flush()
        _record(session, row, "sending.lift", officer_id, now)


def _record(session: Session, row: SendingStop, action: str, officer_id: int, now: datetime) -> None:
    audit.record(
        session,
        officer_id=officer_id,
        action=action,
        subject=f"stop:{row.id}",
        before=None,
        after={"stopped": row.lifted_at is None},
        now=now,
    )
