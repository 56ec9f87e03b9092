"""Everywhere a row says which unit it belongs to.

Found by the foreign keys of the tables, so that a new table (boards with codes, surveys, rosters) goes along when
units become others, without anybody remembering it. A column named here is told to people by its label.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, and_, func, literal_column, select
from sqlalchemy.orm import Session

from data.tables import Base, SuccessionRow, Tip, UnitRow
from domain.said import said
from domain.tips import OPEN, TipStatus

LABELS = {
    "tips.unit_id": "Tin báo chưa xong",
    "tips.went_past": "Tin nói về công an của đơn vị (thanh tra giữ)",
    "groups.unit_id": "Nhóm Zalo",
    "officers.unit_id": "Cán bộ",
    "official_accounts.unit_id": "Trang OA của đơn vị",
}
UNFINISHED = frozenset({*OPEN, TipStatus.HELD})
"""Tips that move; closed ones stay with the unit that worked them, within reach of its successor."""
_OWN = {UnitRow.__tablename__, SuccessionRow.__tablename__}


@dataclass(frozen=True)
class Place:
    """One column that names units. `name`: `table.column`."""

    name: str
    table: Table
    column: Column[Any]

    @property
    def label(self) -> str:
        return (
            said(LABELS[self.name])
            if self.name in LABELS
            else said("Dữ liệu khác (%(table)s)", table=self.table.name)
        )

    def rows(self, unit_ids: Collection[str]) -> ColumnElement[bool]:
        """The rows of these units that go along."""
        here = self.column.in_(list(unit_ids))
        if self.name == "tips.unit_id":
            return and_(here, self.table.c.status.in_(UNFINISHED))
        if self.name == "tips.went_past":
            return and_(literal_column("tips.bypass"), here)
        return here

    def key(self) -> Select[*tuple[Any, ...]]:
        """The primary key of the rows, and the column."""
        return select(*self.table.primary_key.columns, self.column)

    def count(self, session: Session, unit_ids: Collection[str]) -> dict[str, int]:
        """Unit → rows that would go along."""
        query = (
            select(self.column, func.count())
            .select_from(self.table)
            .where(self.rows(unit_ids))
            .group_by(self.column)
        )
        return dict(session.execute(query).all())


def places() -> list[Place]:
    """All of them, those with a label first."""
    tips: Table = Tip.__table__  # type: ignore[assignment]  # a mapped class has a Table
    found = [Place("tips.went_past", tips, tips.c.went_past)]
    for table in Base.metadata.tables.values():
        if table.name in _OWN:
            continue
        for column in table.columns:
            if any(key.column.table.name == UnitRow.__tablename__ for key in column.foreign_keys):
                found.append(Place(f"{table.name}.{column.name}", table, column))
    order = list(LABELS)
    return sorted(
        found, key=lambda one: (order.index(one.name) if one.name in order else len(order), one.name)
    )


def write_key(row: Collection[Any]) -> str:
    """The primary key of a row as text."""
    return json.dumps(list(row), ensure_ascii=False)


def is_row(table: Table, row_key: str) -> ColumnElement[bool]:
    """The row with this key."""
    values = json.loads(row_key)
    return and_(*(column == value for column, value in zip(table.primary_key.columns, values, strict=True)))
