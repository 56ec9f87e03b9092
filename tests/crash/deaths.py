"""Who sends in the crash run, who is to die, and where: every numbered point gets its share of the kills."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from tests.crash.dying_sender import PLAN, POINTS
from tests.crash.nursery import give_birth
from tests.processes.machines import environment_of

POINT_S = 60.0
"""So long a sender may take to come to its point, on a machine that has much else to do; it is only born while there
is enough to send, so it nearly always comes there."""
SLOWLY_S = 0.4
"""What lives beside the dying rests so long before each message, or it would do all the work."""


@dataclass(frozen=True)
class Death:
    """At a numbered point, the `count`th time it comes there, or (point 0) at a random moment."""

    point: int
    count: int = 1

    @property
    def is_planning(self) -> bool:
        return self.point in PLAN


def hands(kills: int, chance: random.Random) -> list[list[Death]]:
    """The deaths of each broadcast: first those who make the plan, which is made once for a broadcast; then the
    points of sending in any order, where there is most to send; the rest of the kills at random.
    """
    share = max(1, kills * 4 // 5 // len(POINTS))
    spare = max(0, kills - share * len(POINTS))
    dealt = []
    for number in range(share):
        points = [point for point in POINTS if point not in PLAN]
        chance.shuffle(points)
        at_random = spare // share + (number < spare % share)
        dealt.append(
            [Death(point) for point in PLAN]
            + [Death(point, chance.randint(1, 3)) for point in points]
            + [Death(0)] * at_random
        )
    return dealt


class Senders:
    """The processes of one run. `several`: two senders and two schedulers, as on PostgreSQL; else one does it all."""

    def __init__(
        self, settings: dict[str, str], folder: Path, *, several: bool, chance: random.Random
    ) -> None:
        self._settings = settings
        self._log = folder / "said.log"
        self._several = several
        self._chance = chance
        self._alive: list[tuple[ForkServerProcess, bool]] = []
        self._schedulers: list[subprocess.Popen[bytes]] = []

    def die(self, death: Death, has_begun: Callable[[], bool]) -> bool:
        """One is born and dies as it has to; on PostgreSQL a slow one lives beside it. Was the point met?

        has_begun  somebody claimed something since: from then on the moment is random
        """
        if self._several and not death.is_planning:
            self.live(slowly=True)
        child = self._born(point=death.point, count=death.count, plans=death.is_planning)
        if death.point:
            child.join(POINT_S)
        else:
            until = time.monotonic() + POINT_S
            while not has_begun() and time.monotonic() < until:
                time.sleep(0.01)
            time.sleep(self._chance.uniform(0.0, 0.4))  # the chance decides the moment, not the outcome
        met = bool(death.point) and not child.is_alive()
        if not met:
            child.kill()
        child.join(20)
        assert child.exitcode == -signal.SIGKILL, self.said()
        return met

    def live(self, *, slowly: bool = False) -> None:
        """Nobody is to die now: as many as belong to the run, at full speed or slowly."""
        self._alive = [(child, slow) for child, slow in self._alive if child.is_alive()]
        if any(slow != slowly for _, slow in self._alive):
            self.end_senders()
        while len(self._alive) < (2 if self._several and not slowly else 1):
            child = self._born(plans=not self._several, rest=SLOWLY_S if slowly else 0.0)
            self._alive.append((child, slowly))
        while self._several and len(self._schedulers) < 2:
            self._schedulers.append(self._scheduler())

    def a_scheduler_dies(self) -> bool:
        """Another takes over: it is the lease's matter."""
        if not self._schedulers:
            return False
        _kill(self._schedulers.pop(0))
        return True

    def end_senders(self) -> None:
        for child, _ in self._alive:
            child.kill()
            child.join(20)
        self._alive.clear()

    def end_all(self) -> None:
        self.end_senders()
        while self._schedulers:
            _kill(self._schedulers.pop())

    def said(self) -> str:
        return self._log.read_text("utf-8", errors="replace")[-3000:] if self._log.exists() else ""

    def _born(self, **fate: Any) -> ForkServerProcess:
        return give_birth(self._settings, self._log, **fate)

    def _scheduler(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "bot", "scheduler"],
                env={**os.environ, **environment_of(self._settings)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait(20)
