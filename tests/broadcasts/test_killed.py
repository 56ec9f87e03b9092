"""Two real processes send to 225 groups and are killed with SIGKILL at random moments."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broadcasts.send import SENDING_LEASE
from data import deliveries, delivery_lines
from data.session import Database
from domain.broadcasts import DeliveryStatus
from tests.broadcasts.province import Province, fill
from tests.conftest import Clock

GROUPS = 225
KILLS = 3
"""Times two processes are killed while they send, on each kind of database, and once more at the end."""
PATIENCE_S = 60.0


@contextmanager
def two_senders(url: str, file: Path) -> Iterator[None]:
    """They run until the end of the block, and then die as in a power cut."""
    command = [sys.executable, "-m", "tests.broadcasts.sending", url, str(file)]
    senders = [subprocess.Popen(command, stdin=subprocess.DEVNULL) for _ in range(2)]
    try:
        yield
    finally:
        for sender in senders:
            sender.kill()
        for sender in senders:
            sender.wait(PATIENCE_S)


def arrived(file: Path) -> list[str]:
    return file.read_text().split() if file.exists() else []


@pytest.mark.crash
@pytest.mark.processes
def test_killed_again_and_again_no_group_gets_it_twice_and_none_is_lost(
    database: Database, database_url: str, tmp_path: Path
):
    now = datetime.now(UTC)
    fill(database, now, groups=GROUPS)
    province = Province(database, Clock(now))
    broadcast = province.broadcast(lifetime_minutes=10_000, quiet_ok=True)
    province.plan()
    file, chance = (
        tmp_path / "groups",
        random.Random(2026),
    )  # the same moments each time, as far as they can be

    for round_ in range(KILLS + 1):
        goal = GROUPS if round_ == KILLS else len(arrived(file)) + chance.randint(10, 35)
        with two_senders(database_url, file):
            until = time.monotonic() + PATIENCE_S
            while len(arrived(file)) < goal and not _nothing_waits(province, broadcast):
                assert time.monotonic() < until, f"stuck at {len(arrived(file))} of {goal}"
                time.sleep(chance.uniform(0.001, 0.01))
        with database.transaction() as session:
            deliveries.release_overdue(session, now=datetime.now(UTC) + SENDING_LEASE + timedelta(seconds=1))

    with database.reading() as session:
        lines = delivery_lines.page(session, broadcast, limit=GROUPS + 1)
    got = arrived(file)
    sent = {f"z{line.group_code[1:]}" for line in lines if line.state == DeliveryStatus.SENT}
    unknown = {f"z{line.group_code[1:]}" for line in lines if line.state == DeliveryStatus.UNKNOWN}
    print(
        f"killed {2 * (KILLS + 1)} times: {len(sent)} sent, {len(unknown)} unknown, {len(got)} messages in groups"
    )
    assert len(got) == len(set(got)), "nobody got it twice"
    assert len(sent | unknown) == GROUPS, "none is left behind"
    assert sent <= set(got), "what counts as sent arrived"
    assert len(unknown) <= 2 * (KILLS + 1), "only what was in a dying hand is unclear"


def _nothing_waits(province: Province, broadcast: int) -> bool:
    counts = province.counts(broadcast)
    return not any(
        counts.get(state)
        for state in (DeliveryStatus.WAITING, DeliveryStatus.CLAIMED, DeliveryStatus.SENDING)
    )
