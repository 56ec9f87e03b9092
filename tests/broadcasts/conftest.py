"""A little province for every test of this room (tests.broadcasts.province)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.session import Database
from tests.broadcasts.province import Province, fill
from tests.conftest import Clock


@pytest.fixture
def province(database: Database, clock: Clock) -> Province:
    fill(database, clock() - timedelta(days=1))
    return Province(database, clock)
