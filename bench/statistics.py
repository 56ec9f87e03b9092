"""Statistics with a million tips: every look of the pages, p95 against a limit. BENCH_TIPS sets the size."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.machine import describe
from bench.queue import COUNT, LIMIT_MS, NOW, YEARS, make
from data import answering_times, tip_map, tip_statistics
from data.session import Database
from data.tables import UnitRow
from data.tip_queue import EVERY_UNIT
from data.tip_statistics import Cell
from data.ward_shapes import drawing
from domain.broadcasts import VIETNAM

ROUNDS = 20
Ask = Callable[[Session, random.Random], object]


def _month(chance: random.Random) -> tuple[datetime, datetime]:
    """Any month of the six years, Vietnam time."""
    last = NOW.astimezone(VIETNAM).replace(day=1, hour=0, minute=0)
    at = last.year * 12 + last.month - 1 - chance.randint(1, YEARS * 12 - 1)
    first = last.replace(year=at // 12, month=at % 12 + 1)
    return first, (first + timedelta(days=32)).replace(day=1)


def looks(units: list[str]) -> dict[str, Ask]:
    """What the pages ask for."""
    frame = drawing().frame

    def over(reach: object, what: Callable[..., object]) -> Ask:
        def ask(session: Session, chance: random.Random) -> object:
            since, until = _month(chance)
            return what(session, unit_ids=reach, since=since, until=until)

        return ask

    def year(reach: object) -> Ask:
        def ask(session: Session, chance: random.Random) -> object:
            begins = [(NOW - timedelta(days=30 * back)) for back in range(12, -1, -1)]
            return tip_statistics.by_month(session, unit_ids=reach, begins=begins)  # type: ignore[arg-type]

        return ask

    def squares(session: Session, **given: object) -> object:
        return tip_map.squares(session, unit_id=None, frame=frame, metres=3000, **given)  # type: ignore[arg-type]

    def behind(session: Session, **given: object) -> object:
        return tip_statistics.cases(session, Cell(hour=9), **given)  # type: ignore[arg-type]

    found: dict[str, Ask] = {}
    for name, reach in (("inspectors", None), ("province desk", EVERY_UNIT), ("busiest ward", (units[0],))):
        found[f"{name}, figures of a month"] = over(reach, tip_statistics.figures)
        found[f"{name}, twelve months"] = year(reach)
        found[f"{name}, waiting times"] = over(reach, answering_times.waited)
        found[f"{name}, squares of the map"] = over(reach, squares)
        found[f"{name}, cases of an hour"] = over(reach, behind)
    return found


def measure(database: Database, ask: Ask) -> tuple[float, float, float]:
    """(median, p95, median of computing alone) in milliseconds; the last is what a busy machine does not change."""
    chance = random.Random(7)  # which month is asked for
    took, computed = [], []
    for _ in range(ROUNDS):
        began, worked = time.perf_counter(), time.process_time()
        with database.reading() as session:
            ask(session, chance)
        took.append((time.perf_counter() - began) * 1000)
        computed.append((time.process_time() - worked) * 1000)
    took.sort()
    return took[ROUNDS // 2], took[int(ROUNDS * 0.95)], sorted(computed)[ROUNDS // 2]


def main() -> int:
    """Print the table; 1 when a look is over the limit."""
    with tempfile.TemporaryDirectory(prefix="caunoi-statistics-") as folder:
        began = time.perf_counter()
        database = make(f"sqlite:///{Path(folder) / 'queue.db'}")
        print(f"\nStatistics of {COUNT:,} tips (made in {time.perf_counter() - began:.0f} s)")
        with database.reading() as session:
            units = list(
                session.scalars(select(UnitRow.id).where(UnitRow.valid_to.is_(None)).order_by(UnitRow.id))
            )
        print(f"{'look':<40}{'median':>10}{'p95':>11}{'computing':>11}")
        over = 0
        for name, ask in looks(units).items():
            median, p95, computing = measure(database, ask)
            over += p95 > LIMIT_MS
            mark = "" if p95 <= LIMIT_MS else f"  over {LIMIT_MS:.0f} ms"
            print(f"{name:<40}{median:>7.1f} ms{p95:>8.1f} ms{computing:>8.1f} ms{mark}", flush=True)
        database.close()
    return 1 if over else 0


if __name__ == "__main__":
    print(describe())
    raise SystemExit(main())
