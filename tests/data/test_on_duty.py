"""On duty by the roster, or by the log-in where there is none: claims, what goes home, escalation, urgent approval."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from data import on_duty, shifts, tip_acts, tip_clocks
from data.session import Database
from data.tables import AuditRow, Officer, ShiftRow, Tip
from domain.errors import MoveRefused
from domain.messages import Reply
from domain.roles import Role
from domain.shifts import Duty, span
from domain.tips import TipStatus
from tests.console.world import PROVINCE, WARD_3, WARD_5, World

MONDAY = date(2026, 11, 23)
"""The week of the world's clock (a Tuesday, 12:00)."""


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def present(world: World) -> on_duty.OnDuty:
    with world.database.reading() as session:
        return on_duty.on_duty(session, now=world.clock())


def logs_in(world: World, officer_id: int) -> None:
    with world.database.transaction() as session:
        session.get_one(Officer, officer_id).last_login_at = world.clock()


def take(world: World, tip_id: int, officer_id: int, *, as_head: bool = False) -> None:
    with world.database.transaction() as session:
        tip = session.get_one(Tip, tip_id)
        tip_acts.take(session, tip, officer_id=officer_id, now=world.clock(), as_head=as_head)


def test_a_unit_with_a_roster_is_on_duty_as_it_says_and_others_as_they_log_in(world: World) -> None:
    hoa, tuan = world.officer(Role.DUTY), world.officer(Role.DUTY, name="Tuấn")
    elsewhere = world.officer(Role.DUTY, unit_id=WARD_5)
    for one in (hoa, tuan, elsewhere):
        logs_in(world, one)
    assert present(world).officers == {hoa, tuan, elsewhere}

    world.shift(hoa)
    assert present(world).officers == {hoa, elsewhere}, "Tuấn is logged in, but it is not his shift"
    world.clock.goes(hours=8)
    assert present(world).units == {WARD_5}, "the roster has a gap"
    world.clock.goes(days=8)
    logs_in(world, tuan)
    assert present(world).units == {WARD_3}, "a roster nobody writes any more counts no longer"


def test_who_works_for_the_whole_province_covers_its_own_unit(world: World) -> None:
    desk = world.officer(Role.DUTY, unit_id=None)
    assert present(world).units == set()
    world.shift(desk)
    assert present(world).units == {PROVINCE}


def test_who_is_off_duty_does_not_take_a_tip_while_a_colleague_is_there(world: World) -> None:
    hoa, tuan = world.officer(Role.DUTY), world.officer(Role.DUTY, name="Tuấn")
    head, stranger = world.officer(Role.UNIT_HEAD), world.officer(Role.DUTY, unit_id=WARD_5)
    tip = world.tip()
    shift = world.shift(hoa)
    with pytest.raises(MoveRefused, match="đang trực: Nguyễn Thị Hoa"):
        take(world, tip, tuan)
    with pytest.raises(MoveRefused, match="đang trực"), world.database.transaction() as session:
        row = session.get_one(Tip, tip)
        tip_acts.answer(
            session, row, officer_id=tuan, text="Chào", replies=[Reply("Chào")], now=world.clock()
        )
    assert world.full(tip).line.status is TipStatus.NEW
    take(world, tip, head, as_head=True)
    take(world, world.tip(), hoa)
    take(world, world.tip(unit_id=WARD_5), stranger)
    with world.database.transaction() as session:
        session.delete(session.get_one(ShiftRow, shift))
    world.shift(hoa, begins_in=timedelta(hours=2))
    take(world, world.tip(), tuan)


def test_a_tip_does_not_go_home_with_the_officer_whose_shift_is_over(world: World) -> None:
    hoa, tuan = world.officer(Role.DUTY), world.officer(Role.DUTY, name="Tuấn")
    head = world.officer(Role.UNIT_HEAD)
    for one in (hoa, tuan, head):
        logs_in(world, one)
    world.shift(hoa, lasts=timedelta(hours=2))
    world.shift(tuan, lasts=timedelta(hours=10))
    left, begun, his, hers = (world.tip() for _ in range(4))
    take(world, left, hoa)
    take(world, begun, hoa)
    take(world, his, tuan)
    take(world, hers, head, as_head=True)
    with world.database.transaction() as session:
        session.get_one(Tip, begun).status = TipStatus.IN_PROGRESS
        assert tip_clocks.give_back_abandoned(session, now=world.clock()) == 0
    world.clock.goes(hours=2)
    with world.database.transaction() as session:
        assert tip_clocks.give_back_abandoned(session, now=world.clock()) == 1
    line = world.full(left).line
    assert (line.status, line.taken_by) == (TipStatus.NEW, None)
    assert world.full(left).moves[-1].move == "went_home"
    assert world.full(begun).line.taken_by == hoa
    assert world.full(his).line.taken_by == tuan
    assert world.full(hers).line.taken_by == head, "a head is not held to the roster"


