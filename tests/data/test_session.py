"""A transaction is kept whole or not at all; who cannot be served is told so in time; nobody is starved."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from data import session as session_module
from data.session import Database
from data.tables import Citizen
from domain.errors import NotStored

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def _citizen(key: str, at: datetime = NOW) -> Citizen:
    return Citizen(key=key, oa_id="1", first_seen_at=at)


def _keys(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.scalars(select(Citizen.key)))


# ---- transactions -------------------------------------------------------------------------------------------


def test_what_happens_inside_is_kept_together(database: Database) -> None:
    with database.transaction() as session:
        session.add_all([_citizen("lan"), _citizen("mai")])
    assert _keys(database) == ["lan", "mai"]


def test_or_not_at_all(database: Database) -> None:
    with database.transaction() as session:
        session.add(_citizen("lan"))
    with pytest.raises(KeyError), database.transaction() as session:
        session.add(_citizen("mai"))
        session.flush()
        raise KeyError("something broke")
    assert _keys(database) == ["lan"]


def test_a_refused_row_is_said_as_it_is_and_undoes_the_rest(database: Database) -> None:
    """A row that cannot be is a fault of ours, not a database that is away: no NotStored."""
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(_citizen("lan"))
        session.flush()
        session.execute(
            text(
                "INSERT INTO citizens (key, oa_id, first_seen_at) SELECT key, oa_id, first_seen_at FROM citizens"
            )
        )
    assert _keys(database) == []


def test_what_is_written_while_reading_is_not_kept(database: Database) -> None:
    with database.reading() as session:
        session.add(_citizen("lan"))
        session.flush()
    assert _keys(database) == []


def test_the_next_one_is_served_after_a_failure(database: Database) -> None:
    for number in range(30):  # more than the pool has connections
        with pytest.raises(KeyError), database.transaction():
            raise KeyError(number)
    with database.transaction() as session:
        session.add(_citizen("lan"))
    assert _keys(database) == ["lan"]


def test_rows_can_be_read_after_the_end(database: Database) -> None:
    with database.transaction() as session:
        lan = _citizen("lan")
        session.add(lan)
    assert lan.first_seen_at == NOW


def test_foreign_keys_hold_on_both(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(
            text("INSERT INTO identities (citizen, sealed, created_at) VALUES ('nobody', :sealed, :now)"),
            {"sealed": b"x", "now": "2026-11-24 03:00:00"},
        )


def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    with database.transaction() as session:
        session.add(_citizen("lan"))
        session.flush()
        assert _keys(database) == []


def test_many_threads_lose_nothing(database: Database) -> None:
    def work(name: str) -> None:
        for number in range(20):
            with database.transaction() as session:
                session.add(_citizen(f"{name}-{number}"))

    threads = [threading.Thread(target=work, args=(f"t{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(_keys(database)) == 160


# ---- a database that is away --------------------------------------------------------------------------------


def test_a_database_nobody_started_is_said_in_time() -> None:
    with closing(Database("postgresql://me:x@127.0.0.1:1/none")) as away:
        began = time.monotonic()
        with pytest.raises(NotStored), away.transaction() as session:
            session.add(_citizen("lan"))
        assert time.monotonic() - began < 10


def test_a_connection_that_was_cut_is_not_stored_and_then_works_again(postgres_url: str) -> None:
    with closing(Database(postgres_url)) as database:
        with pytest.raises(NotStored), database.transaction() as session:
            session.add(_citizen("lan"))
            session.flush()
            _cut_all(postgres_url)
            session.execute(text("SELECT 1"))
        with database.transaction() as session:
            session.add(_citizen("mai"))
        assert _keys(database) == ["mai"]


def test_a_connection_that_is_cut_before_the_commit(postgres_url: str) -> None:
    with closing(Database(postgres_url)) as database:
        with pytest.raises(NotStored), database.transaction() as session:
            session.add(_citizen("lan"))
            session.flush()
            _cut_all(postgres_url)
        assert _keys(database) == []


def test_connections_cut_while_idle_are_not_noticed(postgres_url: str) -> None:
    """A restart of PostgreSQL between two messages: the next message must not fail."""
    with closing(Database(postgres_url)) as database:
        database.ping()
        _cut_all(postgres_url)
        with database.transaction() as session:
            session.add(_citizen("lan"))
        assert _keys(database) == ["lan"]


def test_when_every_connection_is_taken_it_is_not_stored(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too many at once is a wait that ended, as a locked database is: the caller may come again."""
    with closing(Database(database_url, pool_size=1)) as database:
        monkeypatch.setattr(database.engine.pool, "_max_overflow", 0)
        monkeypatch.setattr(database.engine.pool, "_timeout", 0.01)
        with database.engine.connect(), pytest.raises(NotStored), database.transaction() as session:
            session.add(_citizen("lan"))
        with database.transaction() as session:
            session.add(_citizen("mai"))
        assert _keys(database) == ["mai"]


