"""Who is at work now: as the roster of their unit says, or, where there is none, who logged in within a shift."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from data.tables import Officer, ShiftRow, UnitRow
from domain.errors import MoveRefused
from domain.said import said
from domain.shifts import ON_DUTY_ROLES, ROSTER_LIVES, Duty
from domain.units import UnitLevel

LOGGED_IN_FOR = timedelta(hours=12)
"""A log-in lasts so long (console.app.SHIFT)."""


@dataclass(frozen=True)
class OnDuty:
    """Officers by number, and the units that have one; whoever works for the whole province covers its own unit."""

    officers: frozenset[int]
    units: frozenset[str]


def on_duty(session: Session, *, now: datetime) -> OnDuty:
    """Everybody who is on duty now, unit by unit."""
    with_roster = set(session.scalars(select(ShiftRow.unit_id).where(_alive(now)).distinct()))
    rostered = set(session.scalars(select(ShiftRow.officer_id).where(*_covers(now))))
    working = session.scalars(select(Officer).where(Officer.active)).all()
    present = [
        row
        for row in working
        if (row.id in rostered if row.unit_id in with_roster else _logged_in(row, now))
        and {role.name for role in row.roles} & ON_DUTY_ROLES
    ]
    units = {row.unit_id for row in present}
    if None in units:
        units |= set(session.scalars(select(UnitRow.id).where(UnitRow.level == UnitLevel.PROVINCE)))
    return OnDuty(frozenset(row.id for row in present), frozenset(one for one in units if one is not None))


def standing(session: Session, officer_id: int, *, now: datetime) -> Duty:
    """Is this officer on duty by the roster of their unit?"""
    unit_id = session.scalar(select(Officer.unit_id).where(Officer.id == officer_id))
    if not has_roster(session, unit_id, now=now):
        return Duty.NO_ROSTER
    covered = select(ShiftRow.id).where(ShiftRow.officer_id == officer_id, *_covers(now))
    return Duty.ON if session.scalar(covered.limit(1)) is not None else Duty.OFF


def has_roster(session: Session, unit_id: str | None, *, now: datetime) -> bool:
    """Does this unit keep a roster: a shift that is to come, or ended less than ROSTER_LIVES ago?"""
    return (
        session.scalar(select(ShiftRow.id).where(ShiftRow.unit_id == unit_id, _alive(now)).limit(1))
        is not None
    )


def names(session: Session, unit_id: str | None, *, now: datetime) -> dict[int, str]:
    """Officers of this unit who are on duty now by its roster: number → name."""
    rows = session.execute(
        select(Officer.id, Officer.name)
        .join(ShiftRow, ShiftRow.officer_id == Officer.id)
        .where(ShiftRow.unit_id == unit_id, Officer.active, *_covers(now))
        .order_by(Officer.name)
    )
    return {row.id: row.name for row in rows}


def check_may_take(session: Session, officer_id: int, *, now: datetime) -> None:
    """Raise MoveRefused when colleagues are on duty and this officer is not: a tip must not go home with somebody.

    Where nobody is on duty by the roster, or there is none, everybody of the unit may take it.
    """
    unit_id = session.scalar(select(Officer.unit_id).where(Officer.id == officer_id))
    there = names(session, unit_id, now=now)
    if there and officer_id not in there:
        raise MoveRefused(
            said(
                "Đồng chí không trong ca trực lúc này; đang trực: %(names)s. "
                "Nếu cần nhận thay, xin chỉ huy xếp ca trong Lịch trực.",
                names=", ".join(there.values()),
            )
        )


def check_may_approve(session: Session, officer_id: int, *, now: datetime) -> Duty:
    """Raise MoveRefused for an officer whose unit keeps a roster in which they are not on duty; else how they stand."""
    duty = standing(session, officer_id, now=now)
    if duty is Duty.OFF:
        raise MoveRefused(
            "Đồng chí không trong ca trực lúc này nên không duyệt khẩn được. Xin báo chỉ huy đang trực, hoặc xếp ca "
            "trong Lịch trực."
        )
    return duty


def _covers(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return ShiftRow.starts_at <= now, ShiftRow.ends_at > now


def _alive(now: datetime) -> ColumnElement[bool]:
    return ShiftRow.ends_at > now - ROSTER_LIVES


def _logged_in(row: Officer, now: datetime) -> bool:
    return row.last_login_at is not None and row.last_login_at > now - LOGGED_IN_FOR
