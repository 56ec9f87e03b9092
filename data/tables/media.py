"""Custody of originals, and requests to unseal them. Both outlive the attachment they speak of: no foreign key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.columns import BigId
from data.tables.base import Base


class CustodyRow(Base):
    """One link of an attachment's chain of custody. `act` is a data.custody.Act.

    position  1, 2, 3 … for each attachment; `hash` covers this row and the hash before it
    sha256    of the original's bytes, where the act had them in hand
    """

    __tablename__ = "custody"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    attachment_id: Mapped[int] = mapped_column(BigId)
    position: Mapped[int]
    at: Mapped[datetime]
    act: Mapped[str]
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    sha256: Mapped[str | None]
    words: Mapped[str] = mapped_column(default="", server_default="")
    previous_hash: Mapped[str]
    hash: Mapped[str]

    __table_args__ = (UniqueConstraint("attachment_id", "position"),)


class UnsealingRow(Base):
    """A request to unseal one original. `state` is a domain.unsealing.UnsealingState.

    case_number  of the dossier the original is needed for
    open_until   the one who asked may download until then; None before the approval
    """

    __tablename__ = "unsealings"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    attachment_id: Mapped[int] = mapped_column(BigId, index=True)
    tip_id: Mapped[int] = mapped_column(BigId, index=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    asked_at: Mapped[datetime]
    reason: Mapped[str]
    case_number: Mapped[str] = mapped_column(default="", server_default="")
    state: Mapped[str]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    decided_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(default="", server_default="")
    open_until: Mapped[datetime | None]
    downloads: Mapped[int] = mapped_column(default=0, server_default="0")
    last_download_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_unsealings_state_asked_at", "state", "asked_at"),)
