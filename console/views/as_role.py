"""Choosing the role an administrator looks through, and ending it."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from console.access import allowed, officer
from console.as_role import KEY
from console.desk import database, now
from data import audit
from domain.roles import ROLE_LABELS, Act, Role

pages = Blueprint("as_role", __name__, url_prefix="/xem-nhu-vai-tro")


@pages.get("")
@allowed(Act.MANAGE_OFFICERS)
def choose() -> ResponseReturnValue:
    return render_template("pages/as_role.html", roles=ROLE_LABELS)


@pages.post("")
@allowed(Act.MANAGE_OFFICERS)
def begin() -> ResponseReturnValue:
    """From now on this session looks through the role; the audit says so."""
    chosen = request.form.get("role")
    if chosen not in set(Role):
        abort(400)
    with database().transaction() as writing:
        audit.record(
            writing,
            officer_id=officer().id,
            action="officer.looks_as",
            subject=f"officer:{officer().id}",
            before=None,
            after={"role": chosen},
            now=now(),
        )
    session[KEY] = chosen
    return redirect(url_for("home.show"))


@pages.post("/thoi")
@allowed()
def end() -> ResponseReturnValue:
    session.pop(KEY, None)
    return redirect(url_for("home.show"))