def _cut_all(url: str) -> None:
    with closing(Database(url)) as other, other.engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


@contextmanager
def _another_process_writes(database: Database) -> Iterator[None]:
    """Holds SQLite's write lock as another program would."""
    program = (
        "import sys, pysqlite3.dbapi2 as sqlite\n"
        "connection = sqlite.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('BEGIN IMMEDIATE')\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(database.sqlite_path())],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        yield


def test_another_process_that_holds_the_lock(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """We give up in time, say NotStored, read on meanwhile, and go on when the lock is free."""
    monkeypatch.setattr(session_module, "BUSY_TIMEOUT_MS", 300)
    with closing(Database(sqlite_url)) as database:
        with _another_process_writes(database):
            began = time.monotonic()
            with pytest.raises(NotStored), database.transaction() as session:
                session.add(_citizen("lan"))
            assert 0.25 < time.monotonic() - began < 3
            assert _keys(database) == []
        with database.transaction() as session:
            session.add(_citizen("mai"))
        assert _keys(database) == ["mai"]


def test_a_disk_that_is_full_is_not_stored(sqlite_database: Database) -> None:
    with sqlite_database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    raw = sqlite_database.engine.raw_connection()
    raw.cursor().execute(f"PRAGMA max_page_count = {pages}")
    raw.close()  # back to the pool: the next transaction gets this connection
    with pytest.raises(NotStored), sqlite_database.transaction() as session:
        session.add_all(_citizen(f"{number:05}" * 20) for number in range(500))
    assert _keys(sqlite_database) == []


# ---- SQLite -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5000)],
)
def test_every_connection_is_set_for_safety(sqlite_database: Database, pragma: str, value: object) -> None:
    with sqlite_database.engine.connect() as first, sqlite_database.engine.connect() as second:
        for connection in (first, second):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value


def test_the_version_is_one_that_does_not_damage_its_file(sqlite_database: Database) -> None:
    with sqlite_database.reading() as session:
        version = str(session.scalar(text("SELECT sqlite_version()")))
    assert tuple(map(int, version.split("."))) >= (3, 51, 3)


def test_the_folder_of_the_file_is_made(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path}/var/deep/house.db")) as database:
        database.ping()
        assert database.sqlite_path() == tmp_path / "var" / "deep" / "house.db"


def test_who_came_first_is_served_first(sqlite_database: Database) -> None:
    """With SQLite's own waiting, a busy thread starves the others for seconds."""
    served: list[int] = []
    first_is_in, go_on = threading.Event(), threading.Event()

    def first() -> None:
        with sqlite_database.transaction():
            first_is_in.set()
            assert go_on.wait(20)

    def later(number: int) -> None:
        with sqlite_database.transaction():
            served.append(number)

    threads = [threading.Thread(target=first)]
    threads[0].start()
    assert first_is_in.wait(20)
    line = sqlite_database._line
    for number in range(10):
        threads.append(threading.Thread(target=later, args=(number,)))
        threads[-1].start()
        deadline = time.monotonic() + 20
        while len(line._waiting) <= number and time.monotonic() < deadline:
            time.sleep(0.001)
        assert len(line._waiting) == number + 1
    go_on.set()
    for thread in threads:
        thread.join(20)
    assert served == list(range(10))


def test_the_line_moves_on_when_somebody_fails(sqlite_database: Database) -> None:
    with pytest.raises(KeyError), sqlite_database.transaction():
        raise KeyError
    with sqlite_database.transaction() as session:
        session.add(_citizen("lan"))
    assert _keys(sqlite_database) == ["lan"]


def test_a_busy_thread_does_not_starve_another(sqlite_database: Database) -> None:
    stop = threading.Event()

    def busy() -> None:
        while not stop.is_set():
            with sqlite_database.transaction() as session:
                session.execute(text("SELECT 1"))

    threads = [threading.Thread(target=busy) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        waits = []
        for _ in range(20):
            began = time.monotonic()
            with sqlite_database.transaction():
                waits.append(time.monotonic() - began)
    finally:
        stop.set()
        for thread in threads:
            thread.join(20)
    assert sorted(waits)[10] < 0.2


# ---- moments ------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moment=st.datetimes(
        min_value=datetime(1900, 1, 1),  # noqa: DTZ001  # hypothesis wants naive bounds
        max_value=datetime(2200, 1, 1),  # noqa: DTZ001  # the same
        timezones=st.sampled_from(
            [
                UTC,
                ZoneInfo("Asia/Ho_Chi_Minh"),
                ZoneInfo("America/New_York"),
                timezone(timedelta(hours=-11, minutes=-30)),
            ]
        ),
    )
)
def test_a_moment_comes_back_the_same_in_utc(database: Database, moment: datetime) -> None:
    with database.transaction() as session:
        session.execute(text("DELETE FROM citizens"))
        session.add(_citizen("lan", moment))
    with database.reading() as session:
        found = session.scalars(select(Citizen.first_seen_at)).one()
        assert found == moment.astimezone(UTC)
        assert found.tzinfo is UTC
        assert session.scalars(select(Citizen.key).where(Citizen.first_seen_at == moment)).all() == ["lan"]
        assert session.scalars(select(Citizen.key).where(Citizen.first_seen_at > moment)).all() == []


