"""`python -m tests.crash.sending [KILLS] [postgresql]`: broadcasts to 225 groups while the senders are killed.

Kills come at each numbered point of tests.crash.dying_sender, the same share for each, and at random moments, while the
make-believe Zalo drops answers, fails and says “too fast”. Then what is unclear is settled as in life: half by
Zalo's echo, the rest by a person who looks into the group. In the end every group has every broadcast exactly
once. On PostgreSQL a second sender and two schedulers run beside the one that dies, and a scheduler dies now and then.
"""

from __future__ import annotations

import random
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
from sqlalchemy import func, select

from bot.connecting import connect_account
from bot.demo import group_id
from broadcasts.plan import plan_due
from broadcasts.send import SENDING_LEASE
from data import deliveries, delivery_lines, schema, seed, settling, walls
from data.replies import content_of
from data.session import Database
from data.tables import Delivery, GroupRow, OfficialAccount
from domain.broadcasts import DeliveryStatus
from simulator.serve import build_world, serve
from simulator.world import World
from tests.broadcasts.province import officer, written
from tests.crash.deaths import Death, Senders, hands
from tests.crash.dying_sender import POINTS
from tests.town import CONTENT, KEY, OA, groups_of_the_world, served, stop_posting, town_settings

GROUPS = 225
PATIENCE_S = 1800.0
"""A broadcast that is killed again and again takes its time; one that is stuck takes for ever."""
CHAOS = {"drop_after_accept": 0.02, "error_500": 0.01, "retry_scale": 0.02}
ENOUGH = 12
"""Deliveries that must be due for a sender to come to any point up to three times."""
KILLS_TO_A_SCHEDULER = 20
MOVING = (DeliveryStatus.WAITING, DeliveryStatus.CLAIMED, DeliveryStatus.SENDING)


@dataclass
class Counts:
    """What happened. The last four must be zero."""

    kills: int = 0
    kills_at_random: int = 0
    schedulers_killed: int = 0
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

    @property
    def faults(self) -> int:
        """What must not happen."""
        return self.lost + self.repeated + self.called_sent_but_not_there + self.there_but_called_unsent

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
        self._database = Database(url)

    def run(self) -> Counts:
        with self._world() as (world, settings):
            several = not self._database.is_sqlite
            self._senders = Senders(settings, self._folder, several=several, chance=self._chance)
            try:
                for hand in hands(self._kills, self._chance):
                    self._one_broadcast(world, hand)
                while self.counts.kills < self._kills:  # some broadcast was over before all had died
                    self._one_broadcast(world, self._owed())
            finally:
                self._senders.end_all()
                self._database.close()
        return self.counts

    def _owed(self) -> list[Death]:
        """The kills that are left, at the points that were met least."""
        left = self._kills - self.counts.kills
        points = sorted(POINTS, key=lambda point: self.counts.at_point[point])[: min(left, len(POINTS))]
        return sorted((Death(point) for point in points), key=lambda death: not death.is_planning)

    # -- one broadcast, from plan to the last group --------------------------------------------------------

    def _one_broadcast(self, world: World, hand: list[Death]) -> None:
        self.counts.broadcasts += 1
        text = f"Tin số {self.counts.broadcasts}"
        self._senders.end_all()  # so that who is to die over the plan is the one who makes it
        broadcast = written(
            self._database, datetime.now(UTC), title=text, text=text, urgent=True, lifetime_minutes=10_000
        )
        for death in hand:
            if self.counts.kills == self._kills or not (death.is_planning or self._is_ready(broadcast)):
                break
            self._kill(broadcast, death)
        self._let_go()  # everybody who held something is dead; from here on nobody dies
        until = time.monotonic() + PATIENCE_S
        while (moves := self._moves(broadcast)) or self._states(broadcast).get(DeliveryStatus.UNKNOWN):
            assert time.monotonic() < until, (self._states(broadcast), self._senders.said())
            if not moves:
                self._settle_unclear(world, broadcast, text)  # what a person sends again moves again
            self._senders.live()
            time.sleep(0.1)
        self._count(world, broadcast, text)

    # -- killing --------------------------------------------------------------------------------------------

    def _kill(self, broadcast: int, death: Death) -> None:
        before = self._due(broadcast)
        met = self._senders.die(death, has_begun=lambda: self._due(broadcast) < before)
        self.counts.kills += 1
        if met:
            self.counts.at_point[death.point] += 1
        else:
            self.counts.kills_at_random += 1
        if self.counts.kills % KILLS_TO_A_SCHEDULER == 0:
            self.counts.schedulers_killed += self._senders.a_scheduler_dies()

    def _is_ready(self, broadcast: int) -> bool:
        """Is there enough to send that a sender comes to its point? The plan is made if nobody was to die over it;
        what the dead only hold is let go when little else is left.
        """
        if not self._states(broadcast):
            plan_due(self._database, now=datetime.now(UTC))
        if self._due(broadcast) < ENOUGH:
            self._let_go()
        return self._due(broadcast) >= ENOUGH

    def _due(self, broadcast: int) -> int:
        query = select(func.count()).where(
            Delivery.broadcast_id == broadcast,
            Delivery.state == DeliveryStatus.WAITING,
            Delivery.due_at <= datetime.now(UTC),
        )
        with self._database.reading() as session:
            return session.scalar(query) or 0

    def _let_go(self) -> None:
        """The leases end at once instead of in a minute, when nobody is alive to hold one."""
        self._senders.end_senders()
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
                session.add_all(officer(number, f"Cán bộ {number}", datetime.now(UTC)) for number in (1, 2))
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
                "link_checks_a_night": "0",
                "log_level": "ERROR",
            }
            yield world, settings


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
        counts = SendingCrash(url, folder, kills=kills, chance=kills).run()
        print(counts.in_words())
        print(f"{'seconds':<28}{time.monotonic() - began:>7.0f}")
        sys.exit(1 if counts.faults else 0)


if __name__ == "__main__":
    main()
