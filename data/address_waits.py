"""Network addresses from which somebody guesses: how long the log-in stays shut for them.

An address is known by a keyed hash only. Right log-ins do not forgive wrong ones: whoever has one good account could
go on guessing at the others.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data.tables import AddressWait
from domain.waits import ADDRESS_TRIES, FORGOTTEN_AFTER, wait_after


def mark_of(address: str, *, secret: str) -> str:
    return hmac.new(secret.encode(), f"log-in address:{address}".encode(), hashlib.sha256).hexdigest()[:40]


def has_to_wait(session: Session, mark: str, *, now: datetime) -> bool:
    until = session.scalar(select(AddressWait.until).where(AddressWait.mark == mark))
    return until is not None and until > now


def failed(session: Session, mark: str, *, now: datetime) -> None:
    """Count a wrong log-in; what is older than a day is forgotten."""
    session.execute(delete(AddressWait).where(AddressWait.last_at < now - FORGOTTEN_AFTER))
    row = session.scalar(select(AddressWait).where(AddressWait.mark == mark).with_for_update())
    if row is None:
        row = AddressWait(mark=mark, failures=0, last_at=now)
        session.add(row)
    row.failures += 1
    row.last_at = now
    wait = wait_after(row.failures, tries=ADDRESS_TRIES)
    row.until = now + wait if wait else None
    session.flush()
