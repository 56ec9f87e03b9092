"""The bell between machines: whoever rings never waits, and what was rung arrives once."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg
import pytest

from bot import queueing
from bot.queueing import Bell
from domain.work import Kind


@pytest.fixture
def address(postgres_url: str) -> str:
    queueing.prepare(postgres_url)
    return postgres_url.replace("postgresql+psycopg:", "postgresql:", 1)


@pytest.fixture
def bell(address: str) -> Iterator[Bell]:
    bell = Bell(address)
    yield bell
    bell.close()


def asked_for(address: str) -> list[str]:
    with psycopg.connect(address) as connection:
        return sorted(row[0] for row in connection.execute("SELECT args ->> 'kind' FROM procrastinate_jobs"))


def test_one_request_of_a_kind_waits_however_often_it_is_rung(bell: Bell, address: str):
    for _ in range(5):
        bell.wake(Kind.INBOX, "somebody")
    bell.wake(Kind.MEDIA)
    bell.close()
    assert asked_for(address) == ["inbox", "media"]


def test_whoever_rings_does_not_wait_for_a_database_that_hangs(bell: Bell, address: str):
    """The webhook rings after it has kept an event, and has Zalo's two seconds for both."""
    with psycopg.connect(address) as other:
        other.execute("LOCK TABLE procrastinate_jobs IN ACCESS EXCLUSIVE MODE")
        ringing = threading.Thread(target=bell.wake, args=(Kind.INBOX,), daemon=True)
        ringing.start()
        ringing.join(5)
        assert not ringing.is_alive()
    bell.close()
    assert asked_for(address) == ["inbox"], "it was rung when the database was back"
