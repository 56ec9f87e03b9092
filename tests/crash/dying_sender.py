"""A process that sends a broadcast for real, and dies by SIGKILL at a numbered point of its way.

It is born in tests.crash.nursery, so that two hundred births take no time.

POINT  1 before the claim is committed       2 after it
       3 before “sending” is committed       4 after it: the request leaves next
       5 the request is answered, nothing is written yet
       6 before the outcome is committed     7 after it
       8 before the plan is committed        9 after it
COUNT  which time it comes past that point: 1, 2 …
Without a point it goes on until it is killed from outside.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bot.group_sender import GroupSender
from bot.settings import Settings
from bot.uploads import Uploads
from bot.zalo.client import ZaloClient
from bot.zalo.tokens import Tokens
from broadcasts.plan import plan_due
from broadcasts.send import Sender
from data.media import media_store
from data.session import Database
from data.tables import Delivery
from domain.posts import Post

POINTS = range(1, 10)
SENDERS = 3
CLAIM, BEGIN, SETTLE, PLAN = (1, 2), (3, 4), (6, 7), (8, 9)


def utc_now() -> datetime:
    return datetime.now(UTC)


class Fate:
    """Where this process dies. A thread says where it is; the database tells before and after each commit."""

    def __init__(self, point: int, count: int) -> None:
        self._point = point
        self._left = count
        self._lock = threading.Lock()
        self.here = threading.local()

    def passes(self, point: int) -> None:
        with self._lock:
            if point != self._point:
                return
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


class Numbered(Database):
    """A database whose commits are numbered by what the thread is about."""

    def __init__(self, url: str, fate: Fate) -> None:
        super().__init__(url)
        self._fate = fate

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        before, after = getattr(self._fate.here, "points", (0, 0))
        with super().transaction() as session:
            yield session
            self._fate.passes(before)
        self._fate.passes(after)


class Watched(Sender):
    """Sends as always; only says which commit comes next."""

    fate: Fate

    def drain(self) -> int:
        self.fate.here.points = CLAIM
        return super().drain()

    def _begin(self, row: Delivery, oa_id: str) -> bool:
        self.fate.here.points = BEGIN
        begun = super()._begin(row, oa_id)
        self.fate.here.points = SETTLE
        return begun


def live(
    settings: Settings, *, point: int = 0, count: int = 1, plans: bool = False, rest: float = 0.0
) -> None:
    """Send until killed.

    plans  it makes the deliveries too, as the scheduler does
    rest   seconds before each message: one that lives beside the dying must not do all the work
    """
    fate = Fate(point, count)
    database, plain = Numbered(settings.database_url, fate), Database(settings.database_url)
    client = ZaloClient(
        settings.zalo_api_url,
        settings.zalo_oauth_url,
        settings.zalo_app_id,
        settings.zalo_app_secret.get_secret_value(),
    )
    uploads = Uploads(plain, client, media_store(settings.media_url).open, clock=utc_now)
    groups = GroupSender(plain, client, Tokens(plain, client, settings.sealer()), uploads, clock=utc_now)

    def send(oa_id: str, zalo_group_id: str, post: Post) -> str:
        time.sleep(rest)
        message_id = groups.send(oa_id, zalo_group_id, post)
        fate.passes(5)
        return message_id

    sender = Watched(database, send, clock=utc_now)
    sender.fate = fate

    def goes_on(drain: Callable[[], int]) -> None:
        while True:
            if not drain():
                time.sleep(0.05)

    for _ in range(1 if rest else SENDERS):
        threading.Thread(target=goes_on, args=(sender.drain,), daemon=True).start()
    while True:
        if plans:
            fate.here.points = PLAN
            plan_due(database, now=utc_now())
        time.sleep(0.2)
