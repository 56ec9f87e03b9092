"""The queue of tips with a million of them: every filter, p95 against a limit, and against one row by its key.

The database is made once into a temporary folder (about a minute) and thrown away. BENCH_TIPS sets the size.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from bench.machine import describe
from data import handovers, schema, seed, tip_duties, tip_queue, tips
from data.session import Database
from data.tables import Officer, Tip, UnitRow
from data.tip_queue import EVERY_UNIT, ClockFilter, Page
from data.tip_rules import shipped
from domain.tips import OPEN, TipStatus, new_code
from domain.vietnamese import fold

CONTENT = Path(__file__).parent.parent / "data" / "content"
COUNT = int(os.environ.get("BENCH_TIPS", "1000000"))
LIMIT_MS = 100.0
ROUNDS = 40
BATCH = 20_000
YEARS = 6
OFFICERS = 400
NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
CLOSED_SHARE = 0.985
"""Most of a million tips are done: about 15,000 are open at a time."""
RARE = "tàu hỏa"
"""Words in one tip of 50,000."""


def make(folder: Path) -> Database:
    """A database with COUNT tips: skewed over the units, six years long, indexes built after the rows."""
    database = Database(f"sqlite:///{folder / 'queue.db'}")
    schema.upgrade(database)
    seed.fill_if_empty(database, CONTENT)
    with database.transaction() as session:
        units = list(
            session.scalars(select(UnitRow.id).where(UnitRow.valid_to.is_(None)).order_by(UnitRow.id))
        )
        session.add_all(_officer(number) for number in range(1, OFFICERS + 1))
    rows_of: Table = Tip.__table__  # type: ignore[assignment]  # a mapped class has a Table
    indexes = list(rows_of.indexes)
    with database.engine.execution_options(writes=True).begin() as connection:
        for index in indexes:
            index.drop(connection)
        rows = _rows(units)
        while batch := [row for row, _ in zip(rows, range(BATCH), strict=False)]:
            connection.execute(rows_of.insert(), batch)
        for index in indexes:
            index.create(connection)
        connection.exec_driver_sql("ANALYZE")
    return database


def _officer(number: int) -> Officer:
    return Officer(
        id=number,
        email=f"{number}@example.vn",
        name=f"Cán bộ {number}",
        password=None,
        active=True,
        fs_uniquifier=str(number),
        unit_id=None,
        created_at=NOW,
    )


def _rows(units: list[str]) -> Iterator[dict[str, Any]]:
    chance = random.Random(20261124)  # made-up rows
    kinds = list(shipped().kinds.kinds.values())
    phrases = [phrase for kind in kinds for phrase in kind.phrases]
    folded = {phrase: fold(phrase) for phrase in phrases}
    weights = [1 / (1 + place) for place in range(len(units))]
    opens, closed = (
        sorted(OPEN),
        [TipStatus.DONE] * 8 + [TipStatus.REFUSED, TipStatus.DUPLICATE, TipStatus.SPAM],
    )
    step = timedelta(days=365 * YEARS) / COUNT
    for number in range(COUNT):
        at = NOW - step * (COUNT - number)
        is_open = chance.random() > CLOSED_SHARE
        status = chance.choice(opens) if is_open else chance.choice(closed)
        words = [chance.choice(phrases) for _ in range(3)]
        if number % 50_000 == 7:
            words.append(RARE)
        kind = chance.choice(kinds)
        bypass = number % 2_000 == 3
        yield {
            "id": number + 1,
            "code": f"TB-{number:08d}",
            "draft_key": str(number),
            "designation": "Người báo tin Sen-42",
            "citizen": None,
            "oa_id": "1",
            "kind": "tip",
            "category": None if number % 9 == 0 else kind.key,
            "unit_id": chance.choices(units, weights)[0],
            "bypass": bypass,
            "went_past": units[0] if bypass else None,
            "status": status,
            "urgent": number % 40 == 0,
            "what": ". ".join(words),
            "what_folded": " ".join(folded.get(one, "tau hoa") for one in words),
            "said_folded": folded.get(chance.choice(phrases), "") if number % 3 == 0 else "",
            "place": "thôn 3",
            "taken_by": chance.randint(1, OFFICERS)
            if status not in {TipStatus.NEW, TipStatus.HELD}
            else None,
            "escalation": 1 if is_open and number % 11 == 0 else 0,
            "take_due_at": at,
            "close_due_at": at,
            "closed_at": None if is_open else at,
            "created_at": at,
            "updated_at": at,
            "version": 1,
        }


def filters(units: list[str]) -> dict[str, Callable[[Session, random.Random], object]]:
    """Everything the console asks the queue for, each with a place picked by chance."""

    def queue(**sought: Any) -> Callable[[Session, random.Random], Page]:
        def ask(session: Session, chance: random.Random) -> Page:
            given = {name: value(chance) if callable(value) else value for name, value in sought.items()}
            return tip_queue.queue(session, **given)

        return ask

    def deep(session: Session, chance: random.Random) -> Page:
        at = NOW - timedelta(days=chance.randint(1, 365 * YEARS))
        return tip_queue.queue(session, unit_ids=None, after=tip_queue.Position(at, chance.randint(1, COUNT)))

    def home(unit_ids: tuple[str, ...]) -> Callable[[Session, random.Random], object]:
        def ask(session: Session, chance: random.Random) -> object:
            return (
                tip_duties.to_take(session, unit_ids=unit_ids, limit=8),
                tip_duties.to_close(session, officer_id=chance.randint(1, OFFICERS), limit=8),
            )

        return ask

    busy, any_unit = (units[0],), lambda chance: (chance.choice(units),)
    any_kind = lambda chance: chance.choice(list(shipped().kinds.kinds))  # noqa: E731
    opened = tuple(OPEN)
    return {
        "a ward, open": queue(unit_ids=any_unit, statuses=opened),
        "busiest ward, open, oldest first": queue(unit_ids=busy, statuses=opened, oldest_first=True),
        "busiest ward, everything": queue(unit_ids=busy),
        "a ward, by kind": queue(unit_ids=any_unit, category=any_kind),
        "busiest ward, by kind, open": queue(unit_ids=busy, category=any_kind, statuses=opened),
        "a ward, late": queue(unit_ids=any_unit, escalated=True, statuses=opened),
        "a ward, mine": queue(
            unit_ids=any_unit, taken_by=lambda chance: chance.randint(1, OFFICERS), statuses=opened
        ),
        "a ward, words": queue(unit_ids=any_unit, words="danh bac"),
        "busiest ward, rare words": queue(unit_ids=busy, words=RARE),
        "province desk, open": queue(unit_ids=EVERY_UNIT, statuses=opened),
        "province desk, everything": queue(unit_ids=EVERY_UNIT),
        "province desk, late": queue(unit_ids=EVERY_UNIT, escalated=True),
        "busiest ward, clock over": queue(unit_ids=busy, clock=ClockFilter.OVER, now=NOW, statuses=opened),
        "province desk, clock soon over": queue(
            unit_ids=EVERY_UNIT, clock=ClockFilter.SOON, now=NOW, statuses=opened
        ),
        "inspectors, one unit": queue(unit_ids=None, unit_id=lambda chance: chance.choice(units)),
        "home of a ward": home((units[0],)),
        "home of the province": home(EVERY_UNIT),
        "sheet of a shift": lambda session, chance: tip_duties.open_of(
            session, unit_id=units[0], limit=handovers.LISTED
        ),
        "inspectors, by kind": queue(unit_ids=None, category=any_kind),
        "inspectors, by kind, late": queue(unit_ids=None, category=any_kind, escalated=True, statuses=opened),
        "inspectors, accusing police": queue(unit_ids=None, accusing=True),
        "inspectors, words": queue(unit_ids=None, words="danh bac"),
        "inspectors, rare words": queue(unit_ids=None, words=RARE),
        "inspectors, words nobody wrote": queue(unit_ids=None, words="khong ai viet the"),
        "inspectors, page in the middle": deep,
        "a code": queue(unit_ids=None, words=lambda chance: new_code()),
        "counts of a ward": lambda session, chance: tip_queue.count_by_status(
            session, unit_ids=(chance.choice(units),)
        ),
        "counts of the province": lambda session, chance: tip_queue.count_by_status(
            session, unit_ids=EVERY_UNIT
        ),
        "one tip, whole": lambda session, chance: tips.open_tip(
            session, chance.randint(1, COUNT), unit_ids=None, now=NOW
        ),
    }


def measure(database: Database, ask: Callable[[Session, random.Random], object]) -> tuple[float, float]:
    """(median, p95) in milliseconds over ROUNDS, each in a session of its own."""
    chance, times = random.Random(7), []  # which rows are asked for
    for _ in range(ROUNDS):
        began = time.perf_counter()
        with database.reading() as session:
            ask(session, chance)
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.95)]


def main() -> int:
    """Print the table; 1 when a filter is over the limit."""
    with tempfile.TemporaryDirectory(prefix="caunoi-queue-") as folder:
        began = time.perf_counter()
        database = make(Path(folder))
        print(
            f"\nQueue of {COUNT:,} tips (made in {time.perf_counter() - began:.0f} s), {ROUNDS} rounds each"
        )
        with database.reading() as session:
            units = list(
                session.scalars(select(UnitRow.id).where(UnitRow.valid_to.is_(None)).order_by(UnitRow.id))
            )
        base, _ = measure(database, lambda session, chance: session.get(Tip, chance.randint(1, COUNT)))
        print(f"{'filter':<36}{'median':>9}{'p95':>9}   × one row by its key ({base:.2f} ms)")
        over = 0
        for name, ask in filters(units).items():
            median, p95 = measure(database, ask)
            over += p95 > LIMIT_MS
            mark = "" if p95 <= LIMIT_MS else f"  over {LIMIT_MS:.0f} ms"
            print(f"{name:<36}{median:>7.1f} ms{p95:>6.1f} ms{median / base:>8.1f}{mark}")
        database.close()
    return 1 if over else 0


if __name__ == "__main__":
    print(describe())
    raise SystemExit(main())
