"""A whole town: make-believe Zalo, bot and console as real HTTP servers, with their loops running."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import requests
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.app import create_app
from bot.connecting import add_officer, connect_account
from bot.demo import group_id
from bot.house import House, build_house
from bot.settings import Settings, read_settings
from data.session import Database
from data.tables import GroupRow, OfficialAccount
from simulator.serve import build_world, serve
from simulator.world import Group
from tests.citizen import Citizen
from tests.officer import Officer

OA = "3000000000000000001"
PASSWORD = "a-long-password-for-tests"  # of make-believe officers, in a database that lives for one test
CONTENT = Path("data/content")
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing."""


class Town:
    """Everything that runs, and the people in it."""

    def __init__(self, zalo: str, bot: str, house: House) -> None:
        self.zalo = zalo
        self.bot = bot
        self.house = house

    @property
    def database(self) -> Database:
        return self.house.database

    def citizen(self) -> Citizen:
        return Citizen(self.zalo)

    def officer(self, *roles: str, unit: str | None = None) -> Officer:
        email = f"{'.'.join(roles)}.{unit or 'tinh'}@example.vn"
        add_officer(
            self.database,
            email=email,
            name=f"Cán bộ {'-'.join(roles)} {unit or 'tỉnh'}",
            roles=roles,
            unit=unit,
            password=PASSWORD,
        )
        return Officer(self.bot, email, PASSWORD)

    def chaos(self, **switches: Any) -> None:
        requests.post(f"{self.zalo}/control/chaos", json=switches, timeout=10).raise_for_status()

    def link_dies_at_once(self) -> None:
        """Every media link that is given out from now on is dead already."""
        rules = {"media_seconds": 0}
        requests.post(f"{self.zalo}/control/rules", json=rules, timeout=10).raise_for_status()

    def status(self) -> dict[str, Any]:
        status: dict[str, Any] = requests.get(f"{self.zalo}/control/status", timeout=10).json()
        return status

    def groups_that_got(self, text: str) -> list[str]:
        """Names of the groups on the wall whose last message is this."""
        groups = requests.get(f"{self.zalo}/control/groups", timeout=10).json()["groups"]
        return [group["name"] for group in groups if group["last"] and text in group["last"]["text"]]


def stop_posting(server: Any) -> None:
    """End the threads of a make-believe Zalo that post webhooks."""
    server.app.extensions["zalo"].stop()


class _Gate:
    """Lets requests in until it is closed; closing waits for those inside.

    Connections that are kept alive outlive a server's `shutdown`: without a gate a late request would meet a
    house that is closed already.
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        self._inside = 0
        self._open = True
        self._condition = threading.Condition()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app, name)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        with self._condition:
            if not self._open:
                start_response("503 Service Unavailable", [("Content-Length", "0")])
                return [b""]
            self._inside += 1
        try:
            return self._app(environ, start_response)
        finally:
            with self._condition:
                self._inside -= 1
                self._condition.notify_all()

    def close(self) -> None:
        with self._condition:
            self._open = False
            self._condition.wait_for(lambda: not self._inside, timeout=10)


@contextmanager
def served(server: Any) -> Iterator[str]:
    """Serve in a thread; the address. Nothing is inside any more when it ends."""
    gate = server.app = _Gate(server.app)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        gate.close()
        server.shutdown()
        server.server_close()
        thread.join(5)


def town_settings(database_url: str, media: Path, zalo: str, **more: Any) -> Settings:
    return read_settings(
        _env_file=None,
        database_url=database_url,
        media_url=f"file:{media}",
        secret_key="s" * 40,
        data_key=KEY,
        public_url="http://127.0.0.1",
        zalo_app_id="1234567890123456789",
        zalo_app_secret="app-secret",
        zalo_oa_secret_key="oa-secret-key",
        zalo_api_url=zalo,
        zalo_oauth_url=zalo,
        zalo_media_hosts="127.0.0.1",
        link_checks_a_night=0,
        log_level="WARNING",
        **more,
    )


@contextmanager
def running_town(database_url: str, folder: Path) -> Iterator[Town]:
    """Everything on free ports, connected the way a real OA is connected."""
    with ExitStack() as stack:
        world = build_world(
            {
                "app_secret": "app-secret",
                "oa_secret_key": "oa-secret-key",
                "oas": [{"oa_id": OA, "name": "Công an tỉnh"}],
            }
        )
        zalo_server = serve(world, host="127.0.0.1", port=0, folder=folder / "zalo")
        zalo = stack.enter_context(served(zalo_server))
        stack.callback(stop_posting, zalo_server)
        settings = town_settings(database_url, folder / "media", zalo)
        database = Database(database_url)
        refresh = requests.post(f"{zalo}/control/oas/{OA}/refresh-token", timeout=10).json()["refresh_token"]
        connect_account(settings, database, oa_id=OA, name="Công an tỉnh", refresh_token=refresh)
        with database.transaction() as session:
            account = session.get(OfficialAccount, OA)
            assert account is not None
            account.requests_per_minute = 100_000
            rows = list(session.query(GroupRow))
            for row in rows:
                row.channel, row.oa_id, row.zalo_group_id = "gmf", OA, group_id(row.code)
        groups_of_the_world(world, rows)
        database.close()
        house = build_house(settings)
        stack.callback(house.stop)  # after the server below has ended: nobody asks the house any more
        bot = stack.enter_context(
            served(make_server("127.0.0.1", 0, create_app(house), threaded=True, request_handler=_Quiet))
        )
        world.app.webhook_url = f"{bot}/webhook/zalo"
        house.start()
        yield Town(zalo, bot, house)


def groups_of_the_world(world: Any, rows: list[GroupRow]) -> None:
    world.app.per_minute = 1_000_000
    for oa in world.oas.values():
        oa.requests_per_minute = 1_000_000
    world.add_groups(Group(group_id(row.code), row.name, OA) for row in rows)
