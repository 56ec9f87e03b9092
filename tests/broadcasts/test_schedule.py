"""What runs by itself: in one process at a time, taken over when that one dies."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from broadcasts.schedule import LEASE_NAME, Job, Scheduler
from data import leases
from data.session import Database
from data.tables import Delivery, Lease, Run
from tests.broadcasts.province import Province, fill
from tests.conftest import Clock

TTL_S = 2.0
PATIENCE_S = 30.0
OFTEN = timedelta(milliseconds=50)


def utc_now() -> datetime:
    return datetime.now(UTC)


def until(true: Callable[[], Any], what: str) -> float:
    """Wait for it; how long it took, in seconds."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < PATIENCE_S, f"never: {what}"
        time.sleep(0.02)
    return time.monotonic() - begun


# ---- real processes ---------------------------------------------------------------------------------------


def ticks(file: Path) -> list[str]:
    return file.read_text().split() if file.exists() else []


@contextmanager
def scheduling(url: str, file: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.broadcasts.ticking", url, str(file), str(TTL_S)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(PATIENCE_S)


@pytest.mark.processes
def test_of_two_processes_one_ticks_and_when_it_is_killed_the_other_takes_over(
    database: Database, database_url: str, tmp_path: Path
):
    fill(database, utc_now())
    province = Province(database, Clock(utc_now()))
    file = tmp_path / "ticks"
    with scheduling(database_url, file) as one, scheduling(database_url, file) as two:
        until(lambda: len(ticks(file)) > 5, "somebody ticks")
        first = ticks(file)[0]
        killed, other = (one, two) if first == str(one.pid) else (two, one)
        before = planned_through(province)

        killed.kill()
        killed.wait(PATIENCE_S)
        took = until(lambda: ticks(file)[-1] == str(other.pid), "the other takes over")
        assert took < TTL_S * 2 + 3, "the lease ends, and the next heartbeat finds it"
        after = planned_through(province)

    owners = [owner for owner, _ in groupby(ticks(file))]
    assert owners == [first, str(other.pid)], "never both, and no going back"
    with database.reading() as session:
        runs = list(session.scalars(select(Run.broadcast_id)))
        deliveries = session.scalar(select(func.count()).select_from(Delivery))
        lease = session.get(Lease, LEASE_NAME)
    assert sorted(runs) == sorted([*before, *after]), "each broadcast has one run"
    assert deliveries == 6 * len(runs)
    assert lease is None, "one that ends in peace gives the lease back"


def planned_through(province: Province) -> list[int]:
    """Three broadcasts due now; returns when the scheduler has planned them all."""
    made = []
    for _ in range(3):
        province.clock.set(utc_now())
        made.append(province.broadcast())
    until(lambda: all(province.runs(broadcast) for broadcast in made), "what is due is planned")
    return made


# ---- one process ------------------------------------------------------------------------------------------


@contextmanager
def running(database: Database, jobs: list[Job], **more: Any) -> Iterator[Scheduler]:
    scheduler = Scheduler(
        database, jobs, clock=utc_now, **{"ttl": timedelta(seconds=5), "heartbeat": OFTEN, **more}
    )
    scheduler.start()
    try:
        yield scheduler
    finally:
        scheduler.stop()


def give_lease_to(database: Database, holder: str) -> None:
    with database.transaction() as session:
        row = session.get(Lease, LEASE_NAME)
        assert row is not None
        row.holder, row.until = holder, utc_now() + timedelta(minutes=5)


def test_one_whose_lease_was_taken_stops_and_begins_again_when_it_is_free(database: Database):
    called: list[int] = []
    with running(database, [Job("count", OFTEN, lambda: called.append(1))]) as scheduler:
        until(lambda: called, "it runs")
        give_lease_to(database, "somebody else")
        until(lambda: not scheduler.is_running, "it notices")
        before = len(called)
        # several heartbeats later still nothing: wait for them by the lease, which each one tries to take
        for _ in range(5):
            scheduler._hold_or_lose()
        assert not scheduler.is_running
        assert len(called) == before
        with database.transaction() as session:
            leases.let_go(session, LEASE_NAME, "somebody else")
        until(lambda: len(called) > before, "it runs again")


def test_a_job_that_fails_stops_neither_itself_nor_the_others(database: Database):
    called: list[str] = []

    def fails() -> None:
        called.append("fails")
        raise RuntimeError("a bug")

    jobs = [Job("fails", OFTEN, fails), Job("works", OFTEN, lambda: called.append("works"))]
    with running(database, jobs):
        until(lambda: called.count("fails") > 2 and called.count("works") > 2, "both go on")


def test_a_job_that_takes_long_is_not_started_beside_itself(database: Database):
    inside, most, calls = threading.Semaphore(1), [], []

    def slow() -> None:
        most.append(inside.acquire(blocking=False))
        calls.append(1)
        time.sleep(0.15)  # longer than its rhythm
        inside.release()

    with running(database, [Job("slow", OFTEN, slow)]):
        until(lambda: len(calls) > 4, "it runs")
    assert all(most)


def test_jobs_of_an_older_release_are_forgotten_and_those_that_came_late_run(database: Database):
    called: list[str] = []
    with running(database, [Job("old", OFTEN, lambda: called.append("old"))]):
        until(lambda: "old" in called, "the old one runs")
    called.clear()
    new = [Job("rare", timedelta(hours=6), lambda: called.append("rare"))]
    with running(database, new) as scheduler:
        until(lambda: called, "a rare job runs once at the start, however late it is")
        assert scheduler._running is not None
        assert [job.id for job in scheduler._running.get_jobs()] == ["rare"]
    assert called == ["rare"]


# APScheduler lets its thread die with the error: that is what this test is about
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_it_starts_anew_when_the_store_failed_under_it(database: Database):
    called: list[int] = []
    faults = [True]

    def fail_once(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if faults and len(called) > 2 and statement.startswith("UPDATE apscheduler_jobs"):
            faults.clear()
            raise OperationalError(statement, {}, Exception("the disk is full"))

    event.listen(database.engine, "before_cursor_execute", fail_once)
    with running(database, [Job("count", OFTEN, lambda: called.append(1))]):
        until(lambda: not faults, "the store fails")
        before = len(called)
        until(lambda: len(called) > before + 2, "it runs again")


def test_without_the_database_the_holder_goes_on_only_until_its_lease_ends(sqlite_database: Database):
    clock = Clock(utc_now())
    scheduler = Scheduler(sqlite_database, [], clock=clock, ttl=timedelta(seconds=15))
    scheduler._hold_or_lose()
    assert scheduler.is_running
    away = [True]

    def no_database(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if away and "leases" in statement:
            raise OperationalError(statement, {}, Exception("away"))

    event.listen(sqlite_database.engine, "before_cursor_execute", no_database)
    clock.advance(seconds=14)
    scheduler._hold_or_lose()
    assert scheduler.is_running
    clock.advance(seconds=1)
    scheduler._hold_or_lose()
    assert not scheduler.is_running, "another may have taken over"
    away.clear()
    scheduler._hold_or_lose()
    assert scheduler.is_running
    scheduler._end()
