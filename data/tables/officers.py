"""Officers, their roles, and the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from data.columns import BigId
from data.tables.base import Base

officer_roles = Table(
    "officer_roles",
    Base.metadata,
    Column("officer_id", BigId, ForeignKey("officers.id"), primary_key=True),
    Column("role_id", BigId, ForeignKey("roles.id"), primary_key=True),
)


class Role(Base):
    """duty, unit_head, broadcaster, approver, inspector, admin (domain.roles says what each may do)."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str]


class Officer(Base):
    """Somebody who works at the console. `unit_id` None: the whole province.

    fs_uniquifier  changed to end all sessions of this officer
    """

    __tablename__ = "officers"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password: Mapped[str | None]
    active: Mapped[bool]
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"), index=True)
    created_at: Mapped[datetime]
    last_login_at: Mapped[datetime | None]
    failed_logins: Mapped[int] = mapped_column(default=0, server_default="0")
    locked_until: Mapped[datetime | None]
    roles: Mapped[list[Role]] = relationship(secondary=officer_roles, lazy="selectin")


class ShiftRow(Base):
    """An officer's time on duty (domain.shifts). `unit_id` None: the roster of the whole province."""

    __tablename__ = "shifts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    made_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("officer_id", "starts_at"),
        Index("ix_shifts_unit_id_ends_at", "unit_id", "ends_at"),
    )


class AuditRow(Base):
    """Who did what, in a chain: `hash` covers this row and the hash before it."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    officer_id: Mapped[int | None]
    action: Mapped[str]
    subject: Mapped[str]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    previous_hash: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)

    __table_args__ = (
        Index("ix_audit_officer_id_id", "officer_id", "id"),
        Index("ix_audit_action_id", "action", "id"),
        Index("ix_audit_subject_id", "subject", "id"),
    )
