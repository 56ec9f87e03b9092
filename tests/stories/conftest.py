"""A town for each story, on SQLite or on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.town import Town, running_town


@pytest.fixture
def town(seeded_sqlite_url: str, tmp_path: Path) -> Iterator[Town]:
    """A town on SQLite, in one process."""
    with running_town(seeded_sqlite_url, tmp_path) as town:
        yield town


@pytest.fixture
def town_on_postgres(seeded_postgres_url: str, tmp_path: Path) -> Iterator[Town]:
    """The same town on PostgreSQL."""
    with running_town(seeded_postgres_url, tmp_path) as town:
        yield town
