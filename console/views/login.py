"""Coming in by a one-time link. Log-in by password and log-out are Flask-Security's own pages."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from console import door
from console.access import open_to_all
from console.accounts import on_duty
from console.desk import database, desk, now
from console.proving import RECOVERY, is_tried, prove
from data import officers
from data.tips import unit_name

pages = Blueprint("login", __name__)


@pages.get("/vao/<token>")
@open_to_all
def ask(token: str) -> ResponseReturnValue:
    """Opening the link uses nothing up: chat programs open links by themselves to show a preview."""
    with database().reading() as reading:
        row = officers.officer_of_link(reading, token, secret=desk().secret_key, now=now())
    if row is None:
        return render_template("pages/link_over.html"), 410
    return render_template(
        "pages/link.html", name=row.name, link_token=token, recovery=request.args.get("ma", "")
    )


@pages.post("/vao/<token>")
@open_to_all
def enter(token: str) -> ResponseReturnValue:
    """The link stands for the password. An address that also brings a recovery code (`?ma=`, as the demo prints
    them) brings both factors; without one the second factor is asked for, or set up.
    """
    with database().transaction() as writing:
        row = officers.use_link(writing, token, secret=desk().secret_key, now=now())
        came = None if row is None else on_duty(row, unit=unit_name(writing, row.unit_id))
    if came is None:
        return render_template("pages/link_over.html"), 410
    answer = door.knock(came, how="link")
    who = door.at_the_door()
    if who is not None and who.factors.any and is_tried() and request.form.get(RECOVERY):
        proof = prove(who.me)
        if proof.how:
            return door.come_in(who, proved_by=proof.how)
    return answer
