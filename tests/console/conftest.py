"""The console over an empty database with a few units."""

from __future__ import annotations

import pytest

from data.session import Database
from tests.console.world import World


@pytest.fixture
def world(database: Database) -> World:
    return World(database)
