"""Three citizens of two accounts."""

from __future__ import annotations

import pytest

from data import outgoing
from data.session import Database
from data.tables import Citizen, EventRow, OfficialAccount, Outgoing
from domain.messages import Reply
from tests.data.outgoing.rows import (
    LAN,
    MAI,
    NAM,
    NOW,
    OA,
    OTHER_OA,
    later,
)


@pytest.fixture(autouse=True)
def people(database: Database) -> None:
    """Three citizens, two accounts, two events; and a stranger's row that nothing here is about."""
    with database.transaction() as session:
        for oa_id in (OA, OTHER_OA):
            session.add(OfficialAccount(oa_id=oa_id, name="Công an phường", created_at=NOW))
        for key in (LAN, MAI, NAM, "stranger"):
            session.add(Citizen(key=key, oa_id=OTHER_OA if key == "stranger" else OA, first_seen_at=NOW))
        for n in (1, 2):
            session.add(
                EventRow(
                    id=n,
                    key=f"e{n}",
                    name="user_send_text",
                    oa_id=OA,
                    occurred_at=NOW,
                    received_at=NOW,
                    run_at=NOW,
                )
            )
        session.flush()
        (stranger,) = outgoing.queue_replies(
            session, citizen="stranger", oa_id=OTHER_OA, replies=[Reply("Xin chào")], event_id=None, now=NOW
        )
        session.get_one(Outgoing, stranger).due_at = later(days=3)
