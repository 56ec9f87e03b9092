"""Clocks, terms of keeping and days off: changed within bounds, from a day on, with a reason, and taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.access import allowed, officer
from console.desk import database, now, today
from console.forms import typed
from console.language import translated
from data import dated_settings, terms
from data.tables import SettingChange
from data.terms import Over
from domain.adjustable import SECTIONS, Adjustable, day_off_of
from domain.errors import MoveRefused
from domain.roles import Act

pages = Blueprint("dated_settings", __name__, url_prefix="/thiet-dat")


@pages.get("")
@allowed(Act.MANAGE_SETTINGS)
def listing() -> ResponseReturnValue:
    return _listing()


@pages.get("/<setting_key>")
@allowed(Act.MANAGE_SETTINGS)
def form(setting_key: str) -> ResponseReturnValue:
    return _form(_setting(setting_key), {"holds_from": today().isoformat()})


@pages.post("/<setting_key>")
@allowed(Act.MANAGE_SETTINGS, fresh=True)
def change(setting_key: str) -> ResponseReturnValue:
    """A first press on a new term of keeping shows how much it would delete; the second one lets it hold."""
    setting = _setting(setting_key)
    given = {
        "value": typed("value"),
        "holds_from": request.form.get("holds_from", ""),
        "reason": typed("reason"),
        "seen": request.form.get("seen", ""),
    }
    try:
        holds_from = date.fromisoformat(given["holds_from"])
    except ValueError:
        return _form(setting, given, fault=_("Mời chọn ngày có hiệu lực."), code=422)
    try:
        value = setting.read(given["value"])
        if setting.keeps and given["seen"] != f"{value}.{holds_from}":
            with database().reading() as reading:
                over = terms.would_delete(reading, setting.key, value, on=holds_from)
            if over is not None and over.count:
                given["seen"] = f"{value}.{holds_from}"
                return _form(setting, given, over=over)
        with database().transaction() as writing:
            dated_settings.change(
                writing,
                setting.key,
                given["value"],
                holds_from=holds_from,
                reason=given["reason"],
                officer_id=officer().id,
                now=now(),
            )
    except ValueError as refused:
        return _form(setting, given, fault=str(refused), code=422)
    flash(
        _("Đã lưu. Việc đang xử lý giữ hạn đã tính; việc mới theo giá trị mới từ ngày có hiệu lực."), "good"
    )
    return redirect(url_for(".listing"))


@pages.post("/ngay-nghi")
@allowed(Act.MANAGE_SETTINGS, fresh=True)
def day_off() -> ResponseReturnValue:
    given = {"day": request.form.get("day", ""), "name": typed("name"), "reason": typed("reason")}
    try:
        chosen = date.fromisoformat(given["day"])
    except ValueError:
        return _listing(fault=_("Mời chọn ngày nghỉ."), given=given, code=422)
    try:
        with database().transaction() as writing:
            dated_settings.set_day_off(
                writing, chosen, given["name"], reason=given["reason"], officer_id=officer().id, now=now()
            )
    except ValueError as refused:
        return _listing(fault=str(refused), given=given, code=422)
    flash(_("Đã lưu lịch nghỉ. Hạn của tin mới tính theo lịch này."), "good")
    return redirect(url_for(".listing"))


@pages.post("/thay-doi/<int:setting_change_id>/hoan-tac")
@allowed(Act.MANAGE_SETTINGS, fresh=True)
def withdraw(setting_change_id: int) -> ResponseReturnValue:
    with database().reading() as reading:
        if reading.get(SettingChange, setting_change_id) is None:
            abort(404)
    try:
        with database().transaction() as writing:
            dated_settings.withdraw(writing, setting_change_id, officer_id=officer().id, now=now())
    except MoveRefused as refused:
        return _listing(fault=str(refused), code=409)
    flash(_("Đã hoàn tác. Giá trị trước đó có hiệu lực trở lại."), "good")
    return redirect(url_for(".listing"))


def _setting(key: str) -> Adjustable:
    found = dated_settings.known().get(key)
    if found is None:
        abort(404)
    return found


def _listing(
    *, fault: str | None = None, given: dict[str, Any] | None = None, code: int = 200
) -> ResponseReturnValue:
    known, day = dated_settings.known(), today()
    with database().reading() as reading:
        force = dated_settings.in_force(reading, day)
        history = dated_settings.history(reading)
        rules = dated_settings.rules(reading, now=now())
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in known.values():
        groups.setdefault(one.group, []).append(
            {
                "setting": one,
                "value": force.get(one.key, one.default),
                "coming": next(
                    (
                        row
                        for row, _name, _by in reversed(history)
                        if row.key == one.key and row.withdrawn_at is None and row.holds_from > day
                    ),
                    None,
                ),
            }
        )
    days = sorted(
        (off, name)
        for off, name in rules.calendar.days_off.items()
        if day <= off <= day + timedelta(days=400)
    )
    return render_template(
        "pages/dated_settings.html",
        kinds={name: lines for name, lines in groups.items() if name not in SECTIONS},
        sections={name: groups[name] for name in SECTIONS},
        days=days,
        history=[(_told(row, known), row, name, by) for row, name, by in history[:50]],
        today=day,
        fault=fault,
        given=given or {},
    ), code


def _told(row: SettingChange, known: dict[str, Adjustable]) -> str:
    value = row.value["value"]
    if (off := day_off_of(row.key)) is not None:
        name = value or _("bỏ, làm việc bình thường")
        return str(_("Ngày nghỉ %(day)s: %(name)s", day=f"{off:%d/%m/%Y}", name=name))
    one = known.get(row.key)
    if one is None:
        return row.key
    return str(
        _(
            "%(group)s, %(label)s: %(value)s %(unit)s",
            group=translated(one.group),
            label=translated(one.label).lower(),
            value=value,
            unit=translated(one.unit),
        )
    )


def _form(
    setting: Adjustable,
    given: dict[str, Any],
    *,
    fault: str | None = None,
    over: Over | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    with database().reading() as reading:
        value = dated_settings.in_force(reading, today()).get(setting.key, setting.default)
        history = dated_settings.history(reading, setting.key)
    return render_template(
        "pages/dated_setting.html",
        setting=setting,
        value=value,
        given=given,
        history=history,
        fault=fault,
        over=over,
        earliest_shorter=setting.earliest(setting.least, setting.most, today()),
    ), code
