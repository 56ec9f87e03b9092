"""What becomes of a message that did not go through, and when it is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.endings import Ending, ending_of
from domain.broadcasts import DeliveryStatus as S
from domain.errors import (
    QuotaUsedUp,
    SlowDown,
    TryAgainLater,
    Unclear,
    WillNeverWork,
    WindowClosed,
)


@pytest.mark.parametrize(
    ("error", "tries", "state", "wait", "counted"),
    [
        (WindowClosed("…", -230), 1, S.HELD, None, True),
        (Unclear("…"), 1, S.UNKNOWN, None, True),
        (WillNeverWork("…", -201), 1, S.FAILED, None, True),
        (SlowDown("…", -32, timedelta(seconds=50)), 9, S.WAITING, 50, False),
        (TryAgainLater("…"), 1, S.WAITING, 2, True),
        (TryAgainLater("…"), 100, S.WAITING, 1800, True),
        (TryAgainLater("…", -9), 6, S.WAITING, 1800, True),
        (TryAgainLater("…", -9), 7, S.FAILED, None, True),
        (TryAgainLater("…", -200), 2, S.WAITING, 8, True),
        (TryAgainLater("…", -200), 3, S.FAILED, None, True),
        (QuotaUsedUp("…", -211), 1, S.WAITING, 14 * 3600 + 4 * 60 + 50, False),
    ],
)  # fmt: skip
def test_what_becomes_of_a_message(clock, error, tries, state, wait, counted):
    at = None if wait is None else clock.now + timedelta(seconds=wait)
    expected = Ending(state, "…", error.code, at, counted)
    assert ending_of(error, tries, now=clock.now, jitter=0.0) == expected


def test_jitter_only_ever_adds(clock):
    for error in (SlowDown("…", -32), TryAgainLater("…"), QuotaUsedUp("…", -211)):
        without, with_all = (ending_of(error, 1, now=clock.now, jitter=jitter).at for jitter in (0.0, 1.0))
        assert without is not None
        assert with_all is not None
        assert without < with_all < without + timedelta(minutes=6)


@pytest.mark.parametrize(("hour", "minute", "day"), [(16, 59, 24), (17, 4, 24), (17, 5, 25), (23, 0, 25)])
def test_the_allowance_is_asked_for_again_after_midnight_in_vietnam(hour, minute, day):
    now = datetime.fromisoformat(f"2026-11-24T{hour:02}:{minute:02}:00+00:00")
    at = ending_of(QuotaUsedUp("…", -211), 1, now=now, jitter=0.0).at
    assert at == datetime.fromisoformat(f"2026-11-{day}T17:05:00+00:00")
