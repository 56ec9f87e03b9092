"""The make-believe Zalo with one connected OA, for what a fake answer would not show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.connecting import connect_account
from bot.zalo.client import ZaloClient
from bot.zalo.tokens import Tokens
from data.session import Database
from simulator.serve import build_world, serve
from simulator.world import World
from tests.conftest import Clock
from tests.town import OA, served, stop_posting, town_settings


def by_day() -> Clock:
    """Ten in the morning in Vietnam of today: the make-believe Zalo makes its tokens by its own clock."""
    return Clock(datetime.now(UTC).replace(hour=3, minute=0, second=0, microsecond=0))


@contextmanager
def connected(database: Database, folder: Path, clock: Clock) -> Iterator[tuple[World, ZaloClient, Tokens]]:
    """Three residents, no webhook, the clock of `clock`."""
    with ExitStack() as stack:
        given = {"app_secret": "app-secret", "oa_secret_key": "oa-secret-key"}
        world = build_world({**given, "oas": [{"oa_id": OA, "name": "Phường"}]})
        world.clock.advance(clock() - datetime.now(UTC))
        server = serve(world, host="127.0.0.1", port=0, folder=folder / "zalo")
        zalo = stack.enter_context(served(server))
        stack.callback(stop_posting, server)
        settings = town_settings("sqlite:///x.db", folder, zalo)
        connect_account(
            settings, database, oa_id=OA, name="Phường", refresh_token=world.new_refresh_token(OA)
        )
        client = ZaloClient(zalo, zalo, settings.zalo_app_id, "app-secret", timeout=(2, 5))
        stack.callback(client.close)
        yield world, client, Tokens(database, client, settings.sealer())
