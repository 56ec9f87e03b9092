"""How officers come in: their sessions, second factors, passkeys, and network addresses that guessed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from data.columns import BigId
from data.tables.base import Base


class OfficerSession(Base):
    """One log-in on one device. The browser holds a random token, this row its hash.

    proved_at  when the second factor was last given; None: this officer needs none and has none
    """

    __tablename__ = "officer_sessions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    mark: Mapped[str] = mapped_column(unique=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"), index=True)
    device: Mapped[str]
    how: Mapped[str]
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    proved_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class SecondFactor(Base):
    """The authenticator app and the recovery codes of an officer.

    totp_sealed   the key of the app, sealed with DATA_KEY
    totp_counter  the half minute of the last code that was used: no code is good twice
    recovery      SHA-256 of the codes not used yet
    """

    __tablename__ = "second_factors"

    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"), primary_key=True)
    totp_sealed: Mapped[bytes | None]
    totp_counter: Mapped[int | None] = mapped_column(BigId)
    totp_since: Mapped[datetime | None]
    recovery: Mapped[list[str]]
    recovery_since: Mapped[datetime | None]


class Passkey(Base):
    """A passkey (WebAuthn): the public half; the private one never leaves the officer's device."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigId)
    name: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AddressWait(Base):
    """Wrong log-ins from one network address, known by a keyed hash only."""

    __tablename__ = "address_waits"

    mark: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
    until: Mapped[datetime | None]


class OfficerImport(Base):
    """A sheet of officers as it was compared; applied as shown, or dropped. state: draft, applied, dropped."""

    __tablename__ = "officer_imports"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    file_name: Mapped[str]
    rows: Mapped[int]
    state: Mapped[str]
    lines: Mapped[list[dict[str, Any]]]
    problems: Mapped[list[dict[str, Any]]]
