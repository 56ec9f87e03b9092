"""Where the words of a question occur in the phrases of the catalogue, as numbers that can be added up fast.

A phrase is a name, an alias or a practice question; it belongs to an owner (a family of records, or a kind of
message that is not ours). Words and pairs of words weigh by their rarity. For a question the index says, for every
phrase and every owner at once, how alike they are; numpy adds the numbers up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from domain.reading import Reading

Numbers: TypeAlias = NDArray[Any]
"""Real numbers, one a phrase, an owner or an occurrence."""
Places: TypeAlias = NDArray[Any]
"""Whole numbers that say which feature, phrase or owner."""

COMMON_WEIGHT = 0.3
"""What a word of every question counts, beside 1 for others."""
UNSEEN_RARITY = 9.0
"""The rarity of a word that no phrase has."""
MODEL_PRIOR = 30.0
"""Words and pairs of everybody that are mixed into what an owner's people say."""
GRAMS = (3, 4)
"""Letters of the pieces of words that are compared, the space at both ends included."""
DENSE_MAX = 4_000_000
"""Up to so many cells sums are gathered in one array; beyond it by sorting."""
POSTINGS_MAX = 4_000
"""Places kept for one feature: bounds the time of a question in a catalogue of any size."""
GRAM_CACHE_NUMBERS = 2_000_000
"""How many numbers the cache of words' pieces may hold."""


@dataclass(frozen=True)
class Phrase:
    """One text that speaks of its owner. `official`: a name or an alias, not a practice question."""

    owner: str
    text: str
    reading: Reading
    official: bool


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


class Postings:
    """For each feature the places where it stands, with a weight: sums over the features of a question."""

    def __init__(self, features: Places, places: Places, weights: Numbers, *, kinds: int, size: int) -> None:
        """`kinds`: how many features there are; `size`: how many places.

        Of a feature that stands in very many places only those where it weighs most are kept (POSTINGS_MAX).
        """
        order = (
            np.lexsort((-weights, features))
            if len(features) > POSTINGS_MAX
            else np.argsort(features, kind="stable")
        )
        features = features[order]
        first = np.searchsorted(features, np.arange(kinds + 1))
        if len(features) and np.diff(first).max() > POSTINGS_MAX:
            kept = np.arange(len(features)) - first[features] < POSTINGS_MAX
            order, features = order[kept], features[kept]
            first = np.searchsorted(features, np.arange(kinds + 1))
        self._places = places[order]
        self._weights = weights[order].astype(np.float32)
        self._first = first
        self._size = size

    def sums(self, wanted: Sequence[tuple[int, float]]) -> Numbers:
        """For every place the sum of its weights over the wanted features, each times its own weight."""
        if not wanted:
            return np.zeros(self._size, np.float32)
        features = np.fromiter((feature for feature, _ in wanted), np.int64, len(wanted))
        times = np.fromiter((weight for _, weight in wanted), np.float32, len(wanted))
        first = self._first[features]
        lengths = self._first[features + 1] - first
        at = np.arange(lengths.sum()) + np.repeat(first - np.cumsum(lengths) + lengths, lengths)
        weights = self._weights[at] * np.repeat(times, lengths)
        return np.bincount(self._places[at], weights, minlength=self._size).astype(np.float32)


@dataclass(frozen=True)
class Likeness:
    """How alike a question is to everything; arrays over phrases or owners.

    phrases        cosine over words and pairs of words
    said           share of a phrase's weight that the question says
    model          how likely the owner's people say these words, as a mean log odds; higher is likelier
    centre         cosine with all phrases of an owner together, their weights damped by the square root
    official       cosine with its names and aliases together
    letters        cosine over pieces of words
    known, named   share of the question's weight that the owner's phrases have; that its names and aliases have
    body           the same for papers, steps and notes
    agrees         share of the accented words that the owner's accented phrases spell the same
    disagrees      share that they have, but spell otherwise
    strange        share of the question's weight that no phrase has
    """

    phrases: Numbers
    said: Numbers
    model: Numbers
    centre: Numbers
    official: Numbers
    letters: Numbers
    known: Numbers
    named: Numbers
    body: Numbers
    agrees: Numbers
    disagrees: Numbers
    strange: float


