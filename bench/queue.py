"""The queue of tips with a million of them: every filter, p95 against a limit, and against one row by its key.

    python -m bench.queue [postgresql]

The database is made once (a minute or more) and thrown away: a file in a temporary folder, or a private PostgreSQL
server as the tests start it, with PostgreSQL's own settings for memory. BENCH_TIPS sets the size.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select, text
from sqlalchemy.orm import Session

from bench.machine import describe
from data import handovers, schema, seed, tip_duties, tip_queue, tip_relations, tips
from data.session import Database
from data.tables import AttachmentRow, Officer, Tip, UnitRow
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


def make(url: str) -> Database:
    """A database with COUNT tips: skewed over the units, six years long, every third with a photo; indexes last."""
    database = Database(url)
    schema.upgrade(database)
    seed.fill_if_empty(database, CONTENT)
    with database.transaction() as session:
        units = list(
            session.scalars(select(UnitRow.id).where(UnitRow.valid_to.is_(None)).order_by(UnitRow.id))
        )
        session.add_all(_officer(number) for number in range(1, OFFICERS + 1))
    with database.engine.execution_options(writes=True).begin() as connection:
        for table, rows in ((Tip.__table__, _rows(units)), (AttachmentRow.__table__, _photos())):
            assert isinstance(table, Table)
            _fill(connection, table, rows)
        connection.exec_driver_sql("ANALYZE")
    return database


def _fill(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    indexes = list(table.indexes)
    for index in indexes:
        index.drop(connection)
    while batch := [row for row, _ in zip(rows, range(BATCH), strict=False)]:
        connection.execute(table.insert(), batch)
    for index in indexes:
        index.create(connection)


def _photos() -> Iterator[dict[str, Any]]:
    """One for every third tip, each with a likeness by chance."""
    chance = random.Random(20261125)  # made-up rows
    for number in range(0, COUNT, 3):
        yield {
            "draft_key": str(number),
            "position": 0,
            "tip_id": number + 1,
            "kind": "photo",
            "name": "",
            "caption": "",
            "state": "kept",
            "sha256": f"{number:064x}",
            "likeness": f"{chance.getrandbits(64):016x}",
            "due_at": NOW,
            "created_at": NOW,
        }


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
        "busiest ward, tips that look alike": lambda session, chance: _similar(session, chance, units[0]),
        "one tip, whole": lambda session, chance: tips.open_tip(
            session, chance.randint(1, COUNT), unit_ids=None, now=NOW
        ),
    }


def _similar(session: Session, chance: random.Random, unit_id: str) -> object:
    """What looks like a tip with a photo, among the 400 newest of a ward that gets 100 tips a day."""
    after = NOW - timedelta(days=chance.randint(5, 365 * YEARS))
    tip = session.scalars(
        select(Tip)
        .join(AttachmentRow, AttachmentRow.tip_id == Tip.id)
        .where(Tip.unit_id == unit_id, Tip.created_at > after, Tip.status == TipStatus.DONE)
        .order_by(Tip.created_at)
        .limit(1)
    ).first()
    assert tip is not None
    return tip_relations.similar(session, tip, unit_ids=(unit_id,))


@dataclass(frozen=True)
class Took:
    """Milliseconds of the clock, and of the processor (mean of program and database): the latter holds under load."""

    median: float
    p95: float
    processor: float


def measure(database: Database, ask: Callable[[Session, random.Random], object]) -> Took:
    """Ask ROUNDS times, each in a session of its own."""
    chance, times = random.Random(7), []  # which rows are asked for
    server = _server_of(database)
    used = time.process_time() + _processor_seconds(server)
    for _ in range(ROUNDS):
        began = time.perf_counter()
        with database.reading() as session:
            ask(session, chance)
        times.append((time.perf_counter() - began) * 1000)
    used = time.process_time() + _processor_seconds(server) - used
    times.sort()
    return Took(times[len(times) // 2], times[int(len(times) * 0.95)], used * 1000 / ROUNDS)


def _server_of(database: Database) -> int | None:
    """The process of PostgreSQL that answers us (one at a time, hence the same from the pool); None on SQLite."""
    if database.is_sqlite:
        return None
    with database.reading() as session:
        return int(session.execute(text("SELECT pg_backend_pid()")).scalar_one())


def _processor_seconds(process: int | None) -> float:
    """What a process has used so far (proc(5), stat: utime and stime)."""
    if process is None:
        return 0.0
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _somewhere(kind: str) -> Iterator[str]:
    """The address of an empty database of this kind."""
    if kind == "postgresql":
        from tests.postgres import running_cluster

        with running_cluster() as cluster, cluster.fresh(migrated=False) as url:
            yield url
    else:
        with tempfile.TemporaryDirectory(prefix="caunoi-queue-") as folder:
            yield f"sqlite:///{Path(folder) / 'queue.db'}"


def main(kind: str = "sqlite") -> int:
    """Print the table; 1 when a filter is over the limit."""
    with _somewhere(kind) as url:
        began = time.perf_counter()
        database = make(url)
        print(
            f"\nQueue of {COUNT:,} tips on {kind} (made in {time.perf_counter() - began:.0f} s), {ROUNDS} rounds each"
        )
        with database.reading() as session:
            units = list(
                session.scalars(select(UnitRow.id).where(UnitRow.valid_to.is_(None)).order_by(UnitRow.id))
            )
        base = measure(database, lambda session, chance: session.get(Tip, chance.randint(1, COUNT))).median
        load = os.getloadavg()[0] / (os.cpu_count() or 1)
        print(f"load per core before: {load:.1f} (above 1 the clock measures the neighbours too)")
        print(
            f"{'filter':<36}{'median':>9}{'p95':>9}{'processor':>12}   × one row by its key ({base:.2f} ms)"
        )
        over = 0
        for name, ask in filters(units).items():
            took = measure(database, ask)
            over += took.p95 > LIMIT_MS
            mark = "" if took.p95 <= LIMIT_MS else f"  over {LIMIT_MS:.0f} ms"
            clock = f"{took.median:>7.1f} ms{took.p95:>6.1f} ms{took.processor:>9.1f} ms"
            print(f"{name:<36}{clock}{took.median / base:>8.1f}{mark}")
        database.close()
    return 1 if over else 0


if __name__ == "__main__":
    print(describe())
    raise SystemExit(main(*sys.argv[1:2]))
