"""Small numbers in statistics: a count below K could point at a person, so it is not shown.

Neither is one that the rest would give away: what is hidden in a row adds up to at least K and is never a single
cell, so that taking the shown ones from the total tells nothing (complementary suppression).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

K = 5
"""Fewer than this many tips are not shown as a number, on no page, chart or map."""
T = TypeVar("T", bound=Hashable)


def protected(
    counts: Mapping[T, int], *, hidden: frozenset[T] = frozenset(), k: int = K
) -> dict[T, int | None]:
    """The same counts with None ("ít, không nêu") where a number would say too much; zero is no secret.

    hidden  what is not shown anyhow, because it is hidden beside another total
    """
    gone = hidden_in({key: count for key, count in counts.items() if count > 0}, hidden, k=k)
    return {key: None if key in gone else count for key, count in counts.items()}


def hidden_in(counts: Mapping[T, int], hidden: frozenset[T] = frozenset(), *, k: int = K) -> frozenset[T]:
    """Which of these positive counts are not shown beside their total; `hidden` already are for another reason."""
    gone = {key for key, count in counts.items() if count < k or key in hidden}
    others = sorted((key for key in counts if key not in gone), key=lambda key: (counts[key], str(key)))
    while gone and others and (len(gone) < 2 or sum(counts[key] for key in gone) < k):
        gone.add(others.pop(0))
    return frozenset(gone)


def protected_total(counts: Mapping[T, int], *, k: int = K) -> int | None:
    """The total, unless it is itself small; None when it would say too much."""
    total = sum(counts.values())
    return None if 0 < total < k else total
