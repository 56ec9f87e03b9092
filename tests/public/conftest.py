"""The public pages over the real catalogue, and what they know, built once for the whole run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.library import LibraryShelf
from data.session import Database
from public import create_public
from public.desk import Known
from tests.conftest import Clock

SECRET = "s" * 40
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def known(seeded_sqlite: Path) -> Iterator[Known]:
    """What the bot knows, as bot/app.py hands it to the pages."""
    database = Database(f"sqlite:///{seeded_sqlite}")
    shelf = LibraryShelf(database, Path("data/content"), clock=lambda: NOW)
    yield shelf.known()
    database.close()


@pytest.fixture
def database(seeded_sqlite_url: str) -> Iterator[Database]:
    """Catalogue, units and groups, and nothing else yet. Pages do not care which database it is."""
    database = Database(seeded_sqlite_url)
    yield database
    database.close()


@pytest.fixture
def app(database: Database, known: Known, clock: Clock) -> Flask:
    return create_public(
        database=database,
        clock=clock,
        knowledge=lambda: known,
        secret_key=SECRET,
        public_url="https://cau-noi.example",
    )


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return app.test_client()
