"""Units as an administrator looks at them: with their days, what became of them, and what hangs on each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.tables import GroupRow, Officer, SuccessionRow, UnitRow
from domain.units import UnitLevel
from domain.vietnamese import fold


@dataclass(frozen=True)
class UnitLine:
    """One unit. became: names of the units that took its place."""

    id: str
    code: str
    name: str
    level: UnitLevel
    district: str | None
    valid_from: date
    valid_to: date | None
    groups: int
    officers: int
    became: tuple[str, ...]


def listed(session: Session, *, words: str = "", standing: str = "hom-nay") -> list[UnitLine]:
    """Units by name; `standing`: hom-nay (still there), da-het (ended), anything else both. A thousand at most."""
    query = select(UnitRow)
    if standing == "hom-nay":
        query = query.where(UnitRow.valid_to.is_(None))
    elif standing == "da-het":
        query = query.where(UnitRow.valid_to.is_not(None))
    sought = fold(words).split()
    rows = [
        row
        for row in session.scalars(query)
        if all(one in f"{fold(row.name)} {row.code} {fold(row.district or '')}" for one in sought)
    ]
    groups = _counted(session, GroupRow.unit_id)
    people = _counted(session, Officer.unit_id)
    steps = session.execute(
        select(SuccessionRow.old_id, UnitRow.name).join(UnitRow, UnitRow.id == SuccessionRow.new_id)
    ).all()
    became: dict[str, list[str]] = {}
    for old_id, name in steps:
        became.setdefault(old_id, []).append(name)
    lines = [
        UnitLine(
            row.id,
            row.code,
            row.name,
            UnitLevel(row.level),
            row.district,
            row.valid_from,
            row.valid_to,
            groups.get(row.id, 0),
            people.get(row.id, 0),
            tuple(became.get(row.id, ())),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda one: (one.level != UnitLevel.PROVINCE, fold(one.name), one.id))


def _counted(session: Session, column: object) -> dict[str, int]:
    query = select(column, func.count()).group_by(column)  # type: ignore[call-overload]  # a mapped column
    return dict(session.execute(query).all())


def names(session: Session, ids: Collection[str]) -> dict[str, str]:
    """Id → name of the unit, for those that exist."""
    rows = session.execute(select(UnitRow.id, UnitRow.name).where(UnitRow.id.in_(list(ids))))
    return dict(rows.all())


def communes_of_today(session: Session) -> list[UnitRow]:
    rows = session.scalars(
        select(UnitRow).where(UnitRow.valid_to.is_(None), UnitRow.level == UnitLevel.COMMUNE)
    )
    return sorted(rows, key=lambda row: fold(row.short_name))
