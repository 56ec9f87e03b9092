"""The words of all phrases and the pairs of neighbours among them, numbered, and where they stand (domain/index.py)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np

from domain.postings import Numbers, Places


class Features:
    """The words and pairs of neighbours of all phrases, each with a number: the words first.

    words     word → number
    used      all words of all phrases, one after the other, as numbers; `lengths`: words of each phrase
    columns   (feature, phrase, how often it stands there), by feature and phrase
    kinds     how many words and pairs there are
    """

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        flat = list(chain.from_iterable(texts))
        self.words = {word: number for number, word in enumerate(dict.fromkeys(flat))}
        count = len(self.words)
        self.used = used = np.array([self.words[word] for word in flat], np.int64)
        self.lengths = np.array([len(words) for words in texts], np.int64)
        place = np.repeat(np.arange(len(texts)), self.lengths)
        together = place[1:] == place[:-1]
        word, word_place, word_times = _runs(used, place)
        pair, pair_place, pair_times = _runs((used[:-1] * count + used[1:])[together], place[1:][together])
        new = np.diff(pair, prepend=-1) > 0
        self._keys = np.append(pair[new], np.iinfo(np.int64).max)
        self.kinds = count + int(new.sum())
        self.columns: tuple[Places, Places, Numbers] = (
            np.concatenate([word, np.cumsum(new) - 1 + count]).astype(np.int32),
            np.concatenate([word_place, pair_place]).astype(np.int32),
            np.concatenate([word_times, pair_times]).astype(np.float32),
        )

    def numbers(self, words: Iterable[str], pairs: Iterable[tuple[str, str]]) -> Places:
        """The numbers of words, then of pairs of some of them; -1 for what no phrase has."""
        number = {word: self.words.get(word, -1) for word in words}
        count = len(self.words)
        keys = np.array(
            [
                number[first] * count + number[second] if number[first] >= 0 <= number[second] else -1
                for first, second in pairs
            ],
            np.int64,
        )
        at = np.searchsorted(self._keys, keys)
        return np.concatenate(
            [list(number.values()), np.where(self._keys[at] == keys, at + count, -1)]
        ).astype(np.intp)


def _runs(features: Places, places: Places) -> tuple[Places, Places, Places]:
    """Each feature and place that occur together, in ascending order, and how often they do."""
    size = int(places.max(initial=0)) + 1
    keys, times = np.unique(features * size + places, return_counts=True)
    return keys // size, keys % size, times
