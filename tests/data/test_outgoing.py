"""Replies as rows: one citizen in order, four ends, nobody told twice."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from data import outgoing
from data.outgoing import OutgoingRow, Overdue
from data.replies import content_of, messages_of, reply_as_json, reply_from_json
from data.session import Database
from data.tables import Citizen, EventRow, OfficialAccount, Outgoing
from domain.broadcasts import DeliveryStatus as S
from domain.messages import Button, Press, Reply

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
OA, OTHER_OA = "3000000000000000001", "3000000000000000002"
LAN, MAI, NAM = "lan", "mai", "nam"


def later(**more: float) -> datetime:
    return NOW + timedelta(**more)


@pytest.fixture(autouse=True)
def people(database: Database) -> None:
    """Three citizens, two accounts, two events; and a stranger's row that nothing here is about."""
    with database.transaction() as session:
        for oa_id in (OA, OTHER_OA):
            session.add(OfficialAccount(oa_id=oa_id, name="Công an phường", created_at=NOW))
        for key in (LAN, MAI, NAM, "stranger"):
            session.add(Citizen(key=key, oa_id=OTHER_OA if key == "stranger" else OA, first_seen_at=NOW))
        for n in (1, 2):
            session.add(
                EventRow(
                    id=n,
                    key=f"e{n}",
                    name="user_send_text",
                    oa_id=OA,
                    occurred_at=NOW,
                    received_at=NOW,
                    run_at=NOW,
                )
            )
        session.flush()
        (stranger,) = outgoing.queue_replies(
            session, citizen="stranger", oa_id=OTHER_OA, replies=[Reply("Xin chào")], event_id=None, now=NOW
        )
        session.get_one(Outgoing, stranger).due_at = later(days=3)


def queue(database: Database, citizen: str, *texts: str, at: datetime = NOW, **more) -> list[int]:
    with database.transaction() as session:
        return outgoing.queue_replies(
            session,
            citizen=citizen,
            oa_id=OA,
            replies=[Reply(text) for text in texts],
            event_id=None,
            now=at,
            **more,
        )


def claim(database: Database, at: datetime = NOW, limit: int = 10) -> list[OutgoingRow]:
    with database.transaction() as session:
        return outgoing.claim_due(session, now=at, limit=limit, lease=LEASE)


def begin(database: Database, row: OutgoingRow, at: datetime = NOW) -> OutgoingRow | None:
    with database.transaction() as session:
        return outgoing.begin_sending(session, row, now=at, lease=LEASE)


def sending(database: Database, citizen: str = LAN, text: str = "Một", at: datetime = NOW) -> OutgoingRow:
    """A row whose request has just left."""
    queue(database, citizen, text, at=at)
    (row,) = claim(database, at)
    begun = begin(database, row, at)
    assert begun is not None
    return begun


def look(database: Database, row_id: int) -> Outgoing:
    with database.reading() as session:
        return session.get_one(Outgoing, row_id)


def words(rows: list[OutgoingRow]) -> list[str]:
    return [row.reply.text for row in rows]


# ---- queueing ---------------------------------------------------------------------------------------------


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


# ---- taking -----------------------------------------------------------------------------------------------


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


# ---- leases -----------------------------------------------------------------------------------------------


def test_a_claimed_row_of_a_dead_worker_is_given_back_and_cannot_be_begun_by_the_dead(database):
    queue(database, LAN, "Lan 1")
    (old,) = claim(database)
    with database.transaction() as session:
        assert not outgoing.release_overdue(session, now=later(seconds=59))
        assert outgoing.release_overdue(session, now=later(seconds=60)) == Overdue(1, 0, 0)
    (new,) = claim(database, later(seconds=61))
    assert begin(database, old, later(seconds=62)) is None
    assert not give_back(database, old)
    begun = begin(database, new, later(seconds=62))
    assert begun is not None
    assert begun.attempts == 1


def give_back(database: Database, row: OutgoingRow) -> bool:
    with database.transaction() as session:
        return outgoing.give_back(session, row, due_at=NOW)


def test_a_row_given_back_is_due_when_said_and_counts_no_try(database):
    queue(database, LAN, "Lan 1")
    (row,) = claim(database)
    with database.transaction() as session:
        assert outgoing.give_back(session, row, due_at=later(seconds=5))
    assert claim(database) == []
    (again,) = claim(database, later(seconds=5))
    assert again.attempts == 0


def test_a_sending_row_of_a_dead_worker_is_unknown_and_never_sent_again_by_itself(database):
    row = sending(database)
    with database.transaction() as session:
        assert outgoing.release_overdue(session, now=later(seconds=60)) == Overdue(0, 1, 0)
    kept = look(database, row.id)
    assert (kept.state, kept.lease_until) == (S.UNKNOWN, None)
    assert kept.reason == outgoing.LEASE_OVER
    assert claim(database, later(days=1)) == []


