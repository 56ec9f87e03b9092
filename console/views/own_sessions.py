"""An officer's own sessions: ending one, or all but the one in hand."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console import door
from console.access import allowed, officer
from console.accounts import on_duty
from console.desk import database, now
from data import officer_care, officer_sessions
from data.tables import Officer

pages = Blueprint("own_sessions", __name__)


@pages.post("/tai-khoan/phien/<int:session_id>/ket-thuc")
@allowed()
def end(session_id: int) -> ResponseReturnValue:
    me = officer()
    with database().transaction() as writing:
        ended = officer_sessions.end_one(writing, session_id, officer_id=me.id, by=me.id, now=now())
    if not ended:
        abort(404)
    flash(_("Đã kết thúc phiên đăng nhập đó."), "good")
    return redirect(url_for("account.show"))


@pages.post("/tai-khoan/phien/ket-thuc-het")
@allowed()
def end_all() -> ResponseReturnValue:
    """Everything ends, this browser gets a session anew: a copied cookie is worth nothing afterwards."""
    me = officer()
    with database().transaction() as writing:
        row = writing.get_one(Officer, me.id)
        officer_care.end_sessions(writing, row, now=now(), by=me.id)
        renewed = on_duty(row, unit=me.unit_name)
    door.stay_in(renewed, proved_at=me.proved_at)
    flash(_("Đã kết thúc mọi phiên đăng nhập khác."), "good")
    return redirect(url_for("account.show"))
