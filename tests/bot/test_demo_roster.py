"""In the demo somebody is on duty at any hour, whenever it was started."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.demo_roster import keep_roster
from data import on_duty, shifts
from data.session import Database
from domain.roles import Role
from domain.shifts import Duty, monday_of
from tests.console.world import WARD_3, World


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 22, 20, tzinfo=UTC),  # Monday, 3 in the morning in Vietnam
        datetime(2026, 11, 24, 5, tzinfo=UTC),
        datetime(2026, 11, 29, 16, 59, tzinfo=UTC),  # the last minute of a Sunday
    ],
)
def test_the_duty_officer_is_on_duty_now_and_for_a_week_also_after_another_start(
    sqlite_database: Database, now: datetime
) -> None:
    world = World(sqlite_database)
    number = world.officer(Role.DUTY, email="a@demo.vn")
    world.officer(Role.ADMIN, unit_id=None, email="b@demo.vn")
    for started in (now, now + timedelta(minutes=3), now + timedelta(days=1)):
        with sqlite_database.transaction() as session:
            keep_roster(session, ["a@demo.vn", "nobody@demo.vn"], by="b@demo.vn", now=started)
    with sqlite_database.reading() as session:
        for hours in range(0, 7 * 24, 5):
            assert on_duty.standing(session, number, now=now + timedelta(hours=hours)) is Duty.ON
        week = shifts.week(session, WARD_3, monday_of(now.date()) + timedelta(days=7))
    starts = [one.starts_at for one in week]
    assert len(starts) == len(set(starts))