class Index:
    """Phrases made ready for asking. Immutable once built; safe for many threads."""

    def __init__(
        self, phrases: Iterable[Phrase], bodies: Mapping[str, Iterable[str]], common: frozenset[str]
    ) -> None:
        """`bodies`: owner → words of its papers, steps and notes."""
        self.owners: list[str] = []
        self.phrases: list[Phrase] = []
        by_owner: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            by_owner.setdefault(phrase.owner, []).append(phrase)
        self.spans: list[tuple[int, int]] = []
        for owner, own in by_owner.items():
            self.owners.append(owner)
            self.spans.append((len(self.phrases), len(self.phrases) + len(own)))
            self.phrases += own
        self._common = common
        self._owner_of = np.repeat(
            np.arange(len(self.owners), dtype=np.int32), [end - first for first, end in self.spans]
        )
        self._numbers: dict[str, int] = {}
        self._build_words()
        self._build_letters()
        self._build_cover(bodies)
        held = max(256, GRAM_CACHE_NUMBERS // max(1, len(self.owners)))
        self._letters_of = lru_cache(maxsize=held)(self._pieces_sum)

    # -- asking ------------------------------------------------------------------------------------------------

    def likeness(self, reading: Reading) -> Likeness:
        """How alike the question is to every phrase and owner; shares and cosines are 0 to 1."""
        wanted = [
            (self._numbers.get(feature, -1), self._damped(feature) * (1 + math.log(times)))
            for feature, times in _counted(reading.words).items()
        ]
        weighed = [
            (number, weight * float(self._rarity[number]) if number >= 0 else weight * UNSEEN_RARITY)
            for number, weight in wanted
        ]
        norm = math.sqrt(sum(weight * weight for _, weight in weighed)) or 1.0
        asked = [(number, weight / norm) for number, weight in weighed if number >= 0]
        counted = [(number, times) for number, times in wanted if number >= 0]
        single = [(self._numbers.get(word, -1), self.weight(word)) for word in dict.fromkeys(reading.words)]
        total = sum(weight for _, weight in single) or 1.0
        shares = [(number, weight / total) for number, weight in single if number >= 0]
        said = self._phrase_words.sums([(number, weight * total) for number, weight in shares])
        marked = [
            (self._numbers[word], 1 / len(reading.marked)) for word in reading.marked if word in self._numbers
        ]
        bare = [
            (self._numbers[plain], 1 / len(reading.marked))
            for word in reading.marked
            if (plain := "^" + word.split("^")[0]) in self._numbers
        ]
        agrees = self._marked.sums(marked)
        return Likeness(
            phrases=self._phrases.sums(asked),
            said=said / self._phrase_weight,
            model=self._model_sums(counted),
            centre=self._centre.sums(asked),
            official=self._official.sums(asked),
            letters=self._letters(reading.words),
            known=self._known.sums(shares),
            named=self._named.sums(shares),
            body=self._body.sums(shares),
            agrees=agrees,
            disagrees=np.maximum(self._marked.sums(bare) - agrees, 0),
            strange=1.0 - sum(share for _, share in shares),
        )

    def weight(self, word: str) -> float:
        """What one word counts: its rarity, less when it is a word of every question."""
        number = self._numbers.get(word)
        rarity = UNSEEN_RARITY if number is None else float(self._rarity[number])
        return rarity * self._damped(word)

    def has(self, word: str) -> bool:
        return word in self._numbers

    def _damped(self, feature: str) -> float:
        return COMMON_WEIGHT if feature in self._common else 1.0

    def _model_sums(self, counted: Sequence[tuple[int, float]]) -> Numbers:
        total = sum(times for _, times in counted)
        if not total:
            return np.zeros(len(self.owners), np.float32)
        mean: Numbers = self._model.sums(counted) / total + self._model_floor
        return mean

    # -- building ------------------------------------------------------------------------------------------------

    def _build_words(self) -> None:
        feature, place, times = self._features()
        kinds, phrases, owners = len(self._numbers), len(self.phrases), len(self.owners)
        owner = self._owner_of[place]
        pairs = Pairs(feature, owner, size=owners)
        self._rarity = _rarity(feature, pairs, kinds=kinds, phrases=phrases, owners=owners)
        damped = np.array([self._damped(one) for one in self._numbers], np.float32)
        weight = (1 + np.log(times)) * self._rarity[feature] * damped[feature]
        norms = np.sqrt(np.bincount(place, weight * weight, minlength=phrases))
        weight = (weight / np.maximum(norms[place], 1e-9)).astype(np.float32)
        self._phrases = Postings(feature, place, weight, kinds=kinds, size=phrases)
        of_names = np.array([phrase.official for phrase in self.phrases], bool)[place]
        self._build_model(pairs, pairs.sums(times), kinds, owners)
        self._centre = _centre(pairs, pairs.sums(np.sqrt(weight)), kinds, owners)
        official = pairs.sums(np.where(of_names, weight, 0))
        self._official = _centre(pairs, official, kinds, owners)
        is_word = feature < self._words
        words = (self._rarity * damped)[feature[is_word]]
        self._phrase_words = Postings(
            feature[is_word], place[is_word], np.ones(len(words), np.float32), kinds=kinds, size=phrases
        )
        self._phrase_weight = np.maximum(np.bincount(place[is_word], words, minlength=phrases), 1e-9)
        word = pairs.features < self._words
        self._known = _incidence(pairs, word, kinds, owners)
        self._named = _incidence(pairs, word & (official > 0), kinds, owners)

    def _features(self) -> tuple[Places, Places, Numbers]:
        """Numbers the words first, then the pairs; returns (feature, phrase, how often it stands there)."""
        numbers = self._numbers
        for phrase in self.phrases:
            for word in phrase.reading.words:
                if word not in numbers:
                    numbers[word] = len(numbers)
        self._used = used = np.array(
            [numbers[word] for phrase in self.phrases for word in phrase.reading.words], np.int64
        )
        self._lengths = lengths = np.array([len(phrase.reading.words) for phrase in self.phrases], np.int64)
        self._words = words = len(self._numbers)
        place = np.repeat(np.arange(len(self.phrases)), lengths)
        together = place[1:] == place[:-1]
        keys, pair = np.unique((used[:-1] * words + used[1:])[together], return_inverse=True)
        names = list(self._numbers)
        self._numbers.update(
            {f"{names[key // words]} {names[key % words]}": words + n for n, key in enumerate(keys.tolist())}
        )
        feature = np.concatenate([used, pair + words])
        places = np.concatenate([place, place[1:][together]])
        kinds = max(1, len(self._numbers))
        alone, times = np.unique(places * kinds + feature, return_counts=True)
        return (alone % kinds).astype(np.int32), (alone // kinds).astype(np.int32), times.astype(np.float32)

    def _number(self, feature: str) -> int:
        return self._numbers.setdefault(feature, len(self._numbers))

    def _build_model(self, pairs: Pairs, said: Numbers, kinds: int, owners: int) -> None:
        """A language model for each owner, smoothed by that of all (Dirichlet prior of MODEL_PRIOR words)."""
        among_all = np.bincount(pairs.features, said, minlength=kinds)
        share = among_all / max(1.0, float(among_all.sum()))
        odds = np.log(1 + said / (MODEL_PRIOR * share[pairs.features])).astype(np.float32)
        self._model = Postings(pairs.features, pairs.places, odds, kinds=kinds, size=owners)
        length = np.bincount(pairs.places, said, minlength=owners)
        self._model_floor = np.log(MODEL_PRIOR / (length + MODEL_PRIOR)).astype(np.float32)

    def _build_cover(self, bodies: Mapping[str, Iterable[str]]) -> None:
        number_of = {owner: number for number, owner in enumerate(self.owners)}
        numbers = self._numbers
        body = [
            (numbers[word], number_of[owner])
            for owner, words in bodies.items()
            if owner in number_of
            for word in set(words)
            if word in numbers
        ]
        marked = [word for phrase in self.phrases for word in phrase.reading.marked]
        spelt_of = {word: self._number(word) for word in dict.fromkeys(marked)}
        spelt = np.array([spelt_of[word] for word in marked], np.int64)
        bare_of = {word: self._number("^" + word.split("^")[0]) for word in spelt_of}
        bare = np.array([bare_of[word] for word in marked], np.int64)
        owner = np.repeat(self._owner_of, [len(phrase.reading.marked) for phrase in self.phrases])
        kinds, owners = len(numbers), len(self.owners)
        columns = np.array(body, np.int64).reshape(-1, 2)
        self._body = _incidence(Pairs(columns[:, 0], columns[:, 1], size=owners), None, kinds, owners)
        both = Pairs(np.concatenate([spelt, bare]), np.concatenate([owner, owner]), size=owners)
        self._marked = _incidence(both, None, kinds, owners)

    def _build_letters(self) -> None:
        """Pieces of words against owners; the words of a phrase share one unit of length."""
        names = list(self._numbers)[: self._words]
        self._grams: dict[str, int] = {}
        grams_of = [
            [self._grams.setdefault(gram, len(self._grams)) for gram in _grams(word)] for word in names
        ]
        counts = np.array([len(grams) for grams in grams_of], np.int64)
        starts = np.cumsum(counts) - counts
        flat = np.array([gram for grams in grams_of for gram in grams], np.int64)
        share = np.repeat(1 / np.sqrt(np.maximum(self._lengths, 1)), self._lengths)
        owners = len(self.owners)
        words = Pairs(self._used, np.repeat(self._owner_of, self._lengths), size=owners)
        repeats = counts[words.features]
        offset = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        gram = flat[np.repeat(starts[words.features], repeats) + offset]
        pairs = Pairs(gram, np.repeat(words.places, repeats), size=owners)
        kinds = len(self._grams)
        self._gram_rarity = _spread(pairs, kinds, owners)
        weight = self._gram_rarity[pairs.features] * pairs.sums(np.repeat(words.sums(share), repeats))
        self._pieces = _centre(pairs, weight, kinds, owners)

    def _letters(self, words: Sequence[str]) -> Numbers:
        if not words:
            return np.zeros(len(self.owners), np.float32)
        found = [self._letters_of(word) for word in words]
        length = math.sqrt(sum(square for _, square in found)) or 1.0
        together: Numbers = np.stack([numbers for numbers, _ in found]).sum(axis=0)
        return together / length

    def _pieces_sum(self, word: str) -> tuple[Numbers, float]:
        """What one word's pieces add to every owner, and the square of their length."""
        numbers = [self._grams.get(gram, -1) for gram in _grams(word)]
        weighed = [(n, float(self._gram_rarity[n]) if n >= 0 else UNSEEN_RARITY) for n in numbers]
        known = [(number, weight) for number, weight in weighed if number >= 0]
        return self._pieces.sums(known), sum(weight * weight for _, weight in weighed)


def _counted(words: Sequence[str]) -> dict[str, int]:
    """Words and pairs of neighbours, with how often they stand there."""
    found: dict[str, int] = {}
    for word in words:
        found[word] = found.get(word, 0) + 1
    for first, second in pairwise(words):
        pair = f"{first} {second}"
        found[pair] = found.get(pair, 0) + 1
    return found


def _grams(word: str) -> list[str]:
    padded = f" {word} "
    return [padded[at : at + size] for size in GRAMS for at in range(max(1, len(padded) - size + 1))]


def _spread(pairs: Pairs, kinds: int, owners: int) -> Numbers:
    """How few owners have a feature: 1 for all of them, more for few."""
    return (np.log((1 + owners) / (1 + np.bincount(pairs.features, minlength=kinds))) + 1).astype(np.float32)


def _rarity(feature: Places, pairs: Pairs, *, kinds: int, phrases: int, owners: int) -> Numbers:
    """Rarity of each feature: between that among phrases and that among owners."""
    among_phrases = np.log((1 + phrases) / (1 + np.bincount(feature, minlength=kinds))) + 1
    return ((among_phrases + _spread(pairs, kinds, owners)) / 2).astype(np.float32)


def _centre(pairs: Pairs, weight: Numbers, kinds: int, owners: int) -> Postings:
    """All phrases of an owner as one direction of length 1."""
    norms = np.sqrt(np.bincount(pairs.places, weight * weight, minlength=owners))
    weight = weight / np.maximum(norms[pairs.places], 1e-9)
    there = weight > 0
    return Postings(pairs.features[there], pairs.places[there], weight[there], kinds=kinds, size=owners)


def _incidence(pairs: Pairs, where: NDArray[np.bool_] | None, kinds: int, owners: int) -> Postings:
    """1 where an owner has the feature at all; `where`: the pairs that count."""
    features, places = (
        (pairs.features, pairs.places) if where is None else (pairs.features[where], pairs.places[where])
    )
    return Postings(features, places, np.ones(len(features), np.float32), kinds=kinds, size=owners)
