"""Coming in by a one-time link. Log-in by password and log-out are Flask-Security's own pages."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import login_user, logout_user

from console.access import open_to_all
from console.accounts import on_duty
from console.desk import database, desk, now
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
    return render_template("pages/link.html", name=row.name, link_token=token)


@pages.post("/vao/<token>")
@open_to_all
def enter(token: str) -> ResponseReturnValue:
    with database().transaction() as writing:
        row = officers.use_link(writing, token, secret=desk().secret_key, now=now())
        came = None if row is None else on_duty(row, unit=unit_name(writing, row.unit_id))
    if came is None:
        return render_template("pages/link_over.html"), 410
    logout_user()
    login_user(came, remember=False, authn_via=["link"])
    return redirect(url_for("home.show") if came.password else url_for("account.show"))
