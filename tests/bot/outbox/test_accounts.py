"""At pace, and not while the account rests, is down, or has used up its allowance."""

from __future__ import annotations

from datetime import timedelta

from structlog.testing import capture_logs

from bot import endings
from data.tables import OfficialAccount, RateWindow
from domain.broadcasts import DeliveryStatus as S
from domain.messages import Reply
from tests.bot.fake_zalo import Refuse, Say
from tests.bot.outbox.rows import (
    CITIZENS,
    OA,
    account,
    drain,
    look,
    queue,
)


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
