"""The stop button over everything."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.access import allowed, officer
from console.desk import database, desk, now
from console.forms import typed
from data import stops
from domain.errors import MoveRefused, NotAllowed
from domain.roles import Act
from domain.work import Kind

pages = Blueprint("broadcast_stop", __name__)


@pages.get("/tuyen-truyen/dung")
@allowed(Act.STOP_SENDING)
def show() -> ResponseReturnValue:
    return _page()


@pages.post("/tuyen-truyen/dung")
@allowed(Act.STOP_SENDING, fresh=True)
def press() -> ResponseReturnValue:
    words = typed("reason")
    try:
        with database().transaction() as writing:
            stops.press(writing, reason=words, officer_id=officer().id, now=now())
    except (MoveRefused, ValueError) as refused:
        return _page(fault=str(refused), words=words, code=409 if isinstance(refused, MoveRefused) else 422)
    flash(_("Đã dừng toàn bộ việc gửi tin vào nhóm."), "good")
    return redirect(url_for("broadcast_stop.show"))


@pages.post("/tuyen-truyen/dung/tiep-tuc")
@allowed(Act.STOP_SENDING, fresh=True)
def lift() -> ResponseReturnValue:
    try:
        with database().transaction() as writing:
            stops.lift(writing, officer_id=officer().id, now=now())
    except NotAllowed as refused:
        return _page(fault=str(refused), code=403)
    except MoveRefused as refused:
        return _page(fault=str(refused), code=409)
    desk().wake(Kind.DELIVERIES, "")
    flash(_("Đã cho gửi trở lại."), "good")
    return redirect(url_for("broadcast_stop.show"))


def _page(*, fault: str | None = None, words: str = "", code: int = 200) -> ResponseReturnValue:
    with database().reading() as reading:
        stop = stops.standing(reading)
    return render_template(
        "pages/broadcast_stop.html", stop=stop, fault=fault, words=words, reason_max=stops.REASON_MAX
    ), code
