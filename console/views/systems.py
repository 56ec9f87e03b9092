"""Systems of the province that may use the API: their tokens, and the addresses that are told of changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.access import allowed, officer
from console.desk import database, desk, now
from console.forms import length_fault, number, typed
from data import api_tokens, hooks, tips
from data.tables import ApiHook, ApiToken
from domain.api_scopes import SCOPE_LABELS, Scope
from domain.hook_targets import BadTarget, check_target
from domain.hooks import EVENT_LABELS, STATE_LABELS, HookEvent, answered
from domain.roles import Act

pages = Blueprint("systems", __name__, url_prefix="/he-thong")

NAME_MAX = 100
DAYS = (30, 90, 180, 365)
STATE_TONES = {"waiting": "gold", "sent": "green", "failed": "red"}


@pages.get("")
@allowed(Act.MANAGE_API)
def listing() -> ResponseReturnValue:
    return _page()


@pages.post("/khoa")
@allowed(Act.MANAGE_API, fresh=True)
def add_token() -> ResponseReturnValue:
    """Make a token; it is shown on this page and never again."""
    given: dict[str, Any] = {
        "name": typed("name"),
        "unit_id": request.form.get("unit_id", ""),
        "scopes": [one for one in request.form.getlist("scopes") if one in set(Scope)],
        "days": number("days"),
    }
    with database().transaction() as writing:
        fault = length_fault(given["name"], most=NAME_MAX, what=_("tên hệ thống"))
        if fault is None and not given["scopes"]:
            fault = _("Mời chọn ít nhất một quyền.")
        if fault is None and given["days"] not in DAYS:
            fault = _("Mời chọn thời hạn.")
        if fault is None and given["unit_id"] and given["unit_id"] not in dict(tips.units_of_today(writing)):
            fault = _("Mời chọn đơn vị.")
        token = None
        if fault is None:
            _row, token = api_tokens.issue(
                writing,
                name=given["name"],
                scopes=[Scope(one) for one in given["scopes"]],
                unit_id=given["unit_id"] or None,
                lasts=timedelta(days=given["days"]),
                officer_id=officer().id,
                now=now(),
            )
    if fault:
        return _page(fault=fault, token_form=given, code=422)
    return _page(secret=token, secret_of=given["name"], shown_as="token")


@pages.post("/khoa/<int:token_id>/thu-hoi")
@allowed(Act.MANAGE_API, fresh=True)
def revoke(token_id: int) -> ResponseReturnValue:
    with database().transaction() as writing:
        if writing.get(ApiToken, token_id) is None:
            abort(404)
        ended = api_tokens.revoke(writing, token_id, officer_id=officer().id, now=now())
    if ended:
        flash(_("Đã thu hồi khóa. Hệ thống dùng khóa này không vào được nữa."), "good")
    else:
        flash(_("Khóa này không còn hiệu lực từ trước."), "warn")
    return redirect(url_for("systems.listing"))


@pages.post("/dia-chi")
@allowed(Act.MANAGE_API, fresh=True)
def add_hook() -> ResponseReturnValue:
    """Add an address that is told of changes; its secret is shown on this page and never again."""
    given: dict[str, Any] = {
        "name": typed("name"),
        "url": typed("url"),
        "unit_id": request.form.get("unit_id", ""),
        "events": [one for one in request.form.getlist("events") if one in set(HookEvent)],
    }
    fault = length_fault(given["name"], most=NAME_MAX, what=_("tên hệ thống"))
    if fault is None and not given["events"]:
        fault = _("Mời chọn ít nhất một loại tin.")
    if fault is None:
        try:
            check_target(given["url"], desk().private_hosts)
        except BadTarget as refused:
            fault = str(refused)
    sealer, secret = desk().seal_secret, None
    assert sealer is not None
    with database().transaction() as writing:
        if fault is None and given["unit_id"] and given["unit_id"] not in dict(tips.units_of_today(writing)):
            fault = _("Mời chọn đơn vị.")
        if fault is None:
            _hook, secret = hooks.create(
                writing,
                sealer,
                name=given["name"],
                url=given["url"],
                events=[HookEvent(one) for one in given["events"]],
                unit_id=given["unit_id"] or None,
                officer_id=officer().id,
                now=now(),
            )
    if fault:
        return _page(fault=fault, hook_form=given, code=422)
    return _page(secret=secret, secret_of=given["name"], shown_as="hook")


@pages.post("/dia-chi/<int:hook_id>/bat-tat")
@allowed(Act.MANAGE_API, fresh=True)
def switch(hook_id: int) -> ResponseReturnValue:
    on = request.form.get("on") == "1"
    with database().transaction() as writing:
        if writing.get(ApiHook, hook_id) is None:
            abort(404)
        hooks.switch(writing, hook_id, on=on, officer_id=officer().id, now=now())
    flash(_("Đã bật địa chỉ nhận tin.") if on else _("Đã ngừng gửi tới địa chỉ này."), "good")
    return redirect(url_for("systems.listing"))


@pages.get("/dia-chi/<int:hook_id>")
@allowed(Act.MANAGE_API)
def log(hook_id: int) -> ResponseReturnValue:
    """What was told to one address lately: when and how it ended, never what was in it."""
    with database().reading() as reading:
        hook = reading.get(ApiHook, hook_id)
        if hook is None:
            abort(404)
        lines = hooks.log_of(reading, hook_id)
    return render_template(
        "pages/system_log.html",
        hook=hook,
        lines=lines,
        reasons={one.id: answered(one.status) if one.status else one.reason for one in lines if one.reason},
        events=EVENT_LABELS,
        states=STATE_LABELS,
        tones=STATE_TONES,
    )


def _page(
    *,
    fault: str | None = None,
    code: int = 200,
    token_form: dict[str, Any] | None = None,
    hook_form: dict[str, Any] | None = None,
    secret: str | None = None,
    secret_of: str = "",
    shown_as: str = "",
) -> ResponseReturnValue:
    with database().reading() as reading:
        tokens, known = api_tokens.listed(reading), hooks.listed(reading)
        units = tips.units_of_today(reading)
    return render_template(
        "pages/systems.html",
        tokens=tokens,
        hooks=known,
        units=units,
        unit_names=dict(units),
        scopes=SCOPE_LABELS,
        events=EVENT_LABELS,
        days=DAYS,
        token_form=token_form or {"days": 180},
        hook_form=hook_form or {},
        secret=secret,
        secret_of=secret_of,
        shown_as=shown_as,
        fault=fault,
    ), code
