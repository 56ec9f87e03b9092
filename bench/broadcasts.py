"""Broadcasts: the pace that is reached against the pace that is allowed, the limiter at its boundary, memory.

1. 225 groups of one OA through the make-believe Zalo over HTTP, with the threads and rests of the real program:
   the time it must take by the limits / the time it took. Goal: at least 0.95.
2. 20,000 deliveries over 10 OAs and one app limit, by a clock that is set: no minute of any OA or of the app holds
   more than its limit, and the whole takes no more minutes than it must. Memory after a quarter and at the end.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench.machine import describe
from bot.connecting import connect_account
from bot.group_sender import GroupSender
from bot.uploads import Uploads
from bot.work import Job, Workers
from bot.zalo.client import ZaloClient
from bot.zalo.tokens import Tokens
from broadcasts.plan import plan_due
from broadcasts.send import Sender
from data import broadcast_moves, broadcasts, pace, schema, walls
from data.media import media_store
from data.pace import APP_REQUESTS_PER_MINUTE
from data.session import Database
from data.tables import GroupRow, Officer, OfficialAccount, UnitRow
from domain.broadcasts import DeliveryStatus
from domain.posts import Post
from domain.work import Kind
from simulator.serve import build_world, serve
from simulator.world import Group

GROUPS = 225
PER_MINUTE = int(os.environ.get("BENCH_PER_MINUTE", "300"))
"""What the one OA may send. Lower takes longer: 100, say, needs two minutes for 225 groups."""
DELIVERIES = int(os.environ.get("BENCH_DELIVERIES", "20000"))
OAS = 10
OA_PER_MINUTE = 2000
THREADS = 4
UNIT = "07210@2025-07-01"


def main() -> None:
    print("\n## Broadcasts\n")
    with tempfile.TemporaryDirectory() as folder:
        one_oa(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        many(Path(folder))


# ---- 225 groups at the allowed pace ------------------------------------------------------------------------------


def one_oa(folder: Path) -> None:
    from tests.town import served, stop_posting, town_settings  # the same make-believe Zalo as in the tests

    with ExitStack() as stack:
        url, oa = f"sqlite:///{folder / 'bench.db'}", "3000000000000000001"
        database = _filled(url, [oa], GROUPS, PER_MINUTE)
        stack.callback(database.close)
        world = build_world(
            {
                "app_secret": "app-secret",
                "oa_secret_key": "oa-secret-key",
                "oas": [{"oa_id": oa, "name": "OA"}],
            }
        )
        world.oas[oa].requests_per_minute = 1_000_000
        world.add_groups(Group(f"z{number}", f"Nhóm {number}", oa) for number in range(GROUPS))
        server = serve(world, host="127.0.0.1", port=0, folder=folder / "zalo")
        zalo = stack.enter_context(served(server))
        stack.callback(stop_posting, server)
        settings = town_settings(url, folder / "media", zalo)
        connect_account(settings, database, oa_id=oa, name="OA", refresh_token=world.new_refresh_token(oa))

        shift = [timedelta(0)]

        def clock() -> datetime:
            return datetime.now(UTC) + shift[0]

        client = ZaloClient(zalo, zalo, settings.zalo_app_id, "app-secret")
        stack.callback(client.close)
        uploads = Uploads(database, client, media_store(f"file:{folder / 'media'}").open, clock=clock)
        groups = GroupSender(
            database, client, Tokens(database, client, settings.sealer()), uploads, clock=clock
        )
        sender = Sender(database, groups.send, clock=clock)
        broadcast = _approved(database, clock())
        plan_due(database, now=clock())
        shift[0] = timedelta(seconds=60 - datetime.now(UTC).timestamp() % 60)  # it begins with a minute
        workers = Workers({Kind.DELIVERIES: Job(sender.drain, threads=THREADS)})
        began = time.monotonic()
        workers.start()
        while _sent(database, broadcast) < GROUPS:
            time.sleep(0.02)
        took = time.monotonic() - began
        workers.stop()
    least = pace.time_for(PER_MINUTE, GROUPS, spread=True).total_seconds()
    print(
        f"{GROUPS} groups, one OA, {PER_MINUTE} a minute, over HTTP: {took:.1f} s, by the limits {least:.1f} s"
    )
    print(f"allowed pace reached: {least / took:.3f}   (goal: at least 0.95)")


# ---- 20,000 deliveries, ten OAs ----------------------------------------------------------------------------------


def many(folder: Path) -> None:
    oas = [f"30000000000000000{number:02}" for number in range(OAS)]
    database = _filled(f"sqlite:///{folder / 'bench.db'}", oas, DELIVERIES, OA_PER_MINUTE)
    now = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    clock = [now]
    per_oa: Counter[tuple[str, datetime]] = Counter()
    per_app: Counter[datetime] = Counter()
    counting = threading.Lock()

    def send(oa_id: str, zalo_group_id: str, post: Post) -> str:
        with counting:
            per_oa[oa_id, pace.window_of(clock[0])] += 1
            per_app[pace.window_of(clock[0])] += 1
        return f"m{zalo_group_id}"

    sender = Sender(database, send, clock=lambda: clock[0])
    broadcast = _approved(database, now)
    plan_due(database, now=now)
    began, sent, quarter = time.monotonic(), 0, 0.0
    while sent < DELIVERIES:
        threads = [threading.Thread(target=_drained, args=(sender,)) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        clock[0] += timedelta(seconds=1)
        sent = sum(per_app.values())
        if not quarter and sent >= DELIVERIES / 4:
            quarter = _memory_mib()
    took, minutes = time.monotonic() - began, (clock[0] - now).total_seconds() / 60
    full = _memory_mib()
    whole, rest = divmod(DELIVERIES - 1, APP_REQUESTS_PER_MINUTE)
    must = whole + pace.time_for(APP_REQUESTS_PER_MINUTE, rest + 1, spread=True) / pace.MINUTE
    print(
        f"\n{DELIVERIES:,} deliveries, {OAS} OAs of {OA_PER_MINUTE} a minute, app {APP_REQUESTS_PER_MINUTE} a minute, "
        f"{THREADS} threads: {minutes:.2f} minutes by the set clock, {took:.0f} s of work "
        f"({DELIVERIES / took:.0f} a second)"
    )
    print(
        f"fullest minute of an OA: {max(per_oa.values())} of {OA_PER_MINUTE}; of the app: {max(per_app.values())}"
    )
    print(f"allowed pace reached: {must / minutes:.3f}   (goal: at least 0.95)")
    print(f"memory after a quarter {quarter:.0f} MiB, at the end {full:.0f} MiB   (goal: constant)")
    assert max(per_oa.values()) <= OA_PER_MINUTE
    assert max(per_app.values()) <= APP_REQUESTS_PER_MINUTE
    assert _sent(database, broadcast) == DELIVERIES == sum(per_app.values())
    database.close()


def _drained(sender: Sender) -> None:
    while sender.drain():
        pass


def _sent(database: Database, broadcast: int) -> int:
    with database.reading() as session:
        return walls.progress(session, broadcast)[DeliveryStatus.SENT]


def _memory_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def _filled(url: str, oas: list[str], groups: int, per_minute: int) -> Database:
    database = Database(url)
    schema.upgrade(database)
    now = datetime.now(UTC)
    with database.transaction() as session:
        session.add(
            UnitRow(
                id=UNIT,
                code="07210",
                name="Phường Bắc Giang",
                short_name="Bắc Giang",
                kind="phường",
                level="commune",
                province="Tỉnh Bắc Ninh",
                valid_from=date(2025, 7, 1),
            )
        )
        for oa in oas:
            session.add(OfficialAccount(oa_id=oa, name="OA", created_at=now, requests_per_minute=per_minute))
        for number in (1, 2):
            session.add(
                Officer(
                    id=number,
                    email=f"{number}@example.vn",
                    name=f"Cán bộ {number}",
                    active=True,
                    fs_uniquifier=str(number),
                    created_at=now,
                )
            )
        session.flush()
        session.add_all(
            GroupRow(
                code=f"G{number:05}",
                name=f"Nhóm {number}",
                name_folded=f"nhom {number}",
                level="commune",
                police_2022="",
                unit_id=UNIT,
                basis="bench",
                inferred=False,
                channel="gmf",
                oa_id=oas[number % len(oas)],
                zalo_group_id=f"z{number}",
                active=True,
            )
            for number in range(groups)
        )
    return database


def _approved(database: Database, now: datetime) -> int:
    content = broadcasts.Content("Tin", "Nội dung", {"all": True}, urgent=True, starts_at=now)
    with database.transaction() as session:
        row = broadcasts.create(session, content, author_id=1, now=now)
        broadcast_moves.propose(session, row, version=row.version, officer_id=1, now=now)
        broadcast_moves.approve(session, row, version=row.version, officer_id=2, now=now)
        return row.id


if __name__ == "__main__":
    print(describe())
    main()
