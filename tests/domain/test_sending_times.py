"""When a group may be written to: our quiet hours, Zalo's night by channel, what comes together, how often."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain.broadcasts import VIETNAM, ChannelKind
from domain.sending_times import WEEKLY_CAP, Coming, conflicts, earliest, over_cap


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("channel", "moment", "any_hour", "allowed"),
    [
        (ChannelKind.GMF, at(20, 59), False, at(20, 59)),
        (ChannelKind.GMF, at(21), False, at(6, 30, 25)),
        (ChannelKind.GMF, at(3), False, at(6, 30)),
        (ChannelKind.GMF, at(3), True, at(3)),
        (ChannelKind.OA_PAGE, at(21, 59), True, at(21, 59)),
        (ChannelKind.OA_PAGE, at(22), True, at(6, 0, 25)),
        (ChannelKind.OA_PAGE, at(5, 59), True, at(6)),
        (ChannelKind.OA_PAGE, at(6), True, at(6)),
        (ChannelKind.OA_PAGE, at(23), False, at(6, 30, 25)),
        (ChannelKind.ASSISTED, at(23), True, at(23)),
    ],
)
def test_the_first_moment_a_channel_may_be_used(channel, moment, any_hour, allowed):
    assert earliest(channel, moment, any_hour=any_hour) == allowed


def test_the_last_evening_of_a_month_leads_into_the_next():
    assert earliest(ChannelKind.GMF, at(22, 0, 30), any_hour=False) == datetime(
        2026, 12, 1, 6, 30, tzinfo=VIETNAM
    )


def coming(number: int, minute: int, *groups: str) -> Coming:
    return Coming(number, f"Tin {number}", at(7) + timedelta(minutes=minute), frozenset(groups))


def test_three_within_an_hour_to_one_group_are_a_conflict():
    (found,) = conflicts([coming(1, 0, "A", "B"), coming(2, 30, "A"), coming(3, 59, "A", "C")])
    assert found.titles == ("Tin 1", "Tin 2", "Tin 3")
    assert found.groups == {"A"}
    assert found.in_words() == (
        "3 tin trong một giờ (từ 07:00 ngày 24/11) tới cùng 1 nhóm: Tin 1; Tin 2; Tin 3."
    )


@pytest.mark.parametrize(
    "some",
    [
        [coming(1, 0, "A"), coming(2, 30, "A")],
        [coming(1, 0, "A"), coming(2, 30, "A"), coming(3, 60, "A")],
        [coming(1, 0, "A"), coming(2, 30, "B"), coming(3, 59, "C")],
    ],
)
def test_fewer_later_or_elsewhere_is_none(some):
    assert conflicts(some) == []


def test_the_cap_holds_at_its_number():
    counts = {"A": WEEKLY_CAP, "B": WEEKLY_CAP - 1}
    assert over_cap(counts, ["A", "B", "C"]) == ["A"]
