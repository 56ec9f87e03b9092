"""What many tests need: a clock, keys, an empty database with the newest schema (both kinds)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data import schema
from data.session import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database with the newest schema."""
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    schema.upgrade(database)
    yield database
    database.close()
