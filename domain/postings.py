"""Where features stand among many places, as columns of numbers: sums over the features of a question in one go.

A feature is a word, a pair of words, a piece of a word; a place is a phrase or its owner (domain/index.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers: TypeAlias = NDArray[Any]
"""Real numbers, one a phrase, an owner or an occurrence."""
Places: TypeAlias = NDArray[Any]
"""Whole numbers that say which feature, phrase or owner."""

DENSE_MAX = 4_000_000
"""Up to so many cells sums are gathered in one array; beyond it by sorting."""
POSTINGS_MAX = 4_000
"""Places kept for one feature: bounds the time of a question in a catalogue of any size."""


class Pairs:
    """Features and places that occur together, each pair once; sums of numbers over the pairs."""

    def __init__(self, features: Places, places: Places, *, size: int) -> None:
        """`features` and `places`: one entry an occurrence; `size`: how many places there are."""
        keys = features.astype(np.int64) * size + places
        top = int(keys.max()) + 1 if len(keys) else 0
        self._where: Places | None = None
        if top <= DENSE_MAX:
            found = np.flatnonzero(np.bincount(keys, minlength=top))
            self._keys, self._top = keys, top
        else:
            found, self._where = np.unique(keys, return_inverse=True)
        self._found = found
        self.features = (found // max(1, size)).astype(np.int32)
        self.places = (found % max(1, size)).astype(np.int32)

    def sums(self, numbers: Numbers) -> Numbers:
        """For each pair the sum over its occurrences."""
        if self._where is None:
            return np.bincount(self._keys, numbers, minlength=self._top)[self._found].astype(np.float32)
        return np.bincount(self._where, numbers, minlength=len(self._found)).astype(np.float32)


class Entries(NamedTuple):
    """Where features stand, one entry an occurrence, in ascending order of the features."""

    features: Places
    places: Places
    weights: Numbers

    def where(self, kept: NDArray[np.bool_]) -> Entries:
        return Entries(*(column[kept] for column in self))

    def bounded(self) -> Entries:
        """Of a feature that stands in very many places only those where it weighs most (POSTINGS_MAX)."""
        kept = np.ones(len(self.features), bool)
        count = np.bincount(self.features)
        for feature in np.flatnonzero(count > POSTINGS_MAX).tolist():
            first, end = np.searchsorted(self.features, (feature, feature + 1))
            kept[first + np.argsort(-self.weights[first:end], kind="stable")[POSTINGS_MAX:]] = False
        return self if kept.all() else self.where(kept)


class Wanted(NamedTuple):
    """The features of a question that are known, each with its own weight."""

    features: Places
    weights: Numbers

    @classmethod
    def of(cls, features: Places, weights: ArrayLike) -> Wanted:
        """`features`: -1 for one that nothing has; it is left out."""
        known = features >= 0
        return cls(features[known], np.asarray(weights, np.float32)[known])


class Postings:
    """For each feature the places where it stands, with a weight: sums over the features of a question."""

    def __init__(self, *parts: Entries, kinds: int, size: int) -> None:
        """`kinds`: how many features there are; `size`: how many places each of the parts has.

        Several parts are asked at the same time, which costs little more than asking one.
        """
        kept = [part.bounded() for part in parts]
        shifted = [part._replace(places=part.places + n * size) for n, part in enumerate(kept)]
        features, places, weights = shifted[0] if len(shifted) == 1 else _merged(shifted)
        self._places = places.astype(np.intp)
        self._weights = weights.astype(np.float32)
        self._first = np.zeros(kinds + 1, np.intp)
        np.cumsum(np.bincount(features, minlength=kinds), out=self._first[1:])
        self._shape = (len(parts), size)

    def sums(self, wanted: Wanted) -> Numbers:
        """A row for each part: for every place the sum of its weights over the features, each times its own weight."""
        parts, size = self._shape
        first = self._first[wanted.features]
        lengths = self._first[wanted.features + 1] - first
        ends = lengths.cumsum()
        if not len(ends):
            return np.zeros(self._shape, np.float32)
        at = np.arange(ends[-1]) + (first - ends + lengths).repeat(lengths)
        weights = self._weights.take(at) * wanted.weights.repeat(lengths)
        added = np.bincount(self._places.take(at), weights, minlength=parts * size)
        return added.astype(np.float32).reshape(self._shape)


def _merged(parts: Sequence[Entries]) -> Entries:
    features, places, weights = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.argsort(features, kind="stable")
    return Entries(features[order], places[order], weights[order])
