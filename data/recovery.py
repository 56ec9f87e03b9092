"""After a crash of the only process there is: what it held is free at once, nobody waits for leases to end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from data import deliveries, outgoing
from data.tables import AttachmentRow, Delivery, EventRow, Lease, Outgoing


def end_all_leases(session: Session, *, now: datetime) -> None:
    """End every lease: their holders are dead. Only for a database that no other process works on (SQLite).

    What was only claimed goes back; what may have been sent becomes unknown.
    """
    for table in (EventRow, Outgoing, Delivery, AttachmentRow):
        session.execute(
            update(table)
            .where(table.lease_until > now)
            .values(lease_until=now)
            .execution_options(synchronize_session=False)
        )
    session.execute(update(Lease).where(Lease.until > now).values(until=now))
    outgoing.release_overdue(session, now=now)
    deliveries.release_overdue(session, now=now)
