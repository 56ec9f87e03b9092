"""The door: what Zalo gets back, and what is kept, whatever comes."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, select, text
from sqlalchemy.event import listens_for, remove
from sqlalchemy.exc import OperationalError

from bot.app import create_app
from bot.house import build_house
from bot.metrics import Metrics
from bot.webhook import BODY_MAX, Door, create_webhook, direct_intake, grouped_intake
from bot.zalo.signature import sign
from data.events import NewEvent
from data.sealing import Sealer, citizen_key
from data.session import Database
from data.tables import EventRow, ProcedureRow
from domain.errors import NotStored
from domain.work import Kind
from tests.town import town_settings

APP, SECRET, PEPPER = "1234567890123456789", "oa-secret", b"p" * 32
ZALO_WAITS_S = 2.0
"""Zalo calls the webhook broken after that (docs/zalo.md, "Webhook")."""
EVENT: dict[str, Any] = {
    "app_id": APP,
    "sender": {"id": "4000000000000000001"},
    "recipient": {"id": "3000000000000000001"},
    "event_name": "user_send_text",
    "message": {"msg_id": "00aa11bb22cc33dd44ee", "text": "Nhà tôi ở số 5"},
    "timestamp": "1767225600000",
}


class DoorStep:
    """Knocks as Zalo does."""

    def __init__(self, client: FlaskClient, database: Database) -> None:
        self._client = client
        self._database = database
        self.woken: list[Kind] = []

    def gets(self, event: dict[str, Any] | bytes, *, signature: str | None = "right") -> int:
        raw = event if isinstance(event, bytes) else json.dumps(event, ensure_ascii=False).encode()
        stamp = event["timestamp"] if isinstance(event, dict) else "0"
        right = sign(raw, stamp, app_id=APP, secret=SECRET)
        headers = (
            {} if signature is None else {"X-ZEvent-Signature": right if signature == "right" else signature}
        )
        return self._client.post("/webhook/zalo", data=raw, headers=headers).status_code

    def gets_in_pieces(self, raw: bytes) -> int:
        signature = sign(raw, EVENT["timestamp"], app_id=APP, secret=SECRET)
        return self._client.post(
            "/webhook/zalo",
            input_stream=io.BytesIO(raw),
            headers={"X-ZEvent-Signature": signature, "Transfer-Encoding": "chunked"},
            environ_overrides={"wsgi.input_terminated": True},
        ).status_code

    def hears_the_bell(self, kind: Kind, key: str = "") -> None:
        self.woken.append(kind)

    def kept(self) -> list[EventRow]:
        with self._database.reading() as session:
            return list(session.scalars(select(EventRow).order_by(EventRow.id)))


def knock(database: Database, sealer: Sealer, intake: Any = None) -> DoorStep:
    app = Flask("test")
    step = DoorStep(app.test_client(), database)
    door = Door(
        app_id=APP,
        oa_secret_key=SECRET,
        sealer=sealer,
        pepper=PEPPER,
        intake=intake or direct_intake(database)[0],
        wake=step.hears_the_bell,
        metrics=Metrics(),
    )
    app.register_blueprint(create_webhook(door))
    return step


@pytest.fixture(params=["grouped", "direct"])
def step(request: pytest.FixtureRequest, database: Database, sealer: Sealer) -> Iterator[DoorStep]:
    intake, close = (grouped_intake if request.param == "grouped" else direct_intake)(database)
    yield knock(database, sealer, intake)
    close()


def test_an_event_is_kept_before_it_is_answered_and_the_inbox_is_woken(step: DoorStep):
    assert step.gets(EVENT) == 200
    (row,) = step.kept()
    assert row.name == "user_send_text"
    assert row.done_at is None
    assert step.woken == [Kind.INBOX]


def test_what_is_kept_is_sealed_and_the_citizen_is_opaque(step: DoorStep, sealer: Sealer):
    step.gets(EVENT)
    (row,) = step.kept()
    assert row.citizen == citizen_key(PEPPER, "3000000000000000001", "4000000000000000001")
    assert row.body_sealed is not None
    plain = sealer.open(row.body_sealed, purpose="event")
    assert json.loads(plain) == EVENT
    for told in (b"4000000000000000001", "số 5".encode()):
        assert told not in row.body_sealed
        assert told not in f"{row.key}{row.citizen}{row.name}".encode()


def test_the_same_event_five_times_is_kept_once_and_always_answered_200(step: DoorStep):
    assert [step.gets(EVENT) for _ in range(5)] == [200] * 5
    assert len(step.kept()) == 1


def test_a_wrong_or_missing_signature_is_refused_and_nothing_is_kept(step: DoorStep):
    assert step.gets(EVENT, signature="mac=" + "0" * 64) == 403
    assert step.gets(EVENT, signature=None) == 403
    assert step.gets({**EVENT, "timestamp": "1"}, signature=None) == 403
    assert step.gets(b"not json", signature="mac=x") == 403
    assert step.kept() == []


@pytest.mark.parametrize("body", [b"", b"{}", b" {} "])
def test_the_unsigned_empty_probe_is_answered_200_and_nothing_is_kept(step: DoorStep, body: bytes):
    assert step.gets(body, signature=None) == 200
    assert step.kept() == []


def test_more_than_a_mebibyte_is_refused(step: DoorStep):
    assert step.gets(b"x" * (BODY_MAX + 1), signature=None) == 413
    assert step.kept() == []


def test_an_event_that_comes_in_pieces_is_read_whole_and_not_without_end(step: DoorStep):
    """A proxy may pass a body on without saying how long it is."""
    assert step.gets_in_pieces(json.dumps(EVENT).encode()) == 200
    assert step.gets_in_pieces(b"x" * (BODY_MAX + 1)) == 413
    assert step.gets_in_pieces(b"x" * BODY_MAX) == 403
    assert len(step.kept()) == 1


def test_an_event_nobody_knows_is_kept_too(step: DoorStep):
    assert step.gets({"app_id": APP, "event_name": "something_new", "timestamp": "1767225600000"}) == 200
    (row,) = step.kept()
    assert (row.name, row.citizen) == ("something_new", None)


def test_when_it_cannot_be_kept_zalo_is_asked_to_come_again(database: Database, sealer: Sealer):
    def away(event: NewEvent) -> None:
        raise NotStored("the database is away")

    step = knock(database, sealer, away)
    assert step.gets(EVENT) == 503
    assert step.kept() == []
    assert step.woken == []


def test_a_locked_database_is_answered_503_in_time_and_recovers(database_url: str, sealer: Sealer):
    """Another process holds the lock; the request must not hang until Zalo gives up, on either database."""
    from data import session as sessions

    holder, database = Database(database_url), Database(database_url)
    intake, close = (grouped_intake if database.is_sqlite else direct_intake)(database)
    step = knock(database, sealer, intake)
    with holder.transaction() as session:  # on SQLite it holds the lock with its first statement
        session.execute(
            text("SELECT 1" if holder.is_sqlite else "LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
        )
        began = time.monotonic()
        assert step.gets(EVENT) == 503
        assert time.monotonic() - began < ZALO_WAITS_S
    for _ in range(int(sessions.BUSY_TIMEOUT_MS / 100)):
        if step.gets(EVENT) == 200:
            break
    assert len(step.kept()) == 1
    close()
    holder.close()
    database.close()


def test_a_full_disk_is_answered_503_and_recovers_by_itself(sqlite_url: str, sealer: Sealer):
    """SQLite is told that the file may not grow: the same error as when the disk is full."""
    database = Database(sqlite_url)
    full = [True]

    @listens_for(database.engine, "begin")
    def no_room(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages if full[0] else 1_000_000}")

    intake, close = grouped_intake(database)
    step = knock(database, sealer, intake)
    big = {**EVENT, "message": {"msg_id": "b" * 20, "text": "x" * 200_000}}
    assert step.gets(big) == 503
    assert step.kept() == []
    full[0] = False
    assert step.gets(big) == 200
    close()
    database.close()


def test_the_whole_program_answers_503_when_its_database_is_away_and_looks_for_no_news_meanwhile(
    seeded_sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """What the bot knows by heart is asked for its accounts too: that must neither fail, nor be learned anew, now."""
    monkeypatch.setattr("bot.library.LOOK_AGAIN", timedelta(0))
    settings = town_settings(seeded_sqlite_url, tmp_path / "media", "http://127.0.0.1:9")
    house = build_house(settings, part="web")
    secret = settings.zalo_oa_secret_key.get_secret_value()
    raw = json.dumps(EVENT).encode()
    headers = {
        "X-ZEvent-Signature": sign(raw, EVENT["timestamp"], app_id=settings.zalo_app_id, secret=secret)
    }

    def no_database(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        raise OperationalError(statement, {}, Exception("away"))

    try:
        zalo = create_app(house).test_client()
        known = house.shelf.at_hand()
        with house.database.transaction() as session:
            session.query(ProcedureRow).limit(1).one().version += 1
        listens_for(house.database.engine, "before_cursor_execute")(no_database)
        assert zalo.post("/webhook/zalo", data=raw, headers=headers).status_code == 503
        remove(house.database.engine, "before_cursor_execute", no_database)
        assert zalo.post("/webhook/zalo", data=raw, headers=headers).status_code == 200
        assert house.shelf.at_hand() is known, "learning the catalogue anew takes longer than Zalo waits"
    finally:
        house.stop()


def test_texts_that_break_other_programs_are_kept_like_any_other(step: DoorStep):
    strange = ["\x00", "😀" * 10_000, "\u202e\u2066", "a\u0301" * 500, "x" * 100_000]
    for number, words in enumerate(strange):
        event = {**EVENT, "message": {"msg_id": f"{number:020x}", "text": words}}
        assert step.gets(event) == 200
    raw = json.dumps({**EVENT, "message": {"msg_id": "f" * 20, "text": "\ud83d lone"}}).encode()
    signature = sign(raw, EVENT["timestamp"], app_id=APP, secret=SECRET)
    assert step.gets(raw, signature=signature) == 200
    assert len(step.kept()) == len(strange) + 1
