"""Whoever keeps the program running learns whether it lives, whether it is ready, and how it does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import health
from bot.health import health_blueprint
from bot.metrics import Metrics
from data import schema
from data.media import MediaStore
from data.session import Database


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


def _browser(database: Database, store: MediaStore, metrics: Metrics) -> FlaskClient:
    app = Flask("test")
    app.register_blueprint(health_blueprint(database, store, metrics))
    return app.test_client()


@pytest.fixture
def browser(database: Database, store: MediaStore, metrics: Metrics) -> FlaskClient:
    return _browser(database, store, metrics)


@pytest.fixture
def away(tmp_path: Path) -> Iterator[Database]:
    """A PostgreSQL that nobody has started."""
    database = Database("postgresql://me:hush-hush@127.0.0.1:1/none")
    yield database
    database.close()


def test_alive_says_nothing_about_anything_else(away: Database, store: MediaStore, metrics: Metrics) -> None:
    answer = _browser(away, store, metrics).get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_ready(browser: FlaskClient) -> None:
    answer = browser.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")


def test_not_ready_without_the_newest_schema(browser: FlaskClient, database: Database) -> None:
    schema.downgrade(database, "base")
    answer = browser.get("/readyz")
    assert answer.status_code == 503
    assert answer.text == "schema: not the newest; run `python -m bot migrate`\n"


def test_not_ready_without_the_database(away: Database, store: MediaStore, metrics: Metrics) -> None:
    answer = _browser(away, store, metrics).get("/readyz")
    assert answer.status_code == 503
    assert answer.text == "database: does not answer\n"


def test_not_ready_when_a_sqlite_database_is_damaged(
    sqlite_database: Database, store: MediaStore, metrics: Metrics
) -> None:
    """It still answers `SELECT 1`; the schema cannot be read."""
    path = sqlite_database.sqlite_path()
    assert path is not None
    sqlite_database.close()
    path.write_bytes(b"not a database" * 1000)
    answer = _browser(sqlite_database, store, metrics).get("/readyz")
    assert answer.status_code == 503
    assert answer.text == "database: does not answer\n"


def test_not_ready_when_media_cannot_be_written(browser: FlaskClient, store: MediaStore) -> None:
    store.folder.rmdir()
    answer = browser.get("/readyz")
    assert answer.status_code == 503
    assert answer.text == "disk: media cannot be written\n"


def test_not_ready_when_the_disk_is_nearly_full(
    browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "FREE_MIN", 1 << 60)
    answer = browser.get("/readyz")
    assert answer.status_code == 503
    assert answer.text == "disk: less than 200 MB free\n"


def test_looking_leaves_nothing_in_the_media_store(browser: FlaskClient, store: MediaStore) -> None:
    browser.get("/readyz")
    assert list(store.folder.iterdir()) == []


def test_numbers_in_prometheus_form(browser: FlaskClient, metrics: Metrics) -> None:
    metrics.webhook(200, 0.004)
    metrics.webhook(403, 0.001)
    metrics.event_handled("user_send_text", 0.02)
    metrics.event_failed("user_send_image")
    metrics.media("kept")
    metrics.sent("group", "sent")
    answer = browser.get("/metrics")
    assert answer.mimetype == "text/plain"
    for line in (
        'caunoi_webhook_seconds_count{status="200"} 1.0',
        'caunoi_webhook_seconds_count{status="403"} 1.0',
        'caunoi_event_seconds_count{kind="user_send_text"} 1.0',
        'caunoi_event_failures_total{kind="user_send_image"} 1.0',
        'caunoi_media_total{state="kept"} 1.0',
        'caunoi_sends_total{channel="group",state="sent"} 1.0',
    ):
        assert line in answer.text


@pytest.mark.parametrize(
    "kind", ["Có nhóm đánh bạc", "0912345678", "user_send_0912345678", "", "user_send_text\n"]
)
def test_what_is_not_an_event_name_is_counted_as_other(
    browser: FlaskClient, metrics: Metrics, kind: str
) -> None:
    """Event names come from outside: they must neither carry words nor grow without end."""
    metrics.event_handled(kind, 0.1)
    metrics.event_failed(kind)
    text = browser.get("/metrics").text
    assert 'caunoi_event_seconds_count{kind="other"} 1.0' in text
    assert 'caunoi_event_failures_total{kind="other"} 1.0' in text
    assert text.count("caunoi_event_seconds_count{") == 1


def test_two_houses_do_not_share_numbers(browser: FlaskClient) -> None:
    Metrics().sent("reply", "sent")
    assert 'state="sent"' not in browser.get("/metrics").text
