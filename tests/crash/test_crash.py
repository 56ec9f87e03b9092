"""What was acknowledged survives kill -9, and has its effects exactly once. The long run: `python -m tests.crash 30`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.harness import Crash

KILLS = 10
"""The program loads for seconds after each."""


@pytest.mark.crash
def test_ten_power_cuts_lose_nothing_and_repeat_nothing(tmp_path: Path):
    counts = Crash(tmp_path, kills=KILLS, seed_of_chance=1).run()
    print(counts.in_words())
    assert counts.kills == KILLS
    assert counts.events_acknowledged > 6 * KILLS
    assert counts.faults == 0
    assert counts.events_lost == 0
    assert counts.events_unhandled == 0
    assert counts.tips_missing == 0
    assert counts.tips_twice == 0
    assert counts.replies_repeated == 0
    assert counts.replies_missing == 0
    assert counts.photos_kept > KILLS
    assert counts.photos_missing == 0
    assert counts.photos_twice == 0
    assert counts.photos_changed == 0
    assert counts.photos_in_clear == 0
    assert counts.chains_broken == 0
    assert counts.replies_sent + counts.replies_unknown > 0
