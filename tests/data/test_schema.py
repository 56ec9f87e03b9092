"""The schema goes forward and back on both databases, is what the tables say, and survives being hurried."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from bot import queueing
from data import schema
from data.session import Database
from data.tables import Base

ROOT = Path(__file__).parents[2]


@pytest.fixture
def blank(blank_url: str) -> Iterator[Database]:
    """A database with nothing in it."""
    with closing(Database(blank_url)) as blank:
        yield blank


def _tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def _differences(database: Database) -> list[Any]:
    """What a new migration would have to change; other programs' tables in the same database are theirs."""

    def ours(_: object, name: str | None, kind: str, *__: object) -> bool:
        return not (kind == "table" and str(name).startswith(("apscheduler_", "procrastinate_")))

    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_object": ours,
                "compare_type": True,
                "compare_server_default": not database.is_sqlite,  # SQLite writes '' in a way Alembic misreads
            },
        )
        return list(compare_metadata(context, Base.metadata))


def test_a_blank_database_has_no_revision(blank: Database) -> None:
    assert schema.current(blank) is None


def test_forward_brings_every_table(blank: Database) -> None:
    schema.upgrade(blank)
    assert schema.current(blank) == schema.newest()
    assert _tables(blank) == {*Base.metadata.tables, "alembic_version"}


def test_migrations_lead_to_what_the_tables_say(database: Database) -> None:
    assert _differences(database) == []


def test_a_difference_would_be_noticed(database: Database) -> None:
    """The check above must not be blind."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE tip_notes ADD COLUMN mood TEXT")
        connection.exec_driver_sql("DROP INDEX ix_tips_queue")
    kinds = {difference[0] for difference in _differences(database)}
    assert kinds == {"remove_column", "add_index"}


def test_partial_indexes_are_partial_on_both(database: Database) -> None:
    """Alembic does not compare the condition of an index; without it `due` rows drown in done ones."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'index'"))
        else:
            found = connection.execute(
                text("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'")
            )
        written = {name: str(words or "") for name, words in found}
    wanted = {
        str(index.name)
        for table in Base.metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["postgresql"]["where"] is not None
    }
    assert wanted
    assert {name for name, words in written.items() if " WHERE " in words.upper()} == wanted


def test_back_leaves_nothing(database: Database) -> None:
    schema.downgrade(database, "base")
    assert _tables(database) <= {"alembic_version"}
    assert schema.current(database) is None


def test_each_step_goes_back_and_forward_again(blank: Database) -> None:
    steps = [
        script.revision for script in ScriptDirectory(str(schema.MIGRATIONS)).walk_revisions("base", "heads")
    ][::-1]
    for step in steps:
        schema.upgrade(blank, step)
        before = _tables(blank)
        schema.downgrade(blank, "-1")
        schema.upgrade(blank, step)
        assert _tables(blank) == before
    assert schema.current(blank) == schema.newest()
    assert _differences(blank) == []


def test_forward_twice_keeps_what_is_there(blank: Database) -> None:
    schema.upgrade(blank)
    with blank.transaction() as session:
        session.execute(text("INSERT INTO roles (name, description) VALUES ('duty', 'Trực ban')"))
    schema.upgrade(blank)
    with blank.reading() as session:
        assert session.execute(text("SELECT description FROM roles")).scalar_one() == "Trực ban"


def test_a_step_that_breaks_changes_nothing(blank: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A schema is whole or untouched, on SQLite too."""
    with blank.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE tips (mine TEXT)")
    with pytest.raises(Exception, match="already exists"):
        schema.upgrade(blank)
    assert _tables(blank) == {"tips"}


def test_two_processes_at_once(blank_url: str) -> None:
    """Two machines start at the same moment; both find the newest schema, neither breaks."""
    program = (
        "import sys\n"
        "from data import schema\n"
        "from data.session import Database\n"
        "sys.stdin.read(1)\n"
        "schema.upgrade(Database(sys.argv[1]))\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, blank_url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdin
        process.stdin.write("!")
        process.stdin.flush()
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    with closing(Database(blank_url)) as database:
        assert schema.current(database) == schema.newest()
        assert _differences(database) == []


def test_the_tables_of_the_queue_live_beside_ours(postgres_url: str) -> None:
    """Procrastinate keeps its wake-ups in the same PostgreSQL; neither side disturbs the other."""
    queueing.prepare(postgres_url)
    queueing.prepare(postgres_url)
    with closing(Database(postgres_url)) as database:
        assert "procrastinate_jobs" in _tables(database)
        assert _differences(database) == []
        schema.downgrade(database, "base")
        assert "procrastinate_jobs" in _tables(database)


def test_files_an_older_release_kept_in_clear_wait_to_be_sealed_and_go_back_unharmed(blank: Database) -> None:
    """Forward: nothing is shown before it is clean. Back: the older release loses no original."""
    row = (
        "INSERT INTO attachments (draft_key, position, kind, name, caption, state, media_key, due_at, attempts,"
        " created_at) VALUES ('d', :position, 'photo', '', '', :state, :key, :at, 3, :at)"
    )
    at = "2026-11-24 03:00:00"
    schema.upgrade(blank, "0001")
    with blank.engine.begin() as connection:
        for position, (state, key) in enumerate((("kept", "clear-1"), ("kept", "clear-2"), ("lost", None))):
            connection.execute(text(row), {"position": position, "state": state, "key": key, "at": at})
    schema.upgrade(blank, "0003")
    states = text("SELECT state, media_key, attempts FROM attachments ORDER BY position")
    with blank.engine.begin() as connection:
        assert [tuple(one) for one in connection.execute(states)] == [
            ("clear", "clear-1", 0),
            ("clear", "clear-2", 0),
            ("lost", None, 3),
        ]
        connection.execute(
            text(
                "UPDATE attachments SET state = 'kept', original_key = 'sealed-2', media_key = 'view-2' WHERE position = 1"
            )
        )
    schema.downgrade(blank, "0001")
    with blank.engine.begin() as connection:
        assert [tuple(one)[:2] for one in connection.execute(states)] == [
            ("kept", "clear-1"),
            ("kept", "sealed-2"),
            ("lost", None),
        ]


def test_groups_of_an_older_release_have_no_days_and_stay_when_the_schema_goes_back(blank: Database) -> None:
    schema.upgrade(blank, "0014")
    with blank.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO units (id, code, name, short_name, kind, level, province, valid_from)"
            " VALUES ('1@2025-07-01', '1', 'Xã A', 'A', 'xã', 'commune', 'Bắc Ninh', '2025-07-01')"
        )
        connection.exec_driver_sql(
            "INSERT INTO groups (code, name, name_folded, level, police_2022, unit_id, basis, inferred, channel, active)"
            " VALUES ('G', 'Nhóm', 'nhom', 'commune', '', '1@2025-07-01', '', false, 'assisted', true)"
        )
    schema.upgrade(blank)
    days = text("SELECT first_day, last_day FROM groups")
    with blank.engine.begin() as connection:
        assert tuple(connection.execute(days).one()) == (None, None)
        connection.execute(text("UPDATE groups SET last_day = '2026-12-31'"))
    schema.downgrade(blank, "0014")
    with blank.engine.begin() as connection:
        assert connection.execute(text("SELECT code FROM groups")).scalar_one() == "G"
