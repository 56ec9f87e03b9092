"""Complaints about service: those in reach, and one with its history, orders and proofs."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.access import allowed, may, officer
from console.desk import database, now, today
from console.language import translated
from data import complaints, dated_settings, orders, tips
from data.tables import Complaint
from domain.adjustable import ORDER_PROPOSED
from domain.clocks import Colour
from domain.complaints import (
    BY_INSPECTOR,
    LABELS,
    MOVES,
    OPEN,
    ORDER_LABELS,
    ORDER_MOVES,
    ComplaintStatus,
    OrderStatus,
    colour,
    words_needed,
)
from domain.roles import Act

pages = Blueprint("complaints", __name__, url_prefix="/phan-anh")

S = ComplaintStatus
TONES = {
    S.NEW: "gold",
    S.LOOKING: "blue",
    S.ORDERED: "violet",
    S.ANSWERED: "green",
    S.UNFOUNDED: "gray",
    S.CLOSED: "gray",
    S.SPAM: "gray",
}
ORDER_TONES = {
    OrderStatus.ISSUED: "gold",
    OrderStatus.PROOF: "blue",
    OrderStatus.SENT_BACK: "red",
    OrderStatus.ACCEPTED: "green",
    OrderStatus.WITHDRAWN: "gray",
}
VIEWS = ("mo", "tre", "tat-ca")


def is_inspector() -> bool:
    """Inspectors of the province order, end and set aside; an inspector who belongs to a unit does not judge it."""
    return may(Act.ISSUE_ORDERS) and officer().unit_id is None


@pages.get("")
@allowed(Act.SEE_COMPLAINTS)
def listing() -> ResponseReturnValue:
    view = request.args.get("loc", "mo")
    before = request.args.get("truoc", "")
    with database().reading() as reading:
        rows = complaints.listed(
            reading,
            unit_ids=officer().unit_ids,
            open_only=view != "tat-ca",
            late_only=view == "tre",
            before_id=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None,
        )
        names = {row.unit_id: tips.unit_name(reading, row.unit_id) for row in rows}
    return render_template(
        "pages/complaints.html",
        rows=rows[: complaints.PAGE],
        more=rows[complaints.PAGE - 1].id if len(rows) > complaints.PAGE else None,
        names=names,
        view=view if view in VIEWS else "mo",
        clocks={row.id: clock_of(row) for row in rows},
        labels=LABELS,
        tones=TONES,
    )


@pages.get("/<int:complaint_id>")
@allowed(Act.SEE_COMPLAINTS)
def show(complaint_id: int) -> ResponseReturnValue:
    return page_of(complaint_id)


def page_of(
    complaint_id: int, *, fault: str | None = None, typed: dict[str, str] | None = None, code: int = 200
) -> ResponseReturnValue:
    """The page of one case; what was typed comes back with a fault. 404 when it is not in reach."""
    with database().reading() as reading:
        row = complaints.find(reading, complaint_id, unit_ids=officer().unit_ids)
        if row is None:
            abort(404)
        unit = tips.unit_name(reading, row.unit_id)
        history = complaints.history(reading, row.id)
        ordered = orders.of_case(reading, row.id)
        order_days = dated_settings.term(reading, ORDER_PROPOSED, now=now())
    status = S(row.status)
    proposed = today() + order_days
    return (
        render_template(
            "pages/complaint.html",
            row=row,
            unit=unit,
            history=[(move, name, move_words(move.move, move.before, move.after)) for move, name in history],
            orders=ordered,
            order_moves=ORDER_MOVES,
            moves=[(to, LABELS[to], words_needed(status, to)) for to in moves_of(status)],
            inspector=is_inspector(),
            may_order=is_inspector() and (status is S.ORDERED or S.ORDERED in MOVES[status]),
            clock=clock_of(row),
            due=None if status not in OPEN else row.look_due_at if status is S.NEW else row.answer_due_at,
            labels=LABELS,
            tones=TONES,
            order_labels=ORDER_LABELS,
            order_tones=ORDER_TONES,
            proposed=proposed.isoformat(),
            today=today(),
            fault=fault,
            typed=typed or {},
        ),
        code,
    )


def moves_of(status: ComplaintStatus) -> list[ComplaintStatus]:
    """The moves this officer may make, in the order of the states; an order is issued by its own form."""
    found: list[ComplaintStatus] = [
        to for to in ComplaintStatus if to in MOVES[status] and to is not S.ORDERED
    ]
    if is_inspector():
        return found
    return [to for to in found if to not in BY_INSPECTOR and status in OPEN]


def clock_of(row: Complaint) -> Colour:
    return colour(
        S(row.status),
        created_at=row.created_at,
        look_due=row.look_due_at,
        answer_due=row.answer_due_at,
        now=now(),
    )


def move_words(move: str, before: str | None, after: str | None) -> str:
    """One line of a case's history."""
    match move:
        case complaints.OPENED:
            return str(_("Phản ánh đến"))
        case complaints.LATE:
            return str(_("Quá hạn, báo Thanh tra"))
        case complaints.REOPENED:
            return str(_("Người dân chưa đồng ý với trả lời, Thanh tra xem lại"))
        case orders.ORDERED:
            return str(_("Ban hành văn bản chấn chỉnh"))
        case orders.ORDER_MOVED:
            return str(
                _(
                    "Văn bản chấn chỉnh: %(state)s",
                    state=translated(ORDER_LABELS[OrderStatus(after or "issued")]),
                )
            )
    return str(_("Chuyển sang “%(state)s”", state=translated(LABELS[S(after)]))) if after in set(S) else move
