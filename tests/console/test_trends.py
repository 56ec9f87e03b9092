"""Lines over months: labels that can be read at any number of months."""

from __future__ import annotations

from itertools import pairwise

import pytest

from console.trends import APART, plot


@pytest.mark.parametrize("months", [1, 2, 3, 6, 7, 12])
def test_the_newest_month_is_named_and_no_two_names_run_into_each_other(months: int) -> None:
    drawn = plot([(f"{number}/2026", 50.0, 40.0, 60.0) for number in range(1, months + 1)])
    assert drawn
    named = [point for point in drawn.points if point.marked]

    assert named[-1].label == f"{months}/2026"
    assert all(right.x - left.x >= APART for left, right in pairwise(named))
