"""How long people waited: percentiles of a period, without telling of a single case.

The p-th percentile is the nearest rank: of n waits in order, the one at place ⌈p · n / 100⌉. It is a wait that
happened, never one worked out between two; hence a high percentile of few cases would tell of one of them, and is
not shown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from domain.small_numbers import K

LEAST_FOR = {50: K, 90: 10, 95: 20}
"""So many cases a percentile needs: fewer, and it would be one of the few longest waits."""


@dataclass(frozen=True)
class Waits:
    """`count` waits; minutes at each percentile of LEAST_FOR, None where there are too few."""

    count: int
    at: Mapping[int, int | None]


def waits(minutes: Mapping[int, int]) -> Waits:
    """Minutes → how many waited so long. Negative ones (a clock was set back) count as none at all."""
    count = sum(minutes.values())
    ordered = sorted(minutes)
    return Waits(
        count,
        {
            percent: max(_nearest(minutes, ordered, math.ceil(percent * count / 100)), 0)
            if count >= least
            else None
            for percent, least in LEAST_FOR.items()
        },
    )


def _nearest(minutes: Mapping[int, int], ordered: list[int], rank: int) -> int:
    seen = 0
    for value in ordered:
        seen += minutes[value]
        if seen >= rank:
            return value
    return ordered[-1]
