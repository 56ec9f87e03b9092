"""An outbox beside a make-believe Zalo, with two accounts and three citizens."""

from __future__ import annotations

import pytest

from bot.outbox import Outbox, SendResult
from bot.zalo.client import ZaloClient
from bot.zalo.tokens import Tokens
from data.sealing import Sealer
from data.session import Database
from data.tables import Citizen, Identity
from tests.bot.connected import connect
from tests.bot.fake_zalo import FakeZalo
from tests.bot.outbox.rows import (
    CITIZENS,
    OA,
    OTHER_OA,
    open_media,
)
from tests.conftest import Clock


@pytest.fixture(autouse=True)
def house(database: Database, sealer: Sealer, zalo: FakeZalo, clock: Clock) -> None:
    """Two accounts that share a token (the fake Zalo has one), two citizens of the first, one of the second."""
    connect(database, sealer, zalo, OA, OTHER_OA, now=clock.now)
    with database.transaction() as session:
        for key, user_id in CITIZENS.items():
            session.add(Citizen(key=key, oa_id=OTHER_OA if key == "nam" else OA, first_seen_at=clock.now))
            session.flush()
            sealed = sealer.seal(user_id.encode(), purpose="identity")
            session.add(Identity(citizen=key, sealed=sealed, created_at=clock.now))


@pytest.fixture
def tokens(database: Database, client: ZaloClient, sealer: Sealer, clock: Clock) -> Tokens:
    return Tokens(database, client, sealer, clock=clock, sleep=lambda seconds: None)


@pytest.fixture
def results() -> list[SendResult]:
    return []


@pytest.fixture
def outbox(database, client, tokens, sealer, clock, results) -> Outbox:
    return Outbox(
        database,
        client,
        tokens,
        sealer,
        clock=clock,
        open_media=open_media,
        watch=results.append,
        jitter=lambda: 0.0,
        sleep=lambda seconds: None,
    )
