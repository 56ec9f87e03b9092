"""How counts become shades on a map: five steps, and none for what is too few to be told."""

from __future__ import annotations

from collections.abc import Iterable

from domain.small_numbers import K

STEPS = 5
GRID_FROM = (K, 10, 20, 50, 100)
"""A square of a grid tells only between which of these its count lies: beside the exact number of its ward, an exact
square would give away the few tips around it."""


def breaks(counts: Iterable[int | None]) -> tuple[int, ...]:
    """The smallest count of each shade, so that every shade has about as many places; at most STEPS, ascending."""
    known = sorted(count for count in counts if count)
    if not known:
        return ()
    firsts = [known[len(known) * step // STEPS] for step in range(STEPS)]
    return tuple(dict.fromkeys(firsts))


def shade(count: int, firsts: tuple[int, ...]) -> int:
    """1 for the lightest; 0 when the count lies below all of `firsts`."""
    return sum(count >= first for first in firsts)
