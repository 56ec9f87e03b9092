"""Replies as rows: one citizen in order, and others not kept waiting."""

from __future__ import annotations

import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from data import outgoing
from data.replies import content_of, messages_of, reply_as_json, reply_from_json
from data.tables import OfficialAccount, Outgoing
from domain.messages import Button, Press, Reply
from tests.data.outgoing.rows import (
    LAN,
    MAI,
    NAM,
    NOW,
    OA,
    OTHER_OA,
    begin,
    claim,
    later,
    look,
    queue,
    sending,
    words,
)


def test_a_reply_comes_back_as_it_was_queued(database):
    reply = Reply(
        "Chọn một mục",
        (
            Button("Gửi", press=Press("tip.send", "7")),
            Button("Xem", url="https://a.example"),
            Button("Gọi", phone="113"),
        ),
    )
    with database.transaction() as session:
        outgoing.queue_replies(session, citizen=LAN, oa_id=OA, replies=[reply], event_id=1, now=NOW)
    (row,) = claim(database)
    assert row.reply == reply
    assert (row.citizen, row.oa_id, row.attempts, row.created_at) == (LAN, OA, 0, NOW)
    assert row.expires_at == later(days=7)


@pytest.mark.parametrize(
    "reply",
    [Reply("a"), Reply("", image="x.jpg"), Reply("a", (Button("b", press=Press("c")),), file="d.pdf")],
)
def test_json_and_back(reply):
    assert reply_from_json(reply_as_json(reply)) == reply


def test_the_same_event_cannot_be_answered_twice(database):
    def answer(first_position: int = 0) -> None:
        with database.transaction() as session:
            outgoing.queue_replies(
                session,
                citizen=LAN,
                oa_id=OA,
                replies=[Reply("a"), Reply("b")],
                event_id=1,
                now=NOW,
                first_position=first_position,
            )

    answer()
    with pytest.raises(IntegrityError):
        answer()
    answer(first_position=2)
    with database.reading() as session:
        assert session.query(Outgoing).filter_by(event_id=1).count() == 4


def test_an_officers_words_may_wait_for_ever(database):
    (row_id,) = queue(database, LAN, "Xin bổ sung ảnh", lifetime=None)
    assert look(database, row_id).expires_at is None


def test_files_and_buttons_become_messages_of_their_own():
    button = (Button("Gửi", press=Press("tip.send")),)
    assert messages_of(Reply("a", button)) == (Reply("a", button),)
    assert messages_of(Reply("a", image="i.jpg")) == (Reply("a", image="i.jpg"),)
    assert messages_of(Reply("a", button, image="i.jpg")) == (Reply("", image="i.jpg"), Reply("a", button))
    assert messages_of(Reply("a", file="f.pdf")) == (Reply("", file="f.pdf"), Reply("a"))
    assert messages_of(Reply("", file="f.pdf")) == (Reply("", file="f.pdf"),)


def test_the_fingerprint_of_a_message():
    text = "Hộ chiếu:\n  cần  giấy tờ"
    assert content_of("text", text) == content_of(
        "text", unicodedata.normalize("NFD", " Hộ chiếu: cần giấy tờ ")
    )
    assert content_of("text", text) != content_of("image", text)
    assert content_of("text", text) != content_of("text", text + "!")


# ---- taking ------------------------------------------------------------------------------------------------


def test_one_citizen_is_answered_in_order_and_others_are_not_kept_waiting(database):
    queue(database, LAN, "Lan 1", "Lan 2")
    queue(database, MAI, "Mai 1", at=later(seconds=-1))
    taken = claim(database)
    assert words(taken) == ["Mai 1", "Lan 1"]
    assert claim(database) == []  # Lan's first is under way

    first = begin(database, taken[1])
    assert first is not None
    assert claim(database) == []
    with database.transaction() as session:
        outgoing.settle_sent(session, first, message_id="m1", now=NOW)
    assert words(claim(database)) == ["Lan 2"]


def test_what_is_due_later_holds_the_citizens_later_words_back_but_nobody_elses(database):
    row = sending(database, LAN, "Lan 1")
    queue(database, LAN, "Lan 2")
    queue(database, MAI, "Mai 1")
    with database.transaction() as session:
        outgoing.settle_retry(session, row, at=later(seconds=30), code=-200, reason="…")
    assert words(claim(database)) == ["Mai 1"]
    assert words(claim(database, later(seconds=30))) == ["Lan 1"]


