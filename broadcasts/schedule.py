"""What runs by itself and when. The only file that knows APScheduler.

Exactly one process at a time runs the jobs: the one that holds the lease. APScheduler keeps its jobs in the
same database; two schedulers on one store would run every tick twice (docs/decisions/0004), hence the lease.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.exc import SQLAlchemyError

from data import leases
from data.session import Database
from domain.errors import NotStored

log = structlog.get_logger()

LEASE_NAME = "scheduler"
TTL = timedelta(seconds=15)
HEARTBEAT = timedelta(seconds=4)


@dataclass(frozen=True)
class Job:
    """A recurring job: its id, its rhythm, a plain function that is safe to run twice."""

    name: str
    every: timedelta
    run: Callable[[], None]


_here: dict[str, Job] = {}
"""The jobs of this process by name: the store keeps names only, functions are not pickled."""


def run_job(name: str) -> None:
    """What the store remembers: look the job up and run it."""
    job = _here.get(name)
    if job is None:
        log.warning("job_unknown", job=name)
        return
    try:
        job.run()
    except NotStored:
        log.warning("job_waits_for_database", job=name)
    except Exception:
        log.exception("job_failed", job=name)


class _Store(SQLAlchemyJobStore):  # type: ignore[misc]  # APScheduler brings no types
    """APScheduler's store on our engine, which it must not dispose of when it ends: others work with it."""

    def shutdown(self) -> None:
        """Nothing to close: the database is closed by its owner."""


class Scheduler:
    """Runs `jobs` while it holds the lease; takes over within TTL when the holder dies."""

    def __init__(
        self,
        database: Database,
        jobs: Sequence[Job],
        *,
        clock: Callable[[], datetime],
        ttl: timedelta = TTL,
        heartbeat: timedelta = HEARTBEAT,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ttl = ttl
        self._heartbeat = heartbeat
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._jobs = list(jobs)
        self._running: BackgroundScheduler | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="scheduler", daemon=True)
        self._held_until: datetime | None = None

    @property
    def is_running(self) -> bool:
        """Does this process run the jobs now?"""
        return self._running is not None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Let the running job end, give the lease back."""
        self._stopping.set()
        self._thread.join(timeout=20)

    def _beat(self) -> None:
        try:
            while not self._stopping.is_set():
                self._hold_or_lose()
                self._stopping.wait(self._heartbeat.total_seconds())
        finally:
            self._end()  # without a heartbeat another will take over: never go on beside it
        try:
            with self._database.transaction() as session:
                leases.let_go(session, LEASE_NAME, self.holder)
        except NotStored:
            log.warning("lease_not_given_back", holder=self.holder)

    def _hold_or_lose(self) -> None:
        now = self._clock()
        try:
            with self._database.transaction() as session:
                ours = leases.hold(session, LEASE_NAME, self.holder, now=now, ttl=self._ttl)
        except (NotStored, SQLAlchemyError):
            # without the database nobody can take over before our lease ends: go on until then
            ours = self._held_until is not None and now < self._held_until
        else:
            self._held_until = now + self._ttl if ours else None
        if ours and self._running is not None and not _is_alive(self._running):
            log.error("scheduler_thread_died", holder=self.holder)
            self._end()
        if ours and self._running is None:
            try:
                self._begin()
            except SQLAlchemyError:  # the lease stays ours: the next beat tries again
                log.exception("scheduler_not_started", holder=self.holder)
        elif not ours and self._running is not None:
            log.warning("lease_lost", holder=self.holder)
            self._end()

    def _begin(self) -> None:
        _here.update({job.name: job for job in self._jobs})
        store = _Store(engine=self._database.engine.execution_options(writes=True))
        scheduler = BackgroundScheduler(
            jobstores={"default": store},
            executors={"default": ThreadPoolExecutor(2)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone="Asia/Ho_Chi_Minh",
        )
        scheduler.start(paused=True)
        try:
            self._fill(scheduler)
        except SQLAlchemyError:
            scheduler.shutdown(wait=False)
            raise
        scheduler.resume()
        self._running = scheduler
        log.info("scheduler_runs_here", holder=self.holder)

    def _fill(self, scheduler: BackgroundScheduler) -> None:
        """Our jobs, due at once, and none of an older release."""
        wanted = {job.name for job in self._jobs}
        for known in scheduler.get_jobs():
            if known.id not in wanted:
                scheduler.remove_job(known.id)
        for job in self._jobs:
            scheduler.add_job(
                run_job,
                IntervalTrigger(seconds=job.every.total_seconds()),
                args=[job.name],
                id=job.name,
                replace_existing=True,
                next_run_time=self._clock(),
            )

    def _end(self) -> None:
        if self._running is not None:
            self._running.shutdown(wait=True)
            self._running = None


def _is_alive(scheduler: BackgroundScheduler) -> bool:
    """APScheduler's own thread ends, without a word, when its store fails between two of its statements."""
    thread = scheduler._thread  # no public way to ask; pinned to 3.11
    return thread is not None and thread.is_alive()
