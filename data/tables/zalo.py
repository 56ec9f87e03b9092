"""Official accounts, their tokens and pace; events in, replies out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from data.columns import BigId
from data.tables.base import Base


class OfficialAccount(Base):
    """A Zalo OA. `state`: ok, or down (an administrator must connect it again).

    requests_per_minute  what Zalo's package allows this OA (docs/zalo.md, "Rate")
    paused_until         the circuit: nobody sends for this OA before then
    """

    __tablename__ = "official_accounts"

    oa_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"))
    state: Mapped[str] = mapped_column(default="ok", server_default="ok")
    requests_per_minute: Mapped[int] = mapped_column(default=100, server_default="100")
    paused_until: Mapped[datetime | None]
    pause_reason: Mapped[str | None]
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]


class Token(Base):
    """The OA's pair of tokens, sealed. `lease_until`: one refresher at a time holds it."""

    __tablename__ = "tokens"

    oa_id: Mapped[str] = mapped_column(ForeignKey("official_accounts.oa_id"), primary_key=True)
    access_sealed: Mapped[bytes]
    refresh_sealed: Mapped[bytes]
    access_expires_at: Mapped[datetime]
    refresh_expires_at: Mapped[datetime]
    renewed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    lease_until: Mapped[datetime | None]


class RateWindow(Base):
    """How many requests one scope (`app`, `oa:<id>`) has made in one minute window."""

    __tablename__ = "rate_windows"

    scope: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    used: Mapped[int]


class SealedKey(Base):
    """Keys of our own, sealed with DATA_KEY (the pepper of citizen keys lives here)."""

    __tablename__ = "sealed_keys"

    name: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]


class Citizen(Base):
    """Somebody who wrote to an OA, known by an opaque key. What Zalo calls them is in Identity."""

    __tablename__ = "citizens"

    key: Mapped[str] = mapped_column(primary_key=True)
    oa_id: Mapped[str]
    follows: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    first_seen_at: Mapped[datetime]
    last_wrote_at: Mapped[datetime | None]


class Identity(Base):
    """The only place that knows a citizen's Zalo id, and it is sealed."""

    __tablename__ = "identities"

    citizen: Mapped[str] = mapped_column(ForeignKey("citizens.key"), primary_key=True)
    sealed: Mapped[bytes]
    created_at: Mapped[datetime]


class EventRow(Base):
    """One thing Zalo told us, remembered before it was answered. The body is sealed and goes when old."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    oa_id: Mapped[str]
    citizen: Mapped[str | None]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    body_sealed: Mapped[bytes | None]
    run_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    last_error: Mapped[str | None]
    done_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_events_due",
            "run_at",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        Index(
            "ix_events_citizen_order",
            "citizen",
            "occurred_at",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )


class Conversation(Base):
    """Where a citizen stands: the flow, its step and its draft."""

    __tablename__ = "conversations"

    citizen: Mapped[str] = mapped_column(ForeignKey("citizens.key"), primary_key=True)
    flow: Mapped[str | None]
    step: Mapped[str | None]
    draft: Mapped[dict[str, Any]] = mapped_column(default=dict)
    updated_at: Mapped[datetime]


class Outgoing(Base):
    """One message to a citizen: a row before it is sent. `state` is a domain.broadcasts.DeliveryStatus.

    body     domain.messages.Reply as JSON
    content  hash of the text and kind, to match Zalo's echo when the answer was lost
    """

    __tablename__ = "outgoing"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    citizen: Mapped[str] = mapped_column(ForeignKey("citizens.key"))
    oa_id: Mapped[str]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"))
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    tip_id: Mapped[int | None] = mapped_column(ForeignKey("tips.id"), index=True)
    body: Mapped[dict[str, Any]]
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
    seen_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        Index("uq_outgoing_event_id_position", "event_id", "position", unique=True),
        Index(
            "ix_outgoing_open",
            "state",
            "due_at",
            "id",
            sqlite_where=text("state IN ('waiting', 'claimed', 'sending', 'held', 'unknown')"),
            postgresql_where=text("state IN ('waiting', 'claimed', 'sending', 'held', 'unknown')"),
        ),
        Index(
            "ix_outgoing_citizen_order",
            "citizen",
            "id",
            sqlite_where=text("state IN ('waiting', 'claimed', 'sending', 'held', 'unknown')"),
            postgresql_where=text("state IN ('waiting', 'claimed', 'sending', 'held', 'unknown')"),
        ),
    )


class Lease(Base):
    """Who may do what only one process may do (the scheduler): renewed by heartbeat, taken over when late."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    until: Mapped[datetime]
