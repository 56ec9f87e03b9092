"""Do two pictures look alike? By their likeness: 64 bits, one for each spot that is brighter than its right neighbour.

The clean copy's likeness is taken where the copy is drawn (bot/cleaning/pictures.py). A picture that was sent on, made
smaller, compressed or brightened keeps nearly all of its bits; a mirrored or much cropped one does not, and is not found.
"""

from __future__ import annotations

from collections.abc import Iterable

BITS = 64
NEAR_BITS = 8
"""So many bits may differ. Measured on made-up scenes (tests/domain/test_likeness.py): copies of one picture differ in 0
to 6, the nearest of 7,140 pairs of different scenes in 11. Two random likenesses come so near once in 10^9 pairs."""
FLAT_BITS = 6
"""A picture with fewer bits set, or unset, shows next to nothing (night, a wall): it is like every other such one."""


def read(text: str | None) -> int | None:
    """16 hex digits as a number; None for a picture that says too little to be compared, and for what is none."""
    try:
        bits = int(text or "", 16)
    except ValueError:
        return None
    return bits if FLAT_BITS <= bits.bit_count() <= BITS - FLAT_BITS else None


def is_near(one: int, other: int) -> bool:
    """At most NEAR_BITS of the bits differ (Hamming distance)."""
    return (one ^ other).bit_count() <= NEAR_BITS


def is_near_any(one: int | None, others: Iterable[int]) -> bool:
    return one is not None and any(is_near(one, other) for other in others)
