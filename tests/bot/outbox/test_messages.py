"""Queued replies reach Zalo in order and once; what goes wrong with one is written down as what it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.outbox import Outbox
from bot.zalo.tokens import Tokens
from data import outgoing
from data.replies import content_of
from data.sealing import Sealer
from data.session import Database
from data.tables import Citizen, Identity, Outgoing
from domain.broadcasts import RETRY_WAITS
from domain.broadcasts import DeliveryStatus as S
from domain.messages import Button, Press, Reply
from tests.bot.fake_zalo import HangUp, Refuse, Say
from tests.bot.outbox.rows import (
    CITIZENS,
    OA,
    account,
    drain,
    look,
    queue,
)


def test_replies_reach_the_right_citizens_in_order(outbox, database, clock, zalo, results):
    lan = queue(database, clock, "lan", "Lan 1", "Lan 2", "Lan 3")
    queue(database, clock, "mai", "Mai 1")
    queue(database, clock, "nam", "Nam 1")

    assert drain(outbox) == 5

    assert [text for to, text in zalo.texts if to == CITIZENS["lan"]] == ["Lan 1", "Lan 2", "Lan 3"]
    assert sorted(zalo.texts)[3:] == [(CITIZENS["mai"], "Mai 1"), (CITIZENS["nam"], "Nam 1")]
    rows = [look(database, row_id) for row_id in lan]
    assert {row.state for row in rows} == {S.SENT}
    assert len({row.zalo_message_id for row in rows}) == 3
    assert rows[0].sent_at == clock.now
    assert [(result.oa_id, result.state, result.code) for result in results[:1]] == [(OA, S.SENT, None)]
    assert len(results) == 5


def test_a_card_with_buttons(outbox, database, clock, zalo):
    queue(database, clock, "lan", Reply("Chọn", (Button("Gửi", press=Press("tip.send")),)))
    drain(outbox)
    (button,) = zalo.calls[0].body["message"]["attachment"]["payload"]["buttons"]
    assert button["payload"] == "#tip.send"


def test_a_picture_and_a_file_are_uploaded_and_then_sent(outbox, database, clock, zalo):
    queue(
        database,
        clock,
        "lan",
        Reply("Ảnh mẫu", image="1.jpg"),
        Reply("", image="2.gif"),
        Reply("Mẫu đơn", file="3.pdf"),
    )
    drain(outbox)
    assert [call.path.rpartition("/oa/")[2] for call in zalo.calls] == [
        "upload/image", "message/cs", "upload/gif", "message/cs", "upload/file", "message/cs", "message/cs",
    ]  # fmt: skip
    picture, gif, document = (zalo.calls[n].body for n in (0, 2, 4))
    assert picture == {"field": "file", "name": "anh.jpg", "content": b"\xff\xd8\xff picture"}
    assert gif["content"].startswith(b"GIF89a")
    assert document["content"] == b"%PDF document"
    sent_picture, sent_file = zalo.calls[1].body["message"], zalo.calls[5].body["message"]
    assert sent_picture["text"] == "Ảnh mẫu"
    assert sent_picture["attachment"]["payload"]["elements"][0]["attachment_id"]
    assert sent_file["attachment"]["payload"]["token"]
    assert zalo.texts[-1] == (CITIZENS["lan"], "Mẫu đơn")


def test_no_transaction_is_open_while_zalo_thinks(outbox, database, clock, zalo):
    """SQLite has one writer: if it were held, this write would wait for the answer it delays."""
    states: list[str] = []

    def somebody_else_writes(call) -> None:
        with database.transaction() as session:
            session.get_one(Citizen, "mai").follows = True
            states.append(session.query(Outgoing).one().state)

    zalo.before_answer = somebody_else_writes
    queue(database, clock, "lan", "Chào")
    drain(outbox)
    assert states == [S.SENDING]


def test_threads_and_processes_share_the_work_and_nobody_is_told_twice(
    outbox, database, clock, zalo, client, sealer, tokens
):
    own = Database(database.url)
    other = Outbox(own, client, Tokens(own, client, sealer, clock=clock), sealer, clock=clock)
    for n in range(8):
        for citizen in CITIZENS:
            queue(database, clock, citizen, f"{citizen} {n}")

    def work(which: Outbox) -> None:
        while len(zalo.texts) < 24:
            which.drain()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work, which) for which in (outbox, other, outbox, other)]:
            done.result(60)
    own.close()
    assert len(zalo.texts) == 24
    for citizen, user_id in CITIZENS.items():
        assert [text for to, text in zalo.texts if to == user_id] == [f"{citizen} {n}" for n in range(8)]


# ---- what goes wrong ---------------------------------------------------------------------------------------


def test_zalo_takes_nothing_for_this_citizen_now_so_it_is_held_until_they_write(
    outbox, database, clock, zalo
):
    (row_id,) = queue(database, clock, "lan", "Kết quả hồ sơ")
    zalo.answers.append(Refuse(-230))
    drain(outbox)
    held = look(database, row_id)
    assert (held.state, held.error_code) == (S.HELD, -230)
    assert "7 ngày" in (held.reason or "")
    assert account(database).failures == 0

    with database.transaction() as session:
        outgoing.release_held(session, "lan", now=clock.advance(days=1))
    drain(outbox)
    assert zalo.texts == [(CITIZENS["lan"], "Kết quả hồ sơ")]


def test_what_can_never_work_ends_with_a_reason_and_the_next_one_goes(outbox, database, clock, zalo):
    first, _ = queue(database, clock, "lan", "Một", "Hai")
    zalo.answers.append(Refuse(-248))
    drain(outbox)
    assert (look(database, first).state, look(database, first).error_code) == (S.FAILED, -248)
    assert zalo.texts == [(CITIZENS["lan"], "Hai")]


def test_a_lost_answer_is_never_repeated_and_the_echo_tells(outbox, database, clock, zalo):
    (row_id,) = queue(database, clock, "lan", "Mã tin báo")
    zalo.answers.append(HangUp())
    drain(outbox)
    assert look(database, row_id).state == S.UNKNOWN
    clock.advance(days=1)
    assert drain(outbox) == 0
    assert len(zalo.texts) == 1

    with database.transaction() as session:
        assert outgoing.match_echo(
            session,
            oa_id=OA,
            message_id="m1",
            to="lan",
            content=content_of("text", "Mã tin báo"),
            at=clock.now - timedelta(days=1),
        )
    assert look(database, row_id).state == S.SENT


@pytest.mark.parametrize("trouble", [Say(503, "busy"), Say(502, "bad gateway"), Refuse(-987654)])
def test_what_may_work_later_is_tried_later_and_later(outbox, database, clock, zalo, trouble):
    (row_id,) = queue(database, clock, "lan", "Chào")
    zalo.answers.extend([trouble, trouble])
    drain(outbox)
    assert look(database, row_id).due_at == clock.now + RETRY_WAITS[0]
    clock.advance(seconds=2)
    drain(outbox)
    assert look(database, row_id).due_at == clock.now + RETRY_WAITS[1]
    assert zalo.texts == []
    clock.advance(seconds=8)
    drain(outbox)
    assert zalo.texts == [(CITIZENS["lan"], "Chào")]


def test_a_failure_without_a_reason_is_tried_three_times(outbox, database, clock, zalo):
    (row_id,) = queue(database, clock, "lan", "Chào")
    zalo.answers.extend([Refuse(-200)] * 5)
    for _ in range(5):
        drain(outbox)
        clock.advance(minutes=5)
    assert (look(database, row_id).state, look(database, row_id).attempts) == (S.FAILED, 3)
    assert len(zalo.answers) == 2


def test_an_upload_that_has_expired_is_done_again(outbox, database, clock, zalo):
    (row_id,) = queue(database, clock, "lan", Reply("Ảnh", image="1.jpg"))
    zalo.answers.extend([None, Refuse(-100)])
    drain(outbox)
    assert look(database, row_id).state == S.SENT
    assert [call.path.rpartition("/")[2] for call in zalo.calls] == ["image", "image", "cs"]


def test_a_file_that_is_gone_ends_the_message(outbox, database, clock, zalo):
    (row_id,) = queue(database, clock, "lan", Reply("Ảnh", image="gone.jpg"))
    drain(outbox)
    assert look(database, row_id).state == S.FAILED
    assert zalo.calls == []


def test_a_citizen_whose_identity_was_erased_is_not_written_to(outbox, database, clock, zalo):
    (row_id,) = queue(database, clock, "lan", "Chào")
    queue(database, clock, "mai", "Chào")
    with database.transaction() as session:
        session.delete(session.get_one(Identity, "lan"))
    drain(outbox)
    assert look(database, row_id).state == S.FAILED
    assert [to for to, _ in zalo.texts] == [CITIZENS["mai"]]


def test_an_identity_sealed_with_a_lost_key_is_an_alarm(outbox, database, clock, zalo):
    queue(database, clock, "lan", "Chào")
    with database.transaction() as session:
        session.get_one(Identity, "lan").sealed = Sealer([b"x" * 32]).seal(b"4", purpose="identity")
    with capture_logs() as logs:
        drain(outbox)
    assert "identity_sealed_with_unknown_key" in [log["event"] for log in logs]
    assert zalo.calls == []
