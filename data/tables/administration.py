"""What administrators change: units that become others, settings, and lists that come as a sheet."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.columns import BigId
from data.tables.base import Base


class UnitChange(Base):
    """Units `old_ids` become the unit `new_id` on `since`. `state` is a domain.unit_changes.ChangeState.

    new_unit    the fields of a unit that is made when it is applied; None: `new_id` answers already
    checked_by  the second person who looked; never the author
    Ids of units are plain text here: the new unit does not exist before the change is applied.
    """

    __tablename__ = "unit_changes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    since: Mapped[date] = mapped_column(Date)
    old_ids: Mapped[list[str]]
    new_id: Mapped[str]
    new_unit: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    basis: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    created_at: Mapped[datetime]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    checked_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    fault: Mapped[str | None]


class UnitChangeMove(Base):
    """One row that went along with a change: `place` is `table.column`, `row_key` its primary key as JSON."""

    __tablename__ = "unit_change_moves"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("unit_changes.id"))
    place: Mapped[str]
    row_key: Mapped[str]
    before: Mapped[str]

    __table_args__ = (UniqueConstraint("change_id", "place", "row_key"),)


class SettingChange(Base):
    """From `holds_from` (a day in Vietnam) on, the setting `key` is `value`, unless withdrawn or followed by another."""

    __tablename__ = "setting_changes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(index=True)
    value: Mapped[dict[str, Any]]
    holds_from: Mapped[date] = mapped_column(Date)
    reason: Mapped[str]
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))


class RegistryImport(Base):
    """A sheet of units, groups or topics, compared and kept as it was shown. `state`: draft, applied, undone, dropped."""

    __tablename__ = "registry_imports"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject: Mapped[str]
    at: Mapped[datetime]
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    file_name: Mapped[str]
    rows: Mapped[int]
    lines: Mapped[list[dict[str, Any]]]
    problems: Mapped[list[dict[str, Any]]]
    state: Mapped[str]
    decided_at: Mapped[datetime | None]
