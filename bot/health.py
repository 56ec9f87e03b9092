"""`/healthz`, `/readyz`, `/metrics`: for whoever keeps the program running."""

from __future__ import annotations

from flask import Blueprint, Response

from bot.metrics import Metrics
from data import schema
from data.media import MIB, MediaStore
from data.session import Database

FREE_MIN = 200 * MIB
"""Bytes that must be free on the disk of the media."""


def health_blueprint(database: Database, store: MediaStore, metrics: Metrics) -> Blueprint:
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def alive() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @blueprint.get("/readyz")
    def ready() -> Response:
        """200 when everything a request needs is there; 503 with one line for each part that is not."""
        problems = missing(database, store)
        text = "\n".join(problems) or "ready"
        return Response(text + "\n", 503 if problems else 200, mimetype="text/plain")

    @blueprint.get("/metrics")
    def numbers() -> Response:
        return Response(metrics.text(), mimetype="text/plain; version=0.0.4")

    return blueprint


def missing(database: Database, store: MediaStore) -> list[str]:
    """What is not ready, in plain words and without secrets."""
    problems = []
    try:
        database.ping()
        revision = schema.current(database)
    except Exception:  # any fault of any driver means the same here
        problems.append("database: does not answer")
    else:
        if revision != schema.newest():
            problems.append("schema: not the newest; run `python -m bot migrate`")
    try:
        store.check_writable()
        if store.free_bytes() < FREE_MIN:
            problems.append("disk: less than 200 MB free")
    except OSError:
        problems.append("disk: media cannot be written")
    return problems
