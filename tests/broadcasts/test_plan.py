"""What is due becomes one delivery per group: once, never unapproved, never silently dropped."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from data import audiences, audit, broadcast_moves, broadcasts, deliveries, delivery_lines, settling
from data.broadcasts import Content
from data.planning import NOT_CONNECTED
from data.tables import AuditRow
from domain.broadcasts import VIETNAM, BroadcastStatus, DeliveryStatus
from domain.errors import MoveRefused, NotAllowed
from tests.broadcasts.province import Province, group


def test_every_group_gets_one_delivery_however_often_it_is_planned(province: Province):
    broadcast = province.broadcast()
    assert province.plan() == 6
    assert province.plan() == 0
    assert province.counts(broadcast) == {DeliveryStatus.WAITING: 6}
    assert province.get(broadcast).status == BroadcastStatus.SENDING


def test_nothing_goes_out_before_its_time_or_without_approval(province: Province):
    province.broadcast(starts_at=province.clock() + timedelta(minutes=2))
    province.broadcast(approve=False)
    assert province.plan() == 0
    province.clock.advance(minutes=2)
    assert province.plan() == 6


def test_nobody_approves_what_they_wrote(province: Province):
    broadcast = province.broadcast(approve=False)
    with province.database.transaction() as session:
        row = broadcasts.get(session, broadcast)
        assert row is not None
        broadcast_moves.propose(session, row, version=row.version, officer_id=1, now=province.clock())
    with pytest.raises(NotAllowed), province.database.transaction() as session:
        row = broadcasts.get(session, broadcast)
        assert row is not None
        broadcast_moves.approve(session, row, version=row.version, officer_id=1, now=province.clock())
    assert province.get(broadcast).status == BroadcastStatus.PROPOSED


def test_a_change_after_proposing_takes_the_approval_away(province: Province):
    broadcast = province.broadcast(approve=False)
    province.act(broadcast_moves.propose, broadcast)
    with province.database.transaction() as session:
        row = broadcasts.get(session, broadcast)
        assert row is not None
        new = Content("Khác", "Nội dung khác", {"all": True}, starts_at=province.clock())
        broadcasts.edit(session, row, new, version=row.version, officer_id=1, now=province.clock())
    assert province.get(broadcast).status == BroadcastStatus.DRAFT
    with pytest.raises(MoveRefused):
        province.act(broadcast_moves.approve, broadcast)
    assert province.plan() == 0


def test_what_is_sent_can_no_longer_be_edited_and_a_stale_page_is_told(province: Province):
    broadcast = province.broadcast()
    new = Content("Khác", "Khác", {"all": True})
    with pytest.raises(MoveRefused, match="Đã lên lịch"), province.database.transaction() as session:
        row = broadcasts.get(session, broadcast)
        assert row is not None
        broadcasts.edit(session, row, new, version=row.version, officer_id=1, now=province.clock())
    with pytest.raises(MoveRefused, match="người khác"), province.database.transaction() as session:
        row = broadcasts.get(session, broadcast)
        assert row is not None
        broadcast_moves.pause(session, row, version=row.version - 1, officer_id=2, now=province.clock())


def test_a_late_one_asks_an_officer_and_goes_out_when_they_say_so(province: Province):
    broadcast = province.broadcast()
    province.clock.advance(hours=5)
    assert province.plan() == 0
    late = province.get(broadcast)
    assert late.status == BroadcastStatus.PAUSED
    assert "quá giờ" in (late.pause_reason or "")
    province.act(broadcast_moves.resume, broadcast)
    assert province.plan() == 6


def test_an_urgent_one_goes_out_late_unless_it_has_expired(province: Province):
    urgent = province.broadcast(urgent=True, lifetime_minutes=600)
    expired = province.broadcast(urgent=True, lifetime_minutes=60)
    province.clock.advance(hours=5)
    assert province.plan() == 6
    assert province.get(urgent).status == BroadcastStatus.SENDING
    assert province.get(expired).status == BroadcastStatus.PAUSED


def test_a_group_that_is_not_connected_fails_with_words_and_an_assisted_one_waits(province: Province):
    with province.database.transaction() as session:
        session.add(group("H1", zalo=None))
        session.add(group("H2", zalo=None, channel="assisted"))
    broadcast = province.broadcast(audience={"groups": ["H1", "H2"]})
    province.plan()
    province.send_all()
    assert province.counts(broadcast) == {DeliveryStatus.FAILED: 1, DeliveryStatus.WAITING: 1}
    with province.database.reading() as session:
        failed, waiting = delivery_lines.page(session, broadcast)
    assert failed.reason == NOT_CONNECTED
    with province.database.transaction() as session:
        settling.assisted_done(
            session, waiting.id, broadcast_id=broadcast, officer_id=2, now=province.clock()
        )
    province.plan()
    assert province.get(broadcast).status == BroadcastStatus.DONE


DAY = date(2026, 11, 24)
"""The day of the clock fixture, in Vietnam."""


def test_the_audience_is_the_union_of_its_parts_without_the_excluded(province: Province):
    with province.database.transaction() as session:
        session.add(group("L1", zalo="l1", district="217"))
    with province.database.reading() as session:
        every = audiences.groups_of(session, {"all": True, "exclude": ["G0"]}, on=DAY)
        some = audiences.groups_of(session, {"districts": ["217"], "groups": ["G1"]}, on=DAY)
        nobody = audiences.groups_of(session, {}, on=DAY)
    assert [row.code for row in every] == ["G1", "G2", "G3", "G4", "G5", "L1"]
    assert [row.code for row in some] == ["G1", "L1"]
    assert nobody == []


def test_a_repeating_one_goes_out_every_day_until_its_end(province: Province):
    first = datetime(2026, 11, 24, 10, 0, tzinfo=VIETNAM).astimezone(UTC)
    broadcast = province.broadcast(
        starts_at=first, repeat="daily 10:00", ends_at=first + timedelta(days=1, hours=1)
    )
    for day in range(2):
        province.clock.now = first + timedelta(days=day)
        assert province.plan() == 6
        province.send_all()
        province.plan()
    assert province.get(broadcast).status == BroadcastStatus.DONE
    assert [run.due_at for run in province.runs(broadcast)] == [first + timedelta(days=1), first]
    assert len(province.groups.got) == 12


def test_every_act_leaves_an_audit_row(province: Province):
    broadcast = province.broadcast()
    province.act(broadcast_moves.withdraw, broadcast)
    with province.database.reading() as session:
        assert audit.verify(session) == []
        actions = [row.action for row in session.scalars(select(AuditRow).order_by(AuditRow.id))]
    assert actions == ["broadcast.create", "broadcast.propose", "broadcast.approve", "broadcast.withdraw"]


def test_planned_from_many_threads_at_once_there_is_one_run(province: Province):
    made = [province.broadcast() for _ in range(4)]
    with ThreadPoolExecutor(6) as pool:
        planned = sum(one.result() for one in [pool.submit(province.plan) for _ in range(12)])
    assert planned == 24
    assert [len(province.runs(broadcast)) for broadcast in made] == [1, 1, 1, 1]
    assert all(province.counts(broadcast) == {DeliveryStatus.WAITING: 6} for broadcast in made)


def test_the_next_run_is_sent_although_the_last_one_still_waits_for_a_hand(province: Province):
    """Yesterday's task of an officer ends while today's run is under way: today's is not held up."""
    with province.database.transaction() as session:
        session.add(group("H2", zalo=None, channel="assisted"))
    broadcast = province.broadcast(
        audience={"groups": ["H2", "G1"]}, repeat="daily 10:00", lifetime_minutes=24 * 60
    )
    province.plan()
    province.send_all()
    first = province.runs(broadcast)[0].due_at
    assert province.get(broadcast).status == BroadcastStatus.SENDING

    province.clock.set(first + timedelta(days=1))
    assert province.plan() == 2
    with province.database.transaction() as session:
        deliveries.release_overdue(session, now=province.clock())
    province.plan()
    assert province.get(broadcast).status == BroadcastStatus.SENDING
    province.send_all()
    assert province.counts(broadcast) == {
        DeliveryStatus.SENT: 2,
        DeliveryStatus.EXPIRED: 1,
        DeliveryStatus.WAITING: 1,
    }


