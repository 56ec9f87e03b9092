"""What was acknowledged survives kill -9, and has its effects exactly once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.harness import Crash


@pytest.mark.crash
def test_thirty_power_cuts_lose_nothing_and_repeat_nothing(tmp_path: Path):
    counts = Crash(tmp_path, kills=30, seed_of_chance=1).run()
    print(counts.in_words())
    assert counts.kills == 30
    assert counts.events_acknowledged > 200
    assert counts.faults == 0
    assert counts.events_lost == 0
    assert counts.events_unhandled == 0
    assert counts.tips_missing == 0
    assert counts.tips_twice == 0
    assert counts.replies_repeated == 0
    assert counts.replies_missing == 0
    assert counts.photos_kept > 30
    assert counts.photos_missing == 0
    assert counts.photos_twice == 0
    assert counts.photos_changed == 0
    assert counts.photos_in_clear == 0
    assert counts.chains_broken == 0
    assert counts.replies_sent + counts.replies_unknown > 0
