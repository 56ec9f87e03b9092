"""Telling the app what happened: signed, in order for one person, tried again when it fails.

One serialisation: the bytes that were signed are the bytes that are sent and sent again.
"""

from __future__ import annotations

import hashlib
import heapq
import itertools
import json
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests

from simulator.world import World

DEADLINE_S = 2.0
RETRY_WAITS_S = (30.0, 300.0, 900.0, 1800.0, 3600.0)
LANES = 8
HELD_BACK_S = 0.4
JSON = {"Content-Type": "application/json"}


def _nothing() -> None:
    """Nobody waits for the answer."""


def sign(app_id: str, raw: bytes, timestamp: str, secret: str) -> str:
    """`mac=` and SHA-256 of app id, body, timestamp and the OA secret key, in lower-case hex."""
    digest = hashlib.sha256(app_id.encode() + raw + timestamp.encode() + secret.encode()).hexdigest()
    return f"mac={digest}"


@dataclass
class Posting:
    """One event on its way; `tries` counts the failed ones; `taken` is called when the app answered 200."""

    raw: bytes
    signature: str
    lane: int
    taken: Callable[[], None]
    round: int
    tries: int = 0


class WebhookSender:
    """Threads that post events; events of one person keep their order unless chaos mixes them up."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lanes: list[queue.Queue[Posting | None]] = [queue.Queue() for _ in range(LANES)]
        self._later: list[tuple[float, int, Posting]] = []
        self._count = itertools.count()
        self._wakes = threading.Condition()
        self._stopping = False
        self._threads: list[threading.Thread] = []
        self.sent = 0
        self.failed = 0
        self.gave_up = 0
        self._pending = 0
        self._round = 0
        self._numbers = threading.Lock()

    def start(self) -> None:
        for number in range(LANES):
            self._thread(self._run, number)
        self._thread(self._run_later)

    def stop(self) -> None:
        self._stopping = True
        for lane in self._lanes:
            lane.put(None)
        with self._wakes:
            self._wakes.notify_all()
        for thread in self._threads:
            thread.join(timeout=DEADLINE_S + 1)

    def tell(self, event: dict[str, Any], *, about: str, taken: Callable[[], None] = _nothing) -> None:
        """Post an event soon. `about` names the person or group whose order is kept."""
        app, chaos = self._world.app, self._world.chaos
        timestamp = str(self._world.clock.millis())
        whole = {"app_id": app.app_id, **event, "timestamp": timestamp}
        raw = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
        signature = sign(app.app_id, raw, timestamp, app.oa_secret_key)
        lane = hash(about) % LANES
        for _ in range(2 if chaos.happens(chaos.duplicate) else 1):
            self._add(1)
            posting = Posting(raw, signature, lane, taken, self._round)
            if chaos.happens(chaos.reorder):
                self._put_later(posting, HELD_BACK_S)
            else:
                self._lanes[lane].put(posting)

    def probe(self, url: str) -> bool:
        """The unsigned POST that the platform makes when the webhook address is saved."""
        with requests.Session() as session:
            session.trust_env = False
            try:
                return session.post(url, data=b"{}", headers=JSON, timeout=DEADLINE_S).status_code == 200
            except requests.RequestException:
                return False

    def forget(self) -> None:
        """What waits to be posted is dropped, and the counters begin anew."""
        with self._wakes:
            self._round += 1
            self._later.clear()
        with self._numbers:
            self.sent = self.failed = self.gave_up = self._pending = 0

    def counters(self) -> dict[str, Any]:
        with self._numbers:
            return {
                "sent": self.sent,
                "failed": self.failed,
                "gave_up": self.gave_up,
                "pending": self._pending,
                "enabled": self._world.app.webhook_enabled,
            }

    # -- inside -------------------------------------------------------------------------------------------------

    def _thread(self, target: Any, *args: Any) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _add(self, change: int) -> None:
        with self._numbers:
            self._pending += change

    def _settle(
        self, posting: Posting, *, sent: int = 0, failed: int = 0, gave_up: int = 0, left: int = 0
    ) -> None:
        """Count; what was dropped by `forget` in the meantime counts nowhere."""
        with self._numbers:
            if posting.round == self._round:
                self.sent += sent
                self.failed += failed
                self.gave_up += gave_up
                self._pending -= left

    def _run(self, number: int) -> None:
        session = requests.Session()
        session.trust_env = False
        while (posting := self._lanes[number].get()) is not None:
            while self._world.chaos.paused and not self._stopping:
                time.sleep(0.05)
            if not self._stopping and posting.round == self._round:
                self._post(session, posting)

    def _post(self, session: requests.Session, posting: Posting) -> None:
        app, chaos = self._world.app, self._world.chaos
        if not app.webhook_url or not app.webhook_enabled:
            return self._settle(posting, left=1)
        headers = {**JSON, "X-ZEvent-Signature": posting.signature}
        if posting.tries:
            headers["num_retry"] = str(posting.tries)
        try:
            status = session.post(
                app.webhook_url, posting.raw, headers=headers, timeout=DEADLINE_S
            ).status_code
        except requests.RequestException:
            status = 0
        if status == 200:
            posting.taken()
        if status == 200 or (status and not chaos.retry_on_status):
            return self._settle(posting, sent=1, left=1)
        if posting.tries >= len(RETRY_WAITS_S):
            app.webhook_enabled = False
            return self._settle(posting, failed=1, gave_up=1, left=1)
        wait = RETRY_WAITS_S[posting.tries] * chaos.retry_scale
        posting.tries += 1
        self._settle(posting, failed=1)
        return self._put_later(posting, wait)

    def _put_later(self, posting: Posting, wait: float) -> None:
        with self._wakes:
            heapq.heappush(self._later, (time.monotonic() + wait, next(self._count), posting))
            self._wakes.notify()

    def _run_later(self) -> None:
        with self._wakes:
            while not self._stopping:
                now = time.monotonic()
                while self._later and self._later[0][0] <= now:
                    _, _, posting = heapq.heappop(self._later)
                    self._lanes[posting.lane].put(posting)
                self._wakes.wait(self._later[0][0] - now if self._later else 1.0)
