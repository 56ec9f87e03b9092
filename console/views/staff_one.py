"""One officer's account, as an administrator keeps it: rights, links, sessions, closing and opening."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from console.access import allowed, officer
from console.desk import database, now
from console.forms import typed
from console.views.staff import link_for, link_hours
from console.views.trail import ACTIONS
from data import audit, officer_care, officer_list, officer_sessions, officers, second_factors, tips
from data.officers import BadOfficer
from data.tables import Officer
from domain.roles import ROLE_LABELS, Act, Role, needs_second_factor

pages = Blueprint("staff_one", __name__, url_prefix="/can-bo/<int:officer_id>")

TRAIL_SHOWN = 20


@pages.get("")
@allowed(Act.MANAGE_OFFICERS)
def show(officer_id: int) -> ResponseReturnValue:
    return _page(officer_id)


@pages.post("")
@allowed(Act.MANAGE_OFFICERS, fresh=True)
def change(officer_id: int) -> ResponseReturnValue:
    given: dict[str, Any] = {
        "name": typed("name"),
        "unit_id": request.form.get("unit_id", ""),
        "roles": [role for role in request.form.getlist("roles") if role in set(Role)],
    }
    try:
        with database().transaction() as writing:
            changed = officer_care.change(
                writing,
                _found(writing, officer_id),
                name=given["name"],
                roles=[Role(role) for role in given["roles"]],
                unit_id=given["unit_id"] or None,
                now=now(),
                by=officer().id,
            )
    except BadOfficer as refused:
        return _page(officer_id, fault=str(refused), given=given, code=422)
    flash(
        _("Đã lưu. Phiên đăng nhập cũ đã kết thúc nếu vai trò hoặc đơn vị thay đổi.")
        if changed
        else _("Không có gì thay đổi."),
        "good",
    )
    return redirect(url_for("staff_one.show", officer_id=officer_id))


@pages.post("/duong-dan")
@allowed(Act.MANAGE_OFFICERS, fresh=True)
def new_link(officer_id: int) -> ResponseReturnValue:
    """For somebody who has no password or forgot it. The second factor is still asked for."""
    with database().transaction() as writing:
        row = _found(writing, officer_id)
        if not row.active:
            abort(404)
        link = link_for(row)
        audit.record(
            writing,
            officer_id=officer().id,
            action="officer.link",
            subject=f"officer:{row.id}",
            before=None,
            after=None,
            now=now(),
        )
    return _page(officer_id, link=link)


@pages.post("/mat-thiet-bi")
@allowed(Act.MANAGE_OFFICERS, fresh=True)
def lost_device(officer_id: int) -> ResponseReturnValue:
    """Password, second factor and sessions go; the link that is shown once begins anew, as on the first day."""
    try:
        with database().transaction() as writing:
            row = _found(writing, officer_id)
            officer_care.begin_anew(writing, row, now=now(), by=officer().id)
            link = link_for(row)
    except BadOfficer as refused:
        return _page(officer_id, fault=str(refused), code=422)
    return _page(officer_id, link=link)


@pages.post("/dong")
@allowed(Act.MANAGE_OFFICERS, fresh=True)
def disable(officer_id: int) -> ResponseReturnValue:
    if officer_id == officer().id:
        return _page(officer_id, fault=_("Đồng chí không thể tự đóng tài khoản của mình."), code=422)
    try:
        with database().transaction() as writing:
            row = _found(writing, officer_id)
            officers.disable_officer(writing, row, now=now(), by=officer().id)
    except BadOfficer as refused:
        return _page(officer_id, fault=str(refused), code=422)
    flash(_("Đã đóng tài khoản của %(name)s và kết thúc các phiên đăng nhập.", name=row.name), "good")
    return redirect(url_for("staff_one.show", officer_id=officer_id))


@pages.post("/mo")
@allowed(Act.MANAGE_OFFICERS, fresh=True)
def enable(officer_id: int) -> ResponseReturnValue:
    with database().transaction() as writing:
        row = _found(writing, officer_id)
        officer_care.enable(writing, row, now=now(), by=officer().id)
        link = link_for(row)
    return _page(officer_id, link=link)


@pages.post("/ket-thuc-phien")
@allowed(Act.MANAGE_OFFICERS, fresh=True)
def end_sessions(officer_id: int) -> ResponseReturnValue:
    if officer_id == officer().id:
        return _page(
            officer_id, fault=_("Phiên của chính đồng chí xin kết thúc ở trang Tài khoản."), code=422
        )
    with database().transaction() as writing:
        row = _found(writing, officer_id)
        officer_care.end_sessions(writing, row, now=now(), by=officer().id)
    flash(_("Đã kết thúc các phiên đăng nhập của %(name)s.", name=row.name), "good")
    return redirect(url_for("staff_one.show", officer_id=officer_id))


def _found(writing: Session, officer_id: int) -> Officer:
    row = writing.get(Officer, officer_id, with_for_update=True)
    if row is None:
        abort(404)
    return row


def _page(
    officer_id: int,
    *,
    fault: str | None = None,
    given: dict[str, Any] | None = None,
    link: str = "",
    code: int = 200,
) -> ResponseReturnValue:
    with database().reading() as reading:
        line = officer_list.line_of(reading, officer_id, now=now())
        if line is None:
            abort(404)
        units = tips.units_of_today(reading)
        sessions = officer_sessions.listed(reading, officer_id, now=now())
        factors = second_factors.factors_of(reading, officer_id)
        trail = audit.listed(reading, limit=TRAIL_SHOWN, subject=f"officer:{officer_id}")
    if line.unit_id and line.unit_id not in dict(units):
        units = [*units, (line.unit_id, line.unit_name)]
    return render_template(
        "pages/staff_one.html",
        one=line,
        units=units,
        roles=ROLE_LABELS,
        sessions=sessions,
        factors=factors,
        must=needs_second_factor(line.roles),
        trail=trail,
        actions=ACTIONS,
        fault=fault,
        given=given or {"name": line.name, "unit_id": line.unit_id or "", "roles": list(line.roles)},
        link=link,
        link_hours=link_hours(),
    ), code
