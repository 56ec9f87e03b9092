"""Four ends, leases of workers that died, and nobody told twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from data import outgoing
from data.outgoing import OutgoingRow, Overdue
from data.session import Database
from domain.broadcasts import DeliveryStatus as S
from tests.data.outgoing.rows import (
    LAN,
    MAI,
    NAM,
    NOW,
    begin,
    claim,
    later,
    look,
    queue,
    sending,
)


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


# ---- what came of it ---------------------------------------------------------------------------------------


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


# ---- the citizen writes again ------------------------------------------------------------------------------


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
