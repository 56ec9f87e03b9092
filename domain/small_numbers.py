"""Small numbers in statistics: a count below K could point at a person, so it is not shown.

Neither is one that the total would give away: when a single cell of a row is hidden, the next smallest one is
hidden too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

K = 5
"""Fewer than this many tips are not shown as a number, on no page, chart or map."""
T = TypeVar("T")


def protected(counts: Mapping[T, int], *, k: int = K) -> dict[T, int | None]:
    """The same counts with None ("ít hơn 5") where a number would say too much; zero is no secret."""
    small = {key for key, count in counts.items() if 0 < count < k}
    if len(small) == 1:
        others = [key for key, count in counts.items() if key not in small and count > 0]
        if others:
            small.add(min(others, key=lambda key: counts[key]))
    return {key: None if key in small else count for key, count in counts.items()}


def protected_total(counts: Mapping[T, int], *, k: int = K) -> int | None:
    """The total, unless it is itself small; None when it would say too much."""
    total = sum(counts.values())
    return None if 0 < total < k else total
