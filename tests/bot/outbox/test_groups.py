"""A message to a group goes by the same account, token and circuit."""

from __future__ import annotations

from datetime import timedelta
from typing import BinaryIO

import pytest

from bot.group_sender import GroupSender
from bot.uploads import Uploads
from data import accounts
from domain.errors import (
    NotStored,
    OfficialAccountDown,
    QuotaUsedUp,
    SlowDown,
    TryAgainLater,
    Unclear,
    WillNeverWork,
)
from domain.posts import Post
from tests.bot.fake_zalo import HangUp, Refuse, Say
from tests.bot.outbox.rows import (
    GROUP,
    OA,
    OTHER_OA,
    account,
    drain,
    queue,
)


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