def test_a_worker_that_comes_back_late_still_tells_what_came_of_it(database):
    row = sending(database)
    with database.transaction() as session:
        outgoing.release_overdue(session, now=later(seconds=60))
        assert outgoing.settle_sent(session, row, message_id="m1", now=later(seconds=61))
    assert look(database, row.id).state == S.SENT


def test_a_worker_of_an_earlier_try_changes_nothing(database):
    row = sending(database)
    with database.transaction() as session:
        outgoing.settle_retry(session, row, at=NOW, code=None, reason="…")
    (again,) = claim(database)
    second = begin(database, again)
    assert second is not None
    with database.transaction() as session:
        assert not outgoing.settle_failed(session, row, code=-201, reason="late")
    assert look(database, row.id).state == S.SENDING


def test_rows_end_when_they_are_too_old(database):
    held = sending(database, MAI, "Mai 1")
    (waiting,) = queue(database, LAN, "Lan 1", lifetime=timedelta(seconds=10))
    (kept,) = queue(database, NAM, "Nam 1", lifetime=None)
    with database.transaction() as session:
        outgoing.settle_held(session, held, code=-230, reason="…")
        assert outgoing.release_overdue(session, now=later(seconds=10)).expired == 1
        assert outgoing.release_overdue(session, now=later(days=7)).expired == 2  # Mai's, and the stranger's
    assert [look(database, n).state for n in (waiting, held.id, kept)] == [S.EXPIRED, S.EXPIRED, S.WAITING]


# ---- what came of it --------------------------------------------------------------------------------------


def test_each_end_is_written_down(database):
    ends = {}
    settles: dict[str, Callable[[Session, OutgoingRow], bool]] = {
        LAN: lambda s, row: outgoing.settle_sent(s, row, message_id="m1", now=later(seconds=1)),
        MAI: lambda s, row: outgoing.settle_failed(s, row, code=-201, reason="không hợp lệ"),
        NAM: lambda s, row: outgoing.settle_unclear(s, row, reason="mất kết nối"),
    }
    for citizen, settle in settles.items():
        row = sending(database, citizen)
        with database.transaction() as session:
            assert settle(session, row)
        ends[citizen] = look(database, row.id)
    assert (ends[LAN].state, ends[LAN].zalo_message_id, ends[LAN].sent_at) == (S.SENT, "m1", later(seconds=1))
    assert (ends[MAI].state, ends[MAI].error_code, ends[MAI].reason) == (S.FAILED, -201, "không hợp lệ")
    assert (ends[NAM].state, ends[NAM].reason) == (S.UNKNOWN, "mất kết nối")
    assert all(row.lease_until is None and row.attempts == 1 for row in ends.values())


@pytest.mark.parametrize(("counted", "attempts"), [(True, 1), (False, 0)])
def test_a_try_that_is_not_the_messages_fault_does_not_count(database, counted, attempts):
    row = sending(database)
    with database.transaction() as session:
        outgoing.settle_retry(
            session, row, at=later(seconds=9), code=-32, reason="nhanh quá", counted=counted
        )
    kept = look(database, row.id)
    assert (kept.state, kept.due_at, kept.attempts, kept.error_code) == (
        S.WAITING,
        later(seconds=9),
        attempts,
        -32,
    )


def test_a_row_that_cannot_be_sent_at_all_ends_before_it_begins(database):
    queue(database, LAN, "Lan 1")
    (row,) = claim(database)
    with database.transaction() as session:
        assert outgoing.refuse_claimed(session, row, reason="không còn biết người nhận")
        assert not outgoing.refuse_claimed(session, row, reason="again")
    assert look(database, row.id).state == S.FAILED


@pytest.mark.parametrize("sent", [True, False])
def test_a_person_decides_about_an_unknown_row_once(database, sent):
    row = sending(database)
    with database.transaction() as session:
        assert not outgoing.settle_unknown(session, row.id, sent=sent, now=NOW)  # still under way
        outgoing.settle_unclear(session, row, reason="…")
        assert outgoing.settle_unknown(session, row.id, sent=sent, now=later(minutes=5))
        assert not outgoing.settle_unknown(session, row.id, sent=not sent, now=later(minutes=6))
    kept = look(database, row.id)
    assert kept.state == (S.SENT if sent else S.WAITING)
    assert len(claim(database, later(minutes=5))) == (0 if sent else 1)


# ---- the citizen writes again -----------------------------------------------------------------------------


def test_what_was_held_goes_out_when_the_citizen_writes_again_and_nobody_elses(database):
    held = [sending(database, citizen) for citizen in (LAN, MAI)]
    with database.transaction() as session:
        for row in held:
            outgoing.settle_held(session, row, code=-230, reason="…")
        assert outgoing.release_held(session, LAN, now=later(minutes=1)) == 1
        assert outgoing.release_held(session, LAN, now=later(minutes=1)) == 0
    assert [look(database, row.id).state for row in held] == [S.WAITING, S.HELD]
    (row,) = claim(database, later(minutes=1))
    assert (row.citizen, row.attempts) == (LAN, 0)


