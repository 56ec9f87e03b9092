"""A process that only schedules: plans what is due, and writes a line into a file at each tick.

python -m tests.broadcasts.ticking DATABASE_URL FILE TTL_SECONDS
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from broadcasts.plan import plan_due
from broadcasts.schedule import Job, Scheduler
from data.session import Database

EVERY = timedelta(milliseconds=100)


def utc_now() -> datetime:
    return datetime.now(UTC)


def main(url: str, file: Path, ttl: float) -> None:
    database = Database(url)

    def plan() -> None:
        plan_due(database, now=utc_now())

    def tick() -> None:
        with file.open("a") as lines:
            lines.write(f"{os.getpid()}\n")

    jobs = [
        Job("broadcasts-due", EVERY, plan),
        Job("tick", EVERY, tick),
    ]
    scheduler = Scheduler(
        database,
        jobs,
        clock=utc_now,
        ttl=timedelta(seconds=ttl),
        heartbeat=timedelta(seconds=ttl / 5),
    )
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    scheduler.start()
    stop.wait()
    scheduler.stop()
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))
