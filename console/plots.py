"""Plots as plain SVG, drawn by the server: where each bar stands. `components/plots.html` writes them down.

Every plot has its table beside it with the same numbers; a hidden number (None) is drawn hatched at one fixed length,
so that its size cannot be measured. Colours of series are those of Okabe & Ito (2008), told apart by eyes with any
colour sight; in black and white the order of the legend and the numbers remain.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from console.filters import number

HIDDEN_SHARE = 0.04
"""How long a hidden bar is drawn, as a share of the longest."""
HEIGHT, LEFT, BOTTOM, TOP = 220, 44, 26, 8
"""A plot of columns, in units of its viewBox."""
SIZES = {"narrow": 330, "wide": 720}
"""Each plot is drawn twice, and the style sheet shows the one that fits: scaled down to a phone, the wide one has
letters nobody can read."""
LETTER, BETWEEN = 6.4, 8
"""How wide a letter of a label is drawn, and the least room between two labels."""


@dataclass(frozen=True)
class Row:
    """One thing counted. `count` None: hidden; `href`: the cases behind it."""

    label: str
    count: int | None
    href: str | None = None


@dataclass(frozen=True)
class Bar:
    """A row with the length of its bar, 0–100."""

    row: Row
    length: float


def bars(rows: Sequence[Row]) -> list[Bar]:
    """Lying bars, all on one scale."""
    longest = max((row.count or 0 for row in rows), default=0) or 1
    return [
        Bar(row, round(100 * (HIDDEN_SHARE if row.count is None else row.count / longest), 2)) for row in rows
    ]


@dataclass(frozen=True)
class Series:
    """One colour of a plot; `tone` 1–4 is a colour of the style sheet."""

    label: str
    tone: int
    counts: Sequence[int | None]


@dataclass(frozen=True)
class Piece:
    """A rectangle with the words that are read for it."""

    x: float
    y: float
    width: float
    height: float
    tone: int
    hidden: bool
    words: str


@dataclass(frozen=True)
class Drawing:
    """The columns at one width. `ticks`: (y, number); `marks`: (x, label)."""

    size: str
    width: int
    pieces: Sequence[Piece]
    ticks: Sequence[tuple[float, int]]
    marks: Sequence[tuple[float, str]]
    height: int = HEIGHT
    left: int = LEFT


@dataclass(frozen=True)
class Columns:
    """Standing columns, and what the table below them says."""

    drawings: Sequence[Drawing]
    series: Sequence[Series]
    labels: Sequence[str]

    @property
    def is_empty(self) -> bool:
        """Nothing was counted; a hidden number is something."""
        return all(count == 0 for one in self.series for count in one.counts)


def columns(labels: Sequence[str], series: Sequence[Series], *, hidden_words: str, every: int = 1) -> Columns:
    """Columns side by side over `labels`, the series stacked; every n-th label is written below, or fewer."""
    tallest = max((sum(one.counts[at] or 0 for one in series) for at in range(len(labels))), default=0)
    step = nice_step(tallest)
    top = max(math.ceil(tallest / step), 1) * step
    room, floor = HEIGHT - BOTTOM - TOP, HEIGHT - BOTTOM
    ticks = [(round(floor - room * value / top, 1), value) for value in range(0, top + 1, step)]
    drawings = [
        Drawing(
            size,
            width,
            list(_pieces(labels, series, width=width, top=top, hidden_words=hidden_words)),
            ticks,
            _marks(labels, width=width, every=every),
        )
        for size, width in SIZES.items()
    ]
    return Columns(drawings, series, labels)


def _pieces(
    labels: Sequence[str], series: Sequence[Series], *, width: int, top: int, hidden_words: str
) -> Iterator[Piece]:
    wide = (width - LEFT) / max(len(labels), 1)
    for at, label in enumerate(labels):
        y = float(HEIGHT - BOTTOM)
        for one in series:
            count = one.counts[at]
            tall = (HEIGHT - BOTTOM - TOP) * (HIDDEN_SHARE if count is None else count / top)
            if not tall:
                continue
            y -= tall
            told = f"{label}: {hidden_words if count is None else number(count)}"
            words = f"{told} ({one.label})" if len(series) > 1 else told
            x = LEFT + (at + 0.12) * wide
            yield Piece(
                round(x, 1),
                round(y, 1),
                round(wide * 0.76, 1),
                round(tall, 1),
                one.tone,
                count is None,
                words,
            )


def _marks(labels: Sequence[str], *, width: int, every: int) -> list[tuple[float, str]]:
    """Labels that do not run into each other; none sticks out at the right."""
    wide = (width - LEFT) / max(len(labels), 1)
    longest = max((len(label) for label in labels), default=0) * LETTER
    apart = every * max(math.ceil((longest + BETWEEN) / (wide * every)), 1)
    return [
        (round(min(LEFT + (at + 0.5) * wide, width - (len(label) * LETTER + BETWEEN) / 2), 1), label)
        for at, label in enumerate(labels)
        if at % apart == 0
    ]


def nice_step(most: int) -> int:
    """1, 2 or 5 times a power of ten, so that about four lines stand below `most`."""
    if most <= 4:
        return 1
    size = int(10 ** math.floor(math.log10(most / 4)))
    return next((one * size for one in (1, 2, 5, 10) if one * size * 4 >= most), 10 * size)
