"""The console over an empty database with a few units."""

from __future__ import annotations

import pytest

from data.session import Database
from tests.console.world import World


@pytest.fixture
def world(sqlite_database: Database) -> World:
    """On SQLite; tests of acts that change much ask for `database` themselves, and run on both kinds."""
    return World(sqlite_database)
