"""What is done to a complaint: moved on, answered, an improvement ordered, proof shown and judged."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date
from urllib.parse import quote

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wsgi import wrap_file

from console.access import allowed, officer
from console.desk import database, desk, now
from console.forms import length_fault, number, typed
from console.language import translated
from console.uploads import takes_files
from console.views.complaints import is_inspector, page_of
from console.views.media import POLICY
from data import complaints, orders, tips
from data.pictures import TAKEN_MAX, make_fit
from data.tables import Complaint, ImprovementOrder
from domain.complaints import ANSWERS, ComplaintStatus, OrderStatus
from domain.errors import MoveRefused
from domain.roles import Act
from domain.work import Kind

pages = Blueprint("complaint_acts", __name__, url_prefix="/phan-anh")

WORDS_MAX = 1500
"""Characters of an answer: with what stands around it, one message."""
ORDER_MAX = 4000
NUMBER_MAX = 40
NAME_MAX = 120


@pages.post("/<int:complaint_id>/trang-thai")
@allowed(Act.WORK_COMPLAINTS)
def move(complaint_id: int) -> ResponseReturnValue:
    """Bring it to another state; what is answered goes to the resident."""
    words = typed("words")
    if request.form.get("to") not in set(ComplaintStatus) - {ComplaintStatus.ORDERED}:
        abort(400)
    to = ComplaintStatus(request.form["to"])
    kept = {"words": words, "to": str(to)}
    if words and (fault := length_fault(words, most=WORDS_MAX, what=_("nội dung"))):
        return page_of(complaint_id, fault=fault, typed=kept, code=422)

    def act(writing: Session, row: Complaint) -> None:
        unit = tips.unit_name(writing, row.unit_id)
        complaints.move(
            writing,
            row,
            to=to,
            officer_id=officer().id,
            inspector=is_inspector(),
            version=number("version"),
            words=words,
            compose=lambda code, text, _status: desk().compose_case(unit, code, text),
            now=now(),
        )

    well = _("Đã trả lời người dân.") if to in ANSWERS else _("Đã chuyển trạng thái.")
    return act_on(complaint_id, act, well, kept)


@pages.post("/<int:complaint_id>/chan-chinh")
@allowed(Act.ISSUE_ORDERS)
def order(complaint_id: int) -> ResponseReturnValue:
    text, reference, due = typed("order_text"), typed("order_number"), request.form.get("due_on", "")
    kept = {"order_text": text, "order_number": reference, "due_on": due}
    fault = length_fault(text, most=ORDER_MAX, what=_("nội dung chấn chỉnh"))
    if reference and not fault:
        fault = length_fault(reference, most=NUMBER_MAX, what=_("số văn bản"))
    try:
        day = date.fromisoformat(due)
    except ValueError:
        fault = fault or _("Mời chọn hạn hoàn thành.")
        day = date.min
    if fault:
        return page_of(complaint_id, fault=fault, typed=kept, code=422)
    if not is_inspector():
        abort(403)

    def act(writing: Session, row: Complaint) -> None:
        orders.issue(
            writing,
            row,
            number=reference,
            text=text,
            due_on=day,
            officer_id=officer().id,
            version=number("version"),
            now=now(),
        )

    return act_on(complaint_id, act, _("Đã ban hành văn bản chấn chỉnh."), kept)


@pages.post("/chan-chinh/<int:order_id>/minh-chung")
@allowed(Act.WORK_COMPLAINTS)
@takes_files
def prove(order_id: int) -> ResponseReturnValue:
    """The unit shows what it did; the file is checked before anything is kept."""
    words = typed("proof_words")
    found = _order(order_id)
    kept = {"proof_words": words}
    if fault := length_fault(words, most=WORDS_MAX, what=_("phần đơn vị đã làm")):
        return page_of(found.complaint_id, fault=fault, typed=kept, code=422)
    try:
        proof = _take_in(request.files.get("proof"))
    except ValueError as fault_words:
        return page_of(found.complaint_id, fault=str(fault_words), typed=kept, code=422)

    def act(writing: Session, row: Complaint) -> None:
        orders.prove(
            writing,
            _order_in(writing, order_id),
            words=words,
            proof=proof,
            officer_id=officer().id,
            inspector=is_inspector(),
            now=now(),
        )

    return act_on(found.complaint_id, act, _("Đã nộp minh chứng; Thanh tra sẽ xem."), kept)


@pages.post("/chan-chinh/<int:order_id>/xet")
@allowed(Act.ISSUE_ORDERS)
def judge(order_id: int) -> ResponseReturnValue:
    words = typed("judge_words")
    if request.form.get("to") not in {OrderStatus.ACCEPTED, OrderStatus.SENT_BACK, OrderStatus.WITHDRAWN}:
        abort(400)
    to = OrderStatus(request.form["to"])
    found = _order(order_id)
    if words and (fault := length_fault(words, most=WORDS_MAX, what=_("ý kiến"))):
        return page_of(found.complaint_id, fault=fault, typed={"judge_words": words}, code=422)

    def act(writing: Session, row: Complaint) -> None:
        orders.judge(
            writing,
            _order_in(writing, order_id),
            to=to,
            words=words,
            officer_id=officer().id,
            inspector=is_inspector(),
            version=number("version"),
            now=now(),
        )

    return act_on(found.complaint_id, act, _("Đã ghi ý kiến về văn bản."), {"judge_words": words})


@pages.get("/minh-chung/<int:proof_id>")
@allowed(Act.SEE_COMPLAINTS)
def proof(proof_id: int) -> ResponseReturnValue:
    """The file of a proof, always as a download: an officer's file is a stranger's too."""
    with database().reading() as reading:
        row = orders.proof(reading, proof_id, unit_ids=officer().unit_ids)
    shelf = desk().files
    if row is None or row.media_key is None or shelf is None:
        abort(404)
    try:
        opened = shelf.open(row.media_key)
    except FileNotFoundError:
        abort(404)
    answer = Response(
        wrap_file(request.environ, opened), mimetype="application/octet-stream", direct_passthrough=True
    )
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(row.name)}"
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def act_on(
    complaint_id: int, act: Callable[[Session, Complaint], None], well: str, kept: dict[str, str]
) -> ResponseReturnValue:
    """Do it in one transaction and end on the page of the case; what was refused keeps what was typed."""
    try:
        with database().transaction() as writing:
            row = complaints.find(writing, complaint_id, unit_ids=officer().unit_ids)
            if row is None:
                abort(404)
            act(writing, row)
    except MoveRefused as refused:
        return page_of(complaint_id, fault=str(refused), typed=kept, code=409)
    desk().wake(Kind.OUTBOX, "")
    flash(well, "good")
    return redirect(url_for("complaints.show", complaint_id=complaint_id))


def _order(order_id: int) -> ImprovementOrder:
    with database().reading() as reading:
        return _order_in(reading, order_id)


def _order_in(session: Session, order_id: int) -> ImprovementOrder:
    found = orders.find(session, order_id, unit_ids=officer().unit_ids)
    if found is None:
        abort(404)
    return found


def _take_in(file: FileStorage | None) -> orders.Proof | None:
    """Keep what was attached. Raises ValueError, in Vietnamese, naming the file."""
    shelf = desk().files
    if file is None or not file.filename:
        return None
    name = (file.filename.replace("\\", "/").rsplit("/", 1)[-1].strip() or "tep")[-NAME_MAX:]
    with closing(file):
        content = file.stream.read(TAKEN_MAX + 1)
    if len(content) > TAKEN_MAX:
        raise ValueError(_("Tệp “%(name)s” lớn hơn %(most)s MB.", name=name, most=TAKEN_MAX >> 20))
    try:
        fit = make_fit(name, content)
    except ValueError as fault:
        raise ValueError(_("Tệp “%(name)s”: %(fault)s", name=name, fault=translated(fault))) from None
    if shelf is None:
        raise ValueError(_("Máy chủ này chưa nhận tệp."))
    kept = shelf.keep(fit.content)
    if fit.mime == "image/jpeg" and not name.lower().endswith((".jpg", ".jpeg")):
        name = f"{name.rsplit('.', 1)[0]}.jpg"
    return orders.Proof(kept.media_key, name, fit.mime, kept.size, kept.sha256)
