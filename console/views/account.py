"""The officer's own account: name, roles, password, look of the pages."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

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
        fault = _("Mật khẩu đang dùng chưa đúng.")
    if fault is not None:
        return _page(fault=fault, code=422)
    hashed = hash_password(request.form["new"])
    with database().transaction() as writing:
        row = writing.get_one(Officer, me.id)
        officers.set_password(writing, row, password_hash=hashed, now=now(), by=me.id)
        renewed = on_duty(row, unit=me.unit_name)
    door.stay_in(renewed, proved_at=me.proved_at)
    flash(_("Đã đặt mật khẩu mới. Các phiên đăng nhập khác đã kết thúc."), "good")
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
    response = redirect(_back())
    if choice in of:
        response.set_cookie(cookie, choice, max_age=KEPT_S, path="/console", samesite="Lax", httponly=True)
    return response


def _back() -> str:
    """The page the button stood on; a page that only answers a form cannot be opened again."""
    back = door.inside(request.form.get("back", ""))
    pages_of_the_console = current_app.create_url_adapter(request)
    assert pages_of_the_console is not None
    opens = back and pages_of_the_console.test(urlsplit(back).path, "GET")
    return back if opens else url_for("home.show")


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
        return str(_("Mật khẩu mới cần ít nhất %(count)s ký tự.", count=LENGTH_MIN))
    if len(new) > LENGTH_MAX:
        return str(_("Mật khẩu mới dài quá %(count)s ký tự.", count=LENGTH_MAX))
    if new != again:
        return str(_("Hai lần nhập mật khẩu mới chưa giống nhau."))
    return None
