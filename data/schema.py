"""The schema: which one the database has, which one the program needs, and the way from one to the other."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from data.session import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The revision this program needs."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def current(database: Database) -> str | None:
    """The revision the database has; None when it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema forward, in one transaction. Safe to run twice, and from two processes at once."""
    _run(database, revision, forward=True)


def downgrade(database: Database, revision: str) -> None:
    """Take the schema back to `revision` ("base": nothing left)."""
    _run(database, revision, forward=False)


def _run(database: Database, revision: str, *, forward: bool) -> None:
    with database.engine.execution_options(writes=True).begin() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7216225)")
        step = command.upgrade if forward else command.downgrade
        step(_config(connection), revision)
