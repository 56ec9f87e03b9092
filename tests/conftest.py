"""What many tests need: both kinds of database, a clock one can set, keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data import schema, seed
from data.sealing import Sealer
from data.session import Database
from tests.postgres import Cluster, running_cluster

pytest_plugins = ["tests.chromium", "tests.once"]


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The PostgreSQL server of this test run."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: migrating anew for every test would take longer than the tests."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture
def sqlite_url(empty_sqlite: Path, tmp_path: Path) -> str:
    path = tmp_path / "test.db"
    path.write_bytes(empty_sqlite.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(cluster: Cluster) -> Iterator[str]:
    with cluster.fresh() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database with the newest schema; every test runs on both kinds."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database with the newest schema; every test runs on both kinds."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def blank_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'blank.db'}"


@pytest.fixture
def blank_postgres_url(cluster: Cluster) -> Iterator[str]:
    with cluster.fresh(migrated=False) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def blank_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database with nothing in it, not even tables; every test runs on both kinds."""
    kind = "sqlite" if request.param == "sqlite" else "postgres"
    url: str = request.getfixturevalue(f"blank_{kind}_url")
    return url


@pytest.fixture
def blank_url_like(request: pytest.FixtureRequest, database: Database) -> str:
    """A second database of the same kind as `database`, with nothing in it."""
    url: str = request.getfixturevalue(f"blank_{'sqlite' if database.is_sqlite else 'postgres'}_url")
    return url


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """An empty SQLite database, for what is not about the database."""
    database = Database(sqlite_url)
    yield database
    database.close()


@pytest.fixture
def sealer() -> Sealer:
    return Sealer([b"k" * 32])


class Clock:
    """Aware UTC that stands still until it is told to move."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def set(self, now: datetime) -> None:
        self.now = now

    def advance(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 24, 3, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def seeded_sqlite(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with catalogue, units and groups, to copy for each story."""
    path = tmp_path_factory.mktemp("seeded") / "seeded.db"
    path.write_bytes(empty_sqlite.read_bytes())
    database = Database(f"sqlite:///{path}")
    seed.fill_if_empty(database, Path("data/content"))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture(scope="session")
def seeded_postgres(cluster: Cluster) -> Iterator[str]:
    """The same on PostgreSQL."""
    with cluster.fresh() as url:
        with closing(Database(url)) as database:
            seed.fill_if_empty(database, Path("data/content"))
        yield url


@pytest.fixture
def seeded_sqlite_url(seeded_sqlite: Path, tmp_path: Path) -> str:
    """A copy of one's own, with catalogue, units and groups."""
    path = tmp_path / "seeded.db"
    path.write_bytes(seeded_sqlite.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def seeded_postgres_url(cluster: Cluster, seeded_postgres: str) -> Iterator[str]:
    """A copy of one's own, with catalogue, units and groups."""
    with cluster.fresh(like=seeded_postgres) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def seeded(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Catalogue, units and groups, and nothing else yet; every test runs on both kinds."""
    kind = "sqlite" if request.param == "sqlite" else "postgres"
    with closing(Database(request.getfixturevalue(f"seeded_{kind}_url"))) as database:
        yield database
