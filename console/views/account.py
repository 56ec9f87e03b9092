"""The officer's own account: name, roles, password, look of the pages."""

from __future__ import annotations

from collections.abc import Collection

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from console import door, language
from console.access import allowed, officer, open_to_all
from console.accounts import SESSION, on_duty
from console.desk import database, now
from console.navigation import THEMES
from console.passwords import LENGTH_MAX, LENGTH_MIN, hash_password
from data import officer_sessions, officers, second_factors
from data.tables import Officer

pages = Blueprint("account", __name__)
KEPT_S = 31536000
"""A year."""


@pages.get("/tai-khoan")
@allowed()
def show() -> ResponseReturnValue:
    return _page()


@pages.post("/tai-khoan/mat-khau")
@allowed()
def password() -> ResponseReturnValue:
    """Set a password; whoever has one already says it first. Sessions elsewhere end."""
    me = officer()
    fault = _fault(request.form.get("new", ""), request.form.get("again", ""))
    if fault is None and me.password and not me.verify_and_update_password(request.form.get("old", "")):
        me.track_failed_authn("password")
        fault = "Mật khẩu đang dùng chưa đúng."
    if fault is not None:
        return _page(fault=fault, code=422)
    hashed = hash_password(request.form["new"])
    with database().transaction() as writing:
        row = writing.get_one(Officer, me.id)
        officers.set_password(writing, row, password_hash=hashed, now=now(), by=me.id)
        renewed = on_duty(row, unit=me.unit_name)
    door.stay_in(renewed, proved_at=me.proved_at)
    flash("Đã đặt mật khẩu mới. Các phiên đăng nhập khác đã kết thúc.", "good")
    return redirect(url_for("account.show"))


@pages.post("/giao-dien")
@open_to_all
def theme() -> ResponseReturnValue:
    """Light, dark, or as the device says; kept in the browser."""
    return _kept_in_the_browser("giao-dien", request.form.get("theme", ""), of=THEMES)


@pages.post("/ngon-ngu")
@open_to_all
def choose_language() -> ResponseReturnValue:
    """Vietnamese or English; kept in the browser, so that the log-in page has it too."""
    return _kept_in_the_browser(language.COOKIE, request.form.get("language", ""), of=language.LANGUAGES)


def _kept_in_the_browser(cookie: str, choice: str, *, of: Collection[str]) -> ResponseReturnValue:
    back = request.form.get("back", "")
    inside = back.startswith("/console/") and "\\" not in back
    response = redirect(back if inside else url_for("home.show"))
    if choice in of:
        response.set_cookie(cookie, choice, max_age=KEPT_S, path="/console", samesite="Lax", httponly=True)
    return response


def _page(*, fault: str | None = None, code: int = 200) -> ResponseReturnValue:
    me = officer()
    with database().reading() as reading:
        sessions = officer_sessions.listed(reading, me.id, now=now(), here=session.get(SESSION, ""))
        factors = second_factors.factors_of(reading, me.id)
    return render_template(
        "pages/account.html", length_min=LENGTH_MIN, fault=fault, sessions=sessions, factors=factors
    ), code


def _fault(new: str, again: str) -> str | None:
    if len(new) < LENGTH_MIN:
        return f"Mật khẩu mới cần ít nhất {LENGTH_MIN} ký tự."
    if len(new) > LENGTH_MAX:
        return f"Mật khẩu mới dài quá {LENGTH_MAX} ký tự."
    if new != again:
        return "Hai lần nhập mật khẩu mới chưa giống nhau."
    return None