@pytest.mark.parametrize("settle", [outgoing.settle_held, outgoing.settle_failed])
def test_held_and_failed_words_do_not_block_later_ones(database, settle):
    row = sending(database, LAN, "Lan 1")
    queue(database, LAN, "Lan 2")
    with database.transaction() as session:
        settle(session, row, code=-230, reason="…")
    assert words(claim(database)) == ["Lan 2"]


def test_unknown_words_do_not_block_later_ones(database):
    row = sending(database, LAN, "Lan 1")
    queue(database, LAN, "Lan 2")
    with database.transaction() as session:
        outgoing.settle_unclear(session, row, reason="…")
    assert words(claim(database)) == ["Lan 2"]


def test_a_held_row_that_is_let_go_waits_until_the_citizens_other_one_is_done(database):
    row = sending(database, LAN, "Lan 1")
    with database.transaction() as session:
        outgoing.settle_held(session, row, code=-230, reason="…")
    second = sending(database, LAN, "Lan 2")
    with database.transaction() as session:
        assert outgoing.release_held(session, LAN, now=NOW) == 1
    assert claim(database) == []
    with database.transaction() as session:
        outgoing.settle_sent(session, second, message_id="m2", now=NOW)
    assert words(claim(database)) == ["Lan 1"]


def test_only_what_is_due_and_not_too_old_is_taken_and_no_more_than_asked(database):
    queue(database, LAN, "Lan 1", lifetime=timedelta(seconds=10))
    queue(database, MAI, "Mai 1", at=later(seconds=30))
    queue(database, NAM, "Nam 1")
    assert words(claim(database, limit=1)) == ["Lan 1"]
    with database.transaction() as session:
        outgoing.release_overdue(session, now=later(seconds=61))
    assert words(claim(database, later(seconds=20))) == ["Nam 1"]
    assert words(claim(database, later(seconds=30))) == ["Mai 1"]


def test_a_row_that_is_too_old_does_not_hold_the_next_one_back(database):
    queue(database, LAN, "Lan 1", lifetime=timedelta(seconds=10))
    queue(database, LAN, "Lan 2")
    assert words(claim(database, later(seconds=20))) == ["Lan 2"]


@pytest.mark.parametrize(
    "rest", [{"state": "down"}, {"paused_until": later(seconds=30)}], ids=["down", "paused"]
)
def test_an_account_that_rests_keeps_only_its_own_citizens_waiting(database, rest):
    queue(database, LAN, "Lan 1")
    with database.transaction() as session:
        account = session.get_one(OfficialAccount, OA)
        for name, value in rest.items():
            setattr(account, name, value)
        outgoing.queue_replies(
            session, citizen="stranger", oa_id=OTHER_OA, replies=[Reply("Khác")], event_id=None, now=NOW
        )
        session.query(Outgoing).filter_by(due_at=later(days=3)).delete()
    assert words(claim(database)) == ["Khác"]
    with database.transaction() as session:
        session.get_one(OfficialAccount, OA).state = "ok"
    assert words(claim(database, later(seconds=31))) == ["Lan 1"]


def test_many_workers_never_take_the_same_row_nor_two_of_one_citizen(database):
    citizens = [LAN, MAI, NAM]
    for citizen in citizens:
        queue(database, citizen, *(f"{citizen} {n}" for n in range(6)))
    sent: list[str] = []
    under_way: set[str] = set()
    guard = threading.Lock()

    def work() -> None:
        while rows := claim(database, limit=2):
            for row in rows:
                with guard:
                    assert row.citizen not in under_way
                    under_way.add(row.citizen)
                begun = begin(database, row)
                assert begun is not None
                with guard:
                    sent.append(begun.reply.text)
                    under_way.remove(row.citizen)
                with database.transaction() as session:
                    assert outgoing.settle_sent(session, begun, message_id=f"m{row.id}", now=NOW)

    def until_all_are_sent() -> None:
        while len(sent) < 18:
            work()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(until_all_are_sent) for _ in range(4)]:
            done.result(timeout=60)
    assert len(sent) == len(set(sent)) == 18
    for citizen in citizens:
        assert [text for text in sent if text.startswith(citizen)] == [f"{citizen} {n}" for n in range(6)]
