"""Log-in: Flask-Security over the officers' table.

Flask-Security wants users it can hold on to between transactions, so it gets a copy of the row, `OnDuty`. It checks
the password (argon2id) and keeps the log-in in the cookie; who gave the right password is handed to console.door,
which asks for the second factor (docs/decisions/0019).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, request, session
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_security import LoginForm, RoleMixin, Security, UserDatastore, UserMixin
from flask_security.utils import hash_password
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from console import as_role
from console.desk import database, desk, now
from console.language import translated
from console.passwords import LENGTH_MIN, cost_as_options
from data import address_waits, officer_sessions, officers
from data.tables import Officer, OfficerSession
from data.tip_queue import EVERY_UNIT
from data.tips import unit_name
from data.unit_changes import former_units
from domain.errors import NotStored
from domain.roles import ROLE_LABELS, Act, Role, may, needs_second_factor

SESSION = "phien"
"""Where the cookie holds the token of data.officer_sessions."""
WRONG = lazy_gettext(
    "Địa chỉ hoặc mật khẩu chưa đúng. Nhập sai %(tries)s lần liên tiếp, tài khoản tạm khóa %(minutes)s phút, "
    "những lần sau lâu hơn.",
    tries=officers.FAILURES_ALLOWED,
    minutes=int(officers.LOCKED_FOR.total_seconds()) // 60,
)
"""One sentence for every refusal, so that nobody learns which addresses exist or are locked."""


class RoleName(RoleMixin):
    """A role as Flask-Security sees it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.permissions = None


@dataclass(eq=False)
class OnDuty(UserMixin):
    """The officer behind this request: a copy of the row, with the rights that go with it."""

    id: int
    email: str
    name: str
    password: str | None
    active: bool
    fs_uniquifier: str
    unit_id: str | None
    unit_name: str
    works_as: tuple[Role, ...]
    locked: bool
    session_id: int = 0
    proved_at: datetime | None = None
    """When the second factor was last given in this session."""
    former_units: tuple[str, ...] = ()
    """Units whose place the officer's own took: their closed tips stay in reach."""
    roles: list[RoleMixin] = field(init=False)

    def __post_init__(self) -> None:
        self.roles = [RoleName(role) for role in self.works_as]

    @property
    def role_names(self) -> str:
        return ", ".join(translated(ROLE_LABELS[role]) for role in self.works_as)

    @property
    def unit_words(self) -> str:
        """The unit as pages name it."""
        return self.unit_name if self.unit_id is not None else _("Toàn tỉnh")

    @property
    def needs_factor(self) -> bool:
        """Is a second factor obligatory for these roles?"""
        return needs_second_factor(self.works_as)

    @property
    def unit_ids(self) -> tuple[str, ...] | None:
        """Whose tips are in reach: a unit's own, every unit's, or (inspectors of the province) None = all there are,
        those that accuse police included.
        """
        if as_role.looked_through() is not None:
            return ()
        if self.unit_id is not None:
            return (self.unit_id, *self.former_units)
        return None if Role.INSPECTOR in self.works_as else EVERY_UNIT

    def may(self, act: Act) -> bool:
        return may(self.works_as, act)

    def verify_and_update_password(self, password: str) -> bool:
        """A locked account takes as long to refuse as a wrong password does."""
        if self.locked or not self.password:
            hash_password(password)
            return False
        return bool(super().verify_and_update_password(password))

    def track_failed_authn(self, auth_type: str, tfa: bool = False) -> None:
        with database().transaction() as writing:
            officers.login_failed(writing, self.id, now=now())


OnDuty.fs_uniquifier = ""  # Flask-Security looks for the attribute on the class


