"""Setting the second factor up: authenticator app, passkeys, recovery codes.

At the first log-in these pages stand at the door: the session begins when something is set up. Later they are for the
officer who is logged in and has just given the second factor they have.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec

import segno
from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from passlib.totp import TOTP

from console import door, freshness, passkeys
from console.access import allowed, officer, open_to_all
from console.accounts import OnDuty
from console.desk import database, desk, now
from console.door import AtTheDoor
from console.forms import typed
from console.language import translated
from data import second_factors
from data.second_factors import NAME_MAX, Factors
from domain.devices import device_of, device_said

pages = Blueprint("factor_setup", __name__)

P = ParamSpec("P")
NEW_KEY = "khoa-moi"
"""Where the cookie holds the key that is being set up, sealed: nothing is kept before a code proves it."""
ISSUER = "Cau Noi"
"""What authenticator apps show; some of them stumble over accents."""


@dataclass(frozen=True)
class _Who:
    """The officer who sets up, and whether they stand at the door still."""

    me: OnDuty
    factors: Factors
    door: AtTheDoor | None


def _for_setting_up(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """At the door only without any factor yet: else a password alone would be enough to add one."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if current_user.is_authenticated:
            if _who().factors.any and (question := freshness.ask_first(officer())) is not None:
                return question
            return view(*args, **kwargs)
        who = door.at_the_door()
        if who is None:
            return redirect(url_for("security.login", het_phien=1))
        if who.factors.any:
            return redirect(url_for("second_factor.ask"))
        return view(*args, **kwargs)

    return open_to_all(guarded)


@pages.get("/xac-thuc-hai-buoc")
@_for_setting_up
def show() -> ResponseReturnValue:
    return _page()


@pages.post("/xac-thuc-hai-buoc/ung-dung")
@_for_setting_up
def app() -> ResponseReturnValue:
    """The code proves that the app has the key; only then it is kept."""
    who, key = _who(), _key_being_set_up()
    if key is None:
        return _page(fault=_("Mã QR đã cũ. Mời quét mã mới dưới đây."), code=422)
    code = "".join(request.form.get("code", "").split())
    counter = second_factors.counter_of(key, code, now=now())
    if counter is None:
        return _page(
            fault=_("Mã 6 số chưa đúng. Mời xem giờ trên điện thoại có đúng không rồi nhập mã mới."), code=422
        )
    with database().transaction() as writing:
        sealed = desk().secrets.seal(key.encode())
        second_factors.set_key(writing, who.me.id, sealed=sealed, counter=counter, now=now())
    session.pop(NEW_KEY, None)
    return _done(who, by="totp", words=_("Đã thiết lập ứng dụng xác thực."))


@pages.post("/xac-thuc-hai-buoc/khoa")
@_for_setting_up
def passkey() -> ResponseReturnValue:
    who = _who()
    name = typed("name")[:NAME_MAX] or device_of(request.headers.get("User-Agent", ""))
    with database().transaction() as writing:
        made = passkeys.register(writing, who.me, request.form.get("passkey", ""), name=name)
    if not made:
        return _page(
            fault=_("Chưa tạo được khóa truy cập. Mời thử lại hoặc dùng ứng dụng xác thực."), code=422
        )
    return _done(who, by="passkey", words=_("Đã thêm khóa truy cập “%(name)s”.", name=name))


@pages.post("/xac-thuc-hai-buoc/ma-du-phong")
@allowed(fresh=True)
def new_codes() -> ResponseReturnValue:
    """A new set; the old one is void."""
    if not _who().factors.any:
        abort(404)
    return _codes(officer(), url_for("account.show"))


@pages.post("/xac-thuc-hai-buoc/ung-dung/bo")
@allowed(fresh=True)
def drop_app() -> ResponseReturnValue:
    factors = _who().factors
    if factors.totp_since is None:
        abort(404)
    if not factors.passkeys and officer().needs_factor:
        flash(_("Tài khoản này cần ít nhất một cách xác thực. Mời thêm khóa truy cập trước."), "warn")
    else:
        with database().transaction() as writing:
            second_factors.remove_app(writing, officer().id, now=now())
        flash(_("Đã bỏ ứng dụng xác thực."), "good")
    return redirect(url_for("account.show"))


@pages.post("/xac-thuc-hai-buoc/khoa/<int:passkey_id>/bo")
@allowed(fresh=True)
def drop_passkey(passkey_id: int) -> ResponseReturnValue:
    factors = _who().factors
    if passkey_id not in {key.id for key in factors.passkeys}:
        abort(404)
    if len(factors.passkeys) == 1 and factors.totp_since is None and officer().needs_factor:
        flash(_("Tài khoản này cần ít nhất một cách xác thực. Mời thêm cách khác trước."), "warn")
    else:
        with database().transaction() as writing:
            second_factors.remove_passkey(writing, officer().id, passkey_id, now=now())
        flash(_("Đã bỏ khóa truy cập."), "good")
    return redirect(url_for("account.show"))


def _who() -> _Who:
    if current_user.is_authenticated:
        with database().reading() as reading:
            return _Who(officer(), second_factors.factors_of(reading, officer().id), None)
    who = door.at_the_door()
    assert who is not None
    return _Who(who.me, who.factors, who)


def _done(who: _Who, *, by: str, words: str) -> ResponseReturnValue:
    """In, from the door; the first thing that is set up brings the recovery codes, which are shown now or never."""
    if who.door is not None:
        door.log_in(who.door, proved_by=by)
    elif not who.factors.any:
        freshness.note_proof(officer())
    if not who.factors.any:
        then = door.where_to(who.door) if who.door is not None else url_for("account.show")
        return _codes(who.me, then)
    flash(words, "good")
    return redirect(url_for("account.show"))


def _codes(me: OnDuty, then: str) -> ResponseReturnValue:
    with database().transaction() as writing:
        codes = second_factors.new_codes(writing, me.id, now=now())
    return render_template("pages/recovery_codes.html", codes=codes, then=then, email=me.email)


def _key_being_set_up() -> str | None:
    sealed = session.get(NEW_KEY)
    return desk().secrets.open(base64.b64decode(sealed)).decode() if sealed else None


def _page(*, fault: str = "", code: int = 200) -> ResponseReturnValue:
    """The key stays the same while one tries, so that a wrong code does not mean scanning again."""
    who = _who()
    key = _key_being_set_up()
    if key is None:
        key = second_factors.new_key()
        session[NEW_KEY] = base64.b64encode(desk().secrets.seal(key.encode())).decode()
    address = TOTP(key=key).to_uri(label=who.me.email, issuer=ISSUER)
    given: dict[str, Any] = {
        "fault": fault,
        "factors": who.factors,
        "at_the_door": who.door is not None,
        "must": who.me.needs_factor,
        "key": " ".join(key[at : at + 4] for at in range(0, len(key), 4)),
        "qr": segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="#ffffff"),
        "name_max": NAME_MAX,
        "device": translated(device_said(device_of(request.headers.get("User-Agent", "")))),
        "passkey": passkeys.to_register(who.me, who.factors) if passkeys.possible() else "",
    }
    return render_template("pages/factor_setup.html", **given), code
