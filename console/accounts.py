"""Log-in: Flask-Security over the officers' table.

Flask-Security wants users it can hold on to between transactions, so it gets a copy of the row, `OnDuty`.
Two-factor and passkeys can be switched on here later: they are settings of Flask-Security and columns of Officer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask, session
from flask_security import LoginForm, RoleMixin, Security, UserDatastore, UserMixin, user_authenticated
from flask_security.utils import hash_password
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from console import as_role
from console.desk import database, now
from console.passwords import LENGTH_MIN
from data import officers
from data.tables import Officer
from data.tip_queue import EVERY_UNIT
from data.tips import unit_name
from domain.roles import ROLE_LABELS, Act, Role, may

WRONG = (
    "Địa chỉ hoặc mật khẩu chưa đúng. Nhập sai "
    f"{officers.FAILURES_ALLOWED} lần liên tiếp, tài khoản tạm khóa "
    f"{int(officers.LOCKED_FOR.total_seconds()) // 60} phút."
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
    roles: list[RoleMixin] = field(init=False)

    def __post_init__(self) -> None:
        self.roles = [RoleName(role) for role in self.works_as]

    @property
    def role_names(self) -> str:
        return ", ".join(ROLE_LABELS[role] for role in self.works_as)

    @property
    def unit_ids(self) -> tuple[str, ...] | None:
        """Whose tips are in reach: a unit's own, every unit's, or (inspectors of the province) None = all there are,
        those that accuse police included.
        """
        if as_role.looked_through() is not None:
            return ()
        if self.unit_id is not None:
            return (self.unit_id,)
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
        """By `email` or by `fs_uniquifier`."""
        with database().reading() as reading:
            if "fs_uniquifier" in wanted:
                row = officers.by_session(reading, str(wanted["fs_uniquifier"]))
            else:
                row = officers.by_email(reading, str(wanted.get("email", "")))
            if row is None:
                return None
            return on_duty(row, unit=unit_name(reading, row.unit_id))

    def find_role(self, role: str) -> RoleName | None:
        return RoleName(role)

    def put(self, model: Any) -> Any:
        return model

    def commit(self) -> None:
        """Nothing is held back."""


def on_duty(row: Officer, *, unit: str) -> OnDuty:
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
    )


class LogIn(LoginForm):
    """Address and password; no "remember me": a log-in lasts one shift."""

    email = StringField(
        "Địa chỉ thư điện tử",
        validators=[InputRequired("Mời nhập địa chỉ thư điện tử.")],
        render_kw={"autocomplete": "username", "inputmode": "email", "autocapitalize": "none"},
    )
    password = PasswordField(
        "Mật khẩu",
        validators=[InputRequired("Mời nhập mật khẩu.")],
        render_kw={"autocomplete": "current-password"},
    )
    remember = None


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
        SECURITY_PASSWORD_LENGTH_MIN=LENGTH_MIN,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_CACHE_CONTROL=None,  # console.headers says it for every page
        SECURITY_FRESHNESS=timedelta(seconds=-1),
        SECURITY_MSG_GENERIC_AUTHN_FAILED=(WRONG, "error"),
    )
    Security(app, Officers(OnDuty, RoleName), login_form=LogIn)

    @user_authenticated.connect_via(app)
    def came_in(_: Flask, user: OnDuty, authn_via: list[str], **__: Any) -> None:
        session.pop("csrf_token", None)
        session.pop(as_role.KEY, None)  # the one before may have looked through another role
        session.permanent = True
        if authn_via == ["password"]:
            with database().transaction() as writing:
                officers.logged_in(writing, user.id, now=now(), how="password")

    app.extensions["came_in"] = came_in  # signals hold their listeners weakly
