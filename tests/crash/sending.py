"""`python -m tests.crash.sending [KILLS] [postgresql]`: broadcasts to 225 groups while the senders are killed.

Kills come at random moments and at each numbered point of tests.crash.dying_sender in turn, while the
make-believe Zalo drops answers, fails and says “too fast”. Then what is unclear is settled as in life: half by
Zalo's echo, the rest by a person who looks into the group. In the end every group has every broadcast exactly
once. On PostgreSQL two senders and two schedulers run side by side and one of them dies at a time.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from bot.connecting import connect_account
from bot.demo import group_id
from broadcasts.send import SENDING_LEASE
from data import broadcast_moves, broadcasts, deliveries, delivery_lines, schema, seed, settling, walls
from data.replies import content_of
from data.session import Database
from data.tables import GroupRow, Officer, OfficialAccount
from domain.broadcasts import DeliveryStatus
from simulator.serve import build_world, serve
from simulator.world import World
from tests.crash.dying_sender import POINTS
from tests.processes.machines import environment_of
from tests.town import CONTENT, KEY, OA, groups_of_the_world, served, stop_posting, town_settings

GROUPS = 225
PATIENCE_S = 1800.0
"""A broadcast that is killed again and again takes its time; one that is stuck takes for ever."""
CHAOS = {"drop_after_accept": 0.02, "error_500": 0.01, "retry_scale": 0.02}
MOVING = (DeliveryStatus.WAITING, DeliveryStatus.CLAIMED, DeliveryStatus.SENDING)


@dataclass
class Counts:
    """What happened. The last four must be zero."""

    kills: int = 0
    kills_at_random: int = 0
    broadcasts: int = 0
    deliveries: int = 0
    unknown: int = 0
    settled_by_echo: int = 0
    settled_by_a_person: int = 0
    lost: int = 0
    repeated: int = 0
    called_sent_but_not_there: int = 0
    there_but_called_unsent: int = 0
    at_point: Counter[int] = field(default_factory=Counter)

    def in_words(self) -> str:
        lines = [
            f"{one.name.replace('_', ' '):<28}{getattr(self, one.name):>7}"
            for one in fields(self)
            if one.name != "at_point"
        ]
        points = " ".join(f"{point}:{self.at_point[point]}" for point in POINTS)
        return "\n".join([*lines, f"kills at each numbered point  {points}"])


class SendingCrash:
    """One run over a migrated, empty database."""

    def __init__(self, url: str, folder: Path, *, kills: int, chance: int) -> None:
        self.counts = Counts()
        self._url = url
        self._folder = folder
        self._kills = kills
        self._chance = random.Random(chance)
        self._points = iter(())  # type: Iterator[int]
        self._database = Database(url)
        self._several = not self._database.is_sqlite
        self._children: list[subprocess.Popen[bytes]] = []
        self._schedulers: list[subprocess.Popen[bytes]] = []

    def run(self) -> Counts:
        with self._world() as (world, environment):
            try:
                while self.counts.kills < self._kills:
                    self._one_broadcast(world, environment)
            finally:
                for child in [*self._children, *self._schedulers]:
                    child.kill()
                    child.wait(20)
                self._database.close()
        return self.counts

    # -- one broadcast, from plan to the last group --------------------------------------------------------

    def _one_broadcast(self, world: World, environment: dict[str, str]) -> None:
        self.counts.broadcasts += 1
        text = f"Tin số {self.counts.broadcasts}"
        broadcast = self._approved(text)
        until = time.monotonic() + PATIENCE_S
        while self._moves(broadcast):
            assert time.monotonic() < until, self._states(broadcast)
            if self.counts.kills < self._kills:
                self._kill_once(environment)
            else:
                self._keep_alive(environment)
                time.sleep(0.1)
            self._release_if_stuck(broadcast)
        self._settle_unclear(world, broadcast, text)
        while self._moves(broadcast):
            assert time.monotonic() < until + PATIENCE_S, self._states(broadcast)
            self._keep_alive(environment)
            time.sleep(0.1)
            self._release_if_stuck(broadcast)
            self._settle_unclear(world, broadcast, text)
        self._count(world, broadcast, text)

    def _approved(self, text: str) -> int:
        now = datetime.now(UTC)
        content = broadcasts.Content(
            title=text,
            text=text,
            audience={"all": True},
            urgent=True,
            starts_at=now,
            lifetime_minutes=10_000,
        )
        with self._database.transaction() as session:
            row = broadcasts.create(session, content, author_id=1, now=now)
            broadcast_moves.propose(session, row, version=row.version, officer_id=1, now=now)
            broadcast_moves.approve(session, row, version=row.version, officer_id=2, now=now)
            return row.id

    # -- killing --------------------------------------------------------------------------------------------

    def _kill_once(self, environment: dict[str, str]) -> None:
        """At a numbered point, the next in turn, or (every third time) at a random moment."""
        self._keep_alive(environment, but=1)
        if self.counts.kills % 3 == 2:
            child = self._start(environment)
            time.sleep(self._chance.uniform(0.6, 1.6))  # the chance decides the moment, not the outcome
            child.kill()
            self.counts.kills_at_random += 1
        else:
            point = self._next_point()
            child = self._start(environment, str(point), str(self._chance.randint(1, 4)))
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()  # nothing (more) to do at that point in this broadcast
                self.counts.kills_at_random += 1
            else:
                assert child.returncode == -signal.SIGKILL, self._said()
                self.counts.at_point[point] += 1
        child.wait(20)
        self._children.remove(child)
        self.counts.kills += 1
        if self._several and self.counts.kills % 20 == 0:
            self._schedulers.pop(0).kill()

    def _next_point(self) -> int:
        usable = [point for point in POINTS if not self._several or point < 8]  # there the schedulers plan
        try:
            return next(self._points)
        except StopIteration:
            self._points = iter(usable)
            return next(self._points)

    def _keep_alive(self, environment: dict[str, str], but: int = 0) -> None:
        """One sender, or two beside two schedulers; `but` so many fewer."""
        while len(self._children) < (2 if self._several else 1) - but:
            self._start(environment)
        while self._several and len(self._schedulers) < 2:
            self._schedulers.append(self._process(environment, ["bot", "scheduler"]))

    def _start(self, environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
        child = self._process(environment, ["tests.crash.dying_sender", *arguments])
        self._children.append(child)
        return child

    def _process(self, environment: dict[str, str], command: list[str]) -> subprocess.Popen[bytes]:
        with (self._folder / "said.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *command],
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _release_if_stuck(self, broadcast: int) -> None:
        """Only claims of the dead are left: let their leases end at once, when nobody is alive to hold one."""
        states = self._states(broadcast)
        if self._several and states.get(DeliveryStatus.WAITING) and self._chance.random() > 0.1:
            return
        if not self._several and self._children and states.get(DeliveryStatus.WAITING):
            return
        for child in self._children:
            child.kill()
            child.wait(20)
        self._children.clear()
        with self._database.transaction() as session:
            deliveries.release_overdue(session, now=datetime.now(UTC) + SENDING_LEASE + timedelta(seconds=1))

    # -- what is unclear ----------------------------------------------------------------------------------------

    def _settle_unclear(self, world: World, broadcast: int, text: str) -> None:
        with self._database.reading() as session:
            unknown = delivery_lines.page(session, broadcast, states=[DeliveryStatus.UNKNOWN])
        self.counts.unknown += len(unknown)
        for number, line in enumerate(unknown):
            there = [m for m in world.groups[group_id(line.group_code)].messages if m.text == text]
            with self._database.transaction() as session:
                if there and number % 2:
                    assert deliveries.match_echo(
                        session,
                        oa_id=OA,
                        message_id=there[0].message_id,
                        to=group_id(line.group_code),
                        content=content_of("text", text),
                        at=datetime.fromtimestamp(there[0].at / 1000, UTC),
                    )
                    self.counts.settled_by_echo += 1
                else:
                    settling.settle_unknown(
                        session,
                        line.id,
                        broadcast_id=broadcast,
                        sent=bool(there),
                        officer_id=2,
                        now=datetime.now(UTC),
                    )
                    self.counts.settled_by_a_person += 1

    # -- counting -----------------------------------------------------------------------------------------------

    def _states(self, broadcast: int) -> dict[DeliveryStatus, int]:
        with self._database.reading() as session:
            found = walls.progress(session, broadcast)
        return {state: count for state, count in found.items() if count}

    def _moves(self, broadcast: int) -> bool:
        states = self._states(broadcast)
        return not states or any(states.get(state) for state in MOVING)

    def _count(self, world: World, broadcast: int, text: str) -> None:
        with self._database.reading() as session:
            tiles = walls.wall(session, broadcast)
        self.counts.deliveries += len(tiles)
        self.counts.lost += GROUPS - len(tiles)
        for tile in tiles:
            got = sum(message.text == text for message in world.groups[group_id(tile.code)].messages)
            self.counts.lost += got == 0
            self.counts.repeated += max(0, got - 1)
            self.counts.called_sent_but_not_there += tile.state == DeliveryStatus.SENT and got == 0
            self.counts.there_but_called_unsent += tile.state != DeliveryStatus.SENT and got > 0

    def _said(self) -> str:
        return (self._folder / "said.log").read_text("utf-8", errors="replace")[-3000:]

    # -- the world ----------------------------------------------------------------------------------------------

    @contextmanager
    def _world(self) -> Iterator[tuple[World, dict[str, str]]]:
        with ExitStack() as stack:
            seed.fill_if_empty(self._database, CONTENT)
            given: dict[str, Any] = {"app_secret": "app-secret", "oa_secret_key": "oa-secret-key"}
            world = build_world({**given, "oas": [{"oa_id": OA, "name": "OA"}]})
            server = serve(world, host="127.0.0.1", port=0, folder=self._folder / "zalo")
            zalo = stack.enter_context(served(server))
            stack.callback(stop_posting, server)
            media = self._folder / "media"
            refresh = requests.post(f"{zalo}/control/oas/{OA}/refresh-token", timeout=10).json()
            connect_account(
                town_settings(self._url, media, zalo),
                self._database,
                oa_id=OA,
                name="OA",
                refresh_token=refresh["refresh_token"],
            )
            with self._database.transaction() as session:
                session.get_one(OfficialAccount, OA).requests_per_minute = 100_000
                rows = list(session.query(GroupRow))
                for row in rows:
                    row.channel, row.oa_id, row.zalo_group_id = "gmf", OA, group_id(row.code)
                session.add_all(_officer(number) for number in (1, 2))
            groups_of_the_world(world, rows)
            world.chaos.change(CHAOS)
            settings = {
                "database_url": self._url,
                "media_url": f"file:{media}",
                "secret_key": "s" * 40,
                "data_key": KEY,
                "public_url": "http://127.0.0.1",
                "zalo_app_id": world.app.app_id,
                "zalo_app_secret": "app-secret",
                "zalo_oa_secret_key": "oa-secret-key",
                "zalo_api_url": zalo,
                "zalo_oauth_url": zalo,
                "zalo_media_hosts": "127.0.0.1",
                "log_level": "ERROR",
            }
            if not self._several:
                settings["dying_plans"] = "1"
            yield world, environment_of(settings)


def _officer(number: int) -> Officer:
    return Officer(
        id=number,
        email=f"{number}@example.vn",
        name=f"Cán bộ {number}",
        active=True,
        fs_uniquifier=str(number),
        created_at=datetime.now(UTC),
    )


def main() -> None:
    kills = next((int(one) for one in sys.argv[1:] if one.isdigit()), 200)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        if "postgresql" in sys.argv[1:]:
            from tests.postgres import running_cluster

            url = stack.enter_context(stack.enter_context(running_cluster()).fresh())
        else:
            url = f"sqlite:///{folder / 'bot.db'}"
            database = Database(url)
            schema.upgrade(database)
            database.close()
        began = time.monotonic()
        print(SendingCrash(url, folder, kills=kills, chance=kills).run().in_words())
        print(f"{'seconds':<28}{time.monotonic() - began:>7.0f}")


if __name__ == "__main__":
    main()
