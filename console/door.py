"""The door of the console: first the password or a one-time link, then the second factor, then a session.

Whoever gave the first factor only is *at the door*: known by a mark in the signed cookie, not logged in. Nothing but
the pages of the door looks at that mark.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import user_logged_out
from flask_security import current_user
from flask_security.tf_plugin import TfPlugin
from flask_security.utils import login_user, logout_user

from console import as_role
from console.accounts import SESSION, OnDuty, on_duty
from console.desk import database, now
from data import officer_sessions, officers, second_factors
from data.second_factors import Factors
from data.tips import unit_name
from domain.devices import device_of

PENDING = "cua"
PENDING_LASTS = timedelta(minutes=20)
"""Time enough to fetch the phone, install an app and write recovery codes down."""


@dataclass(frozen=True)
class AtTheDoor:
    """An officer who gave the first factor. `how`: password or link; `then`: the page asked for, "" = none."""

    me: OnDuty
    factors: Factors
    how: str
    then: str


def inside(address: str) -> str:
    """This address when it is a page of the console, else ""."""
    good = address.startswith("/console/") and "\\" not in address and "//" not in address
    return address if good and address.isprintable() else ""


def knock(me: OnDuty, *, how: str, then: str = "") -> ResponseReturnValue:
    """The first factor was right: on to the second one, or in, for whom none is obligatory and none set up."""
    if current_user.is_authenticated:
        logout_user()
    session.pop(SESSION, None)
    session.pop("csrf_token", None)
    session.pop(as_role.KEY, None)  # the one before may have looked through another role
    session[PENDING] = {"of": me.fs_uniquifier, "at": now().timestamp(), "how": how, "then": inside(then)}
    with database().reading() as reading:
        factors = second_factors.factors_of(reading, me.id)
    if factors.any:
        return redirect(url_for("second_factor.ask"))
    if me.needs_factor:
        return redirect(url_for("factor_setup.show"))
    return come_in(AtTheDoor(me, factors, how, inside(then)), proved_by="")


def at_the_door() -> AtTheDoor | None:
    """Who stands at the door with this browser; None: nobody, or it took too long."""
    kept: Any = session.get(PENDING)
    if not isinstance(kept, dict):
        return None
    if now() - datetime.fromtimestamp(kept["at"], UTC) > PENDING_LASTS:
        session.pop(PENDING, None)
        return None
    with database().reading() as reading:
        row = officers.by_session(reading, kept["of"])
        if row is None or not row.active:
            return None
        me = on_duty(row, unit=unit_name(reading, row.unit_id))
        return AtTheDoor(me, second_factors.factors_of(reading, me.id), kept["how"], kept["then"])


def come_in(who: AtTheDoor, *, proved_by: str) -> ResponseReturnValue:
    """Log in, and go where the officer wanted; whoever came by link without a password is asked to set one."""
    log_in(who, proved_by=proved_by)
    return redirect(where_to(who))


def where_to(who: AtTheDoor) -> str:
    if not who.me.password:
        return url_for("account.show")
    return who.then or url_for("home.show")


def log_in(who: AtTheDoor, *, proved_by: str) -> None:
    """Open a session; proved_by "" = no second factor was asked for."""
    how = f"{who.how}+{proved_by}" if proved_by else who.how
    with database().transaction() as writing:
        officers.logged_in(writing, who.me.id, now=now(), how=how)
    _begin(who.me, how=how, proved_at=now() if proved_by else None)


def stay_in(me: OnDuty, *, proved_at: datetime | None) -> None:
    """A new session for a browser whose officer just ended all of them (a new password)."""
    _begin(me, how="password", proved_at=proved_at)


def _begin(me: OnDuty, *, how: str, proved_at: datetime | None) -> None:
    with database().transaction() as writing:
        token = officer_sessions.begin(
            writing,
            me.id,
            device=device_of(request.headers.get("User-Agent", "")),
            how=how,
            proved_at=proved_at,
            now=now(),
        )
    session.pop(PENDING, None)
    session.pop("csrf_token", None)
    login_user(me, remember=False, authn_via=how.split("+"))
    session[SESSION] = token
    session.permanent = True


class Door(TfPlugin):
    """Where Flask-Security's log-in page hands over after the right password."""

    def tf_enter(
        self, user: Any, remember_me: bool | None, primary_authn_via: str, next_loc: str | None
    ) -> Any:
        wanted = request.form.get("next") or request.args.get("next") or ""
        return knock(user, how=primary_authn_via, then=wanted)


def install(app: Flask) -> None:
    """After accounts.install."""
    app.extensions["security"].two_factor_plugins = Door()

    user_logged_out.connect(_went_out, sender=app)


def _went_out(_: Flask, **__: Any) -> None:
    token = session.pop(SESSION, None)
    if token:
        with database().transaction() as writing:
            officer_sessions.end_by_token(writing, token, now=now())
