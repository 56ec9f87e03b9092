"""Dossiers of residents: steps and dates, who follows them, wrong tries, sheets that were read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from data.columns import BigId
from data.tables.base import Base


class Dossier(Base):
    """One application. Nothing of its content is here, nor whose it is.

    mark        keyed hash of the code's bare letters and digits (data/dossier_proof.py)
    step        domain.dossiers.DossierStep, since the day `step_on`
    phone_hash, paper_hash   keyed hashes of last four digits under `salt`; None = not told
    """

    __tablename__ = "dossiers"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str]
    mark: Mapped[str] = mapped_column(unique=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    procedure: Mapped[str]
    step: Mapped[str]
    step_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date)
    salt: Mapped[bytes]
    phone_hash: Mapped[str | None]
    paper_hash: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_dossiers_unit_id_id", "unit_id", "id"),
        Index("ix_dossiers_step_updated_at", "step", "updated_at"),
    )


class DossierMove(Base):
    """A step a dossier came to, and who said so: an officer, or a system with a token."""

    __tablename__ = "dossier_moves"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"), index=True)
    step: Mapped[str]
    on: Mapped[date] = mapped_column("on_day", Date)
    at: Mapped[datetime]
    officer_id: Mapped[int | None]
    token_id: Mapped[int | None]


class DossierFollow(Base):
    """A resident who showed the second factor and wants to hear of each change."""

    __tablename__ = "dossier_follows"

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    citizen: Mapped[str] = mapped_column(ForeignKey("citizens.key"), primary_key=True, index=True)
    oa_id: Mapped[str]
    since: Mapped[datetime]


class DossierTry(Base):
    """A wrong try, to slow down whoever guesses. The mark may belong to no dossier at all."""

    __tablename__ = "dossier_tries"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    citizen: Mapped[str] = mapped_column(index=True)
    mark: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(index=True)


class DossierImport(Base):
    """A sheet that was read: what it would change, what is wrong with it. Digits stand in it hashed.

    state  draft, applied, dropped; `lines` are emptied when it is no draft any more
    """

    __tablename__ = "dossier_imports"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    unit_id: Mapped[str | None]
    file_name: Mapped[str]
    rows: Mapped[int]
    changes: Mapped[int]
    lines: Mapped[list[dict[str, Any]]]
    problems: Mapped[list[dict[str, Any]]]
    state: Mapped[str]
    decided_at: Mapped[datetime | None]