def test_moments_are_put_in_order_whatever_their_zone(database: Database) -> None:
    vietnam = ZoneInfo("Asia/Ho_Chi_Minh")
    with database.transaction() as session:
        session.add(_citizen("second", datetime(2026, 11, 24, 3, 0, 0, 1, tzinfo=UTC)))
        session.add(_citizen("first", datetime(2026, 11, 24, 9, 59, tzinfo=vietnam)))
        session.add(_citizen("third", datetime(2026, 11, 24, 10, 1, tzinfo=vietnam)))
    with database.reading() as session:
        found = session.scalars(select(Citizen.key).order_by(Citizen.first_seen_at)).all()
    assert found == ["first", "second", "third"]


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 11, 24, 3, 0)  # noqa: DTZ001  # that is what is tried
    with pytest.raises(StatementError, match="without a zone"), database.transaction() as session:
        session.add(_citizen("lan", naive))
    with pytest.raises(StatementError, match="without a zone"), database.reading() as session:
        session.scalars(select(Citizen).where(Citizen.first_seen_at < naive)).all()


def test_no_moment_is_none(database: Database) -> None:
    with database.transaction() as session:
        session.add(_citizen("lan"))
    with database.reading() as session:
        assert session.scalars(select(Citizen.last_wrote_at)).one() is None


def test_vietnamese_comes_back_letter_by_letter(database: Database) -> None:
    words = "Đường Nguyễn Thị Lưu — ổ cờ bạc 🚨"
    with database.transaction() as session:
        session.add(_citizen(words))
    assert _keys(database) == [words]
