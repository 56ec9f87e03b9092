"""Several machines: Procrastinate on the same PostgreSQL carries the wake-ups.

A job says only "somebody look at this kind of work": our rows are the truth, and every worker also looks by
itself, so a wake-up that is lost or repeated costs a moment, never a message (docs/decisions/0002).
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import procrastinate
import psycopg
import structlog
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from domain.work import Kind

log = structlog.get_logger()

TASK = "look"
QUEUE = "cau-noi"
CLOSING_S = 5.0
"""How long an ending process waits for its last ring."""


def _address(queue_url: str) -> str:
    return queue_url.replace("postgresql+psycopg:", "postgresql:", 1)


def prepare(queue_url: str) -> None:
    """Create Procrastinate's tables where they are missing. Safe to repeat, and from two processes at once."""
    with psycopg.connect(_address(queue_url)) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(7216226)")
        there = connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()
        if there and there[0] is None:
            connection.execute(procrastinate.schema.SchemaManager.get_schema())


class Bell:
    """Rings for workers on any machine, from a thread of its own: the webhook rings while Zalo waits."""

    def __init__(self, queue_url: str) -> None:
        self._app = procrastinate.App(
            connector=procrastinate.SyncPsycopgConnector(conninfo=_address(queue_url))
        )
        self._app.open()
        self._wanted: set[Kind] = set()
        self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="bell", daemon=True)
        self._thread.start()

    def wake(self, kind: Kind, key: str = "") -> None:
        """Have a worker asked to look at `kind`; never waits for the database."""
        with self._changed:
            self._wanted.add(kind)
            self._changed.notify()

    def close(self) -> None:
        """Ring what is still to be rung, then end."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(CLOSING_S)
        self._app.close()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted or self._closed)
                if not self._wanted:
                    return
                kind = self._wanted.pop()
            self._ring(kind)

    def _ring(self, kind: Kind) -> None:
        """One waiting request of a kind is enough."""
        try:
            self._app.configure_task(TASK, queue=QUEUE, queueing_lock=kind.value).defer(kind=kind.value)
        except AlreadyEnqueued:
            return
        except ConnectorException as error:
            log.warning("wake_up_lost", kind=kind, error=type(error).__name__)


class Listener:
    """A Procrastinate worker in a thread of its own: each job rings the bell of this process."""

    def __init__(self, queue_url: str, ring: Callable[[Kind], None]) -> None:
        self._app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=_address(queue_url)))

        @self._app.task(name=TASK, queue=QUEUE)
        async def look(kind: str) -> None:
            ring(Kind(kind))

        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._app.run_worker(
                    queues=[QUEUE],
                    install_signal_handlers=False,
                    delete_jobs="always",
                    fetch_job_polling_interval=5.0,
                )
            except Exception as error:  # the loops look by themselves meanwhile
                log.warning("listener_broke", error=type(error).__name__)
                self._stopping.wait(5.0)
