"""The door for the province's own systems: tokens, answers kept for repeats, webhooks and their deliveries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from data.columns import BigId
from data.tables.base import Base


class ApiToken(Base):
    """What a system shows to be let in. Only its hash is kept; `shown` is the beginning, to tell tokens apart.

    scopes   keys of domain.api_scopes.Scope
    unit_id  whose things it reaches; None: the whole province
    """

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str]
    shown: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]]
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"))
    per_minute: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class ApiAnswer(Base):
    """The answer to a write, kept under the key its sender chose: the same request again gets it again."""

    __tablename__ = "api_answers"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("api_tokens.id"))
    key: Mapped[str]
    request_hash: Mapped[str]
    response_hash: Mapped[str]
    status: Mapped[int]
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("token_id", "key"),)


class ApiHook(Base):
    """An address that wants to hear of changes. `secret_sealed` signs what is sent there.

    unit_id     whose changes; None: the whole province
    moves_seen  the last row of tip_moves that was looked at for it
    """

    __tablename__ = "api_hooks"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str]
    url: Mapped[str]
    events: Mapped[list[str]]
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"))
    secret_sealed: Mapped[bytes]
    active: Mapped[bool]
    moves_seen: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))


class ApiDelivery(Base):
    """One thing to be told to one address: a row before it is sent. `body` is emptied when it is over.

    state  domain.hooks.HookState
    """

    __tablename__ = "api_deliveries"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hook_id: Mapped[int] = mapped_column(ForeignKey("api_hooks.id"))
    event: Mapped[str]
    body: Mapped[dict[str, Any]]
    state: Mapped[str]
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    status: Mapped[int | None]
    reason: Mapped[str | None]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_api_deliveries_due",
            "due_at",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_api_deliveries_hook_id_id", "hook_id", "id"),
    )
