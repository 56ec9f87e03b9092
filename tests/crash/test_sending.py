"""Broadcasts survive kill -9 at random and at every numbered commit point. The long run: tests.crash.sending."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from tests.crash.deaths import hands
from tests.crash.dying_sender import POINTS
from tests.crash.sending import GROUPS, SendingCrash

KILLS = 15
"""Every point once, the rest at random."""


@pytest.mark.crash
@pytest.mark.processes
def test_killed_at_every_point_no_group_misses_it_and_none_gets_it_twice(database_url: str, tmp_path: Path):
    counts = SendingCrash(database_url, tmp_path, kills=KILLS, chance=1).run()
    print(counts.in_words())
    assert counts.kills == KILLS
    assert counts.deliveries == counts.broadcasts * GROUPS
    assert counts.lost == 0
    assert counts.repeated == 0
    assert counts.called_sent_but_not_there == 0
    assert counts.there_but_called_unsent == 0
    assert set(counts.at_point) == set(POINTS), "every numbered point was met"


def test_of_two_hundred_kills_every_point_gets_sixteen_and_no_broadcast_more_than_it_can_bear():
    dealt = hands(200, random.Random(1))
    met = Counter(death.point for hand in dealt for death in hand)
    assert sum(met.values()) == 200
    assert all(met[point] >= 15 for point in POINTS)
    assert max(map(len, dealt)) <= 15
