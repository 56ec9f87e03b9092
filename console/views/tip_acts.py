"""What officers do to a tip. Every act is a POST with a token and ends on the page of the tip."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from console.access import allowed, may, officer
from console.desk import database, desk, now
from console.forms import length_fault, number, typed
from console.language import translated
from console.sought import sought_now
from console.views.tips import ANSWER_MAX, NOTE_MAX, REASON_MAX, page_of
from data import tip_acts, tips, unclear_answers
from data.tables import Tip
from domain.errors import MoveRefused, NotAllowed
from domain.roles import Act
from domain.tips import LABELS, TOLD_TO_REPORTER, TipStatus
from domain.work import Kind

pages = Blueprint("tip_acts", __name__, url_prefix="/tin-bao/<int:tip_id>")


@pages.post("/tiep-nhan")
@allowed(Act.WORK_TIPS)
def take(tip_id: int) -> ResponseReturnValue:
    me = officer()

    def act(writing: Session, tip: Tip) -> None:
        tip_acts.take(writing, tip, officer_id=me.id, now=now(), as_head=may(Act.HAND_OVER))

    return act_on(tip_id, act, _("Đã tiếp nhận. Tin này do đồng chí phụ trách."))


@pages.post("/tra-lai")
@allowed(Act.WORK_TIPS)
def give_back(tip_id: int) -> ResponseReturnValue:
    """The one who took it gives it back; a commander may for another."""
    me = officer()

    def act(writing: Session, tip: Tip) -> None:
        if tip.taken_by != me.id and not may(Act.HAND_OVER):
            raise NotAllowed("give back a tip that somebody else has taken")
        tip_acts.give_back(writing, tip, officer_id=me.id, version=number("version"), now=now())

    return act_on(tip_id, act, _("Đã trả tin về hàng chờ."))


@pages.post("/trang-thai")
@allowed(Act.WORK_TIPS)
def move(tip_id: int) -> ResponseReturnValue:
    """Bring it to another status; where words are needed they come along, and reporters are told of an end."""
    words = typed("words")
    if request.form.get("to") not in set(TipStatus):
        abort(400)
    to = TipStatus(request.form["to"])
    kept = {"words": words, "to": str(to)}
    if words and (fault := length_fault(words, most=ANSWER_MAX, what="nội dung")):
        return page_of(tip_id, fault=fault, typed=kept, code=422)

    def act(writing: Session, tip: Tip) -> None:
        if (tip.status, to) == (TipStatus.TAKEN, TipStatus.NEW):
            abort(400)  # giving back has rules, and a button, of its own
        _move(writing, tip, to=to, version=number("version"), words=words)

    response = act_on(tip_id, act, _("Đã chuyển sang “%(state)s”.", state=translated(LABELS[to])), typed=kept)
    if to in TOLD_TO_REPORTER:
        desk().wake(Kind.OUTBOX, "")
    return response


def _move(writing: Session, tip: Tip, *, to: TipStatus, version: int, words: str) -> None:
    unit = tips.unit_name(writing, tip.unit_id)
    tip_acts.move(
        writing,
        tip,
        to=to,
        officer_id=officer().id,
        version=version,
        now=now(),
        words=words,
        compose=lambda code: desk().compose_end(unit, code, words, to),
    )


@pages.post("/tra-loi")
@allowed(Act.WORK_TIPS)
def answer(tip_id: int) -> ResponseReturnValue:
    """Answer the reporter; `then` may bring the tip to another status in the same breath."""
    me, text, then = officer(), typed("text"), request.form.get("then", "")
    kept = {"answer": text, "then": then}
    if fault := length_fault(text, most=ANSWER_MAX, what="nội dung trả lời"):
        return page_of(tip_id, fault=fault, typed=kept, code=422)
    if then and then not in {TipStatus.WAITING, TipStatus.DONE}:
        abort(400)

    def act(writing: Session, tip: Tip) -> None:
        if (
            then == TipStatus.DONE
        ):  # the answer is what was done: said once, with the question whether it is settled
            if tip.status == TipStatus.NEW:
                tip_acts.take(writing, tip, officer_id=me.id, now=now(), as_head=may(Act.HAND_OVER))
            return _move(writing, tip, to=TipStatus.DONE, version=tip.version, words=text)
        unit = tips.unit_name(writing, tip.unit_id)
        replies = desk().compose_answer(unit, tip.code, text)
        tip_acts.answer(
            writing,
            tip,
            officer_id=me.id,
            text=text,
            replies=replies,
            now=now(),
            as_head=may(Act.HAND_OVER),
        )
        if then and then != tip.status:
            to = TipStatus(then)
            tip_acts.move(writing, tip, to=to, officer_id=me.id, version=tip.version, now=now())
        return None

    response = act_on(tip_id, act, _("Đã chuyển câu trả lời tới người báo tin."), typed=kept)
    desk().wake(Kind.OUTBOX, "")
    return response


@pages.post("/tra-loi/<int:message_id>/ket-qua")
@allowed(Act.WORK_TIPS)
def settle_answer(tip_id: int, message_id: int) -> ResponseReturnValue:
    """Nobody knows whether this answer arrived: an officer says that it did, or has it sent again."""
    if request.form.get("sent") not in {"yes", "no"}:
        abort(400)
    sent = request.form["sent"] == "yes"

    def act(writing: Session, tip: Tip) -> None:
        me = officer().id
        if not unclear_answers.settle(writing, tip, message_id, sent=sent, officer_id=me, now=now()):
            abort(404)

    response = act_on(tip_id, act, _("Đã ghi nhận.") if sent else _("Câu trả lời sẽ được gửi lại."))
    desk().wake(Kind.OUTBOX, "")
    return response


@pages.post("/ghi-chu")
@allowed(Act.WORK_TIPS)
def note(tip_id: int) -> ResponseReturnValue:
    me, text = officer(), typed("text")
    kept = {"note": text}
    if fault := length_fault(text, most=NOTE_MAX, what="ghi chú"):
        return page_of(tip_id, fault=fault, typed=kept, code=422)

    def act(writing: Session, tip: Tip) -> None:
        tip_acts.note(writing, tip, officer_id=me.id, text=text, now=now())

    return act_on(tip_id, act, _("Đã lưu ghi chú nội bộ."), typed=kept)


@pages.post("/chuyen-don-vi")
@allowed(Act.HAND_OVER)
def hand_over(tip_id: int) -> ResponseReturnValue:
    """Give it to another unit; afterwards it may be out of this officer's reach."""
    me, words, to_unit = officer(), typed("words"), request.form.get("to_unit", "")
    kept = {"words": words, "to_unit": to_unit}
    if not to_unit:
        return page_of(tip_id, fault=_("Mời chọn đơn vị nhận."), typed=kept, code=422)
    if fault := length_fault(words, most=REASON_MAX, what="lý do chuyển"):
        return page_of(tip_id, fault=fault, typed=kept, code=422)

    def act(writing: Session, tip: Tip) -> None:
        tip_acts.hand_over(
            writing,
            tip,
            to_unit=to_unit,
            officer_id=me.id,
            version=number("version"),
            words=words,
            now=now(),
        )

    response = act_on(tip_id, act, _("Đã chuyển tin sang đơn vị khác."), typed=kept)
    with database().reading() as reading:
        if tips.find(reading, tip_id, unit_ids=me.unit_ids) is None:
            return redirect(url_for("tips.queue"))
    return response


def act_on(
    tip_id: int,
    act: Callable[[Session, Tip], object],
    well: str,
    *,
    typed: dict[str, str] | None = None,
) -> ResponseReturnValue:
    """Carry out the act on a tip within reach, whole or not at all; say what came of it."""
    try:
        with database().transaction() as writing:
            tip = tips.find(writing, tip_id, unit_ids=officer().unit_ids)
            if tip is None:
                abort(404)
            act(writing, tip)
    except MoveRefused as refused:
        return page_of(tip_id, fault=str(refused), typed=typed, code=409)
    flash(well, "good")
    return redirect(sought_now().tip_address(tip_id))
