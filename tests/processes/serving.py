"""`python -m bot serve` as a real process beside a make-believe Zalo, on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import requests

from bot.connecting import connect_account
from data import schema, seed
from data.session import Database
from data.tables import OfficialAccount
from simulator.serve import build_world, serve
from simulator.world import World
from tests.processes.machines import Machine, environment_of, free_port, wait_until_ready
from tests.town import CONTENT, KEY, OA, served, stop_posting, town_settings


class Serving:
    """One machine, its addresses and the world it talks to."""

    def __init__(self, machine: Machine, base: str, zalo: str, world: World, database_url: str) -> None:
        self.machine = machine
        self.base = base
        self.zalo = zalo
        self.world = world
        self.database_url = database_url


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Serving]:
    """Everything fresh in `folder`; `settings` go before the usual ones."""
    with ExitStack() as stack:
        url = f"sqlite:///{folder / 'bot.db'}"
        database = Database(url)
        schema.upgrade(database)
        seed.fill_if_empty(database, CONTENT)
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        world = build_world(
            {
                "app_secret": "app-secret",
                "oa_secret_key": "oa-secret-key",
                "oas": [{"oa_id": OA, "name": "OA"}],
            }
        )
        world.app.per_minute = 1_000_000
        for oa in world.oas.values():
            oa.requests_per_minute = 1_000_000
        zalo_server = serve(world, host="127.0.0.1", port=0, folder=folder / "zalo")
        zalo = stack.enter_context(served(zalo_server))
        stack.callback(stop_posting, zalo_server)
        refresh = requests.post(f"{zalo}/control/oas/{OA}/refresh-token", timeout=10).json()["refresh_token"]
        connect_account(
            town_settings(url, folder / "media", zalo), database, oa_id=OA, name="OA", refresh_token=refresh
        )
        with database.transaction() as session:
            account = session.get(OfficialAccount, OA)
            assert account is not None
            account.requests_per_minute = 1_000_000
        database.close()
        given = {
            "database_url": url,
            "media_url": f"file:{folder / 'media'}",
            "queue_url": "",
            "secret_key": "s" * 40,
            "data_key": KEY,
            "public_url": base,
            "zalo_app_id": world.app.app_id,
            "zalo_app_secret": "app-secret",
            "zalo_oa_secret_key": "oa-secret-key",
            "zalo_api_url": zalo,
            "zalo_oauth_url": zalo,
            "zalo_media_hosts": "127.0.0.1",
            "link_checks_a_night": "0",
            "port": port,
            "log_level": "WARNING",
        }
        machine = Machine(["serve"], environment_of({**given, **settings}), folder, "server")
        stack.callback(machine.ends)
        wait_until_ready(base, machine)
        world.app.webhook_url = f"{base}/webhook/zalo"
        yield Serving(machine, base, zalo, world, url)
