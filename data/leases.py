"""Who may do what only one process may do: a lease with a heartbeat, taken over when it is late."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from data.tables import Lease


def hold(session: Session, name: str, holder: str, *, now: datetime, ttl: timedelta) -> bool:
    """Take, renew or take over the lease; True: it is ours until now + ttl. Never two holders at once."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(Lease)
        .values(name=name, holder=holder, until=now + ttl)
        .on_conflict_do_nothing(index_elements=["name"])
    )
    taken = session.execute(
        update(Lease)
        .where(Lease.name == name, or_(Lease.holder == holder, Lease.until <= now))
        .values(holder=holder, until=now + ttl)
    )
    assert isinstance(taken, CursorResult)
    return taken.rowcount == 1


def let_go(session: Session, name: str, holder: str) -> None:
    """Give the lease back at once, so that another need not wait."""
    session.execute(delete(Lease).where(Lease.name == name, Lease.holder == holder))
