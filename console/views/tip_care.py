"""More acts on a tip: its kind, what was hidden, links and merging, holding it for a case. All end on its page."""

from __future__ import annotations

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from console.access import allowed, officer
from console.desk import database, desk, now
from console.forms import length_fault, number, typed
from console.views.tip_acts import act_on
from console.views.tips import REASON_MAX, page_of
from data import tip_care, tip_relations, tips
from data.tables import Tip
from domain.roles import Act
from domain.work import Kind

pages = Blueprint("tip_care", __name__, url_prefix="/tin-bao/<int:tip_id>")


@pages.post("/loai-viec")
@allowed(Act.WORK_TIPS)
def sort(tip_id: int) -> ResponseReturnValue:
    category = request.form.get("category", "")

    def act(writing: Session, tip: Tip) -> None:
        tip_care.sort(
            writing,
            tip,
            category=category,
            officer_id=officer().id,
            version=number("version"),
            now=now(),
        )

    return act_on(tip_id, act, _("Đã xếp loại việc."))


@pages.post("/hien-chi-tiet")
@allowed(Act.WORK_TIPS)
def reveal(tip_id: int) -> ResponseReturnValue:
    """Show once what was hidden; who looked is written down before anything is shown."""
    with database().transaction() as writing:
        tip = tips.find(writing, tip_id, unit_ids=officer().unit_ids)
        if tip is None:
            abort(404)
        tip_care.reveal(writing, tip, officer_id=officer().id, now=now())
    return page_of(tip_id, reveal=True)


@pages.post("/gop")
@allowed(Act.WORK_TIPS)
def merge(tip_id: int) -> ResponseReturnValue:
    """Work it together with another tip in reach; its reporter is told."""

    def act(writing: Session, tip: Tip) -> None:
        tip_relations.merge(
            writing,
            tip,
            _other(writing),
            officer_id=officer().id,
            version=number("version"),
            compose=desk().compose_merged,
            now=now(),
        )

    response = act_on(tip_id, act, _("Đã gộp; người báo tin được thông báo."))
    desk().wake(Kind.OUTBOX, "")
    return response


@pages.post("/noi")
@allowed(Act.WORK_TIPS)
def link(tip_id: int) -> ResponseReturnValue:
    def act(writing: Session, tip: Tip) -> None:
        tip_relations.link(writing, tip, _other(writing), officer_id=officer().id, now=now())

    return act_on(tip_id, act, _("Đã ghi là tin liên quan."))


@pages.post("/cung-nguoi-bao")
@allowed(Act.LINK_REPORTERS)
def same_reporter(tip_id: int) -> ResponseReturnValue:
    words = typed("reason")
    kept = {"reason": words}
    if fault := length_fault(words, most=REASON_MAX, what="lý do"):
        return page_of(tip_id, fault=fault, typed=kept, code=422)

    def act(writing: Session, tip: Tip) -> None:
        tip_relations.link_same_reporter(writing, tip, officer_id=officer().id, reason=words, now=now())

    return act_on(tip_id, act, _("Đã nối các tin cùng người báo; việc này được ghi sổ."), typed=kept)


@pages.post("/giu-lai")
@allowed(Act.HOLD_TIPS)
def hold(tip_id: int) -> ResponseReturnValue:
    words, on = typed("hold_words"), request.form.get("on") == "1"
    kept = {"hold_words": words}
    if fault := length_fault(words, most=REASON_MAX, what="lý do"):
        return page_of(tip_id, fault=fault, typed=kept, code=422)

    def act(writing: Session, tip: Tip) -> None:
        tip_care.hold(writing, tip, on=on, officer_id=officer().id, words=words, now=now())

    well = _("Tin được giữ lại cho vụ việc.") if on else _("Tin không còn được giữ cho vụ việc.")
    return act_on(tip_id, act, well, typed=kept)


def _other(writing: Session) -> Tip:
    """The other tip of the form; 404 when there is none in reach."""
    other = tips.find(writing, number("other"), unit_ids=officer().unit_ids)
    if other is None:
        abort(404)
    return other