class Officers(UserDatastore):
    """Where Flask-Security finds officers. It changes none: console.views.account does, with an audit row."""

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> OnDuty | None:
        """By `email`; by `fs_uniquifier` when the session of this browser still stands."""
        if "fs_uniquifier" in wanted:
            return _of_this_browser(str(wanted["fs_uniquifier"]))
        with database().reading() as reading:
            row = officers.by_email(reading, str(wanted.get("email", "")))
            if row is None:
                return None
            former = former_units(reading, row.unit_id)
            return on_duty(row, unit=unit_name(reading, row.unit_id), former=former)

    def find_role(self, role: str) -> RoleName | None:
        return RoleName(role)

    def put(self, model: Any) -> Any:
        return model

    def commit(self) -> None:
        """Nothing is held back."""


def _of_this_browser(uniquifier: str) -> OnDuty | None:
    with database().reading() as reading:
        row = officers.by_session(reading, uniquifier)
        if row is None:
            return None
        standing = officer_sessions.standing(reading, session.get(SESSION, ""), officer_id=row.id, now=now())
        if standing is None:
            return None
        former = former_units(reading, row.unit_id)
        found = on_duty(row, unit=unit_name(reading, row.unit_id), former=former)
    found.session_id, found.proved_at = standing.id, standing.proved_at
    _note_seen(standing)
    return found


def _note_seen(standing: OfficerSession) -> None:
    """When this browser was last seen. A page is not refused because this could not be written."""
    if now() - standing.seen_at < officer_sessions.SEEN_EVERY:
        return
    with suppress(NotStored), database().transaction() as writing:
        officer_sessions.seen(writing, standing.id, now=now())


def on_duty(row: Officer, *, unit: str, former: tuple[str, ...] = ()) -> OnDuty:
    return OnDuty(
        id=row.id,
        email=row.email,
        name=row.name,
        password=row.password,
        active=row.active,
        fs_uniquifier=row.fs_uniquifier,
        unit_id=row.unit_id,
        unit_name=unit,
        works_as=as_role.works_as(officers.roles_of(row)),
        locked=officers.is_locked(row, now=now()),
        former_units=former,
    )


class LogIn(LoginForm):
    """Address and password; no "remember me": a log-in lasts one shift."""

    email = StringField(
        lazy_gettext("Địa chỉ thư điện tử"),
        validators=[InputRequired(lazy_gettext("Mời nhập địa chỉ thư điện tử."))],
        render_kw={"autocomplete": "username", "inputmode": "email", "autocapitalize": "none"},
    )
    password = PasswordField(
        lazy_gettext("Mật khẩu"),
        validators=[InputRequired(lazy_gettext("Mời nhập mật khẩu."))],
        render_kw={"autocomplete": "current-password"},
    )
    remember = None

    def validate(self, **given: Any) -> bool:
        """As Flask-Security does; an address that guessed too often waits, and is told nothing else."""
        mark = address_waits.mark_of(request.remote_addr or "", secret=desk().secret_key)
        with database().reading() as reading:
            waits = address_waits.has_to_wait(reading, mark, now=now())
        if waits:
            hash_password(self.password.data or "-")
            self.form_errors = [WRONG]
            return False
        if super().validate(**given):
            return True
        if self.email.data and self.password.data:
            with database().transaction() as writing:
                address_waits.failed(writing, mark, now=now())
        return False


def install(app: Flask, *, prefix: str) -> None:
    """Give the application its log-in and log-out pages."""
    app.config.update(
        SECURITY_URL_PREFIX=prefix,
        SECURITY_LOGIN_URL="/dang-nhap",
        SECURITY_LOGOUT_URL="/dang-xuat",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGIN_VIEW=f"{prefix}/",
        SECURITY_POST_LOGOUT_VIEW=f"{prefix}/dang-nhap",
        SECURITY_LOGIN_USER_TEMPLATE="pages/login.html",
        SECURITY_STATIC_FOLDER=None,
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  # the name of a method, not a password
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=cost_as_options(),
        SECURITY_PASSWORD_LENGTH_MIN=LENGTH_MIN,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_CACHE_CONTROL=None,  # console.headers says it for every page
        SECURITY_FRESHNESS=timedelta(seconds=-1),
        SECURITY_MSG_GENERIC_AUTHN_FAILED=(WRONG, "error"),
    )
    Security(app, Officers(OnDuty, RoleName), login_form=LogIn)
