"""Broadcasts: the pace that is reached against the pace that is allowed, the limiter at its boundary, memory.

1. 225 groups of one OA through the make-believe Zalo over HTTP, with the threads and rests of the real program:
   the time it must take by the limits / the time it took. Goal: at least 0.95.
2. 20,000 deliveries over 10 OAs by a clock that is set. First the app's limit binds, because all ten together may
   send more than the app; when the five fast ones are through, each slow one's own limit binds. What arrived when is
   the make-believe Zalo's own record: no minute, as Zalo counts them, holds more than its limit, for any OA and for
   the app, and Zalo turns nothing away. Memory before the plan, after it, in the middle and at the end.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from array import array
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

from werkzeug.test import Client

from bench.machine import describe
from bot.connecting import connect_account
from bot.group_sender import GroupSender
from bot.uploads import Uploads
from bot.work import Job, Workers
from bot.zalo.client import ZaloClient
from bot.zalo.codes import error_for
from bot.zalo.tokens import Tokens
from broadcasts.plan import plan_due
from broadcasts.send import Sender
from data import pace, schema, walls
from data.media import media_store
from data.pace import APP_REQUESTS_PER_MINUTE
from data.session import Database
from domain.broadcasts import DeliveryStatus
from domain.posts import Post
from domain.work import Kind
from simulator.app import create_app
from simulator.clock import Clock
from simulator.serve import build_world, serve
from simulator.world import App, Group, Message, Oa, World
from tests.broadcasts.province import account, group, people, written
from tests.town import served, stop_posting, town_settings

GROUPS = 225
PER_MINUTE = int(os.environ.get("BENCH_PER_MINUTE", "300"))
"""What the one OA may send. Lower takes longer: 100, say, needs two minutes for 225 groups."""
DELIVERIES = int(os.environ.get("BENCH_DELIVERIES", "20000"))
FAST, SLOW = 2000, 300
"""Requests a minute: five OAs of each. Together 11,500, so the app's 4,000 bind while the fast ones send."""
THREADS = 4
STEP = timedelta(seconds=5)
"""The set clock's: shorter ones only make everybody ask more often."""
SHM = Path("/dev/shm")  # a folder of our own in it
MINUTE_MS = 60_000


def main() -> None:
    print("\n## Broadcasts\n")
    with tempfile.TemporaryDirectory() as folder:
        one_oa(Path(folder))
    in_memory = SHM if SHM.is_dir() else None  # the limiter is measured here, not the disk
    with tempfile.TemporaryDirectory(dir=in_memory) as folder:
        many(Path(folder))


# ---- 225 groups at the allowed pace ------------------------------------------------------------------------------


def one_oa(folder: Path) -> None:
    with ExitStack() as stack:
        url, oa = f"sqlite:///{folder / 'bench.db'}", "3000000000000000001"
        database = _filled(url, [(oa, PER_MINUTE)], [oa] * GROUPS)
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
        broadcast = written(database, clock(), urgent=True)
        plan_due(database, now=clock())
        shift[0] = timedelta(seconds=60 - datetime.now(UTC).timestamp() % 60)  # it begins with a minute
        world.clock.advance(shift[0])
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
    arrivals = [message.at for group in world.groups.values() for message in group.messages]
    _say_windows("the OA", arrivals, PER_MINUTE)
    assert len(arrivals) == GROUPS


# ---- 20,000 deliveries, ten OAs ----------------------------------------------------------------------------------