def test_over_midnight_and_a_months_end_every_time_comes_once_however_often_one_looks(province: Province):
    """A clock test: from 29 January to 2 March, every two hours two looks."""
    start = datetime(2027, 1, 29, 12, 0, tzinfo=VIETNAM).astimezone(UTC)
    province.clock.set(start)
    broadcast = province.broadcast(
        audience={"groups": ["G1"]},
        starts_at=start,
        repeat="monthly 31 00:00",
        lifetime_minutes=60,
        quiet_ok=True,
    )
    while province.clock() < start + timedelta(days=32):
        province.plan()
        province.plan()
        province.sender.drain()
        province.clock.advance(hours=2)
    due = [run.due_at.astimezone(VIETNAM) for run in province.runs(broadcast)]
    assert due == [
        datetime(2027, 2, 28, 0, 0, tzinfo=VIETNAM),
        datetime(2027, 1, 31, 0, 0, tzinfo=VIETNAM),
    ]
    assert len(province.groups.got) == 2


def test_a_clock_that_jumps_back_makes_nothing_twice(province: Province):
    broadcast = province.broadcast(repeat="daily 10:00")
    province.plan()
    province.send_all()
    for hours in (-2, 1, 1):
        province.clock.advance(hours=hours)
        province.plan()
        province.send_all()
    assert len(province.runs(broadcast)) == 1
    assert len(province.groups.got) == 6


@pytest.mark.parametrize(("minutes", "planned"), [(30, 6), (31, 0)])
def test_half_an_hour_late_is_still_in_time(province: Province, minutes: int, planned: int):
    province.broadcast()
    province.clock.advance(minutes=minutes)
    assert province.plan() == planned
