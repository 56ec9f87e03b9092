"""Queued replies, the account they go by, and the files that go along."""

from __future__ import annotations

from bot.outbox import MediaFile, Outbox
from data import outgoing
from data.session import Database
from data.tables import OfficialAccount, Outgoing
from domain.messages import Reply
from tests.conftest import Clock

OA, OTHER_OA = "3000000000000000001", "3000000000000000002"
CITIZENS = {"lan": "4000000000000000001", "mai": "4000000000000000002", "nam": "4000000000000000003"}
GROUP = "f0a1b2c3d4e5f6a7b8c9"


FILES = {
    "1.jpg": MediaFile("anh.jpg", b"\xff\xd8\xff picture"),
    "2.gif": MediaFile("anh.gif", b"GIF89a picture"),
    "3.pdf": MediaFile("Tờ khai.pdf", b"%PDF document"),
}


def open_media(name: str) -> MediaFile:
    try:
        return FILES[name]
    except KeyError:
        raise FileNotFoundError(name) from None


def queue(database: Database, clock: Clock, citizen: str, *replies: Reply | str) -> list[int]:
    with database.transaction() as session:
        return outgoing.queue_replies(
            session,
            citizen=citizen,
            oa_id=OTHER_OA if citizen == "nam" else OA,
            replies=[Reply(reply) if isinstance(reply, str) else reply for reply in replies],
            event_id=None,
            now=clock.now,
        )


def drain(outbox: Outbox) -> int:
    """Until nothing is due."""
    total = 0
    while taken := outbox.drain():
        total += taken
    return total


def look(database: Database, row_id: int) -> Outgoing:
    with database.reading() as session:
        return session.get_one(Outgoing, row_id)


def account(database: Database, oa_id: str = OA) -> OfficialAccount:
    with database.reading() as session:
        return session.get_one(OfficialAccount, oa_id)
