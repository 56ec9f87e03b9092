"""Where the words of a question occur in the phrases of the catalogue, as numbers that can be added up fast.

A phrase is a name, an alias or a practice question; it belongs to an owner (a family of records, or a kind of
message that is not ours). Words and pairs of words weigh by their rarity. For a question the index says, for every
phrase and every owner at once, how alike they are; numpy adds the numbers up.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from domain.features import Features
from domain.postings import Entries, Numbers, Pairs, Places, Postings, Wanted
from domain.reading import Reading

Feature = TypeVar("Feature", str, tuple[str, str])

COMMON_WEIGHT = 0.3
"""What a word of every question counts, beside 1 for others."""
UNSEEN_RARITY = 9.0
"""The rarity of a word that no phrase has."""
MODEL_PRIOR = 30.0
"""Words and pairs of everybody that are mixed into what an owner's people say."""
GRAMS = (3, 4)
"""Letters of the pieces of words that are compared, the space at both ends included."""
GRAM_CACHE_NUMBERS = 2_000_000
"""How many numbers the cache of words' pieces may hold."""


class Phrase(NamedTuple):
    """One text that speaks of its owner. `official`: a name or an alias, not a practice question."""

    owner: str
    text: str
    reading: Reading
    official: bool


@dataclass(frozen=True)
class Likeness:
    """How alike a question is to everything; arrays over phrases or owners.

    phrases        cosine over words and pairs of words
    name_said      share of a name's weight that the question says, of the owner's name or alias it says most of
    weights        what each word of the question counts
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
    name_said: Numbers
    weights: Mapping[str, float]
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
        self._features = Features([phrase.reading.words for phrase in self.phrases])
        self._build_words(bodies)
        self._build_letters()
        self._build_marked()
        held = max(256, GRAM_CACHE_NUMBERS // max(1, len(self.owners)))
        self._letters_of = lru_cache(maxsize=held)(self._pieces_sum)

    # -- asking ------------------------------------------------------------------------------------------------

    def likeness(self, reading: Reading) -> Likeness:
        """How alike the question is to every phrase and owner; shares and cosines are 0 to 1."""
        words, pairs = _counted(reading.words), _counted(pairwise(reading.words))
        numbers = self._features.numbers(words, pairs)
        wanted = 1 + np.log([*words.values(), *pairs.values()])
        damped = [COMMON_WEIGHT if word in self._common else 1.0 for word in words]
        wanted[: len(words)] *= damped
        weighed = wanted * self._rarity[numbers]
        norm = math.sqrt(weighed @ weighed) or 1.0
        asked = Wanted.of(numbers, weighed / norm)
        single = numbers[: len(words)]
        weight = self._rarity[single] * damped
        shares = weight / (weight.sum() or 1.0)
        (said,) = self._name_words.sums(Wanted.of(single, weight))
        (phrases,) = self._phrases.sums(asked)
        centre, official = self._owner_centres.sums(asked)
        known, named, body = self._owner_words.sums(Wanted.of(single, shares))
        agrees, spelt = self._spelt(dict.fromkeys(reading.marked))
        return Likeness(
            phrases=phrases,
            name_said=self._most(said / self._phrase_weight[self._names]),
            weights=dict(zip(words, weight.tolist(), strict=True)),
            model=self._model_sums(Wanted.of(numbers, wanted)),
            centre=centre,
            official=official,
            letters=self._letters(reading.words),
            known=known,
            named=named,
            body=body,
            agrees=agrees,
            disagrees=np.maximum(spelt - agrees, 0),
            strange=1.0 - float(shares[single >= 0].sum()),
        )

    def said(self, phrase: int, weights: Mapping[str, float]) -> float:
        """Share of a phrase's weight that a question says. `weights`: of the question's words (Likeness)."""
        words = set(self.phrases[phrase].reading.words)
        return sum(weights.get(word, 0.0) for word in words) / float(self._phrase_weight[phrase])

    def _most(self, of_names: Numbers) -> Numbers:
        """Of each owner the highest number among its names; 0 where it has none."""
        highest = np.zeros(len(self.owners))
        np.maximum.at(highest, self._owner_of[self._names], of_names)
        return highest

    def _model_sums(self, wanted: Wanted) -> Numbers:
        total = wanted.weights.sum(dtype=np.float64)
        if not total:
            return np.zeros(len(self.owners), np.float32)
        (added,) = self._model.sums(wanted)
        mean: Numbers = (added / total + self._model_floor).astype(np.float32)
        return mean

    def _spelt(self, marked: Collection[str]) -> Numbers:
        """Shares of the accented words that each owner spells the same; that it has with some accents."""
        both = [*marked, *("^" + word.split("^")[0] for word in marked)]
        numbers = np.array([self._spellings.get(one, -1) for one in both], np.intp)
        return self._marked.sums(Wanted.of(numbers, [1 / max(1, len(marked))] * len(both)))

    # -- building ------------------------------------------------------------------------------------------------

    def _build_words(self, bodies: Mapping[str, Iterable[str]]) -> None:
        feature, place, times = self._features.columns
        kinds, phrases, owners = self._features.kinds, len(self.phrases), len(self.owners)
        owner = self._owner_of[place]
        pairs = Pairs(feature, owner, size=owners)
        rarity = _rarity(feature, pairs, kinds=kinds, phrases=phrases, owners=owners)
        self._rarity = np.append(rarity, np.float32(UNSEEN_RARITY))
        damped = [COMMON_WEIGHT if word in self._common else 1.0 for word in self._features.words]
        counts = rarity.copy()
        counts[: len(damped)] *= np.array(damped, np.float32)
        weight = (1 + np.log(times)) * counts[feature]
        norms = np.sqrt(np.bincount(place, weight * weight, minlength=phrases))
        weight = (weight / np.maximum(norms[place], 1e-9)).astype(np.float32)
        self._phrases = Postings(Entries(feature, place, weight), kinds=kinds, size=phrases)
        is_name = np.array([phrase.official for phrase in self.phrases], bool)
        of_names = is_name[place]
        self._build_model(pairs, pairs.sums(times), kinds, owners)
        official = pairs.sums(np.where(of_names, weight, 0))
        self._owner_centres = Postings(
            _centre(pairs, pairs.sums(np.sqrt(weight)), owners),
            _centre(pairs, official, owners),
            kinds=kinds,
            size=owners,
        )
        is_word = feature < len(damped)
        self._phrase_weight = np.maximum(
            np.bincount(place[is_word], counts[feature[is_word]], minlength=phrases), 1e-9
        )
        self._build_names(is_name, feature[is_word & of_names], place[is_word & of_names])
        word = pairs.features < len(damped)
        self._owner_words = Postings(
            _there(pairs).where(word),
            _there(pairs).where(word & (official > 0)),
            self._body_words(bodies),
            kinds=kinds,
            size=owners,
        )

    def _build_names(self, is_name: NDArray[np.bool_], words: Places, phrases: Places) -> None:
        """Which names and aliases have which words."""
        self._names = np.flatnonzero(is_name)
        number_of = np.cumsum(is_name) - 1
        self._name_words = Postings(
            Entries(words, number_of[phrases], np.ones(len(words), np.float32)),
            kinds=self._features.kinds,
            size=len(self._names),
        )

    def _build_model(self, pairs: Pairs, said: Numbers, kinds: int, owners: int) -> None:
        """A language model for each owner, smoothed by that of all (Dirichlet prior of MODEL_PRIOR words)."""
        among_all = np.bincount(pairs.features, said, minlength=kinds)
        share = among_all / max(1.0, float(among_all.sum()))
        odds = np.log(1 + said / (MODEL_PRIOR * share[pairs.features])).astype(np.float32)
        self._model = Postings(Entries(pairs.features, pairs.places, odds), kinds=kinds, size=owners)
        length = np.bincount(pairs.places, said, minlength=owners)
        self._model_floor = np.log(MODEL_PRIOR / (length + MODEL_PRIOR)).astype(np.float32)

    def _body_words(self, bodies: Mapping[str, Iterable[str]]) -> Entries:
        """Which of the words in use stand in the papers, steps and notes of each owner."""
        numbers = self._features.words
        found = [
            (numbers[word], owner)
            for owner, name in enumerate(self.owners)
            for word in set(bodies.get(name, ()))
            if word in numbers
        ]
        columns = np.array(found, np.int64).reshape(-1, 2)
        return _there(Pairs(columns[:, 0], columns[:, 1], size=len(self.owners)))

    def _build_marked(self) -> None:
        """How each owner spells its words: with which accents, and with any at all."""
        self._spellings: dict[str, int] = {}
        number = self._spellings.setdefault
        spelt: list[list[int]] = []
        bare: list[list[int]] = []
        for first, end in self.spans:
            own = dict.fromkeys(word for phrase in self.phrases[first:end] for word in phrase.reading.marked)
            spelt.append([number(word, len(self._spellings)) for word in own])
            bare.append([number("^" + word.split("^")[0], len(self._spellings)) for word in own])
        owner = np.repeat(np.arange(len(self.owners)), [len(own) for own in spelt])
        self._marked = Postings(
            *(
                _there(Pairs(np.array(list(chain.from_iterable(of)), np.int64), owner, size=len(self.owners)))
                for of in (spelt, bare)
            ),
            kinds=len(self._spellings),
            size=len(self.owners),
        )

    def _build_letters(self) -> None:
        """Pieces of words against owners; the words of a phrase share one unit of length."""
        names, lengths = self._features.words, self._features.lengths
        self._grams: dict[str, int] = {}
        grams_of = [
            [self._grams.setdefault(gram, len(self._grams)) for gram in _grams(word)] for word in names
        ]
        counts = np.array([len(grams) for grams in grams_of], np.int64)
        starts = np.cumsum(counts) - counts
        flat = np.array([gram for grams in grams_of for gram in grams], np.int64)
        share = np.repeat(1 / np.sqrt(np.maximum(lengths, 1)), lengths)
        owners = len(self.owners)
        words = Pairs(self._features.used, np.repeat(self._owner_of, lengths), size=owners)
        repeats = counts[words.features]
        offset = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        gram = flat[np.repeat(starts[words.features], repeats) + offset]
        pairs = Pairs(gram, np.repeat(words.places, repeats), size=owners)
        kinds = len(self._grams)
        rarity = _spread(pairs, kinds, owners)
        self._gram_rarity = np.append(rarity, np.float32(UNSEEN_RARITY))
        weight = rarity[pairs.features] * pairs.sums(np.repeat(words.sums(share), repeats))
        self._pieces = Postings(_centre(pairs, weight, owners), kinds=kinds, size=owners)

    def _letters(self, words: Sequence[str]) -> Numbers:
        if not words:
            return np.zeros(len(self.owners), np.float32)
        found = [self._letters_of(word) for word in words]
        length = math.sqrt(sum(square for _, square in found)) or 1.0
        together: Numbers = np.stack([numbers for numbers, _ in found]).sum(axis=0)
        return together / length

    def _pieces_sum(self, word: str) -> tuple[Numbers, float]:
        """What one word's pieces add to every owner, and the square of their length."""
        numbers = np.array([self._grams.get(gram, -1) for gram in _grams(word)], np.intp)
        weights = self._gram_rarity[numbers].astype(np.float64)
        (added,) = self._pieces.sums(Wanted.of(numbers, weights))
        return added, float(weights @ weights)


def _counted(features: Iterable[Feature]) -> dict[Feature, int]:
    """How often each stands there, in the order of their first."""
    found: dict[Feature, int] = {}
    for feature in features:
        found[feature] = found.get(feature, 0) + 1
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


def _centre(pairs: Pairs, weight: Numbers, owners: int) -> Entries:
    """All phrases of an owner as one direction of length 1."""
    norms = np.sqrt(np.bincount(pairs.places, weight * weight, minlength=owners))
    weight = weight / np.maximum(norms[pairs.places], 1e-9)
    return Entries(pairs.features, pairs.places, weight).where(weight > 0)


def _there(pairs: Pairs) -> Entries:
    """1 where an owner has the feature at all."""
    return Entries(pairs.features, pairs.places, np.ones(len(pairs.features), np.float32))
