"""Deliveries as rows: claimed by one, fenced by its lease, matched with echoes, counted honestly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from data import deliveries, delivery_lines, walls
from data.deliveries import Overdue
from data.replies import content_of
from data.session import Database
from data.tables import Broadcast, Delivery, GroupRow, OfficialAccount, Run
from domain.broadcasts import BroadcastStatus, DeliveryStatus
from tests.broadcasts.province import OA, fill, group
from tests.conftest import Clock

S = DeliveryStatus
LEASE = timedelta(seconds=60)
OTHER_OA = "3000000000000000002"
TEXT = "Cảnh giác"


@pytest.fixture(autouse=True)
def groups(database: Database, clock: Clock) -> None:
    """Forty groups; and a broadcast of last year that nothing here is about."""
    fill(database, clock(), groups=40)
    with database.transaction() as session:
        session.add(OfficialAccount(oa_id=OTHER_OA, name="OA khác", created_at=clock()))
    old = make(database, clock() - timedelta(days=400), codes=["G1", "G2"], text="Tin năm ngoái")
    with database.transaction() as session:
        for row in session.scalars(select(Delivery).where(Delivery.run_id == old)):
            row.state, row.zalo_message_id = S.SENT, f"old-{row.group_code}"


def make(
    database: Database,
    now: datetime,
    *,
    codes: Sequence[str] = ("G0", "G1", "G2"),
    text: str = TEXT,
    status: BroadcastStatus = BroadcastStatus.SENDING,
    **values: object,
) -> int:
    """A broadcast with one run and a delivery for each group, waiting unless `values` say else; the run's id."""
    with database.transaction() as session:
        broadcast = Broadcast(
            title="Tin",
            text=text,
            kind="other",
            urgent=False,
            status=status,
            audience={"groups": list(codes)},
            author_id=1,
            created_at=now,
            updated_at=now,
        )
        session.add(broadcast)
        session.flush()
        run = Run(broadcast_id=broadcast.id, due_at=now, created_at=now)
        session.add(run)
        session.flush()
        for code in codes:
            given = {
                "channel": "gmf",
                "oa_id": OA,
                "zalo_group_id": f"z{code[1:]}",
                "state": S.WAITING,
                "due_at": now,
                **values,
            }
            session.add(
                Delivery(
                    run_id=run.id,
                    broadcast_id=broadcast.id,
                    group_code=code,
                    text=text,
                    content=content_of("text", text),
                    **given,
                )
            )
        return run.id


def claim(database: Database, now: datetime, limit: int = 5, **more: object) -> list[Delivery]:
    with database.transaction() as session:
        return deliveries.claim_due(session, now=now, limit=limit, lease=LEASE, **more)  # type: ignore[arg-type]  # only not_of


def begin(database: Database, row: Delivery, now: datetime) -> bool:
    with database.transaction() as session:
        return deliveries.begin_sending(session, row, now=now, lease=LEASE)


def states(database: Database, run_id: int) -> dict[str, str]:
    with database.reading() as session:
        rows = session.scalars(select(Delivery).where(Delivery.run_id == run_id))
        return {row.group_code: row.state for row in rows}


def release(database: Database, now: datetime) -> Overdue:
    with database.transaction() as session:
        return deliveries.release_overdue(session, now=now)


# ---- claiming -----------------------------------------------------------------------------------------------


def test_the_longest_due_are_taken_first_and_no_more_than_asked_for(database: Database, clock: Clock):
    make(database, clock(), codes=["G3", "G4"], due_at=clock() + timedelta(seconds=1))
    make(database, clock(), codes=["G5", "G6"], due_at=clock() - timedelta(minutes=1))
    make(database, clock(), codes=["G7"])
    assert [row.group_code for row in claim(database, clock(), limit=2)] == ["G5", "G6"]
    assert [row.group_code for row in claim(database, clock())] == ["G7"]
    assert claim(database, clock()) == []


@pytest.mark.parametrize("status", [s for s in BroadcastStatus if s is not BroadcastStatus.SENDING])
def test_nothing_is_taken_of_a_broadcast_that_is_not_being_sent(
    database: Database, clock: Clock, status: BroadcastStatus
):
    make(database, clock(), status=status)
    assert claim(database, clock()) == []


def test_neither_hand_work_nor_expired_ones_nor_those_of_a_resting_account_are_taken(
    database: Database, clock: Clock
):
    make(database, clock(), codes=["G1"], channel="assisted", oa_id=None, zalo_group_id=None)
    make(database, clock(), codes=["G2"], expires_at=clock())
    make(database, clock(), codes=["G3"])
    make(database, clock(), codes=["G4"], oa_id=OTHER_OA, expires_at=clock() + timedelta(seconds=1))
    assert [row.group_code for row in claim(database, clock(), not_of=[OA])] == ["G4"]
    assert [row.group_code for row in claim(database, clock())] == ["G3"]


