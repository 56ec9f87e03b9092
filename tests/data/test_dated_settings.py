"""Settings hold from a day on, within bounds, on record, and can be taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from data import audit, dated_settings, retention, terms, tip_care, tip_clocks
from data.session import Database
from data.tables import Complaint, Officer, SettingChange, Tip
from data.tip_rules import shipped
from domain.adjustable import COMPLAINT_ANSWER, COMPLAINT_LOOK, DOSSIERS_ENDED, DOSSIERS_SILENT, TO_PROVINCE
from domain.errors import MoveRefused
from domain.roles import Role
from domain.tips import TipStatus
from tests.console.world import World

TODAY = date(2026, 11, 24)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def admin(world: World) -> int:
    return world.officer(Role.ADMIN, unit_id=None)


def set_to(world: World, admin: int, key: str, text: str, *, days: int = 0) -> int:
    with world.database.transaction() as session:
        row = dated_settings.change(
            session, key, text, holds_from=TODAY + timedelta(days=days), reason="Kế hoạch 45",
            officer_id=admin, now=world.clock(),
        )  # fmt: skip
        return row.id


def test_a_clock_changes_on_its_day_for_tips_that_come_then(world: World, admin: int) -> None:
    set_to(world, admin, "drugs.take_minutes", "15", days=1)
    with world.database.reading() as session:
        before = dated_settings.rules(session, now=world.clock()).kinds.get("drugs").take_minutes
        after = (
            dated_settings.rules(session, now=world.clock() + timedelta(days=1))
            .kinds.get("drugs")
            .take_minutes
        )
    assert (before, after) == (shipped().kinds.get("drugs").take_minutes, 15)


def test_sorting_a_tip_uses_the_clocks_of_today(world: World, admin: int) -> None:
    set_to(world, admin, "drugs.take_minutes", "15")
    tip = world.tip(category="noise")
    with world.database.transaction() as session:
        row = session.get_one(Tip, tip)
        tip_care.sort(
            session, row, category="drugs", officer_id=admin, version=row.version, now=world.clock()
        )
        session.flush()
        session.refresh(row)
        assert row.take_due_at == row.created_at + timedelta(minutes=15)


def test_the_way_to_the_province_can_be_longer(world: World, admin: int) -> None:
    world.officer(Role.UNIT_HEAD)
    late = world.tip(take_due_at=world.clock() - timedelta(minutes=90))
    set_to(world, admin, TO_PROVINCE, "120")
    with world.database.transaction() as session:
        for one in session.scalars(select(Officer)):
            one.last_login_at = world.clock()
        tip_clocks.escalate(session, now=world.clock())
    assert world.full(late).line.escalation == 1, (
        "by the shipped 60 minutes it would be at the province already"
    )


def test_a_shorter_term_holds_a_week_from_now_at_the_earliest_and_then_deletes(
    world: World, admin: int
) -> None:
    old = world.tip(status=TipStatus.DONE, category="noise", closed_at=world.clock() - timedelta(days=200))
    with pytest.raises(ValueError, match=r"sớm nhất từ 01/12/2026"):
        set_to(world, admin, "noise.keep_days", "100", days=6)
    set_to(world, admin, "noise.keep_days", "100", days=7)
    for days, gone in ((6, 0), (7, 1)):
        now = world.clock() + timedelta(days=days)
        with world.database.transaction() as session:
            over = terms.would_delete(session, "noise.keep_days", 100, on=TODAY + timedelta(days=days))
            assert over == terms.Over(1, "tin đã đóng")
            assert (
                retention.delete_expired(session, dated_settings.rules(session, now=now), now=now).tips
                == gone
            )
    with world.database.reading() as session:
        assert session.get(Tip, old) is None


def test_what_is_out_of_bounds_or_no_number_is_refused_in_words(world: World, admin: int) -> None:
    for key, text in (("noise.keep_days", "5"), ("drugs.take_minutes", "0"), ("drugs.close_hours", "9999")):
        with pytest.raises(ValueError, match="Giá trị phải từ"):
            set_to(world, admin, key, text, days=30)
    with pytest.raises(ValueError, match="số nguyên"):
        set_to(world, admin, "drugs.take_minutes", "mười")
    with pytest.raises(ValueError, match="Không có thiết đặt"):
        set_to(world, admin, "drugs.colour", "1")
    with pytest.raises(ValueError, match="vốn đã là"):
        set_to(world, admin, "drugs.take_minutes", str(shipped().kinds.get("drugs").take_minutes))
    with pytest.raises(ValueError, match="sớm nhất"):
        set_to(world, admin, "drugs.take_minutes", "15", days=-1)


def test_every_shipped_value_lies_within_its_bounds() -> None:
    for one in dated_settings.known().values():
        assert one.least <= one.default <= one.most, one.key


def test_taking_a_value_back_brings_the_one_before_it(world: World, admin: int) -> None:
    set_to(world, admin, "drugs.take_minutes", "15")
    second = set_to(world, admin, "drugs.take_minutes", "20")
    with world.database.transaction() as session:
        dated_settings.withdraw(session, second, officer_id=admin, now=world.clock())
    with world.database.transaction() as session:
        assert dated_settings.number(session, "drugs.take_minutes", now=world.clock()) == 15
        with pytest.raises(MoveRefused):
            dated_settings.withdraw(session, second, officer_id=admin, now=world.clock())
        assert [one.action for one in audit.listed(session, limit=3)][:2] == [
            "setting.withdraw",
            "setting.change",
        ]
        assert session.get_one(SettingChange, second).withdrawn_by == admin


def test_taking_back_a_longer_term_does_not_delete_at_once(world: World, admin: int) -> None:
    longer = set_to(world, admin, "noise.keep_days", "700")
    with pytest.raises(MoveRefused, match="sau 7 ngày"), world.database.transaction() as session:
        dated_settings.withdraw(session, longer, officer_id=admin, now=world.clock())
    with world.database.reading() as session:
        assert dated_settings.number(session, "noise.keep_days", now=world.clock()) == 700


def test_a_day_off_moves_the_clocks_of_office_hours(world: World, admin: int) -> None:
    wednesday = TODAY + timedelta(days=1)
    with world.database.transaction() as session:
        row = dated_settings.set_day_off(
            session, wednesday, "Nghỉ bù", reason="Thông báo", officer_id=admin, now=world.clock()
        ).id
    with world.database.reading() as session:
        rules = dated_settings.rules(session, now=world.clock())
        shifted = rules.dues("environment", at=world.clock(), urgent=False).close
        assert rules.calendar.days_off[wednesday] == "Nghỉ bù"
        assert shifted > shipped().dues("environment", at=world.clock(), urgent=False).close
    with world.database.transaction() as session:
        dated_settings.withdraw(session, row, officer_id=admin, now=world.clock())
        assert wednesday not in dated_settings.rules(session, now=world.clock()).calendar.days_off


# ---- complaints ----------------------------------------------------------------------------------------------------


def dues_of(world: World, complaint_id: int) -> tuple[timedelta, timedelta]:
    """How long after it came a case has to be looked at and answered."""
    with world.database.reading() as session:
        row = session.get_one(Complaint, complaint_id)
        return row.look_due_at - row.created_at, row.answer_due_at - row.created_at


def test_clocks_of_complaints_change_on_their_day_for_those_that_come_then(world: World, admin: int) -> None:
    before = world.complaint()
    was = dues_of(world, before)
    set_to(world, admin, COMPLAINT_LOOK, "2", days=1)
    set_to(world, admin, COMPLAINT_ANSWER, "40", days=1)
    assert dues_of(world, world.complaint()) == was, "not today"
    world.clock.goes(days=1)
    look, answer = dues_of(world, world.complaint())
    assert answer < was[1]
    assert look == timedelta(hours=3, minutes=30), "12:00 to 15:30: two hours of the afternoon"
    assert dues_of(world, before) == was, "who came before keeps the clock it came with"


def test_a_day_off_set_in_the_console_stops_the_clocks_of_complaints_too(world: World, admin: int) -> None:
    plain = dues_of(world, world.complaint())
    with world.database.transaction() as session:
        dated_settings.set_day_off(
            session,
            TODAY + timedelta(days=1),
            "Nghỉ bù",
            reason="Thông báo",
            officer_id=admin,
            now=world.clock(),
        )
    assert dues_of(world, world.complaint())[1] - plain[1] == timedelta(days=1)


def test_no_clock_can_be_set_past_the_one_that_follows_it() -> None:
    known = dated_settings.known()
    assert known[COMPLAINT_LOOK].most <= known[COMPLAINT_ANSWER].least
    assert known[DOSSIERS_ENDED].most <= known[DOSSIERS_SILENT].least
