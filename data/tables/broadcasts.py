"""Broadcasts, their runs, one delivery per group."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from data.columns import BigId
from data.tables.base import Base


class Broadcast(Base):
    """What officers want said. `status` is a domain.broadcasts.BroadcastStatus.

    audience      {"all": true} or {"districts": [...], "units": [...], "groups": [...], "exclude": [...]}
    starts_at     the first time; `repeat` a text of domain/repeats.py in Vietnam time, None = once
    next_due_at   the next run; None when there is none left
    lifetime_minutes  a delivery later than this after its due time is expired, not sent
    """

    __tablename__ = "broadcasts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    kind: Mapped[str]
    urgent: Mapped[bool]
    status: Mapped[str] = mapped_column(index=True)
    audience: Mapped[dict[str, Any]]
    starts_at: Mapped[datetime | None]
    repeat: Mapped[str | None]
    ends_at: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None] = mapped_column(index=True)
    lifetime_minutes: Mapped[int] = mapped_column(default=1440, server_default="1440")
    author_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    pause_reason: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Approval(Base):
    """Who said yes (or no) to exactly which content (`content_hash` of text, audience, time and kind)."""

    __tablename__ = "approvals"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcasts.id"), index=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    at: Mapped[datetime]
    content_hash: Mapped[str]
    verdict: Mapped[str]
    words: Mapped[str] = mapped_column(default="", server_default="")


class Run(Base):
    """One time a broadcast goes out. Unique per broadcast and due time: a tick that fires twice makes one."""

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcasts.id"))
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("broadcast_id", "due_at"),)


class Delivery(Base):
    """One message to one group. `state` is a domain.broadcasts.DeliveryStatus; the text is frozen here."""

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcasts.id"), index=True)
    group_code: Mapped[str] = mapped_column(ForeignKey("groups.code"))
    part: Mapped[int] = mapped_column(default=0, server_default="0")
    channel: Mapped[str]
    oa_id: Mapped[str | None]
    zalo_group_id: Mapped[str | None]
    text: Mapped[str]
    content: Mapped[str]
    state: Mapped[str]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    error_code: Mapped[int | None]
    reason: Mapped[str | None]
    zalo_message_id: Mapped[str | None] = mapped_column(index=True)
    sending_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("run_id", "group_code", "part"),
        Index(
            "ix_deliveries_open",
            "state",
            "due_at",
            "id",
            sqlite_where=sql("state IN ('waiting', 'claimed', 'sending', 'unknown')"),
            postgresql_where=sql("state IN ('waiting', 'claimed', 'sending', 'unknown')"),
        ),
    )
