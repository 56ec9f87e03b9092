"""Orders of improvement: issued by an inspector on a case, with a due day; the unit shows proof; the inspector judges."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import audit, complaints
from data.tables import Complaint, ImprovementOrder, Officer, OrderProof
from domain.broadcasts import VIETNAM
from domain.complaints import ComplaintStatus, OrderStatus, check_move, check_order_move
from domain.errors import MoveRefused

ORDERED, ORDER_MOVED = "ordered", "order"


@dataclass(frozen=True)
class Proof:
    """A file of a unit, as the media store kept it."""

    media_key: str
    name: str
    mime: str
    size: int
    sha256: str


def issue(
    session: Session,
    row: Complaint,
    *,
    number: str,
    text: str,
    due_on: date,
    officer_id: int,
    version: int,
    now: datetime,
) -> ImprovementOrder:
    """Order an improvement; the case stands at "being improved" until it is answered.

    Raises MoveRefused: the case does not allow it, changed meanwhile, or the due day is past.
    """
    if due_on < now.astimezone(VIETNAM).date():
        raise MoveRefused("Hạn hoàn thành đã qua. Mời chọn ngày khác.")
    before = ComplaintStatus(row.status)
    if before is not ComplaintStatus.ORDERED:
        check_move(before, ComplaintStatus.ORDERED, inspector=True)
    complaints.change(session, row, version=version, values={"status": ComplaintStatus.ORDERED}, now=now)
    order = ImprovementOrder(
        complaint_id=row.id,
        unit_id=row.unit_id,
        number=number,
        text=text,
        due_on=due_on,
        status=OrderStatus.ISSUED,
        issued_by=officer_id,
        issued_at=now,
        updated_at=now,
    )
    session.add(order)
    session.flush()
    complaints.record(
        session, row, ORDERED, before, ComplaintStatus.ORDERED, officer_id=officer_id, words=text, now=now
    )
    return order


def prove(
    session: Session,
    order: ImprovementOrder,
    *,
    words: str,
    proof: Proof | None,
    officer_id: int,
    inspector: bool,
    now: datetime,
) -> OrderProof:
    """The unit shows what it did: words, with a file or without."""
    check_order_move(OrderStatus(order.status), OrderStatus.PROOF, inspector=inspector)
    if not words:
        raise MoveRefused("Mời ghi đơn vị đã làm gì.")
    row = OrderProof(order_id=order.id, at=now, officer_id=officer_id, words=words)
    if proof is not None:
        row.media_key, row.name, row.mime = proof.media_key, proof.name, proof.mime
        row.size, row.sha256 = proof.size, proof.sha256
    session.add(row)
    _move(session, order, OrderStatus.PROOF, officer_id=officer_id, words=words, now=now)
    return row


def judge(
    session: Session,
    order: ImprovementOrder,
    *,
    to: OrderStatus,
    words: str,
    officer_id: int,
    inspector: bool,
    version: int,
    now: datetime,
) -> None:
    """Accept the proof, send it back, or withdraw the order; the last two need words."""
    if order.version != version:
        raise MoveRefused("Văn bản này vừa có thay đổi. Mời xem lại trước khi thao tác tiếp.")
    check_order_move(OrderStatus(order.status), to, inspector=inspector)
    if to is not OrderStatus.ACCEPTED and not words:
        raise MoveRefused("Mời ghi lý do.")
    _move(session, order, to, officer_id=officer_id, words=words, now=now)


def find(session: Session, order_id: int, *, unit_ids: Collection[str] | None) -> ImprovementOrder | None:
    """An order whose case is in reach."""
    return session.scalar(
        select(ImprovementOrder)
        .join(Complaint, Complaint.id == ImprovementOrder.complaint_id)
        .where(ImprovementOrder.id == order_id, complaints.within(unit_ids))
    )


def proof(session: Session, proof_id: int, *, unit_ids: Collection[str] | None) -> OrderProof | None:
    """A proof whose case is in reach."""
    found = session.get(OrderProof, proof_id)
    return found if found and find(session, found.order_id, unit_ids=unit_ids) else None


def of_case(
    session: Session, complaint_id: int
) -> list[tuple[ImprovementOrder, list[tuple[OrderProof, str]]]]:
    """The orders of a case, oldest first, each with its proofs and who gave them."""
    orders = session.scalars(
        select(ImprovementOrder)
        .where(ImprovementOrder.complaint_id == complaint_id)
        .order_by(ImprovementOrder.id)
    ).all()
    return [
        (
            order,
            [
                (row, name)
                for row, name in session.execute(
                    select(OrderProof, Officer.name)
                    .join(Officer, Officer.id == OrderProof.officer_id)
                    .where(OrderProof.order_id == order.id)
                    .order_by(OrderProof.id)
                )
            ],
        )
        for order in orders
    ]


def known_keys(session: Session, keys: Sequence[str]) -> set[str]:
    """Which of these files of the media store prove something."""
    known: set[str] = set()
    for begin in range(0, len(keys), 500):
        part = keys[begin : begin + 500]
        known.update(
            key
            for key in session.scalars(select(OrderProof.media_key).where(OrderProof.media_key.in_(part)))
            if key
        )
    return known


def _move(
    session: Session, order: ImprovementOrder, to: OrderStatus, *, officer_id: int, words: str, now: datetime
) -> None:
    before, order.status, order.updated_at, order.words = order.status, to, now, words
    order.version += 1
    case = session.get_one(Complaint, order.complaint_id)
    session.flush()
    complaints.record(session, case, ORDER_MOVED, before, to, officer_id=officer_id, words=words, now=now)
    audit.record(
        session,
        officer_id=officer_id,
        action=f"order.{to}",
        subject=f"improvement_order:{order.id}",
        before={"value": str(before)},
        after={"value": str(to)},
        now=now,
    )
