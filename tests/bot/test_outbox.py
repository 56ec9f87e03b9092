"""Queued replies reach Zalo: in order, at pace, once; what goes wrong is written down as what it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import BinaryIO, cast

import pytest
from structlog.testing import capture_logs

from bot import endings
from bot.endings import Ending, ending_of
from bot.group_sender import GroupSender
from bot.outbox import MediaFile, Outbox, SendResult
from bot.uploads import Uploads
from bot.zalo.client import ZaloClient
from bot.zalo.tokens import Tokens
from data import accounts, outgoing
from data.replies import content_of
from data.sealing import Sealer
from data.session import Database
from data.tables import Citizen, Identity, OfficialAccount, Outgoing, RateWindow
from domain.broadcasts import RETRY_WAITS
from domain.broadcasts import DeliveryStatus as S
from domain.errors import (
    NotStored,
    OfficialAccountDown,
    QuotaUsedUp,
    SlowDown,
    TryAgainLater,
    Unclear,
    WillNeverWork,
    WindowClosed,
)
from domain.messages import Button, Press, Reply
from domain.posts import Post
from tests.bot.fake_zalo import FakeZalo, HangUp, Refuse, Say
from tests.conftest import Clock

OA, OTHER_OA = "3000000000000000001", "3000000000000000002"
CITIZENS = {"lan": "4000000000000000001", "mai": "4000000000000000002", "nam": "4000000000000000003"}
GROUP = "f0a1b2c3d4e5f6a7b8c9"


@pytest.fixture(autouse=True)
def house(database: Database, sealer: Sealer, zalo: FakeZalo, clock: Clock) -> None:
    """Two accounts that share a token (the fake Zalo has one), two citizens of the first, one of the second."""
    pair = zalo.new_pair()
    with database.transaction() as session:
        for oa_id in (OA, OTHER_OA):
            accounts.add_account(session, oa_id=oa_id, name="Công an phường", now=clock.now)
            accounts.store_pair(
                session,
                sealer,
                oa_id=oa_id,
                access_token=pair["access_token"],
                refresh_token=pair["refresh_token"],
                expires_in=timedelta(hours=25),
                now=clock.now,
            )
        for key, user_id in CITIZENS.items():
            session.add(Citizen(key=key, oa_id=OTHER_OA if key == "nam" else OA, first_seen_at=clock.now))
            session.flush()
            sealed = sealer.seal(user_id.encode(), purpose="identity")
            session.add(Identity(citizen=key, sealed=sealed, created_at=clock.now))


@pytest.fixture
def tokens(database: Database, client: ZaloClient, sealer: Sealer, clock: Clock) -> Tokens:
    return Tokens(database, client, sealer, clock=clock, sleep=lambda seconds: None)


@pytest.fixture
def results() -> list[SendResult]:
    return []


FILES = {
    "1.jpg": MediaFile("anh.jpg", b"\xff\xd8\xff picture"),
    "2.gif": MediaFile("anh.gif", b"GIF89a picture"),
    "3.pdf": MediaFile("Tờ khai.pdf", b"%PDF document"),
}


def open_media(name: str) -> MediaFile:
    try:
        return FILES[name]
    except KeyError:
        raise FileNotFoundError(name) from None


@pytest.fixture
def outbox(database, client, tokens, sealer, clock, results) -> Outbox:
    return Outbox(
        database,
        client,
        tokens,
        sealer,
        clock=clock,
        open_media=open_media,
        watch=results.append,
        jitter=lambda: 0.0,
        sleep=lambda seconds: None,
    )


def queue(database: Database, clock: Clock, citizen: str, *replies: Reply | str) -> list[int]:
    with database.transaction() as session:
        return outgoing.queue_replies(
            session,
            citizen=citizen,
            oa_id=OTHER_OA if citizen == "nam" else OA,
            replies=[Reply(reply) if isinstance(reply, str) else reply for reply in replies],
            event_id=None,
            now=clock.now,
        )


def drain(outbox: Outbox) -> int:
    """Until nothing is due."""
    total = 0
    while taken := outbox.drain():
        total += taken
    return total


def look(database: Database, row_id: int) -> Outgoing:
    with database.reading() as session:
        return session.get_one(Outgoing, row_id)


def account(database: Database, oa_id: str = OA) -> OfficialAccount:
    with database.reading() as session:
        return session.get_one(OfficialAccount, oa_id)


# ---- what goes well ---------------------------------------------------------------------------------------


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


# ---- what goes wrong: the message -------------------------------------------------------------------------


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


# ---- what goes wrong: the account -------------------------------------------------------------------------


def test_too_fast_makes_the_whole_account_wait_and_nobody_else(outbox, database, clock, zalo):
    (first,) = queue(database, clock, "lan", "Lan 1")
    zalo.answers.append(Refuse(-32))
    drain(outbox)
    queue(database, clock, "mai", "Mai 1")
    queue(database, clock, "nam", "Nam 1")
    drain(outbox)
    assert zalo.texts == [(CITIZENS["nam"], "Nam 1")]
    assert account(database).paused_until == clock.now + timedelta(seconds=51)
    assert look(database, first).attempts == 0  # not the message's fault

    clock.advance(seconds=51)
    drain(outbox)
    assert sorted(zalo.texts)[:2] == [(CITIZENS["lan"], "Lan 1"), (CITIZENS["mai"], "Mai 1")]
    assert account(database).paused_until is None


def test_after_repeated_failures_the_circuit_opens_and_a_success_closes_it(outbox, database, clock, zalo):
    queue(database, clock, "lan", "Lan 1")
    for _ in range(3):
        zalo.answers.append(Say(503))
        drain(outbox)
        clock.advance(minutes=1)
    assert account(database).failures == 3
    assert account(database).paused_until is not None
    queue(database, clock, "nam", "Nam 1")
    drain(outbox)
    assert account(database).failures == 0
    assert account(database).paused_until is None
    assert len(zalo.texts) == 2


def test_a_long_outage_loses_nothing(outbox, database, clock, zalo):
    (row_id,) = queue(database, clock, "lan", "Mã tin báo của bạn")
    zalo.answers.extend([Say(503)] * 60)
    for _ in range(60):
        drain(outbox)
        clock.advance(minutes=31)
    assert look(database, row_id).state == S.WAITING
    zalo.answers.clear()
    clock.advance(minutes=31)
    drain(outbox)
    assert zalo.texts == [(CITIZENS["lan"], "Mã tin báo của bạn")]


def test_a_pause_that_begins_while_rows_are_claimed_gives_them_back(outbox, database, clock, zalo):
    queue(database, clock, "lan", "Lan 1")
    (mai,) = queue(database, clock, "mai", "Mai 1")
    zalo.answers.append(Refuse(-32))
    assert outbox.drain() == 2
    assert (look(database, mai).state, look(database, mai).attempts) == (S.WAITING, 0)
    assert zalo.texts == []


def test_a_used_up_allowance_waits_for_the_next_day(outbox, database, clock, zalo):
    (row_id,) = queue(database, clock, "lan", "Chào")
    zalo.answers.append(Refuse(-211))
    drain(outbox)
    row = look(database, row_id)
    assert (row.state, row.attempts) == (S.WAITING, 0)
    assert row.due_at.isoformat() == "2026-11-24T17:05:00+00:00"  # 00:05 in Vietnam
    clock.now = row.due_at
    drain(outbox)
    assert zalo.texts == [(CITIZENS["lan"], "Chào")]


def test_at_night_only_this_message_waits(outbox, database, clock, zalo):
    clock.now = clock.now.replace(hour=16)
    (row_id,) = queue(database, clock, "lan", "Lan 1")
    zalo.answers.append(Refuse(-234))
    drain(outbox)
    assert look(database, row_id).due_at.isoformat() == "2026-11-24T23:00:00+00:00"
    queue(database, clock, "mai", "Mai 1")
    drain(outbox)
    assert zalo.texts == [(CITIZENS["mai"], "Mai 1")]


def test_a_refused_token_is_renewed_once_and_the_message_goes(outbox, database, clock, zalo):
    (row_id,) = queue(database, clock, "lan", "Chào")
    zalo.access_token = "void"
    drain(outbox)
    assert zalo.refreshes == ["refresh-1"]
    assert (look(database, row_id).state, look(database, row_id).attempts) == (S.SENT, 1)


def test_a_new_token_that_is_refused_too_makes_the_account_wait(outbox, database, clock, zalo):
    (row_id,) = queue(database, clock, "lan", "Chào")
    zalo.answers.extend([Refuse(-216), Refuse(-216)])
    with capture_logs() as logs:
        drain(outbox)
    assert "new_token_refused" in [log["event"] for log in logs]
    assert look(database, row_id).state == S.WAITING
    assert account(database).paused_until == clock.now + endings.TOKEN_TROUBLE


def test_when_the_account_is_down_replies_wait_and_go_out_when_it_is_connected_again(
    outbox, database, clock, zalo, tokens
):
    (lan,) = queue(database, clock, "lan", "Lan 1")
    queue(database, clock, "mai", "Mai 1")
    zalo.access_token, zalo.refresh_token = "void", "void"
    drain(outbox)
    assert account(database).state == "down"
    assert (look(database, lan).state, look(database, lan).attempts) == (S.WAITING, 0)
    clock.advance(days=1)
    assert drain(outbox) == 0
    assert zalo.texts == []

    zalo.new_pair()
    tokens.connect(OA, name="Công an phường", refresh_token=zalo.refresh_token)
    drain(outbox)
    assert sorted(zalo.texts) == [(CITIZENS["lan"], "Lan 1"), (CITIZENS["mai"], "Mai 1")]


def test_when_no_token_can_be_had_just_now_nothing_is_tried(outbox, database, clock, zalo):
    (row_id,) = queue(database, clock, "lan", "Chào")
    clock.advance(hours=26)
    zalo.oauth_answers.append(Say(503))
    drain(outbox)
    assert (look(database, row_id).state, look(database, row_id).attempts) == (S.WAITING, 0)
    assert zalo.texts == []
    clock.advance(minutes=2)
    drain(outbox)
    assert len(zalo.texts) == 1


def test_no_more_than_the_package_allows_leaves_in_one_minute(outbox, database, clock, zalo):
    with database.transaction() as session:
        session.get_one(OfficialAccount, OA).requests_per_minute = 3
    queue(database, clock, "lan", "1", "2", "3", "4")
    queue(database, clock, "nam", "Nam 1")
    drain(outbox)
    assert len(zalo.texts) == 4  # three of the first account, one of the other
    clock.now = clock.now.replace(second=0) + timedelta(minutes=1)
    drain(outbox)
    assert len(zalo.texts) == 5


def test_a_picture_counts_as_two_requests(outbox, database, clock, zalo):
    queue(database, clock, "lan", Reply("Ảnh", image="1.jpg"))
    drain(outbox)
    with database.reading() as session:
        assert {row.scope: row.used for row in session.query(RateWindow)} == {"app": 2, f"oa:{OA}": 2}


# ---- workers that die -------------------------------------------------------------------------------------


class Died(BaseException):
    """The worker is gone, as with SIGKILL: nothing after it runs."""


@pytest.mark.parametrize("sent", [True, False])
def test_a_worker_that_dies_while_sending_leaves_an_unknown_row(
    outbox, database, clock, zalo, sealer, tokens, sent
):
    (row_id,) = queue(database, clock, "lan", "Chào")

    class Dying:
        def send_text(self, *args: object) -> None:
            if sent:
                outbox._client.send_text(*args)
            raise Died

    with pytest.raises(Died):
        Outbox(database, cast("ZaloClient", Dying()), tokens, sealer, clock=clock).drain()
    assert look(database, row_id).state == S.SENDING
    clock.advance(seconds=61)
    assert outbox.sweep().unknown == 1
    assert look(database, row_id).state == S.UNKNOWN
    assert drain(outbox) == 0
    assert len(zalo.texts) == int(sent)


def test_rows_claimed_beside_a_broken_one_are_not_kept_waiting(outbox, database, clock, zalo, sealer, tokens):
    queue(database, clock, "lan", "Lan 1")
    queue(database, clock, "mai", "Mai 1")

    class Broken:
        def send_text(self, *args: object) -> None:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Outbox(database, cast("ZaloClient", Broken()), tokens, sealer, clock=clock).drain()
    assert drain(outbox) == 1
    assert zalo.texts == [(CITIZENS["mai"], "Mai 1")]


def test_a_claim_of_a_dead_worker_is_given_back(outbox, database, clock, zalo):
    queue(database, clock, "lan", "Lan 1")
    with database.transaction() as session:
        outgoing.claim_due(session, now=clock.now, limit=4, lease=timedelta(minutes=3))
    clock.advance(minutes=3)
    assert outbox.sweep().given_back == 1
    drain(outbox)
    assert len(zalo.texts) == 1


def test_what_came_of_a_send_is_told_to_the_database_more_than_once(outbox, database, clock, zalo):
    (row_id,) = queue(database, clock, "lan", "Chào")
    real, refused = database.transaction, iter([False, False, True, True, False])

    def sometimes():
        if next(refused, False):
            raise NotStored("locked")
        return real()

    outbox._database = type("Flaky", (), {"transaction": staticmethod(sometimes)})()
    assert outbox.drain() == 1
    assert look(database, row_id).state == S.SENT


def test_old_replies_end_instead_of_arriving_late(outbox, database, clock, zalo):
    (row_id,) = queue(database, clock, "lan", "Chào")
    clock.advance(days=8)
    assert drain(outbox) == 0
    assert outbox.sweep().expired == 1
    assert look(database, row_id).state == S.EXPIRED
    assert zalo.texts == []


# ---- privacy ----------------------------------------------------------------------------------------------


def test_logs_carry_ids_of_rows_and_numbers_only(outbox, database, clock, zalo):
    queue(database, clock, "lan", "Tôi tố giác ông A", "Câu hai", "Câu ba")
    zalo.answers.extend([Refuse(-230), Refuse(-248), HangUp()])
    with capture_logs() as logs:
        drain(outbox)
    told = repr(logs)
    assert "outgoing_not_sent" in told
    for secret in (CITIZENS["lan"], "lan'", "tố giác", "Câu", "access-1", "refresh-1"):
        assert secret not in told


# ---- the rules --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "tries", "state", "wait", "counted"),
    [
        (WindowClosed("…", -230), 1, S.HELD, None, True),
        (Unclear("…"), 1, S.UNKNOWN, None, True),
        (WillNeverWork("…", -201), 1, S.FAILED, None, True),
        (SlowDown("…", -32, timedelta(seconds=50)), 9, S.WAITING, 50, False),
        (TryAgainLater("…"), 1, S.WAITING, 2, True),
        (TryAgainLater("…"), 100, S.WAITING, 1800, True),
        (TryAgainLater("…", -9), 6, S.WAITING, 1800, True),
        (TryAgainLater("…", -9), 7, S.FAILED, None, True),
        (TryAgainLater("…", -200), 2, S.WAITING, 8, True),
        (TryAgainLater("…", -200), 3, S.FAILED, None, True),
        (QuotaUsedUp("…", -211), 1, S.WAITING, 14 * 3600 + 4 * 60 + 50, False),
    ],
)  # fmt: skip
def test_what_becomes_of_a_message(clock, error, tries, state, wait, counted):
    at = None if wait is None else clock.now + timedelta(seconds=wait)
    expected = Ending(state, "…", error.code, at, counted)
    assert ending_of(error, tries, now=clock.now, jitter=0.0) == expected


def test_jitter_only_ever_adds(clock):
    for error in (SlowDown("…", -32), TryAgainLater("…"), QuotaUsedUp("…", -211)):
        without, with_all = (ending_of(error, 1, now=clock.now, jitter=jitter).at for jitter in (0.0, 1.0))
        assert without is not None
        assert with_all is not None
        assert without < with_all < without + timedelta(minutes=6)


@pytest.mark.parametrize(("hour", "minute", "day"), [(16, 59, 24), (17, 4, 24), (17, 5, 25), (23, 0, 25)])
def test_the_allowance_is_asked_for_again_after_midnight_in_vietnam(hour, minute, day):
    now = datetime.fromisoformat(f"2026-11-24T{hour:02}:{minute:02}:00+00:00")
    at = ending_of(QuotaUsedUp("…", -211), 1, now=now, jitter=0.0).at
    assert at == datetime.fromisoformat(f"2026-11-{day}T17:05:00+00:00")


# ---- groups -----------------------------------------------------------------------------------------------


@pytest.fixture
def groups(database, client, tokens, clock) -> GroupSender:
    return GroupSender(
        database, client, tokens, Uploads(database, client, no_files, clock=clock), clock=clock
    )


def no_files(key: str) -> BinaryIO:
    raise FileNotFoundError(key)


def test_a_group_gets_its_text(groups, zalo):
    assert groups.send(OA, GROUP, Post("Chào bà con")) == f"{1:020x}"
    assert zalo.texts == [(GROUP, "Chào bà con")]


def test_a_refused_token_is_renewed_for_groups_too(groups, zalo):
    zalo.access_token = "void"
    groups.send(OA, GROUP, Post("Chào bà con"))
    assert zalo.refreshes == ["refresh-1"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Refuse(-403), WillNeverWork),
        (Refuse(-32), SlowDown),
        (Say(503), TryAgainLater),
        (HangUp(), Unclear),
        (Refuse(-211), QuotaUsedUp),
    ],
)
def test_group_errors_say_what_to_do_next(groups, zalo, answer, error):
    zalo.answers.append(answer)
    with pytest.raises(error):
        groups.send(OA, GROUP, Post("Chào bà con"))


def test_while_the_account_rests_nothing_is_tried(groups, outbox, zalo, database, clock):
    zalo.answers.append(Refuse(-32))
    with pytest.raises(SlowDown):
        groups.send(OA, GROUP, Post("Một"))
    clock.advance(seconds=1)
    with pytest.raises(SlowDown) as raised:
        groups.send(OA, GROUP, Post("Hai"))
    assert raised.value.wait == timedelta(seconds=50)
    queue(database, clock, "lan", "Lan 1")
    assert drain(outbox) == 0  # answers of the same account rest too
    groups.send(OTHER_OA, GROUP, Post("Ba"))
    assert zalo.texts == [(GROUP, "Ba")]


def test_group_failures_open_the_circuit_and_a_success_closes_it(groups, zalo, database, clock):
    zalo.answers.extend([Say(503)] * 3)
    for _ in range(3):
        with pytest.raises(TryAgainLater):
            groups.send(OA, GROUP, Post("Một"))
    assert account(database).paused_until == clock.now + timedelta(seconds=5)
    clock.advance(seconds=5)
    groups.send(OA, GROUP, Post("Một"))
    assert account(database).failures == 0


def test_a_group_of_an_account_that_is_down_waits(groups, zalo, database):
    with database.transaction() as session:
        accounts.set_down(session, OA, version=1, reason="…")
    with pytest.raises(OfficialAccountDown):
        groups.send(OA, GROUP, Post("Một"))
    assert zalo.texts == []


def test_a_message_that_went_out_is_reported_even_when_the_circuit_cannot_be_written(groups, zalo, database):
    def away():
        raise NotStored("locked")

    groups._database = type("Away", (), {"transaction": staticmethod(away), "reading": database.reading})()
    assert groups.send(OA, GROUP, Post("Một"))
