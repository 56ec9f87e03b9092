"""Web, two workers and two schedulers apart, on one PostgreSQL, woken by Procrastinate."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from sqlalchemy import select

from bot.connecting import connect_account
from bot.demo import group_id
from data import broadcast_moves, broadcasts, walls
from data.broadcasts import Content
from data.session import Database
from data.tables import GroupRow, Lease, Officer, OfficialAccount
from domain.broadcasts import DeliveryStatus
from simulator.serve import build_world, serve
from tests.citizen import Citizen
from tests.processes.machines import Machine, environment_of, free_port, wait_until_ready, wait_until_started
from tests.town import (
    KEY,
    OA,
    groups_of_the_world,
    served,
    stop_posting,
    town_settings,
)

pytestmark = pytest.mark.processes


class Machines:
    """Everything apart."""

    def __init__(self, zalo: str, database: Database, machines: dict[str, Machine]) -> None:
        self.zalo = zalo
        self.database = database
        self.machines = machines

    def holder(self) -> str:
        with self.database.reading() as session:
            lease = session.scalar(select(Lease).where(Lease.name == "scheduler"))
        return lease.holder.split(":")[1] if lease else ""


@pytest.fixture
def machines(seeded_postgres_url: str, tmp_path: Path) -> Iterator[Machines]:
    database = Database(seeded_postgres_url)
    with ExitStack() as stack:
        stack.callback(database.close)
        port = free_port()
        world = build_world(
            {
                "app_secret": "app-secret",
                "oa_secret_key": "oa-secret-key",
                "oas": [{"oa_id": OA, "name": "OA"}],
            }
        )
        zalo_server = serve(world, host="127.0.0.1", port=0, folder=tmp_path / "zalo")
        zalo = stack.enter_context(served(zalo_server))
        stack.callback(stop_posting, zalo_server)
        refresh = requests.post(f"{zalo}/control/oas/{OA}/refresh-token", timeout=10).json()["refresh_token"]
        settings = town_settings(seeded_postgres_url, tmp_path / "media", zalo, queue_url=seeded_postgres_url)
        connect_account(settings, database, oa_id=OA, name="OA", refresh_token=refresh)
        with database.transaction() as session:
            account = session.get(OfficialAccount, OA)
            assert account is not None
            account.requests_per_minute = 100_000
            rows = list(session.query(GroupRow))
            for row in rows:
                row.channel, row.oa_id, row.zalo_group_id = "gmf", OA, group_id(row.code)
            for number in (1, 2):
                session.add(
                    Officer(
                        id=number,
                        email=f"{number}@example.vn",
                        name=f"Cán bộ {number}",
                        active=True,
                        fs_uniquifier=str(number),
                        created_at=datetime.now(UTC),
                    )
                )
        groups_of_the_world(world, rows)
        given = environment_of(
            {
                "database_url": seeded_postgres_url,
                "queue_url": seeded_postgres_url,
                "media_url": f"file:{tmp_path / 'media'}",
                "secret_key": "s" * 40,
                "data_key": KEY,
                "public_url": f"http://127.0.0.1:{port}",
                "zalo_app_id": world.app.app_id,
                "zalo_app_secret": "app-secret",
                "zalo_oa_secret_key": "oa-secret-key",
                "zalo_api_url": zalo,
                "zalo_oauth_url": zalo,
                "zalo_media_hosts": "127.0.0.1",
                "link_checks_a_night": "0",
                "port": port,
                "log_level": "INFO",
            }
        )
        started: dict[str, Machine] = {}
        for name in ("web", "worker-1", "worker-2", "scheduler-1", "scheduler-2"):
            started[name] = Machine([name.split("-")[0]], given, tmp_path, name)
            stack.callback(started[name].ends)
        wait_until_started(started.values())
        wait_until_ready(f"http://127.0.0.1:{port}", started["web"])
        world.app.webhook_url = f"http://127.0.0.1:{port}/webhook/zalo"
        yield Machines(zalo, database, started)


def test_questions_and_broadcasts_go_on_when_a_worker_and_the_scheduler_are_killed(machines: Machines):
    Citizen(machines.zalo).says("lam ho chieu can giay to gi")

    machines.machines["worker-1"].is_killed()
    Citizen(machines.zalo).says("đăng ký tạm trú cần gì")

    holder = machines.holder()
    running = next(machine for machine in machines.machines.values() if str(machine.process.pid) == holder)
    running.is_killed()
    now = datetime.now(UTC)
    with machines.database.transaction() as session:
        row = broadcasts.create(
            session,
            Content("Cảnh báo", "Tin thử", {"all": True}, urgent=True, starts_at=now),
            author_id=1,
            now=now,
        )
        broadcast_moves.propose(session, row, version=row.version, officer_id=1, now=now)
        broadcast_moves.approve(session, row, version=row.version, officer_id=2, now=now)
        broadcast = row.id
    counts = _wait_for_sent(machines, broadcast, 225)
    assert counts == {DeliveryStatus.SENT: 225}
    assert machines.holder() not in {"", holder}, "the other scheduler took over"
    groups = requests.get(f"{machines.zalo}/control/groups", timeout=10).json()["groups"]
    assert [group["count"] for group in groups] == [1] * 225, "every group got it exactly once"

    for name in ("web", "worker-2"):
        assert machines.machines[name].ends() == 0, machines.machines[name].said()[-1500:]


def _wait_for_sent(machines: Machines, broadcast: int, total: int) -> dict[DeliveryStatus, int]:
    until = time.monotonic() + 60
    counts: dict[DeliveryStatus, int] = {}
    while time.monotonic() < until:
        with machines.database.reading() as session:
            found = walls.progress(session, broadcast)
        counts = {state: count for state, count in found.items() if count}
        if counts.get(DeliveryStatus.SENT) == total:
            break
        time.sleep(0.1)
    return counts
