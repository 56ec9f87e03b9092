"""Pilot units beside the rest: compared fairly, within their own old districts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from domain.scores import Z95, UnitFacts, kept, mean_of


@dataclass(frozen=True)
class Compared:
    """Pilots against the rest of their own old districts: difference of mean marks, with 95 %; None: too few answers."""

    pilot_answers: int
    rest_answers: int
    districts: int
    difference: float | None
    low: float | None
    high: float | None


def compare_pilots(facts: Sequence[UnitFacts], *, min_answers: int) -> Compared:
    """Within each old district the mean of the pilots' answers minus the mean of the others'; districts are weighed by
    n₁ n₂ / (n₁ + n₂), so that a district where one side hardly answered says little. Units are taken as they are:
    marks before shrinkage, since shrinkage would pull both sides together.
    """
    parts = []
    pilots = rest = 0
    for district in sorted({one.district for one in facts if one.district}):
        here = [one for one in facts if one.district == district]
        mine = sorted(mark for one in here if one.pilot for mark in one.marks)
        others = sorted(mark for one in here if not one.pilot for mark in one.marks)
        if len(mine) < 2 or len(others) < 2:
            continue
        pilots, rest = pilots + len(mine), rest + len(others)
        weight = len(mine) * len(others) / (len(mine) + len(others))
        doubt = _variance(mine) / len(mine) + _variance(others) / len(others)
        parts.append((weight, mean_of(mine) - mean_of(others), doubt))
    if pilots < min_answers or rest < min_answers:
        return Compared(pilots, rest, len(parts), None, None, None)
    whole = math.fsum(weight for weight, _, _ in parts)
    difference = math.fsum(weight * gap for weight, gap, _ in parts) / whole
    half = Z95 * math.sqrt(math.fsum(weight**2 * doubt for weight, _, doubt in parts)) / whole
    return Compared(
        pilots, rest, len(parts), kept(difference), kept(difference - half), kept(difference + half)
    )


def _variance(values: Sequence[float]) -> float:
    middle = mean_of(values)
    return math.fsum((value - middle) ** 2 for value in values) / (len(values) - 1)