def test_many_workers_at_once_never_take_the_same_one(database: Database, clock: Clock):
    make(database, clock(), codes=[f"G{n}" for n in range(40)])
    with ThreadPoolExecutor(6) as pool:
        taken = [pool.submit(claim, database, clock(), 3) for _ in range(20)]
        codes = Counter(row.group_code for one in taken for row in one.result())
    while more := claim(database, clock()):
        codes.update(row.group_code for row in more)
    assert codes == dict.fromkeys((f"G{n}" for n in range(40)), 1)


# ---- leases ---------------------------------------------------------------------------------------------------


def test_what_was_only_claimed_goes_back_and_its_old_owner_may_no_longer_send(
    database: Database, clock: Clock
):
    run = make(database, clock(), codes=["G1"])
    (slow,) = claim(database, clock())
    clock.advance(seconds=59)
    assert not release(database, clock())
    clock.advance(seconds=1)
    assert release(database, clock()) == Overdue(given_back=1, unknown=0)
    assert not begin(database, slow, clock())
    (quick,) = claim(database, clock())
    assert not begin(database, slow, clock()), "claimed again, but by another"
    assert begin(database, quick, clock())
    assert states(database, run) == {"G1": S.SENDING}


def test_what_may_have_left_becomes_unknown_and_an_answer_that_comes_later_changes_nothing(
    database: Database, clock: Clock
):
    run = make(database, clock(), codes=["G1"])
    (row,) = claim(database, clock())
    assert begin(database, row, clock())
    clock.advance(seconds=60)
    assert release(database, clock()) == Overdue(given_back=0, unknown=1)
    with database.transaction() as session:
        assert not deliveries.settle_sent(session, row, message_id="m", now=clock())
        assert not deliveries.settle_retry(session, row, due_at=clock(), reason="x", code=None)
        assert not deliveries.settle_failed(session, row, reason="x", code=None)
    assert states(database, run) == {"G1": S.UNKNOWN}
    assert claim(database, clock()) == []


def test_one_that_wakes_up_late_does_not_settle_what_another_is_sending(database: Database, clock: Clock):
    run = make(database, clock(), codes=["G1"])
    (late,) = claim(database, clock())
    assert begin(database, late, clock())
    clock.advance(seconds=60)
    release(database, clock())
    with database.transaction() as session:
        row = session.get(Delivery, late.id)
        assert row is not None
        row.state = S.WAITING  # a person looked: it is not in the group
    (quick,) = claim(database, clock())
    assert begin(database, quick, clock())
    with database.transaction() as session:
        assert not deliveries.settle_failed(session, late, reason="x", code=None)
    assert states(database, run) == {"G1": S.SENDING}
    with database.transaction() as session:
        assert deliveries.settle_sent(session, quick, message_id="m", now=clock())


def test_being_asked_to_wait_is_not_a_failed_try(database: Database, clock: Clock):
    make(database, clock(), codes=["G1"])
    for counts, attempts in ((False, 1), (False, 1), (True, 1), (True, 2), (True, 3)):
        (row,) = claim(database, clock())
        assert begin(database, row, clock())
        assert row.attempts == attempts
        with database.transaction() as session:
            deliveries.settle_retry(session, row, due_at=clock(), reason="x", code=-32, counts=counts)


def test_what_waits_too_long_expires_also_while_paused_and_also_for_the_hand(
    database: Database, clock: Clock
):
    until = clock() + timedelta(minutes=20)
    paused = make(database, clock(), codes=["G1"], expires_at=until, status=BroadcastStatus.PAUSED)
    by_hand = make(database, clock(), codes=["G2"], expires_at=until, channel="assisted")
    later = make(database, clock(), codes=["G3"], expires_at=until + timedelta(seconds=1))
    clock.set(until)
    release(database, clock())
    assert states(database, paused) == {"G1": S.EXPIRED}
    assert states(database, by_hand) == {"G2": S.EXPIRED}
    assert states(database, later) == {"G3": S.WAITING}


# ---- echoes -----------------------------------------------------------------------------------------------------


def echo(database: Database, message_id: str, *, to: str = "z1", text: str = TEXT, at: datetime) -> bool:
    with database.transaction() as session:
        return deliveries.match_echo(
            session, oa_id=OA, message_id=message_id, to=to, content=content_of("text", text), at=at
        )


def unclear(database: Database, now: datetime) -> None:
    (row,) = claim(database, now)
    assert begin(database, row, now)
    with database.transaction() as session:
        assert deliveries.settle_unclear(session, row, reason="Mất kết nối.")


