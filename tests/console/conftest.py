"""The console over an empty database with a few units, and in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from data.session import Database
from tests.console.walks import Walker, hand, served
from tests.console.world import World


@pytest.fixture
def world(sqlite_database: Database) -> World:
    """On SQLite; tests of acts that change much ask for `database` themselves, and run on both kinds."""
    return World(sqlite_database)


@pytest.fixture
def address(world: World) -> Iterator[str]:
    """Where a browser finds the console of this world."""
    with served(world.console) as address:
        yield address


@pytest.fixture(scope="module")
def province(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for all walks of a file: each brings officers, tips and things of its own."""
    path = tmp_path_factory.mktemp("province") / "province.db"
    path.write_bytes(empty_sqlite.read_bytes())
    database = Database(f"sqlite:///{path}")
    yield World(database)
    database.close()


@pytest.fixture(scope="module")
def province_address(province: World) -> Iterator[str]:
    with served(province.console) as address:
        yield address


@pytest.fixture(scope="module", params=["phone", "desk"])
def in_hand(browser: Browser, request: pytest.FixtureRequest) -> Iterator[tuple[BrowserContext, bool]]:
    narrow = request.param == "phone"
    context = hand(browser, narrow)
    yield context, narrow
    context.close()


@pytest.fixture
def walker(province: World, province_address: str, in_hand: tuple[BrowserContext, bool]) -> Iterator[Walker]:
    """A walk on a phone, then the same at a desk; it fails when any page on the way is too wide or says an error."""
    context, narrow = in_hand
    walker = Walker(province, province_address, context.new_page(), narrow)
    yield walker
    context.clear_cookies()
    walker.page.close()
    assert walker.faults == []
