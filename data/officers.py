"""Officers of the console: accounts, roles, log-in attempts, one-time log-in links."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import audit
from data.tables import Officer, UnitRow
from data.tables import Role as RoleRow
from domain.errors import HouseError
from domain.roles import ROLE_LABELS, Role
from domain.vietnamese import fold

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)
LINK_LASTS = timedelta(hours=24)


class BadOfficer(HouseError):
    """This account cannot be made or changed like that; the message says why, in Vietnamese."""


@dataclass(frozen=True)
class Account:
    """One line of the list of officers."""

    id: int
    email: str
    name: str
    roles: tuple[Role, ...]
    unit_id: str | None
    unit_name: str
    active: bool
    has_password: bool
    last_login_at: datetime | None


def seed_roles(session: Session) -> None:
    """Have a row for every role of domain.roles. Safe to repeat."""
    known = set(session.scalars(select(RoleRow.name)))
    session.add_all(RoleRow(name=role, description=ROLE_LABELS[role]) for role in Role if role not in known)
    session.flush()


def tidy_email(email: str) -> str:
    """The one form in which a log-in address is kept and looked for."""
    return unicodedata.normalize("NFC", email).strip().casefold()


def add_officer(
    session: Session,
    *,
    email: str,
    name: str,
    roles: Iterable[Role],
    unit_id: str | None,
    now: datetime,
    password_hash: str | None = None,
    by: int | None = None,
) -> Officer:
    """Make an account. Without `password_hash` (console.passwords.hash_password) it opens by a link only.

    unit_id  None: the whole province
    Raises BadOfficer: address taken or wrong, no name, no role, no such unit.
    """
    email, name, roles = tidy_email(email), unicodedata.normalize("NFC", name).strip(), sorted(set(roles))
    if email.count("@") != 1 or email.startswith("@") or email.endswith("@") or " " in email:
        raise BadOfficer(f"Địa chỉ “{email}” không phải là địa chỉ thư điện tử.")
    if not name:
        raise BadOfficer("Chưa có họ tên cán bộ.")
    if not roles:
        raise BadOfficer("Chưa chọn vai trò nào.")
    if by_email(session, email) is not None:
        raise BadOfficer(f"Đã có tài khoản dùng địa chỉ {email}.")
    if unit_id is not None and session.get(UnitRow, unit_id) is None:
        raise BadOfficer(f"Không có đơn vị {unit_id}.")
    seed_roles(session)
    officer = Officer(
        email=email,
        name=name,
        password=password_hash,
        active=True,
        fs_uniquifier=_fresh(),
        unit_id=unit_id,
        created_at=now,
        failed_logins=0,
        roles=list(session.scalars(select(RoleRow).where(RoleRow.name.in_(roles)))),
    )
    session.add(officer)
    session.flush()
    audit.record(
        session,
        officer_id=by,
        action="officer.add",
        subject=f"officer:{officer.id}",
        before=None,
        after={"email": email, "name": name, "roles": [str(role) for role in roles], "unit_id": unit_id},
        now=now,
    )
    return officer


def list_officers(session: Session) -> Sequence[Account]:
    """All accounts, active ones first, by name."""
    rows = session.execute(
        select(Officer, UnitRow.name)
        .outerjoin(UnitRow, UnitRow.id == Officer.unit_id)
        .order_by(Officer.active.desc(), Officer.name, Officer.id)
    )
    return [
        Account(
            id=officer.id,
            email=officer.email,
            name=officer.name,
            roles=roles_of(officer),
            unit_id=officer.unit_id,
            unit_name=unit_name or "Toàn tỉnh",
            active=officer.active,
            has_password=officer.password is not None,
            last_login_at=officer.last_login_at,
        )
        for officer, unit_name in rows
    ]


def by_email(session: Session, email: str) -> Officer | None:
    """The account of this address, however it was typed."""
    return session.scalar(select(Officer).where(Officer.email == tidy_email(email)))


def by_session(session: Session, uniquifier: str) -> Officer | None:
    """The account a log-in session belongs to; None when the session was ended."""
    return session.scalar(select(Officer).where(Officer.fs_uniquifier == uniquifier))


def roles_of(officer: Officer) -> tuple[Role, ...]:
    """The roles in the order of domain.roles; a role this program does not know gives no rights."""
    names = {row.name for row in officer.roles}
    return tuple(role for role in Role if role in names)


def names_of(session: Session, officer_ids: Iterable[int]) -> dict[int, str]:
    """Officer id → name."""
    wanted = set(officer_ids)
    if not wanted:
        return {}
    return {
        row.id: row.name
        for row in session.execute(select(Officer.id, Officer.name).where(Officer.id.in_(wanted)))
    }


def disable_officer(session: Session, officer: Officer, *, now: datetime, by: int | None = None) -> None:
    """Close the account and end its sessions; what the officer did stays."""
    if not officer.active:
        return
    officer.active = False
    officer.fs_uniquifier = _fresh()
    _note(session, officer, "officer.disable", {"active": True}, {"active": False}, by=by, now=now)


def set_password(
    session: Session, officer: Officer, *, password_hash: str, now: datetime, by: int | None = None
) -> None:
    """Give the account a new password; all its sessions and links end."""
    had_one = officer.password is not None
    officer.password = password_hash
    officer.fs_uniquifier = _fresh()
    officer.failed_logins, officer.locked_until = 0, None
    _note(session, officer, "officer.password", {"password": had_one}, {"password": True}, by=by, now=now)


# ---- log-in attempts --------------------------------------------------------------------------------------


def is_locked(officer: Officer, *, now: datetime) -> bool:
    """Were there so many wrong passwords that this account has to wait?"""
    return officer.locked_until is not None and officer.locked_until > now


def login_failed(session: Session, officer_id: int, *, now: datetime) -> None:
    """Count a wrong password; the FAILURES_ALLOWED-th in a row locks the account for LOCKED_FOR."""
    officer = session.scalar(select(Officer).where(Officer.id == officer_id).with_for_update())
    if officer is None or is_locked(officer, now=now):
        return
    officer.failed_logins += 1
    if officer.failed_logins < FAILURES_ALLOWED:
        return
    failures, officer.failed_logins = officer.failed_logins, 0
    officer.locked_until = now + LOCKED_FOR
    until = officer.locked_until.isoformat()
    _note(session, officer, "officer.lock", None, {"failures": failures, "until": until}, by=None, now=now)


def logged_in(session: Session, officer_id: int, *, now: datetime, how: str) -> None:
    """Remember that the officer came in (`how`: password or link)."""
    officer = session.scalar(select(Officer).where(Officer.id == officer_id).with_for_update())
    if officer is None:
        return
    officer.failed_logins, officer.locked_until, officer.last_login_at = 0, None, now
    _note(session, officer, "officer.login", None, {"how": how}, by=officer.id, now=now)


# ---- one-time log-in links --------------------------------------------------------------------------------


def link_token(officer: Officer, *, secret: str, now: datetime, lasts: timedelta = LINK_LASTS) -> str:
    """A token that logs this officer in once: `<id>.<good until>.<signature>`, to be put behind `/console/vao/`.

    The signature covers the officer's session mark, which changes on use: the second try fails, and so does
    every older link of the officer.
    """
    until = int((now + lasts).timestamp())
    return f"{officer.id}.{until}.{_sign(officer, until, secret)}"


def officer_of_link(session: Session, token: str, *, secret: str, now: datetime) -> Officer | None:
    """Whose link this is; None when it is wrong, late, used, or the account is closed. Uses nothing up."""
    parts = token.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 18 for part in parts[:2]):
        return None
    officer_id, until = int(parts[0]), int(parts[1])
    officer = session.scalar(select(Officer).where(Officer.id == officer_id).with_for_update())
    if officer is None or not officer.active or now.timestamp() > until:
        return None
    signed = _sign(officer, until, secret)
    return officer if hmac.compare_digest(signed.encode(), parts[2].encode()) else None


def use_link(session: Session, token: str, *, secret: str, now: datetime) -> Officer | None:
    """Log in with the link, which is used up by it; the officer's other sessions end. None as above."""
    officer = officer_of_link(session, token, secret=secret, now=now)
    if officer is None:
        return None
    officer.fs_uniquifier = _fresh()
    session.flush()
    logged_in(session, officer.id, now=now, how="link")
    return officer


def _sign(officer: Officer, until: int, secret: str) -> str:
    said = f"console log-in:{officer.id}:{until}:{officer.fs_uniquifier}"
    return hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()[:40]


def _fresh() -> str:
    return secrets.token_hex(16)


def _note(
    session: Session,
    officer: Officer,
    action: str,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
    *,
    by: int | None,
    now: datetime,
) -> None:
    session.flush()
    audit.record(
        session,
        officer_id=by,
        action=action,
        subject=f"officer:{officer.id}",
        before=before,
        after=after,
        now=now,
    )


def names(session: Session) -> list[tuple[int, str]]:
    """(number, name) of everybody who has or had an account, by name."""
    rows = session.execute(select(Officer.id, Officer.name)).all()
    return sorted(((row.id, row.name) for row in rows), key=lambda one: (fold(one[1]), one[0]))