def test_an_echo_settles_what_was_unclear_and_coming_again_it_settles_nothing_more(
    database: Database, clock: Clock
):
    first = make(database, clock(), codes=["G1"])
    unclear(database, clock())
    clock.advance(minutes=10)
    second = make(database, clock(), codes=["G1"])
    unclear(database, clock())
    at = clock() - timedelta(minutes=9)
    assert echo(database, "m1", at=at)
    assert states(database, first) == {"G1": S.SENT}
    assert states(database, second) == {"G1": S.UNKNOWN}, "begun after this echo was made"
    assert echo(database, "m1", at=at), "known, and nothing else happens"
    assert states(database, second) == {"G1": S.UNKNOWN}
    with database.reading() as session:
        row = session.get(GroupRow, "G1")
        assert row is not None
        assert row.last_sent_at == at


def test_an_echo_that_overtakes_the_answer_stands(database: Database, clock: Clock):
    run = make(database, clock(), codes=["G1"])
    (row,) = claim(database, clock())
    begin(database, row, clock())
    assert echo(database, "m1", at=clock())
    with database.transaction() as session:
        assert not deliveries.settle_sent(session, row, message_id="m1", now=clock())
    assert states(database, run) == {"G1": S.SENT}


def test_an_echo_does_not_settle_what_was_never_begun(database: Database, clock: Clock):
    run = make(database, clock(), codes=["G1"])
    assert not echo(database, "m1", at=clock())
    assert states(database, run) == {"G1": S.WAITING}


# ---- runs and counts ---------------------------------------------------------------------------------------------


def test_a_run_is_over_when_nothing_is_under_way_and_unknown_ones_do_not_keep_it_open(
    database: Database, clock: Clock
):
    with database.transaction() as session:
        deliveries.end_runs(session, now=clock())  # last year's
    waiting = make(database, clock(), codes=["G1"])
    over = make(database, clock(), codes=["G2"], state=S.UNKNOWN)
    with database.transaction() as session:
        ended = deliveries.end_runs(session, now=clock())
        run = session.get(Run, over)
        assert run is not None
        assert ended == [run.broadcast_id]
        assert run.ended_at == clock()
        still = session.get(Run, waiting)
        assert still is not None
        assert still.ended_at is None
    with database.transaction() as session:
        assert deliveries.end_runs(session, now=clock()) == []


def test_failures_in_a_row_end_at_the_first_success_or_another_reason(database: Database, clock: Clock):
    run = make(database, clock(), codes=[f"G{n}" for n in range(8)])
    story = ["a", None, "b", "a", "a", "a"]
    with database.transaction() as session:
        rows = session.scalars(select(Delivery).where(Delivery.run_id == run).order_by(Delivery.id)).all()
        for number, (row, reason) in enumerate(zip(rows, story, strict=False)):
            row.state, row.reason = (S.FAILED, reason) if reason else (S.SENT, None)
            row.sending_at = clock() + timedelta(seconds=number)
        rows[6].state, rows[6].reason = S.FAILED, "never begun"
        session.flush()
        assert deliveries.failures_in_a_row(session, run, reason="a") == 3
        assert deliveries.failures_in_a_row(session, run, reason="b") == 0


def test_the_page_shows_troubles_first_finds_names_without_marks_and_turns(database: Database, clock: Clock):
    with database.transaction() as session:
        for code, name, folded in (("H1", "Xã Đồng Kỳ", "xa dong ky"), ("H2", "Xã Xuân Cẩm", "xa xuan cam")):
            row = group(code, zalo=code)
            row.name, row.name_folded = name, folded
            session.add(row)
    run = make(database, clock(), codes=["H1", "H2", "G3"])
    with database.transaction() as session:
        row = session.scalar(select(Delivery).where(Delivery.run_id == run, Delivery.group_code == "H2"))
        assert row is not None
        row.state, row.reason = S.FAILED, "Nhóm đã giải tán."
        broadcast = row.broadcast_id
    with database.reading() as session:
        every = delivery_lines.page(session, broadcast, run_id=run)
        found = delivery_lines.page(session, broadcast, words="ĐỒNG kỳ")
        nothing = delivery_lines.page(session, broadcast, words="hà nội")
        failed = delivery_lines.page(session, broadcast, states=[S.FAILED, S.UNKNOWN])
        turned = delivery_lines.page(session, broadcast, limit=2, offset=1)
    assert [line.group_code for line in every] == ["H2", "G3", "H1"]
    assert [line.group_code for line in found] == ["H1"]
    assert nothing == []
    assert [(line.group_code, line.reason) for line in failed] == [("H2", "Nhóm đã giải tán.")]
    assert turned == every[1:]


def test_the_progress_counts_a_claimed_one_as_waiting(database: Database, clock: Clock):
    run = make(database, clock(), codes=["G1", "G2", "G3"])
    claim(database, clock(), limit=1)
    with database.reading() as session:
        row = session.get(Run, run)
        assert row is not None
        counts = walls.progress(session, row.broadcast_id, run_id=run)
    assert {state: count for state, count in counts.items() if count} == {S.WAITING: 3}
    assert set(counts) == set(DeliveryStatus)
