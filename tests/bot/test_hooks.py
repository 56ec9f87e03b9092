"""Other systems are told of changes: signed, again when it did not go through, never where it must not go."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from sqlalchemy import select

from bot.hooks import Hooks
from data import dossiers, hooks
from data.dossier_proof import DossierKey
from data.dossiers import By
from data.sealing import Sealer
from data.session import Database
from data.tables import ApiDelivery, Tip, TipMove, UnitRow
from data.tip_acts import HANDED_OVER, STATUS
from domain.dossiers import DossierChange, DossierStep
from domain.hooks import WAITS, HookEvent, HookState, wait_after
from domain.messages import Reply
from domain.tips import TipStatus
from tests.conftest import Clock

WARD, OTHER = "07210@2025-07-01", "07228@2025-07-01"
KEY = DossierKey(b"d" * 32)


class Receiver:
    """A system that listens; `answers` are what it says, the last one for ever."""

    def __init__(self) -> None:
        self.answers = [204]
        self.got: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers), body))
                status = receiver.answers.pop(0) if len(receiver.answers) > 1 else receiver.answers[0]
                self.send_response(status)
                if status in {301, 307}:
                    self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")  # type: ignore[attr-defined]  # an HTTPServer
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/nhan"
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


@pytest.fixture
def office(database: Database, clock: Clock) -> Database:
    with database.transaction() as session:
        for unit_id in (WARD, OTHER):
            code, since = unit_id.split("@")
            session.add(
                UnitRow(
                    id=unit_id, code=code, name="Phường X", short_name="X", kind="phường", level="commune",
                    province="Bắc Ninh", valid_from=date.fromisoformat(since),
                )
            )  # fmt: skip
    return database


def listens(
    database: Database, sealer: Sealer, url: str, clock: Clock, *events: HookEvent, unit: str | None = None
) -> str:
    with database.transaction() as session:
        _, secret = hooks.create(
            session, sealer, name="x", url=url, events=events or tuple(HookEvent), unit_id=unit,
            officer_id=None, now=clock(),
        )  # fmt: skip
    return secret


def moves(database: Database, clock: Clock, step: str = "received", unit: str = WARD) -> None:
    with database.transaction() as session:
        change = DossierChange(
            "H57.132-260804-0583", DossierStep(step), date(2026, 11, 20), unit, phone="7391"
        )
        line = dossiers.check(session, KEY, change, unit_id=None, today=clock().date())
        assert line
        dossiers.keep(session, line, by=By(), compose=lambda told: Reply("x"), now=clock())


def rows(database: Database) -> list[ApiDelivery]:
    with database.reading() as session:
        return list(session.scalars(select(ApiDelivery).order_by(ApiDelivery.id)))


def test_a_change_is_told_signed_and_nothing_of_it_stays(
    office: Database, sealer: Sealer, clock: Clock, receiver: Receiver
) -> None:
    secret = bytes.fromhex(listens(office, sealer, receiver.url, clock))
    moves(office, clock)
    teller = Hooks(office, sealer, clock=clock, private_hosts=["127.0.0.1"])
    assert teller.drain() == 1
    assert teller.drain() == 0
    ((headers, body),) = receiver.got
    moment = headers["X-CauNoi-Timestamp"]
    signed = hmac.new(secret, f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["X-CauNoi-Signature"] == f"v1={signed}"
    assert moment == str(int(clock().timestamp()))
    said = json.loads(body)
    assert said["event"] == headers["X-CauNoi-Event"] == "dossier.step"
    assert said["data"] == {
        "code": "H57.132-260804-0583", "step": "received", "on": "2026-11-20", "unit_id": WARD
    }  # fmt: skip
    assert b"7391" not in body
    (row,) = rows(office)
    assert (row.state, row.status, row.body) == (HookState.SENT, 204, {})


def test_what_did_not_go_through_is_tried_again_later_and_later_then_given_up(
    office: Database, sealer: Sealer, clock: Clock, receiver: Receiver
) -> None:
    listens(office, sealer, receiver.url, clock)
    receiver.answers = [500]
    moves(office, clock)
    teller = Hooks(office, sealer, clock=clock, private_hosts=["127.0.0.1"], jitter=lambda: 0.0)
    for wait in WAITS:
        assert teller.drain() == 1
        assert teller.drain() == 0
        clock.set(clock() + wait)
    assert teller.drain() == 1
    (row,) = rows(office)
    assert (row.state, row.status, row.body, row.attempts) == (HookState.FAILED, 500, {}, len(WAITS) + 1)
    assert len({body for _, body in receiver.got}) == 1  # the same bytes every time
    assert wait_after(1, 1.0) == WAITS[0] * 1.2


def test_a_receiver_that_recovers_gets_it(
    office: Database, sealer: Sealer, clock: Clock, receiver: Receiver
) -> None:
    listens(office, sealer, receiver.url, clock)
    receiver.answers = [503, 200]
    moves(office, clock)
    teller = Hooks(office, sealer, clock=clock, private_hosts=["127.0.0.1"])
    teller.drain()
    clock.advance(seconds=13)
    teller.drain()
    assert [row.state for row in rows(office)] == [HookState.SENT]


def test_a_worker_that_died_leaves_it_to_another(
    office: Database, sealer: Sealer, clock: Clock, receiver: Receiver
) -> None:
    listens(office, sealer, receiver.url, clock)
    moves(office, clock)
    with office.transaction() as session:
        (died,) = hooks.claim_due(session, now=clock(), limit=1, lease=timedelta(minutes=2))
        assert hooks.claim_due(session, now=clock(), limit=1, lease=timedelta(minutes=2)) == []
    clock.advance(minutes=2)
    Hooks(office, sealer, clock=clock, private_hosts=["127.0.0.1"]).drain()
    with office.transaction() as session:  # it comes back late, and changes nothing any more
        hooks.settle(
            session, died, state=HookState.FAILED, status=None, reason="x", again_at=None, now=clock()
        )
    assert [row.state for row in rows(office)] == [HookState.SENT]


@pytest.mark.parametrize("private", [[], ["10.0.0.1"], ["localhost"]])
def test_no_private_address_is_told_unless_it_is_listed(
    office: Database, sealer: Sealer, clock: Clock, receiver: Receiver, private: list[str]
) -> None:
    listens(office, sealer, receiver.url, clock)
    moves(office, clock)
    Hooks(office, sealer, clock=clock, private_hosts=private).drain()
    assert receiver.got == []
    assert rows(office)[0].state == HookState.FAILED


def test_a_public_name_that_leads_inside_is_not_connected_to(
    office: Database, sealer: Sealer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name looks public; what it resolves to does not."""
    asked = []

    def resolves(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr("socket.getaddrinfo", resolves)
    listens(office, sealer, "https://motcua.example.vn/nhan", clock)
    moves(office, clock)
    Hooks(office, sealer, clock=clock).drain()
    assert asked == ["motcua.example.vn"]
    assert "nội bộ" in str(rows(office)[0].reason)
    assert rows(office)[0].state == HookState.FAILED


def test_redirects_are_not_followed(
    office: Database, sealer: Sealer, clock: Clock, receiver: Receiver
) -> None:
    listens(office, sealer, receiver.url, clock)
    receiver.answers = [307]
    moves(office, clock)
    Hooks(office, sealer, clock=clock, private_hosts=["127.0.0.1"]).drain()
    assert len(receiver.got) == 1
    assert rows(office)[0].state == HookState.WAITING


def test_each_address_hears_of_its_unit_and_its_events_only(
    office: Database, sealer: Sealer, clock: Clock
) -> None:
    for unit, events in (
        (WARD, [HookEvent.DOSSIER_STEP]),
        (OTHER, []),
        (None, [HookEvent.TIP_MOVED]),
        (None, []),
    ):
        listens(office, sealer, "https://a.example.vn", clock, *events, unit=unit)
    moves(office, clock)
    assert [row.hook_id for row in rows(office)] == [1, 4]


def test_moves_of_tips_are_told_once_without_words_and_never_those_that_accuse_police(
    office: Database, sealer: Sealer, clock: Clock
) -> None:
    listens(office, sealer, "https://a.example.vn", clock)
    with office.transaction() as session:
        for number, bypass in ((1, False), (2, True)):
            tip = Tip(
                id=number, code=f"c{number}", draft_key=f"d{number}", designation="Sen-42", oa_id="1", unit_id=WARD,
                status=TipStatus.DONE, urgent=False, what="lời kể", what_folded="", place="ở đây",
                created_at=clock(), updated_at=clock(), bypass=bypass,
            )  # fmt: skip
            session.add(tip)
            session.flush()
            session.add(
                TipMove(tip_id=number, at=clock(), move=STATUS, after=TipStatus.DONE, words="lời cán bộ")
            )
            session.add(TipMove(tip_id=number, at=clock(), move=HANDED_OVER, after=OTHER))
    with office.transaction() as session:
        assert hooks.look_at_tip_moves(session, now=clock()) == 0  # too young: another may not be kept yet
    clock.advance(seconds=10)
    for expected in (1, 0):
        with office.transaction() as session:
            assert hooks.look_at_tip_moves(session, now=clock()) == expected
    (row,) = rows(office)
    assert row.event == "tip.moved"
    assert {name: row.body[name] for name in ("tip", "status", "unit_id")} == {
        "tip": 1, "status": "done", "unit_id": WARD
    }  # fmt: skip
    assert "lời" not in json.dumps(row.body, ensure_ascii=False)