class Set(Clock):
    """The make-believe Zalo's clock, at the time that is set."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.at = now

    def now(self) -> datetime:
        return self.at


class Ledger(World):
    """Writes down when a message arrived, for which OA, and lets it go: memory is measured here."""

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.arrivals: dict[str, array[int]] = {}
        self.groups_got: Counter[str] = Counter()

    def post(self, group: Group, message: Message) -> Message:
        with self.lock:
            self.arrivals.setdefault(group.oa_id, array("q")).append(message.at)
            self.groups_got[group.group_id] += 1
        return message


class InProcess:
    """Sends to the make-believe Zalo without a wire between; what it turns away is raised as in life."""

    def __init__(self, world: World, folder: Path) -> None:
        self._app = create_app(world, folder=folder)
        self._world = world
        self._here = threading.local()
        self.turned_away = 0

    def send(self, oa_id: str, zalo_group_id: str, post: Post) -> str:
        if not hasattr(self._here, "client"):
            self._here.client = Client(self._app)
        answer = self._here.client.post(
            "/v3.0/oa/group/message",
            json={"recipient": {"group_id": zalo_group_id}, "message": {"text": post.text}},
            environ_overrides={"HTTP_ACCESS_TOKEN": self._world.oas[oa_id].access_token},
        ).get_json()
        if answer["error"]:
            self.turned_away += 1
            raise error_for(answer["error"], now=self._world.clock.now())
        return str(answer["data"]["message_id"])

    def close(self) -> None:
        self._app.extensions["zalo"].stop()


def many(folder: Path) -> None:
    now = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    oas = {f"30000000000000000{number:02}": FAST if number % 2 else SLOW for number in range(10)}
    clock, world = Set(now), Ledger(App("1", "s", "k"))
    world.clock = clock
    for oa_id, per_minute in oas.items():
        world.new_pair(world.add_oa(Oa(oa_id, "OA", per_minute)))
    homes = _homes(oas, DELIVERIES)
    world.add_groups(Group(f"z{number}", "Nhóm", oa_id) for number, oa_id in enumerate(homes))
    database = _filled(f"sqlite:///{folder / 'bench.db'}", list(oas.items()), homes)
    zalo = InProcess(world, folder / "zalo")
    sender = Sender(database, zalo.send, clock=clock.now)
    broadcast = written(database, now, urgent=True)
    memory = {"before the plan": _memory_mib()}
    plan_due(database, now=now)
    memory["after it"] = _memory_mib()
    began, sent = time.monotonic(), 0
    while sent < DELIVERIES:
        threads = [threading.Thread(target=_drained, args=(sender,)) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        clock.at += STEP
        sent = sum(map(len, world.arrivals.values()))
        if sent >= DELIVERIES / 2:
            memory.setdefault("in the middle", _memory_mib())
    memory["at the end"] = _memory_mib()
    _say_many(world, oas, homes, took=time.monotonic() - began, minutes=(clock.at - now) / pace.MINUTE)
    print(f"turned away by Zalo: {zalo.turned_away}")
    print("memory: " + ", ".join(f"{name} {mib:.0f} MiB" for name, mib in memory.items()))
    assert memory["at the end"] - memory["in the middle"] < 8, "memory is constant"
    assert zalo.turned_away == 0
    assert set(world.groups_got.values()) == {1}, "every group once"
    assert _sent(database, broadcast) == DELIVERIES == sent
    zalo.close()
    database.close()


def _homes(oas: dict[str, int], groups: int) -> list[str]:
    """The OA of each group: four in ten with a fast one, six in ten with a slow one, well mixed."""
    fast = cycle(oa for oa, per_minute in oas.items() if per_minute == FAST)
    slow = cycle(oa for oa, per_minute in oas.items() if per_minute == SLOW)
    return [next(fast if number % 10 in {1, 3, 5, 7} else slow) for number in range(groups)]


def _say_many(world: Ledger, oas: dict[str, int], homes: list[str], *, took: float, minutes: float) -> None:
    per_oa = Counter(homes)
    must = max(
        _least(APP_REQUESTS_PER_MINUTE, len(homes)), *(_least(oas[oa], count) for oa, count in per_oa.items())
    )
    print(
        f"\n{len(homes):,} deliveries, {len(oas)} OAs of {FAST} or {SLOW} a minute, app "
        f"{APP_REQUESTS_PER_MINUTE} a minute, {THREADS} threads: {minutes:.2f} minutes by the set clock, "
        f"{took:.0f} s of work ({len(homes) / took:.0f} a second)"
    )
    print(f"allowed pace reached: {must / minutes:.3f}   (goal: at least 0.95)")
    every = [at for arrivals in world.arrivals.values() for at in arrivals]
    app_full = _say_windows("the app", every, APP_REQUESTS_PER_MINUTE)
    oa_full = 0
    for oa_id, per_minute in oas.items():
        fullest = Counter(at // MINUTE_MS for at in world.arrivals[oa_id])
        assert max(fullest.values()) <= per_minute, oa_id
        oa_full += sum(count == per_minute for count in fullest.values())
    print(
        f"minutes filled to the last request: {app_full} of the app, {oa_full} of single OAs; none held more"
    )
    assert app_full, "the app's limit bound"
    assert oa_full, "the OAs' own limits bound"


def _least(per_minute: int, wanted: int) -> float:
    """Minutes that so many requests need at least: whole ones, and the part of the last that may be used."""
    whole, rest = divmod(wanted - 1, per_minute)
    return whole + pace.time_for(per_minute, rest + 1, spread=True) / pace.MINUTE


def _say_windows(whose: str, arrivals: Sequence[int], limit: int) -> int:
    """Zalo's fixed minutes are the rule; the fullest sixty seconds that begin anywhere are said beside. How many
    minutes were filled to the last request?
    """
    minutes = Counter(at // MINUTE_MS for at in arrivals)
    ordered, fullest, first = sorted(arrivals), 0, 0
    for place, at in enumerate(ordered):
        while ordered[first] <= at - MINUTE_MS:
            first += 1
        fullest = max(fullest, place - first + 1)
    print(
        f"by Zalo's record the fullest minute of {whose} held {max(minutes.values())} of {limit}; "
        f"the fullest 60 s that begin anywhere held {fullest}"
    )
    assert max(minutes.values()) <= limit
    return sum(count == limit for count in minutes.values())


def _drained(sender: Sender) -> None:
    while sender.drain():
        pass


def _sent(database: Database, broadcast: int) -> int:
    with database.reading() as session:
        return walls.progress(session, broadcast)[DeliveryStatus.SENT]


def _memory_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def _filled(url: str, oas: Sequence[tuple[str, int]], homes: Sequence[str]) -> Database:
    """`oas` with their requests a minute; one group for each of `homes`, its OA."""
    database = Database(url)
    schema.upgrade(database)
    now = datetime.now(UTC)
    with database.transaction() as session:
        people(session, now)
        session.add_all(account(oa_id, now, per_minute=per_minute) for oa_id, per_minute in oas)
        session.flush()
        session.add_all(
            group(f"G{number:05}", zalo=f"z{number}", oa_id=oa_id) for number, oa_id in enumerate(homes)
        )
    return database


if __name__ == "__main__":
    print(describe())
    main()
