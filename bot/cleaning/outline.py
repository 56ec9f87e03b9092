"""The outline of a voice message for its player: how loud it is, bar by bar. Nothing of what is said can be made of it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import av

from domain.media import LOUDEST, PEAKS_MAX

RATE = 4_000
"""Samples a second are enough to see where somebody speaks."""
STEP = RATE // 20
FLOOR = 1_000
"""Of 32,767: a message that is softer all through is drawn soft, not blown up to noise."""


class Outline:
    """Is given the frames as they are played; keeps one number for each 50 ms."""

    def __init__(self) -> None:
        self._resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        self._peaks: list[int] = []
        self._left = b""

    def hear(self, frame: Any) -> None:
        """frame  of any format; None = that was the last one."""
        for part in self._resampler.resample(frame):
            self._left += bytes(part.planes[0])[: part.samples * 2]
        size = STEP * 2
        whole = len(self._left) - len(self._left) % size
        if frame is None:
            whole = len(self._left)
        for start in range(0, whole, size):
            samples = memoryview(self._left[start : min(start + size, whole)]).cast("h")
            self._peaks.append(max(max(samples), -min(samples)))
        self._left = self._left[whole:]

    def bars(self) -> list[int]:
        """At most PEAKS_MAX numbers from 0 to LOUDEST, the loudest moment of each stretch."""
        count = min(PEAKS_MAX, len(self._peaks))
        edges = [len(self._peaks) * number // count for number in range(count + 1)] if count else []
        loudest = max([FLOOR, *self._peaks])
        bars = [max(self._peaks[begin:end]) for begin, end in pairwise(edges)]
        return [round(bar / loudest * LOUDEST) for bar in bars]
