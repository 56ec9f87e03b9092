"""Lines over months as geometry for an SVG drawn by a template: no script, no style in the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 440, 200
LEFT, RIGHT, TOP, BOTTOM = 40, 12, 10, 28
LOWEST, HIGHEST = 0.0, 100.0
TICKS = (0, 25, 50, 75, 100)
APART = 84
"""Between two labels that are written: one and a half of the widest, since the outer ones begin or end at their dot."""


@dataclass(frozen=True)
class Point:
    """One month: its label, the value with its interval, where it stands in the picture, and is its label written?"""

    label: str
    value: float
    low: float
    high: float
    x: float
    y: float
    marked: bool


@dataclass(frozen=True)
class Plot:
    """points by month; line and band: `points` of a polyline and a polygon; ticks: (value, y)."""

    points: tuple[Point, ...]
    line: str
    band: str
    ticks: tuple[tuple[int, float], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT


def plot(values: Sequence[tuple[str, float, float, float]]) -> Plot | None:
    """(label, value, low, high) of each month, oldest first, 0 to 100; None when there is nothing to draw."""
    if not values:
        return None
    step = (WIDTH - LEFT - RIGHT) / max(1, len(values) - 1)
    at = [LEFT + step * number for number in range(len(values))] if len(values) > 1 else [WIDTH / 2]
    every = math.ceil(APART / step)
    points = tuple(
        Point(label, value, low, high, round(x, 1), _y(value), (len(values) - 1 - number) % every == 0)
        for number, (x, (label, value, low, high)) in enumerate(zip(at, values, strict=True))
    )
    upper = [f"{one.x},{_y(one.high)}" for one in points]
    lower = [f"{one.x},{_y(one.low)}" for one in reversed(points)]
    return Plot(
        points,
        " ".join(f"{one.x},{one.y}" for one in points),
        " ".join([*upper, *lower]),
        tuple((tick, _y(tick)) for tick in TICKS),
    )


def _y(value: float) -> float:
    share = (min(HIGHEST, max(LOWEST, value)) - LOWEST) / (HIGHEST - LOWEST)
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - share), 1)
