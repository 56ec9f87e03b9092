"""Runs the platform as a process of its own."""

from __future__ import annotations

import json
import signal
import threading
from pathlib import Path
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from simulator.app import create_app
from simulator.store import Store
from simulator.world import REFRESH_LASTS, App, Group, Oa, World

SEEDED = ("Người dân 1", "Người dân 2", "Người dân 3")
UNDERSCORED = ("access_token", "secret_key")


class _Handler(WSGIRequestHandler):
    """Keeps connections open, writes no access log, and lets chaos break a connection quietly."""

    protocol_version = "HTTP/1.1"

    def make_environ(self) -> dict[str, Any]:
        """Zalo's headers are written `access_token` and `secret_key`: the server leaves out names with `_`."""
        environ = super().make_environ()
        for name in UNDERSCORED:
            if (value := self.headers.get(name)) is not None:
                environ[f"HTTP_{name.upper()}"] = value
        return environ

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing: chats are nobody's business, even make-believe ones."""

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
        """The other side is gone: nothing to say."""


def build_world(config: dict[str, Any]) -> World:
    """A world from a seed: app, `oas` (with `refresh_token` if one is given), `groups`, `residents` (names)."""
    world = World(
        App(
            app_id=str(config.get("app_id", "1234567890123456789")),
            app_secret=str(config.get("app_secret", "app-secret")),
            oa_secret_key=str(config.get("oa_secret_key", "oa-secret-key")),
            webhook_url=str(config.get("webhook_url", "")),
        )
    )
    for oa in config.get("oas") or [{"oa_id": "3000000000000000001", "name": "OA giả lập"}]:
        made = world.add_oa(Oa(str(oa["oa_id"]), str(oa["name"]), int(oa.get("requests_per_minute", 2000))))
        if token := str(oa.get("refresh_token", "")):
            made.refresh_tokens[token] = world.clock.now() + REFRESH_LASTS
    world.add_groups(
        Group(str(group["group_id"]), str(group["name"]), str(group["oa_id"]))
        for group in config.get("groups", ())
    )
    for number, name in enumerate(config.get("residents") or SEEDED, 1):
        world.add_resident(str(name), key=f"nguoi-dan-{number}")
    return world


def serve(
    world: World, *, host: str, port: int, folder: Path | None = None, base_url: str = ""
) -> BaseWSGIServer:
    """A server that is ready but not yet running: call `serve_forever`, later `shutdown`.

    port      0: any free one, see `server_port`
    folder    where media are kept; a temporary folder when not given
    base_url  how the app reaches this platform, when that is not host and port
    """
    server = make_server(host, port, lambda environ, start: [], threaded=True, request_handler=_Handler)
    reached = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104  # a comparison, no binding
    server.app = create_app(
        world, base_url=base_url or f"http://{reached}:{server.server_port}", folder=folder
    )
    return server


def run(*, config: Path | None, host: str, port: int, state_dir: Path | None, base_url: str = "") -> int:
    """Serve until SIGTERM or SIGINT; with a state directory the talk is there again after a restart."""
    seed = json.loads(config.read_text("utf-8")) if config else {}
    world = build_world(seed)
    server = serve(world, host=host, port=port, folder=state_dir, base_url=base_url)
    extensions = server.app.extensions  # type: ignore[attr-defined]  # it is our Flask app
    store = Store(world, extensions["zalo-shelf"], state_dir) if state_dir else None
    if store:
        store.load()
        store.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"ready http://{host}:{server.server_port}", flush=True)
    server.serve_forever()
    server.server_close()
    extensions["zalo"].stop()
    if store:
        store.stop()
    return 0
