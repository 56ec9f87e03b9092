"""The WSGI apps the webhook benchmark compares, all on the same server with the same settings.

BENCH_DATABASE names the SQLite file. `null` reads the body and answers 200; `verified` checks the signature
and translates; `grouped` is the program's webhook; `one_commit` is the same with a transaction per request.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from bot.metrics import Metrics
from bot.webhook import Door, Intake, create_webhook, grouped_intake
from data import events, schema
from data.events import NewEvent
from data.sealing import Sealer
from data.session import Database
from domain.work import wake_nobody

APP_ID = "1234567890123456789"
SECRET = "benchmark-secret-of-the-oa"


def null(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "0")])
    return [b""]


def null_flask() -> Flask:
    from flask import Response, request

    app = Flask("null")

    @app.post("/webhook/zalo")
    def receive() -> Response:
        request.get_data()
        return Response("", 200)

    return app


def grouped() -> Flask:
    return _webhook(group=True)


def one_commit() -> Flask:
    return _webhook(group=False)


def _at_once(database: Database) -> Intake:
    """A transaction in the thread of each request, with nothing between: the peer must not be slowed down."""

    def keep(event: NewEvent) -> None:
        with database.transaction() as session:
            events.remember(session, [event])

    return keep


def _webhook(*, group: bool) -> Flask:
    database = Database(os.environ["BENCH_DATABASE"])
    schema.upgrade(database)
    intake = grouped_intake(database)[0] if group else _at_once(database)
    door = Door(
        app_id=APP_ID,
        oa_secret_key=SECRET,
        sealer=Sealer([b"0" * 32]),
        pepper=b"1" * 32,
        intake=intake,
        wake=wake_nobody,
        metrics=Metrics(),
    )
    app = Flask("bench")
    app.register_blueprint(create_webhook(door))
    return app
