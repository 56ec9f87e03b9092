"""One event, one transaction: what breaks is tried again, and in the end the citizen is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import handlers
from bot.inbox import TRIES_MAX, Inbox
from bot.library import LibraryShelf
from bot.metrics import Metrics
from data import events
from data.events import NewEvent
from data.sealing import Sealer
from data.session import Database
from data.tables import (
    AskedQuestion,
    AttachmentRow,
    Conversation,
    EventRow,
    Identity,
    Outgoing,
    ProcedureRow,
    Tip,
)
from domain.messages import BUTTONS_MAX, REPLY_TEXT_MAX
from domain.work import wake_nobody
from handlers import texts
from tests.conftest import Clock

CONTENT = Path("data/content")


class Desk:
    """Puts events in, lets the inbox work, looks at the rows."""

    def __init__(self, database: Database, sealer: Sealer, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self._sealer = sealer
        shelf = LibraryShelf(database, CONTENT, clock=clock)
        self.inbox = Inbox(database, shelf, sealer, clock=clock, wake=wake_nobody, metrics=Metrics())
        self._count = 0

    def hears(
        self, text: str = "", *, name: str = "user_send_text", citizen: str = "an", **more: Any
    ) -> None:
        self._count += 1
        body = {
            "app_id": "1",
            "event_name": name,
            "sender": {"id": f"40000{citizen}"},
            "recipient": {"id": "3000000000000000001"},
            "message": {"msg_id": f"{self._count:020x}", **({"text": text} if text else {}), **more},
            "timestamp": str(int(self.clock().timestamp() * 1000) + self._count),
        }
        sealed = self._sealer.seal(json.dumps(body).encode(), purpose="event")
        with self.database.transaction() as session:
            occurred = self.clock() + timedelta(milliseconds=self._count)
            new = NewEvent(
                f"k{self._count}", name, "3000000000000000001", citizen, occurred, self.clock(), sealed
            )
            events.remember(session, [new])

    def works(self) -> None:
        while self.inbox.drain():
            pass

    def rows(self, table: Any) -> list[Any]:
        with self.database.reading() as session:
            return list(session.scalars(select(table)))

    def told(self) -> list[str]:
        return [row.body["text"] for row in self.rows(Outgoing)]


@pytest.fixture
def desk(seeded_sqlite_url: str, sealer: Sealer, clock: Clock) -> Iterator[Desk]:
    with closing(Database(seeded_sqlite_url)) as database:
        yield Desk(database, sealer, clock)


def test_one_event_leaves_its_standing_its_identity_and_its_replies_together(desk: Desk):
    desk.hears("tin báo")
    desk.works()
    (event,) = desk.rows(EventRow)
    (standing,) = desk.rows(Conversation)
    (reply,) = desk.rows(Outgoing)
    assert event.done_at is not None
    assert (standing.flow, standing.step) == ("tip", "tip.notice")
    assert reply.event_id == event.id
    (identity,) = desk.rows(Identity)
    assert b"40000an" not in identity.sealed


def test_a_message_with_several_files_is_several_turns_of_one_transaction(desk: Desk):
    pictures = [
        {"type": "image", "payload": {"url": f"http://x.zdn.vn/{n}.jpg", "thumbnail": "t"}} for n in range(3)
    ]
    desk.hears("tin báo")
    desk.hears("", name="user_send_image", attachments=pictures)
    desk.works()
    assert [row.position for row in desk.rows(AttachmentRow)] == [0, 1, 2]
    assert all(b"zdn.vn" not in row.link_sealed for row in desk.rows(AttachmentRow))


def test_a_fault_undoes_everything_and_is_tried_again(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    whole, faults = handlers.FLOWS, [True]

    def explode(turn: Any) -> bool:
        if faults:
            faults.pop()
            raise RuntimeError("a bug")
        return False

    broken = (whole[0].__class__(**{**whole[0].__dict__, "begins": explode}), *whole[1:])
    monkeypatch.setattr(handlers, "FLOWS", broken)
    desk.hears("tin báo")
    desk.works()
    assert desk.told() == []
    assert desk.rows(EventRow)[0].last_error == "RuntimeError"
    desk.clock.advance(seconds=10)
    desk.works()
    assert desk.told() == [texts.TIP_NOTICE]


def test_an_event_that_never_works_ends_with_an_apology_and_lets_the_next_one_through(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    def explode(turn: Any) -> bool:
        if getattr(turn.said, "text", "") == "hỏng":
            raise RuntimeError("a bug")
        return False

    whole = handlers.FLOWS
    broken = (whole[0].__class__(**{**whole[0].__dict__, "begins": explode}), *whole[1:])
    desk.hears("xin chào")
    desk.works()
    monkeypatch.setattr(handlers, "FLOWS", broken)
    desk.hears("hỏng")
    desk.hears("menu")
    for _ in range(TRIES_MAX):
        desk.works()
        desk.clock.advance(minutes=5)
    desk.works()
    assert desk.told() == [texts.WELCOME, texts.SOMETHING_BROKE, texts.MENU]
    assert desk.rows(EventRow)[1].attempts == TRIES_MAX


def test_an_event_sealed_with_a_lost_key_does_not_stop_the_others(desk: Desk, sealer: Sealer):
    stranger = Desk(desk.database, Sealer([b"x" * 32]), desk.clock)
    stranger.hears("tin báo", citizen="binh")
    desk._count = 1
    desk.hears("xin chào")
    desk.works()
    assert desk.told() == [texts.WELCOME]


def test_receipts_and_unknown_events_are_done_without_a_word(desk: Desk):
    for name in ("user_received_message", "user_reacted_message", "something_new", "user_send_group_text"):
        desk.hears("x", name=name)
    desk.works()
    assert all(row.done_at for row in desk.rows(EventRow))
    assert desk.told() == []


def test_a_very_long_text_is_kept_in_part_and_the_citizen_is_told(desk: Desk):
    desk.hears("tin báo")
    desk.hears("a" * 100_000)
    desk.works()
    assert any("10.000 ký tự" in words for words in desk.told())


def test_every_reply_fits_into_what_zalo_carries(desk: Desk):
    """Whatever is asked, no reply is longer than Zalo takes, and none has too many buttons."""
    with desk.database.reading() as session:
        ids = [row[0] for row in session.execute(select(ProcedureRow.id))]
    for number, wanted in enumerate(ids):
        desk.hears(f"#proc.show:{wanted}", citizen=f"c{number}")
    desk.works()
    for row in desk.rows(Outgoing):
        assert 0 < len(row.body["text"]) <= REPLY_TEXT_MAX
        assert len(row.body.get("buttons", ())) <= BUTTONS_MAX


def test_a_tip_is_filed_once_though_the_event_is_handled_by_two_workers(desk: Desk):
    for words in ("tin báo", "đồng ý", "Có trộm", "phường Bắc Giang"):
        desk.hears(words)
        desk.works()
    desk.hears("xong")
    with desk.database.transaction() as session:
        (slow,) = events.claim_due(session, now=desk.clock(), limit=1, lease=timedelta(seconds=1))
    desk.clock.advance(seconds=2)
    desk.works()
    desk.inbox._handle(slow)
    assert len(desk.rows(Tip)) == 1
    assert sum("Mã tin báo" in words for words in desk.told()) == 1


# ---- what is kept for learning ------------------------------------------------------------------------------


def asked(desk: Desk) -> list[AskedQuestion]:
    found: list[AskedQuestion] = desk.rows(AskedQuestion)
    return found


UNSURE = "doi giay to"


def test_a_question_the_bot_was_unsure_of_is_kept_masked(desk: Desk) -> None:
    desk.hears("mai trời có mưa không, gọi em Hùng 0912 345 678 nhé")
    desk.works()

    assert [(row.words, row.decision, row.times) for row in asked(desk)] == [
        ("mai trời có mưa không, gọi em «tên» «số» nhé", "decline", 1)
    ]


def test_what_was_answered_or_reports_something_is_not_kept(desk: Desk) -> None:
    desk.hears("lam ho chieu can giay to gi")
    desk.hears("Có nhóm thanh niên đánh bạc ở đầu xóm", citizen="binh")
    desk.works()

    assert asked(desk) == []


def test_what_the_citizen_then_chose_is_counted_without_the_citizen(desk: Desk) -> None:
    for citizen in ("an", "binh"):
        desk.hears(UNSURE, citizen=citizen)
    desk.works()
    row = asked(desk)[0]
    assert (row.times, row.decision, row.chosen) == (2, "choose", {})
    desk.hears("1", citizen="an")
    desk.hears("#proc.ask", citizen="binh")
    desk.works()

    assert asked(desk)[0].chosen == {row.offered[0]: 1, "": 1}
    desk.hears("1", citizen="an")
    desk.works()
    assert sum(asked(desk)[0].chosen.values()) == 2, "chosen once"


def test_a_new_question_is_no_choice_and_a_wrong_number_leaves_the_choice_open(desk: Desk) -> None:
    desk.hears(UNSURE)
    desk.hears("99")
    desk.works()
    assert asked(desk)[0].chosen == {}
    desk.hears("1")
    desk.works()
    assert asked(desk)[0].chosen == {asked(desk)[0].offered[0]: 1}

    desk.hears(UNSURE, citizen="binh")
    desk.hears("lam ho chieu can giay to gi", citizen="binh")
    desk.works()
    assert sum(asked(desk)[0].chosen.values()) == 1
