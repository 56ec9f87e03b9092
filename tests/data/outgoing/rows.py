"""Replies as rows: queued, claimed, begun, looked at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from data import outgoing
from data.outgoing import OutgoingRow
from data.session import Database
from data.tables import Outgoing
from domain.messages import Reply

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
OA, OTHER_OA = "3000000000000000001", "3000000000000000002"
LAN, MAI, NAM = "lan", "mai", "nam"


def later(**more: float) -> datetime:
    return NOW + timedelta(**more)


def queue(database: Database, citizen: str, *texts: str, at: datetime = NOW, **more) -> list[int]:
    with database.transaction() as session:
        return outgoing.queue_replies(
            session,
            citizen=citizen,
            oa_id=OA,
            replies=[Reply(text) for text in texts],
            event_id=None,
            now=at,
            **more,
        )


def claim(database: Database, at: datetime = NOW, limit: int = 10) -> list[OutgoingRow]:
    with database.transaction() as session:
        return outgoing.claim_due(session, now=at, limit=limit, lease=LEASE)


def begin(database: Database, row: OutgoingRow, at: datetime = NOW) -> OutgoingRow | None:
    with database.transaction() as session:
        return outgoing.begin_sending(session, row, now=at, lease=LEASE)


def sending(database: Database, citizen: str = LAN, text: str = "Một", at: datetime = NOW) -> OutgoingRow:
    """A row whose request has just left."""
    queue(database, citizen, text, at=at)
    (row,) = claim(database, at)
    begun = begin(database, row, at)
    assert begun is not None
    return begun


def look(database: Database, row_id: int) -> Outgoing:
    with database.reading() as session:
        return session.get_one(Outgoing, row_id)


def words(rows: list[OutgoingRow]) -> list[str]:
    return [row.reply.text for row in rows]
