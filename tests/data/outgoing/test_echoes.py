"""Zalo's echo of a message tells what came of it; so does “seen”."""

from __future__ import annotations

from datetime import datetime

import pytest

from data import outgoing
from data.outgoing import OutgoingRow
from data.replies import content_of
from data.session import Database
from domain.broadcasts import DeliveryStatus as S
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
)


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
