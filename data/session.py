"""Engine and transactions, SQLite and PostgreSQL side by side.

SQLite has one writer. Its own way of waiting for the write lock sleeps for up to 100 ms a time, so the
threads of this process queue in line (`_Line`) before they begin; `BEGIN IMMEDIATE` then never has to wait
for one of ours.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from domain.errors import NotStored

BUSY_TIMEOUT_MS = 5_000
SWITCH_PAUSE_S = 0.01
"""How long another process may hold SQLite's write lock before a transaction of ours gives up."""


class _Line:
    """A lock that serves waiting threads first come, first served: a busy thread cannot starve the others."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held = False
        self._waiting: deque[threading.Lock] = deque()

    def __enter__(self) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def __exit__(self, *_: object) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False


class Database:
    """One database: `transaction()` to write, `reading()` to look, both giving a Session.

    url  SQLAlchemy's; `sqlite:///var/caunoi.db` or `postgresql://…`
    """

    def __init__(self, url: str, *, pool_size: int = 20) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.url = url
        self.engine = _sqlite_engine(url, pool_size) if self.is_sqlite else _postgres_engine(url, pool_size)
        self._writes: Engine = self.engine.execution_options(writes=True)
        self._line: Any = _Line() if self.is_sqlite else nullcontext()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """All that happens inside is kept together, or not at all. Keep it short; never wait for Zalo in it.

        Raises NotStored when the database is locked, full or away, or all its connections are taken for too long.
        """
        with self._line:
            try:
                with Session(self._writes, expire_on_commit=False) as session, session.begin():
                    yield session
            except OperationalError as error:
                raise NotStored("the database did not take it") from error
            except NoConnectionFree as error:
                raise NotStored("no connection to the database came free") from error
            except DBAPIError as error:
                if error.connection_invalidated:
                    raise NotStored("the database went away") from error
                raise

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A consistent look; nothing written here is kept."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    def sqlite_path(self) -> Path | None:
        """The file of an SQLite database, None for others."""
        name = make_url(self.url).database
        return Path(name) if self.is_sqlite and name else None

    def ping(self) -> None:
        """Raise when the database does not answer."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        self.engine.dispose()


def _sqlite_engine(url: str, pool_size: int) -> Engine:
    import pysqlite3.dbapi2 as newer_sqlite  # brings SQLite >= 3.51.3, see docs/decisions

    name = make_url(url).database
    if name and name != ":memory:":
        Path(name).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, module=newer_sqlite, pool_size=pool_size, max_overflow=20)

    @event.listens_for(engine, "connect")
    def settings(connection: Any, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        _switch_to_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _switch_to_wal(connection: Any) -> None:
    """Write-ahead log, kept in the file: only the first connection of all really switches.

    When several processes meet at a new file, SQLite answers "locked" at once instead of waiting as
    busy_timeout says (its way out of a deadlock between two that both want to switch): so we wait ourselves.
    """
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except connection.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(SWITCH_PAUSE_S)


def _postgres_engine(url: str, pool_size: int) -> Engine:
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return create_engine(
        parsed,
        pool_size=pool_size,
        max_overflow=10,
        pool_pre_ping=True,
        pool_timeout=5,
        connect_args={"connect_timeout": 5, "application_name": "cau-noi", "prepare_threshold": None},
    )
