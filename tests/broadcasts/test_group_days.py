"""A group that has not begun or is over is in no new audience, and in an approved one it stands with the reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from data import audiences, broadcast_moves, delivery_lines, planning, settling
from data.tables import Broadcast
from domain.broadcasts import VIETNAM, DeliveryStatus
from domain.errors import MoveRefused
from tests.broadcasts.province import Province, by, change, reasons

S = DeliveryStatus
TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
NOT_BEGUN = "Nhóm chưa bắt đầu: ngày đầu của nhóm là 25/11/2026."
OVER = "Nhóm đã kết thúc: ngày cuối của nhóm là 23/11/2026."


@pytest.fixture
def town(province: Province) -> Province:
    """Six groups: one begins tomorrow, one ended yesterday, one is there today alone."""
    change(province, "G1", first_day=TODAY + DAY)
    change(province, "G2", last_day=TODAY - DAY)
    change(province, "G3", first_day=TODAY, last_day=TODAY)
    return province


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=VIETNAM)


def codes(town: Province, on: date, **audience: object) -> list[str]:
    with town.database.reading() as session:
        return [one.code for one in audiences.groups_of(session, audience or {"all": True}, on=on)]


def test_an_audience_has_the_groups_of_its_day_and_says_which_are_left_out(town: Province) -> None:
    assert codes(town, TODAY) == ["G0", "G3", "G4", "G5"]
    assert codes(town, TODAY + DAY) == ["G0", "G1", "G4", "G5"]
    assert codes(town, TODAY, groups=["G1", "G2", "G4"]) == ["G4"]
    with town.database.reading() as session:
        left = audiences.left_out(session, {"all": True}, on=TODAY)
        narrowed = audiences.left_out(session, {"groups": ["G1", "G4"]}, on=TODAY)
    assert [(one.code, why) for one, why in left] == [("G1", NOT_BEGUN), ("G2", OVER)]
    assert [one.code for one, _ in narrowed] == ["G1"]


def test_a_broadcast_for_tomorrow_is_for_the_groups_of_tomorrow(town: Province) -> None:
    tomorrow = town.broadcast(starts_at=at(TODAY + DAY, 9))
    today = town.broadcast()
    for broadcast, expected in ((tomorrow, "G0 G1 G4 G5"), (today, "G0 G3 G4 G5")):
        frozen = town.get(broadcast).recipients
        assert frozen is not None
        assert " ".join(one["code"] for one in frozen) == expected


def test_a_repeating_one_counts_from_its_first_time_in_vietnam_not_from_the_day_of_greenwich(
    town: Province,
) -> None:
    late = at(TODAY, 23)
    town.clock.now = late
    broadcast = town.broadcast(starts_at=late, repeat="daily 07:00", quiet_ok=True)
    frozen = town.get(broadcast).recipients
    assert frozen is not None
    assert "G1" in [one["code"] for one in frozen], (
        "23:00 in Vietnam is 16:00 UTC: the first time is tomorrow"
    )


def test_the_dry_run_before_approval_shows_who_gets_nothing_and_why(town: Province) -> None:
    draft = town.broadcast(approve=False)
    with town.database.reading() as session:
        planned = planning.plan(session, session.get_one(Broadcast, draft), now=town.clock())
    told = {one.code: one.reason for one in planned}
    assert told == {"G0": None, "G1": NOT_BEGUN, "G2": OVER, "G3": None, "G4": None, "G5": None}


def test_who_ends_after_the_approval_is_shown_and_not_sent_to_nor_dropped(town: Province) -> None:
    broadcast = town.broadcast(starts_at=at(TODAY + DAY, 9))
    change(town, "G4", last_day=TODAY)
    words = "Nhóm đã kết thúc: ngày cuối của nhóm là 24/11/2026."
    with town.database.reading() as session:
        row = session.get_one(Broadcast, broadcast)
        changes = audiences.changes_since_approval(session, row, now=town.clock())
    assert changes == audiences.Changes(outside=(("Nhóm G4", words),))

    town.clock.now = at(TODAY + DAY, 9)
    town.plan()
    town.send_all()

    assert reasons(town, broadcast) == {"G0": None, "G1": None, "G4": words, "G5": None}
    assert town.counts(broadcast) == {S.SENT: 3, S.FAILED: 1}
    with town.database.reading() as session:
        chosen = [line.id for line in delivery_lines.page(session, broadcast) if line.group_code == "G4"]
    with town.database.transaction() as session:
        assert settling.retry(session, broadcast, chosen, officer_id=2, now=town.clock()) == 0
    change(town, "G4", last_day=None)
    with town.database.transaction() as session:
        assert settling.retry(session, broadcast, chosen, officer_id=2, now=town.clock()) == 1


def test_a_group_that_begins_later_is_told_of_as_new_and_gets_nothing_by_itself(town: Province) -> None:
    broadcast = town.broadcast(starts_at=at(TODAY, 10), repeat="daily 10:00")
    town.plan()
    town.send_all()
    with town.database.reading() as session:
        row = session.get_one(Broadcast, broadcast)
        changes = audiences.changes_since_approval(session, row, now=town.clock())
    assert changes.new == ("Nhóm G1",), "the next run is tomorrow"
    assert changes.outside == (("Nhóm G3", "Nhóm đã kết thúc: ngày cuối của nhóm là 24/11/2026."),)


def test_a_message_put_off_by_quiet_hours_is_judged_by_the_day_it_would_go(town: Province) -> None:
    broadcast = town.broadcast(starts_at=at(TODAY, 20))
    town.clock.now = at(TODAY, 21) + timedelta(minutes=15)
    with town.database.reading() as session:
        planned = planning.plan(session, session.get_one(Broadcast, broadcast), now=town.clock())
    (only,) = [one for one in planned if one.code == "G3"]
    assert only.at.astimezone(VIETNAM).date() == TODAY + DAY
    assert only.reason == "Nhóm đã kết thúc: ngày cuối của nhóm là 24/11/2026."


def test_a_pause_past_the_last_day_of_a_group_leaves_it_with_the_reason(town: Province) -> None:
    broadcast = town.broadcast()
    town.plan()
    by(town, 1, broadcast_moves.pause, broadcast)
    town.clock.now = at(TODAY + DAY, 9)
    by(town, 1, broadcast_moves.resume, broadcast)
    town.send_all()
    assert reasons(town, broadcast) == {
        "G0": None,
        "G3": "Nhóm đã kết thúc: ngày cuối của nhóm là 24/11/2026.",
        "G4": None,
        "G5": None,
    }
    assert sorted(zalo for zalo, _ in town.groups.got) == ["z0", "z4", "z5"]


def test_what_follows_a_broadcast_says_why_a_group_of_it_is_left(town: Province) -> None:
    original = town.broadcast()
    town.plan()
    town.send_all()
    change(town, "G5", last_day=TODAY)
    town.clock.now = at(TODAY + DAY, 9)
    follow = town.broadcast(audience={"follows": original}, follows=(original, "withdrawal"))
    town.plan()
    assert reasons(town, follow)["G5"] == "Nhóm đã kết thúc: ngày cuối của nhóm là 24/11/2026."


def test_nobody_is_asked_to_approve_a_broadcast_for_no_group(town: Province) -> None:
    alone = town.broadcast(approve=False, audience={"groups": ["G2"]})
    with pytest.raises(ValueError, match="đã kết thúc: Nhóm G2"):
        by(town, 1, broadcast_moves.propose, alone)
    today_only = town.broadcast(approve=False, audience={"groups": ["G3"]})
    by(town, 1, broadcast_moves.propose, today_only)
    with town.database.reading() as session:
        seen = audiences.mark_of(
            audiences.snapshot(audiences.groups_of(session, {"groups": ["G3"]}, on=TODAY))
        )
    town.clock.now = at(TODAY + DAY, 9)
    with pytest.raises(MoveRefused, match="vừa thay đổi"):
        by(town, 2, broadcast_moves.approve, today_only, seen=seen)
    with pytest.raises(ValueError, match="đã kết thúc: Nhóm G3"):
        by(town, 2, broadcast_moves.approve, today_only)
