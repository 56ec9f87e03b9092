"""Officers as an administrator looks for them: by words, role, unit and state, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import officer_sessions, second_factors
from data.officers import is_locked, roles_of
from data.tables import Officer, UnitRow
from data.tables import Role as RoleRow
from domain.roles import Role
from domain.vietnamese import fold

PAGE = 30


@dataclass(frozen=True)
class Wanted:
    """What is looked for; empty fields narrow nothing. state: "", active, closed, locked, no_factor."""

    words: str = ""
    role: Role | None = None
    unit_id: str = ""
    state: str = ""


@dataclass(frozen=True)
class Line:
    """One officer of the list."""

    id: int
    email: str
    name: str
    roles: tuple[Role, ...]
    unit_id: str | None
    unit_name: str
    active: bool
    locked: bool
    has_password: bool
    has_factor: bool
    sessions: int
    last_login_at: datetime | None
    created_at: datetime


def search(session: Session, wanted: Wanted, *, page: int, now: datetime) -> tuple[Sequence[Line], int]:
    """(officers of page 0, 1, 2 …, how many there are on all pages): active ones first, by name.

    Names are compared without accents in Python: a province has some thousand officers, and SQLite knows no Vietnamese.
    """
    query = select(Officer.id, Officer.name, Officer.email).order_by(
        Officer.active.desc(), Officer.name, Officer.id
    )
    if wanted.role:
        query = query.where(Officer.roles.any(RoleRow.name == wanted.role))
    if wanted.unit_id:
        query = query.where(
            Officer.unit_id.is_(None) if wanted.unit_id == "tinh" else Officer.unit_id == wanted.unit_id
        )
    match wanted.state:
        case "active":
            query = query.where(Officer.active)
        case "closed":
            query = query.where(Officer.active.is_(False))
        case "locked":
            query = query.where(Officer.locked_until > now)
        case "no_factor":
            query = query.where(Officer.active)
    words = fold(wanted.words).split()
    found = [
        row.id
        for row in session.execute(query)
        if all(word in f"{fold(row.name)} {row.email}" for word in words)
    ]
    if wanted.state == "no_factor":
        there = second_factors.who_has_any(session, found)
        found = [one for one in found if one not in there]
    shown = found[page * PAGE : (page + 1) * PAGE]
    lines = {line.id: line for line in _lines(session, shown, now=now)}
    return [lines[one] for one in shown], len(found)


def line_of(session: Session, officer_id: int, *, now: datetime) -> Line | None:
    return next(iter(_lines(session, [officer_id], now=now)), None)


def known(session: Session, emails: Sequence[str]) -> dict[str, Officer]:
    """Log-in address → account, for the addresses that have one."""
    rows = session.scalars(select(Officer).where(Officer.email.in_(emails)))
    return {row.email: row for row in rows}


def _lines(session: Session, officer_ids: Sequence[int], *, now: datetime) -> list[Line]:
    there = second_factors.who_has_any(session, officer_ids)
    open_sessions = officer_sessions.counts(session, officer_ids, now=now)
    rows = session.execute(
        select(Officer, UnitRow.name)
        .outerjoin(UnitRow, UnitRow.id == Officer.unit_id)
        .where(Officer.id.in_(officer_ids))
    )
    return [
        Line(
            id=officer.id,
            email=officer.email,
            name=officer.name,
            roles=roles_of(officer),
            unit_id=officer.unit_id,
            unit_name=unit_name or "Toàn tỉnh",
            active=officer.active,
            locked=is_locked(officer, now=now),
            has_password=officer.password is not None,
            has_factor=officer.id in there,
            sessions=open_sessions.get(officer.id, 0),
            last_login_at=officer.last_login_at,
            created_at=officer.created_at,
        )
        for officer, unit_name in rows
    ]
