"""When it may go out: quiet hours, weekly caps, downtime, midnight and month ends."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from broadcasts.plan import CAME_LATE
from broadcasts.schedule import HEARTBEAT, TTL
from data import (
    broadcast_moves,
)
from data.planning import OVER_CAP
from domain.broadcasts import VIETNAM, BroadcastStatus, DeliveryStatus
from domain.sending_times import WEEKLY_CAP
from tests.broadcasts.province import (
    Province,
    by,
    reasons,
)

S = DeliveryStatus


# ---- hours, caps ------------------------------------------------------------------------------------------------


def test_what_is_left_when_quiet_hours_begin_waits_for_the_morning(province: Province):
    evening = datetime(2026, 11, 24, 20, 59, 30, tzinfo=VIETNAM)
    province.clock.set(evening)
    quiet, loud = province.broadcast(), province.broadcast(text="Khẩn", urgent=True)
    province.plan()
    province.clock.set(evening + timedelta(minutes=1))
    province.send_all()
    assert {text for _, text in province.groups.got} == {"Khẩn"}
    province.clock.set(datetime(2026, 11, 25, 6, 29, tzinfo=VIETNAM))
    province.sender.drain()
    assert province.counts(quiet) == {S.WAITING: 6}
    province.clock.set(datetime(2026, 11, 25, 6, 30, tzinfo=VIETNAM))
    province.send_all()
    assert province.counts(quiet) == province.counts(loud) == {S.SENT: 6}


def test_a_group_gets_so_many_a_week_and_no_more_unless_it_is_urgent(province: Province):
    for number in range(WEEKLY_CAP):
        province.broadcast(title=f"Tin {number}", audience={"groups": ["G1"]})
        province.plan()
        province.send_all()
        province.clock.advance(minutes=90)
    capped = province.broadcast(audience={"groups": ["G1", "G2"]})
    urgent = province.broadcast(audience={"groups": ["G1", "G2"]}, urgent=True)
    province.plan()
    province.send_all()
    assert reasons(province, capped) == {"G1": OVER_CAP, "G2": None}
    assert province.counts(urgent) == {S.SENT: 2}
    province.clock.advance(days=7)
    later = province.broadcast(audience={"groups": ["G1"]})
    province.plan()
    province.send_all()
    assert province.counts(later) == {S.SENT: 1}


@pytest.mark.parametrize(("urgent", "status"), [(True, "sending"), (False, "paused")])
def test_after_downtime_the_urgent_ones_go_and_the_others_ask(province: Province, urgent: bool, status: str):
    broadcast = province.broadcast(urgent=urgent)
    province.clock.advance(hours=2)
    province.plan()
    assert province.get(broadcast).status == status
    assert province.get(broadcast).pause_reason == (None if urgent else CAME_LATE)


# ---- the clock: midnight, month end, downtime ------------------------------------------------------------------------------------


def test_a_campaign_over_midnight_a_months_end_and_two_days_of_downtime(province: Province):
    """Every morning at 6:45 until the 2nd; off from the 29th at noon until the 1st at noon: the missed one asks."""
    start = datetime(2026, 11, 27, 6, 45, tzinfo=VIETNAM)
    province.clock.set(start - timedelta(hours=8))
    broadcast = province.broadcast(
        audience={"groups": ["G1"]},
        starts_at=start,
        repeat="daily 06:45",
        ends_at=datetime(2026, 12, 2, 23, 59, tzinfo=VIETNAM),
        lifetime_minutes=600,
    )
    days: list[str] = []

    def run_until(moment: datetime) -> None:
        while province.clock() < moment:
            before = len(province.groups.got)
            province.plan()
            province.sender.drain()
            days.extend(
                [f"{province.clock().astimezone(VIETNAM):%d/%m}"] * (len(province.groups.got) - before)
            )
            province.clock.advance(minutes=15)

    run_until(datetime(2026, 11, 29, 12, 0, tzinfo=VIETNAM))
    assert days == ["27/11", "28/11", "29/11"]
    province.clock.set(datetime(2026, 12, 1, 12, 0, tzinfo=VIETNAM))
    province.plan()
    assert province.get(broadcast).pause_reason == CAME_LATE
    run_until(datetime(2026, 12, 1, 18, 0, tzinfo=VIETNAM))
    assert len(days) == 3, "nothing goes out while an officer is asked"
    by(province, 2, broadcast_moves.resume, broadcast)
    run_until(datetime(2026, 12, 4, 12, 0, tzinfo=VIETNAM))
    assert days == ["27/11", "28/11", "29/11", "01/12", "02/12"], (
        "one for what was missed, then the campaign ends"
    )
    assert province.get(broadcast).status == BroadcastStatus.DONE


def test_another_scheduler_takes_over_within_thirty_seconds():
    """A dead holder's lease ends after TTL; whoever waits asks once in HEARTBEAT."""
    assert timedelta(seconds=30) >= TTL + 2 * HEARTBEAT
