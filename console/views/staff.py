"""Officers' accounts: who is there, a new one, a one-time link, closing an account."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console.access import allowed, officer
from console.desk import database, desk, now
from console.forms import typed
from data import audit, officers, tips
from data.officers import LINK_LASTS, BadOfficer
from data.tables import Officer
from domain.roles import ROLE_LABELS, Act, Role

pages = Blueprint("staff", __name__)


@pages.get("/can-bo")
@allowed(Act.MANAGE_OFFICERS)
def listing() -> ResponseReturnValue:
    return _page()


@pages.post("/can-bo")
@allowed(Act.MANAGE_OFFICERS)
def add() -> ResponseReturnValue:
    """Make an account without a password; it opens by the one-time link that is shown once."""
    given: dict[str, Any] = {
        "name": typed("name"),
        "email": typed("email"),
        "unit_id": request.form.get("unit_id", ""),
        "roles": [role for role in request.form.getlist("roles") if role in set(Role)],
    }
    try:
        with database().transaction() as writing:
            row = officers.add_officer(
                writing,
                email=given["email"],
                name=given["name"],
                roles=[Role(role) for role in given["roles"]],
                unit_id=given["unit_id"] or None,
                now=now(),
                by=officer().id,
            )
            link = _link(row)
    except BadOfficer as refused:
        return _page(fault=str(refused), given=given, code=422)
    return _page(link=link, link_for=row.name)


@pages.post("/can-bo/<int:officer_id>/duong-dan")
@allowed(Act.MANAGE_OFFICERS)
def new_link(officer_id: int) -> ResponseReturnValue:
    """A link for somebody who has no password or forgot it; older links stay good until one is used."""
    with database().transaction() as writing:
        row = _found(writing, officer_id)
        if not row.active:
            abort(404)
        link = _link(row)
        audit.record(
            writing,
            officer_id=officer().id,
            action="officer.link",
            subject=f"officer:{row.id}",
            before=None,
            after=None,
            now=now(),
        )
    return _page(link=link, link_for=row.name)


@pages.post("/can-bo/<int:officer_id>/dong")
@allowed(Act.MANAGE_OFFICERS)
def disable(officer_id: int) -> ResponseReturnValue:
    if officer_id == officer().id:
        return _page(fault="Đồng chí không thể tự đóng tài khoản của mình.", code=422)
    with database().transaction() as writing:
        row = _found(writing, officer_id)
        officers.disable_officer(writing, row, now=now(), by=officer().id)
    flash(f"Đã đóng tài khoản của {row.name} và kết thúc các phiên đăng nhập.", "good")
    return redirect(url_for("staff.listing"))


def _found(writing: Session, officer_id: int) -> Officer:
    row = writing.get(Officer, officer_id, with_for_update=True)
    if row is None:
        abort(404)
    return row


def _link(row: Officer) -> str:
    token = officers.link_token(row, secret=desk().secret_key, now=now())
    outside = desk().public_url
    return (
        f"{outside}{url_for('login.ask', token=token)}"
        if outside
        else url_for("login.ask", token=token, _external=True)
    )


def _page(
    *,
    fault: str | None = None,
    given: dict[str, Any] | None = None,
    link: str = "",
    link_for: str = "",
    code: int = 200,
) -> ResponseReturnValue:
    with database().reading() as reading:
        accounts = officers.list_officers(reading)
        units = tips.units_of_today(reading)
    return render_template(
        "pages/staff.html",
        accounts=accounts,
        units=units,
        roles=ROLE_LABELS,
        fault=fault,
        given=given or {"roles": []},
        link=link,
        link_for=link_for,
        link_hours=int(LINK_LASTS.total_seconds()) // 3600,
    ), code
