"""The end of a shift, and acts on many tips at once that can be taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from data.columns import BigId
from data.tables.base import Base


class ShiftSheet(Base):
    """What one officer hands to the next at the end of a shift. Numbers of tips only, never a resident's words.

    unit_id     the unit whose desk it is; None = the province desk
    open_tips   [[tip id, status then], …], oldest clock first
    done        [[tip id, kind of act, how often], …] of the officer during the shift
    note        the officer's own words to the next
    """

    __tablename__ = "shift_sheets"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    open_tips: Mapped[list[Any]] = mapped_column(JSON)
    done: Mapped[list[Any]] = mapped_column(JSON)
    note: Mapped[str]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    taken_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_shift_sheets_unit_id_ended_at", "unit_id", "ended_at"),)


class ManyAct(Base):
    """One act on many tips; `before` says how each stood, so that the officer can take it back for a while.

    before  [[tip id, version after the act, {column: value before}], …]
    """

    __tablename__ = "many_acts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"), index=True)
    at: Mapped[datetime]
    act: Mapped[str]
    before: Mapped[list[Any]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None]
