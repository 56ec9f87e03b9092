"""Opening who a reporter is: ask, decide, look for a limited time, and the monthly list of all of it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from console.access import allowed, may, officer
from console.desk import database, desk, now
from console.forms import length_fault, typed
from console.months import month_of_address
from console.views.tip_acts import act_on
from console.views.tips import REASON_MAX, page_of
from data import identities, tips
from data.identities import Request
from data.tables import Tip
from domain import identity
from domain.broadcasts import VIETNAM
from domain.errors import MoveRefused
from domain.identity import STATE_LABELS, RequestState, body_of
from domain.roles import Act

pages = Blueprint("identities", __name__)

TONES = {
    RequestState.ASKED: "gold",
    RequestState.APPROVED: "green",
    RequestState.REFUSED: "gray",
    RequestState.WITHDRAWN: "gray",
}


@pages.post("/tin-bao/<int:tip_id>/de-nghi-danh-tinh")
@allowed(Act.ASK_IDENTITY)
def ask(tip_id: int) -> ResponseReturnValue:
    me, reason, basis = officer(), typed("identity_reason"), typed("legal_basis")
    kept = {"identity_reason": reason, "legal_basis": basis}
    for text, what in ((reason, "lý do"), (basis, "căn cứ pháp lý")):
        if fault := length_fault(text, most=REASON_MAX, what=what):
            return page_of(tip_id, fault=fault, typed=kept, code=422)

    def act(writing: Session, tip: Tip) -> None:
        identities.ask(
            writing,
            tip,
            officer_id=me.id,
            body=body_of(me.works_as, me.unit_id),
            reason=reason,
            legal_basis=basis,
            now=now(),
        )

    return act_on(tip_id, act, _("Đã gửi đề nghị mở danh tính."), typed=kept)


@pages.get("/danh-tinh")
@allowed(Act.ASK_IDENTITY, Act.DECIDE_IDENTITY)
def listing() -> ResponseReturnValue:
    """A month of requests: all of them for who may decide, one's own for the others."""
    return _page()


@pages.post("/danh-tinh/<int:request_id>/quyet-dinh")
@allowed(Act.DECIDE_IDENTITY, fresh=True)
def decide(request_id: int) -> ResponseReturnValue:
    me, words = officer(), typed("words")
    if request.form.get("answer") not in {"yes", "no"}:
        abort(400)
    if fault := length_fault(words, most=REASON_MAX, what="ý kiến"):
        return _page(fault=fault, code=422)
    try:
        with database().transaction() as writing:
            identities.decide(
                writing,
                request_id,
                approve=request.form["answer"] == "yes",
                officer_id=me.id,
                roles=me.works_as,
                unit_id=me.unit_id,
                words=words,
                now=now(),
            )
    except MoveRefused as refused:
        return _page(fault=str(refused), code=409)
    flash(_("Đã ghi quyết định."), "good")
    return redirect(url_for("identities.listing"))


@pages.post("/danh-tinh/<int:request_id>/xem")
@allowed(Act.ASK_IDENTITY, fresh=True)
def show(request_id: int) -> ResponseReturnValue:
    """What Zalo calls the reporter, to the one who asked, while the approval lasts; every look is written down."""
    try:
        with database().transaction() as writing:
            tip, user_id = identities.open_identity(
                writing, request_id, officer_id=officer().id, unseal=desk().unseal_identity, now=now()
            )
            given = {"designation": tip.designation, "code": tip.code}
    except MoveRefused as refused:
        return _page(fault=str(refused), code=409)
    return render_template(
        "pages/identity.html", user_id=user_id, minutes=int(identity.OPEN_FOR.total_seconds()) // 60, **given
    )


def _page(*, fault: str | None = None, code: int = 200) -> ResponseReturnValue:
    me = officer()
    since, until = month_of_address()
    with database().reading() as reading:
        requests = identities.listed(
            reading,
            since=since,
            until=until,
            asked_by=None if may(Act.DECIDE_IDENTITY) and me.unit_id is None else me.id,
        )
        bodies = {one.asked_body: _body_name(reading, one.asked_body) for one in requests}
    return (
        render_template(
            "pages/identities.html",
            requests=requests,
            bodies=bodies,
            may_decide={one.id for one in requests if _may_decide(one)},
            may_open={one.id for one in requests if _may_open(one)},
            labels=STATE_LABELS,
            tones=TONES,
            month=f"{since.astimezone(VIETNAM):%Y-%m}",
            fault=fault,
        ),
        code,
    )


def _may_decide(one: Request) -> bool:
    me = officer()
    return one.state is RequestState.ASKED and identity.may_decide(
        me.works_as, me.unit_id, officer_id=me.id, asked_by=one.asked_by, asked_body=one.asked_body
    )


def _may_open(one: Request) -> bool:
    return (
        one.state is RequestState.APPROVED
        and one.asked_by == officer().id
        and one.opens_until is not None
        and now() < one.opens_until
    )


def _body_name(reading: Session, body: str) -> str:
    names = {identity.INSPECTORATE: _("Thanh tra Công an tỉnh"), identity.PROVINCE: _("Công an tỉnh")}
    return names.get(body) or tips.unit_name(reading, body)
