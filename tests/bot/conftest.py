"""Zalo as a small server, a clock one can set, keys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.zalo.client import ZaloClient
from data.sealing import Sealer
from tests.bot.fake_zalo import APP_ID, APP_SECRET, FakeZalo
from tests.conftest import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 24, 3, 0, 10, tzinfo=UTC))


@pytest.fixture
def zalo() -> Iterator[FakeZalo]:
    zalo = FakeZalo()
    yield zalo
    zalo.close()


@pytest.fixture
def client(zalo: FakeZalo, clock: Clock) -> Iterator[ZaloClient]:
    client = ZaloClient(zalo.url, zalo.url, APP_ID, APP_SECRET, timeout=(2, 5), clock=clock)
    yield client
    client.close()


@pytest.fixture
def sealer() -> Sealer:
    return Sealer([b"k" * 32])
