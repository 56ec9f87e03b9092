"""Officers' accounts: looking for them, inviting a new one. One officer's page is console.views.staff_one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from console.access import allowed, officer
from console.desk import database, desk, now
from console.forms import asked, typed
from data import officer_list, officers, tips
from data.officer_list import PAGE, Wanted
from data.officers import LINK_LASTS, BadOfficer
from data.tables import Officer
from domain.roles import ROLE_LABELS, Act, Role

pages = Blueprint("staff", __name__)

STATES = {
    "": lazy_gettext("Mọi tài khoản"),
    "active": lazy_gettext("Đang dùng"),
    "closed": lazy_gettext("Đã đóng"),
    "locked": lazy_gettext("Đang tạm khóa"),
    "no_factor": lazy_gettext("Chưa có xác thực hai bước"),
}


@pages.get("/can-bo")
@allowed(Act.MANAGE_OFFICERS)
def listing() -> ResponseReturnValue:
    return _page()


@pages.post("/can-bo")
@allowed(Act.MANAGE_OFFICERS, fresh=True)
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
            link = link_for(row)
    except BadOfficer as refused:
        return _page(fault=str(refused), given=given, code=422)
    return _page(link=link, name=row.name)


def link_for(row: Officer) -> str:
    """The whole address of a one-time link for this account."""
    token = officers.link_token(row, secret=desk().secret_key, now=now())
    outside = desk().public_url
    return (
        f"{outside}{url_for('login.ask', token=token)}"
        if outside
        else url_for("login.ask", token=token, _external=True)
    )


def link_hours() -> int:
    return int(LINK_LASTS.total_seconds()) // 3600


def _sought() -> tuple[Wanted, int]:
    role, state, page = asked("vai-tro"), asked("tinh-trang"), asked("trang")
    return Wanted(
        words=asked("q"),
        role=Role(role) if role in set(Role) else None,
        unit_id=asked("don-vi"),
        state=state if state in STATES else "",
    ), int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 0


def _page(
    *,
    fault: str | None = None,
    given: dict[str, Any] | None = None,
    link: str = "",
    name: str = "",
    code: int = 200,
) -> ResponseReturnValue:
    wanted, page = _sought()
    with database().reading() as reading:
        lines, count = officer_list.search(reading, wanted, page=page, now=now())
        units = tips.units_of_today(reading)
    around: dict[str, Any] = {
        "q": wanted.words or None,
        "vai-tro": wanted.role,
        "don-vi": wanted.unit_id or None,
        "tinh-trang": wanted.state or None,
    }
    return render_template(
        "pages/staff.html",
        accounts=lines,
        count=count,
        wanted=wanted,
        states=STATES,
        next=url_for("staff.listing", trang=page + 1, **around) if (page + 1) * PAGE < count else None,
        first=url_for("staff.listing", **around) if page else None,
        units=units,
        roles=ROLE_LABELS,
        fault=fault,
        given=given or {"roles": []},
        link=link,
        link_name=name,
        link_hours=link_hours(),
    ), code
