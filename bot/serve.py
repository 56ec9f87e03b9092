"""Real processes: the web server with its loops, and the loops alone. Both stop gracefully on SIGTERM."""

from __future__ import annotations

import signal
import threading
from multiprocessing.util import Finalize
from typing import Any

from bot.settings import Settings

THREADS = 16
"""Threads that answer requests: they bound how many events one commit gathers (docs/decisions/0003)."""
GRACE_S = 20


def run_web(settings: Settings, part: str) -> int:
    """Serve until told to stop. The parent only watches; one child does all the work."""
    from functools import partial

    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    _check_early(settings, part)
    server = Server(
        "bot",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        websockets=False,
        log_enabled=True,
        log_level=LogLevels.warning,
        workers_kill_timeout=GRACE_S,
        respawn_failed_workers=True,
        respawn_interval=1.0,
    )
    server.serve(target_loader=partial(_load, settings, part), wrap_loader=False)
    return 0


def _check_early(settings: Settings, part: str) -> None:
    """Fail in the parent, in words, rather than in a child that is started again and again."""
    from bot.house import check

    check(settings, part)


def _load(settings: Settings, part: str) -> Any:
    """Runs in the child: build the house, start its loops, hand the app to the server."""
    from bot.app import create_app
    from bot.house import build_house
    from bot.logs import log_uncaught

    house = build_house(settings, part=part)
    log_uncaught()
    app = create_app(house)
    house.start()
    Finalize(None, house.stop, exitpriority=100)
    return app


def run_loops(settings: Settings, part: str) -> int:
    """Workers or scheduler without a web server, until SIGTERM or SIGINT."""
    from bot.house import build_house, check
    from bot.logs import log_uncaught

    check(settings, part)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    house = build_house(settings, part=part)
    log_uncaught()
    house.start()
    stopping.wait()
    house.stop()
    return 0
