"""Complaints about service, what was done about each, and orders of improvement with their proof."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from data.columns import BigId
from data.tables.base import Base


class Complaint(Base):
    """One case. `status` is a domain.complaints.ComplaintStatus; `version` counts changes.

    code       the receipt the resident keeps
    bad        question → answer that were bad; words: already screened
    citizen    the opaque key of who gets the answer in the chat; None: by receipt on the web
    past_unit  for the inspectors alone: the unit neither sees nor counts it
    late       its clock ran out: the inspectors were told
    answer     what the resident is told
    """

    __tablename__ = "complaints"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    source: Mapped[str]
    bad: Mapped[dict[str, Any]]
    words: Mapped[str] = mapped_column(default="", server_default="")
    citizen: Mapped[str | None] = mapped_column(index=True)
    oa_id: Mapped[str | None]
    past_unit: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    status: Mapped[str]
    created_at: Mapped[datetime]
    look_due_at: Mapped[datetime]
    answer_due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="", server_default="")
    handled_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    late: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    reopened: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __table_args__ = (
        Index("ix_complaints_unit_id_status_created_at", "unit_id", "status", "created_at"),
        Index("ix_complaints_status_created_at", "status", "created_at"),
        Index("ix_complaints_answer_due_at", "answer_due_at"),
    )


class ComplaintMove(Base):
    """What happened to a case. officer_id None: the resident or the clock."""

    __tablename__ = "complaint_moves"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), index=True)
    at: Mapped[datetime]
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    move: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str | None]
    words: Mapped[str] = mapped_column(default="", server_default="")


class ImprovementOrder(Base):
    """An order of improvement (văn bản chấn chỉnh) to a unit. `status` is a domain.complaints.OrderStatus."""

    __tablename__ = "improvement_orders"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    number: Mapped[str] = mapped_column(default="", server_default="")
    text: Mapped[str]
    due_on: Mapped[date] = mapped_column(Date)
    status: Mapped[str]
    issued_by: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    issued_at: Mapped[datetime]
    words: Mapped[str] = mapped_column(default="", server_default="")
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class OrderProof(Base):
    """What a unit shows to have done what was ordered: words, and a file in the media store."""

    __tablename__ = "order_proofs"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("improvement_orders.id"), index=True)
    at: Mapped[datetime]
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    words: Mapped[str]
    media_key: Mapped[str | None]
    name: Mapped[str] = mapped_column(default="", server_default="")
    mime: Mapped[str] = mapped_column(default="", server_default="")
    size: Mapped[int | None]
    sha256: Mapped[str | None]
