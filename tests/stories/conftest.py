"""A town for each story, on SQLite or on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data import seed
from data.session import Database
from tests.town import CONTENT, Town, running_town


@pytest.fixture
def town(seeded_sqlite: Path, tmp_path: Path) -> Iterator[Town]:
    """A town on SQLite, in one process."""
    path = tmp_path / "town.db"
    path.write_bytes(seeded_sqlite.read_bytes())
    with running_town(f"sqlite:///{path}", tmp_path) as town:
        yield town


@pytest.fixture
def town_on_postgres(postgres_url: str, tmp_path: Path) -> Iterator[Town]:
    """The same town on PostgreSQL."""
    database = Database(postgres_url)
    seed.fill_if_empty(database, CONTENT)
    database.close()
    with running_town(postgres_url, tmp_path) as town:
        yield town
