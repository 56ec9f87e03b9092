"""Boards of QR codes: what a unit composed, its history, the short codes, and how often they are scanned."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.columns import BigId
from data.tables.base import Base


class UnitBoard(Base):
    """A unit's own composition of a board (domain.boards.Composition as JSON).

    draft      what is being worked on; `published` what residents see, None = the definition as it is shipped
    """

    __tablename__ = "unit_boards"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    board: Mapped[str]
    draft: Mapped[dict[str, Any]]
    published: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __table_args__ = (UniqueConstraint("unit_id", "board"),)


class BoardStep(Base):
    """One step of a board's history: the draft as it was after it. `how` is a domain.boards.How."""

    __tablename__ = "board_steps"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    unit_board_id: Mapped[int] = mapped_column(ForeignKey("unit_boards.id"), index=True)
    at: Mapped[datetime]
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    how: Mapped[str]
    body: Mapped[dict[str, Any]]


class BoardCode(Base):
    """A short code (domain/board_codes.py), for ever: posters hang for years. `field` "" = the whole board."""

    __tablename__ = "board_codes"

    code: Mapped[str] = mapped_column(primary_key=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    board: Mapped[str]
    field: Mapped[str]
    made_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("unit_id", "board", "field"),)


class BoardScan(Base):
    """How often a unit's code of a field was scanned on a day in Vietnam. A count, and nothing of who."""

    __tablename__ = "board_scans"

    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"), primary_key=True)
    board: Mapped[str] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]