# ---- echoes -----------------------------------------------------------------------------------------------


def echo(
    database: Database,
    *,
    text: str = "Một",
    to: str = LAN,
    at: datetime = NOW,
    message_id: str = "m1",
    oa_id: str = OA,
) -> bool:
    with database.transaction() as session:
        return outgoing.match_echo(
            session, oa_id=oa_id, message_id=message_id, to=to, content=content_of("text", text), at=at
        )


def unknown(database: Database, citizen: str = LAN, text: str = "Một", at: datetime = NOW) -> OutgoingRow:
    row = sending(database, citizen, text, at)
    with database.transaction() as session:
        outgoing.settle_unclear(session, row, reason="…")
    return row


def test_an_echo_tells_that_an_unknown_row_was_sent(database):
    row = unknown(database)
    assert echo(database, at=later(seconds=1))
    kept = look(database, row.id)
    assert (kept.state, kept.zalo_message_id, kept.sent_at, kept.reason) == (
        S.SENT,
        "m1",
        later(seconds=1),
        None,
    )


@pytest.mark.parametrize(
    "other",
    [
        {"text": "Hai"},
        {"to": MAI},
        {"oa_id": OTHER_OA},
        {"at": later(seconds=-6)},
        {"at": later(minutes=11)},
    ],
    ids=["other words", "other citizen", "other account", "before it was sent", "long after"],
)
def test_an_echo_of_something_else_tells_nothing(database, other):
    row = unknown(database)
    unknown(database, NAM, "Ba")
    assert not echo(database, **other)
    assert look(database, row.id).state == S.UNKNOWN


def test_an_echo_with_an_id_we_have_changes_nothing_else(database):
    sent = sending(database, LAN, "Một")
    with database.transaction() as session:
        outgoing.settle_sent(session, sent, message_id="m1", now=NOW)
    lost = unknown(database, LAN, "Một")
    assert echo(database, message_id="m1")
    assert look(database, lost.id).state == S.UNKNOWN


def test_of_two_alike_the_one_begun_last_before_the_echo_is_meant(database):
    first = unknown(database, at=NOW)
    second = unknown(database, at=later(minutes=1))
    assert echo(database, at=later(minutes=1, seconds=1), message_id="m2")
    assert [look(database, row.id).state for row in (first, second)] == [S.UNKNOWN, S.SENT]
    assert echo(database, at=later(seconds=2), message_id="m1")
    assert look(database, first.id).zalo_message_id == "m1"


def test_an_echo_may_come_before_the_answer(database):
    row = sending(database)
    assert echo(database)
    with database.transaction() as session:
        assert not outgoing.settle_sent(session, row, message_id="m1", now=NOW)  # known already
        assert not outgoing.settle_unclear(session, row, reason="the answer was lost")
    assert look(database, row.id).state == S.SENT


def test_an_echo_keeps_a_row_that_waits_for_its_second_try_from_going_out_twice(database):
    """A gateway said 502, yet the message had gone through."""
    row = sending(database)
    with database.transaction() as session:
        outgoing.settle_retry(session, row, at=later(seconds=2), code=None, reason="…")
    (claimed,) = claim(database, later(seconds=2))
    assert echo(database, at=later(seconds=1))
    assert begin(database, claimed, later(seconds=2)) is None
    assert look(database, row.id).state == S.SENT


def test_an_echo_does_not_end_a_row_that_was_never_begun(database):
    (row_id,) = queue(database, LAN, "Một")
    assert not echo(database)
    assert look(database, row_id).state == S.WAITING


def test_one_echo_settles_one_row(database):
    rows = [unknown(database, at=NOW), unknown(database, at=NOW)]
    assert echo(database, message_id="m1")
    assert echo(database, message_id="m1")
    assert sorted(look(database, row.id).state for row in rows) == [S.SENT, S.UNKNOWN]


# ---- seen -------------------------------------------------------------------------------------------------


def test_seen_is_noted_once_and_only_for_these(database):
    rows = [sending(database, citizen) for citizen in (LAN, MAI)]
    with database.transaction() as session:
        for n, row in enumerate(rows):
            outgoing.settle_sent(session, row, message_id=f"m{n}", now=NOW)
        assert outgoing.mark_seen(session, ["m0", "nobody's"], now=later(minutes=1)) == 1
        assert outgoing.mark_seen(session, ["m0"], now=later(minutes=2)) == 0
        assert outgoing.mark_seen(session, [], now=later(minutes=2)) == 0
    assert [look(database, row.id).seen_at for row in rows] == [later(minutes=1), None]


def test_when_the_next_one_is_due(database):
    with database.reading() as session:
        assert outgoing.next_due(session) == later(days=3)
    queue(database, LAN, "Lan 1", at=later(minutes=1))
    with database.reading() as session:
        assert outgoing.next_due(session) == later(minutes=1)