def test_a_late_tip_of_a_unit_with_a_gap_in_its_roster_goes_to_the_province_at_once(world: World) -> None:
    hoa = world.officer(Role.DUTY)
    logs_in(world, hoa)
    shift = world.shift(hoa)
    late = world.clock() - timedelta(minutes=1)
    covered = world.tip(take_due_at=late)
    with world.database.transaction() as session:
        tip_clocks.escalate(session, now=world.clock())
        session.get_one(ShiftRow, shift).ends_at = world.clock()
    alone = world.tip(take_due_at=late)
    with world.database.transaction() as session:
        tip_clocks.escalate(session, now=world.clock())
    assert world.full(covered).line.escalation == 2
    assert world.full(alone).line.escalation == 2
    assert [move.after for move in world.full(covered).moves if move.move == "escalated"] == ["1", "2"]
    assert [move.after for move in world.full(alone).moves if move.move == "escalated"] == ["2"]


def test_an_officer_stands_on_or_off_duty_or_has_no_roster(world: World) -> None:
    head, other = world.officer(Role.UNIT_HEAD), world.officer(Role.UNIT_HEAD, name="Tuấn")
    with world.database.reading() as session:
        assert on_duty.standing(session, head, now=world.clock()) is Duty.NO_ROSTER
        assert on_duty.check_may_approve(session, head, now=world.clock()) is Duty.NO_ROSTER
    world.shift(head)
    with world.database.reading() as session:
        assert on_duty.check_may_approve(session, head, now=world.clock()) is Duty.ON
        with pytest.raises(MoveRefused, match="không trong ca trực"):
            on_duty.check_may_approve(session, other, now=world.clock())


# ---- keeping the roster ------------------------------------------------------------------------------------


def add(world: World, officer_id: int, *days: int, by: int, unit_id: str | None = WARD_3) -> int:
    spans = [span(MONDAY + timedelta(days=day), time(7), time(19)) for day in days]
    with world.database.transaction() as session:
        return shifts.add(
            session, unit_id=unit_id, officer_id=officer_id, spans=spans, by=by, now=world.clock()
        )


def roster(world: World, monday: date = MONDAY) -> list[tuple[str, int]]:
    with world.database.reading() as session:
        return [(one.officer, one.starts_at.day) for one in shifts.week(session, WARD_3, monday)]


def test_shifts_are_added_whole_removed_and_audited(world: World) -> None:
    hoa, head = world.officer(Role.DUTY), world.officer(Role.UNIT_HEAD)
    stranger = world.officer(Role.DUTY, unit_id=WARD_5)
    assert add(world, hoa, 2, 4, by=head) == 2
    for officer, days, words in ((hoa, (3, 4), "đã có ca trùng"), (stranger, (3,), "không trực ở đơn vị")):
        with pytest.raises(MoveRefused, match=words):
            add(world, officer, *days, by=head)
    assert roster(world) == [("Nguyễn Thị Hoa", 25), ("Nguyễn Thị Hoa", 27)]

    with world.database.transaction() as session:
        first = session.scalars(select(ShiftRow.id).order_by(ShiftRow.id)).first() or 0
        assert shifts.remove(session, first, unit_id=WARD_5, by=head, now=world.clock()) is None
        assert shifts.remove(session, first, unit_id=WARD_3, by=head, now=world.clock()) is not None
    with world.database.transaction() as session:
        assert shifts.remove(session, first, unit_id=WARD_3, by=head, now=world.clock()) is None
    with world.database.reading() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action.like("shift.%")).order_by(AuditRow.id))
        assert [(row.action, row.officer_id) for row in rows] == [
            ("shift.add", head),
            ("shift.add", head),
            ("shift.remove", head),
        ]


def test_last_week_is_copied_once_without_those_who_left(world: World) -> None:
    hoa, tuan = world.officer(Role.DUTY), world.officer(Role.DUTY, name="Tuấn")
    head = world.officer(Role.UNIT_HEAD)
    add(world, hoa, 2, by=head)
    add(world, tuan, 4, by=head)
    with world.database.transaction() as session:
        session.get_one(Officer, tuan).active = False
    following = MONDAY + timedelta(days=7)
    for expected in ((1, 1), (0, 2)):
        with world.database.transaction() as session:
            copied = shifts.copy_last_week(
                session, unit_id=WARD_3, monday=following, by=head, now=world.clock()
            )
        assert copied == expected
    assert [day for _, day in roster(world, following)] == [2]


def test_what_is_over_stays_as_it_was(world: World) -> None:
    hoa = world.officer(Role.DUTY)
    over = world.shift(hoa, begins_in=timedelta(hours=-9))
    with pytest.raises(MoveRefused, match="đã qua"), world.database.transaction() as session:
        shifts.remove(session, over, unit_id=WARD_3, by=hoa, now=world.clock())
