"""Officers of the console: accounts, roles, log-in attempts, one-time log-in links."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from data import audit, officer_sessions
from data.officer_sessions import fresh_mark
from data.tables import Officer, UnitRow
from data.tables import Role as RoleRow
from domain.errors import HouseError
from domain.roles import ROLE_LABELS, Role
from domain.said import said
from domain.vietnamese import fold
from domain.waits import ACCOUNT_TRIES, FIRST_WAIT, wait_after

FAILURES_ALLOWED = ACCOUNT_TRIES
LOCKED_FOR = FIRST_WAIT
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
        raise BadOfficer(said("Địa chỉ “%(email)s” không phải là địa chỉ thư điện tử.", email=email))
    if not name:
        raise BadOfficer("Chưa có họ tên cán bộ.")
    if not roles:
        raise BadOfficer("Chưa chọn vai trò nào.")
    if by_email(session, email) is not None:
        raise BadOfficer(said("Đã có tài khoản dùng địa chỉ %(email)s.", email=email))
    if unit_id is not None and session.get(UnitRow, unit_id) is None:
        raise BadOfficer(said("Không có đơn vị %(unit)s.", unit=unit_id))
    seed_roles(session)
    officer = Officer(
        email=email,
        name=name,
        password=password_hash,
        active=True,
        fs_uniquifier=fresh_mark(),
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
    """Close the account and end its sessions; what the officer did stays. BadOfficer: the last administrator."""
    if not officer.active:
        return
    leave_an_administrator(session, officer)
    officer.active = False
    officer_sessions.end_all(session, officer, now=now)
    note(session, officer, "officer.disable", {"active": True}, {"active": False}, by=by, now=now)


def leave_an_administrator(session: Session, officer: Officer) -> None:
    """Raise BadOfficer when the house would be left without an administrator if this officer were none."""
    if not officer.active or Role.ADMIN not in roles_of(officer):
        return
    # Every row with the role is locked, in order: of two who take each other away, the second one sees it.
    others = session.scalars(
        select(Officer.id)
        .where(Officer.active, Officer.roles.any(RoleRow.name == Role.ADMIN))
        .order_by(Officer.id)
        .with_for_update()
    )
    if set(others) <= {officer.id}:
        raise BadOfficer(
            said(
                "%(name)s là quản trị hệ thống duy nhất. Mời giao vai trò này cho một đồng chí khác trước.",
                name=officer.name,
            )
        )


def set_password(
    session: Session, officer: Officer, *, password_hash: str, now: datetime, by: int | None = None
) -> None:
    """Give the account a new password; all its sessions and links end."""
    had_one = officer.password is not None
    officer.password = password_hash
    officer_sessions.end_all(session, officer, now=now)
    officer.failed_logins, officer.locked_until = 0, None
    note(session, officer, "officer.password", {"password": had_one}, {"password": True}, by=by, now=now)


# ---- log-in attempts --------------------------------------------------------------------------------------


def is_locked(officer: Officer, *, now: datetime) -> bool:
    """Were there so many wrong passwords that this account has to wait?"""
    return officer.locked_until is not None and officer.locked_until > now


def login_failed(session: Session, officer_id: int, *, now: datetime) -> None:
    """Count a wrong password or code. The FAILURES_ALLOWED-th in a row locks the account for LOCKED_FOR, each
    further one after that for twice as long as before (domain.waits)."""
    officer = session.scalar(select(Officer).where(Officer.id == officer_id).with_for_update())
    if officer is None or is_locked(officer, now=now):
        return
    officer.failed_logins += 1
    failures = officer.failed_logins
    if failures < FAILURES_ALLOWED:
        return
    officer.locked_until = now + wait_after(failures, tries=FAILURES_ALLOWED)
    until = officer.locked_until.isoformat()
    note(session, officer, "officer.lock", None, {"failures": failures, "until": until}, by=None, now=now)


def forget_failures(session: Session, officer_id: int) -> None:
    """The second factor was right: wrong tries before it no longer count."""
    session.execute(
        update(Officer).where(Officer.id == officer_id).values(failed_logins=0, locked_until=None)
    )


def logged_in(session: Session, officer_id: int, *, now: datetime, how: str) -> None:
    """Remember that the officer came in, with both factors (`how`: password, link, and the second one)."""
    officer = session.scalar(select(Officer).where(Officer.id == officer_id).with_for_update())
    if officer is None:
        return
    officer.failed_logins, officer.locked_until, officer.last_login_at = 0, None, now
    note(session, officer, "officer.login", None, {"how": how}, by=officer.id, now=now)


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
    """Take the link instead of a password: it is used up, the officer's other sessions end. None as above."""
    officer = officer_of_link(session, token, secret=secret, now=now)
    if officer is None:
        return None
    officer_sessions.end_all(session, officer, now=now)
    officer.failed_logins, officer.locked_until = 0, None
    note(session, officer, "officer.link_used", None, None, by=officer.id, now=now)
    return officer


def _sign(officer: Officer, until: int, secret: str) -> str:
    said = f"console log-in:{officer.id}:{until}:{officer.fs_uniquifier}"
    return hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()[:40]


def note(
    session: Session,
    officer: Officer,
    action: str,
    before: Mapping[str, object] | None,
    after: Mapping[str, object] | None,
    *,
    by: int | None,
    now: datetime,
) -> None:
    """An audit row about an officer's account, in the same transaction. `by` None: nobody was logged in."""
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
