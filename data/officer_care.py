"""What an administrator changes about an account: name, roles, unit, open again, begin anew after a lost device.

Each change ends the officer's sessions (rights are never older than the log-in) and leaves an audit row. Nobody is
left without an administrator, and nobody takes their own administration away.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import officer_sessions, second_factors
from data.officers import BadOfficer, leave_an_administrator, note, roles_of, seed_roles
from data.tables import Officer, UnitRow
from data.tables import Role as RoleRow
from domain.roles import Role
from domain.said import said


def change(
    session: Session,
    officer: Officer,
    *,
    name: str,
    roles: Iterable[Role],
    unit_id: str | None,
    now: datetime,
    by: int | None = None,
) -> bool:
    """Give the account this name, these roles, this unit. False: it had them. Raises BadOfficer."""
    name, wanted = unicodedata.normalize("NFC", name).strip(), sorted(set(roles))
    if not name:
        raise BadOfficer("Chưa có họ tên cán bộ.")
    if not wanted:
        raise BadOfficer("Chưa chọn vai trò nào.")
    if unit_id is not None and session.get(UnitRow, unit_id) is None:
        raise BadOfficer(said("Không có đơn vị %(unit)s.", unit=unit_id))
    before, after = (
        _rights(officer),
        {"name": name, "roles": [str(role) for role in wanted], "unit_id": unit_id},
    )
    if before == after:
        return False
    if Role.ADMIN not in wanted and Role.ADMIN in roles_of(officer):
        if by == officer.id:
            raise BadOfficer("Đồng chí không thể tự bỏ vai trò quản trị của mình.")
        leave_an_administrator(session, officer)
    seed_roles(session)
    officer.name, officer.unit_id = name, unit_id
    officer.roles = list(session.scalars(select(RoleRow).where(RoleRow.name.in_(wanted))))
    if before["roles"] != after["roles"] or before["unit_id"] != after["unit_id"]:
        officer_sessions.end_all(session, officer, now=now)
    note(session, officer, "officer.change", before, after, by=by, now=now)
    return True


def enable(session: Session, officer: Officer, *, now: datetime, by: int | None = None) -> None:
    """Open a closed account again. Its password is gone: it opens by a one-time link, as on the first day."""
    if officer.active:
        return
    officer.active, officer.password = True, None
    officer.failed_logins, officer.locked_until = 0, None
    officer_sessions.end_all(session, officer, now=now)
    note(session, officer, "officer.enable", {"active": False}, {"active": True}, by=by, now=now)


def begin_anew(session: Session, officer: Officer, *, now: datetime, by: int | None = None) -> None:
    """After a lost device: second factor, recovery codes and sessions are gone; the next link sets them up anew.

    The password goes too: whoever has the device may know it.
    """
    if not officer.active:
        raise BadOfficer("Tài khoản này đang đóng.")
    if by == officer.id:
        raise BadOfficer("Đồng chí không thể tự cấp lại cho mình; xin nhờ một quản trị khác.")
    before = {
        "password": officer.password is not None,
        "factors": bool(second_factors.who_has_any(session, [officer.id])),
    }
    officer.password = None
    officer.failed_logins, officer.locked_until = 0, None
    second_factors.forget_all(session, officer.id)
    officer_sessions.end_all(session, officer, now=now)
    note(session, officer, "officer.begin_anew", before, None, by=by, now=now)


def end_sessions(session: Session, officer: Officer, *, now: datetime, by: int | None = None) -> int:
    """End every session of the officer; how many there were."""
    ended = officer_sessions.end_all(session, officer, now=now)
    note(session, officer, "officer.sessions_ended", None, {"sessions": ended}, by=by, now=now)
    return ended


def _rights(officer: Officer) -> dict[str, object]:
    return {
        "name": officer.name,
        "roles": sorted(str(role) for role in roles_of(officer)),
        "unit_id": officer.unit_id,
    }
