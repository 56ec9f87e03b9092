"""Ranks records for a question: rare words weigh more, a thing is one thing whatever it is called.

For each record: how alike its best phrase is to the question (cosine over words and pairs of words), how much of
the question it explains, how much of its best phrase the question says, and how close the letters are (rapidfuzz).
The parts were weighed on labelled questions; `python -m bot evaluate FILE` says what they reach.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz, process

from domain.vietnamese import fold, marks_of_words, nfc
from domain.wording import COMMON, OF_THINGS, THINGS, one_word, turns_of

COMMON_WEIGHT = 0.25
PAIR_WEIGHT = 0.6
UNKNOWN_WEIGHT = 5.0
"""A word the catalogue never uses speaks against every record: this much."""
CHAMPIONS = 700
"""Phrases kept for one word, those it says most about: bounds the time in a catalogue of any size."""
RERANKED = 30
WORDS_MAX = 60
"""Words of a question that are read."""
OTHER_MARKS = "~"
"""Behind a word whose accents say that it is not the catalogue's."""
CLOSE_WORD = 86.0
"""rapidfuzz ratio from which an unknown word counts as a misspelt known one."""
PHRASE_PART, COVER_PART, SAID_PART, LETTERS_PART = 0.12, 0.25, 0.48, 0.15
TURN_LOST, TURN_UNASKED = 6.0, 4.0
"""What a record loses for each turn (domain/wording.py) the question says and it does not; and the reverse."""
THING_LOST = 19.0
"""What a record loses that speaks of none of the things the question names."""
PRIORITY_GAIN = {1: 2.0, 2: 1.0}


@dataclass(frozen=True)
class Record:
    """What may be found: `texts` are its name and everything it is called."""

    id: str
    name: str
    family: str
    priority: int
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """A record with its score, 0 to 100, and what the score is made of (shares, 0 to 1)."""

    record: Record
    score: float
    alike: float
    covered: float
    said: float
    letters: float
    turns: tuple[int, int] = (0, 0)


class Index:
    """Records made ready for asking. Immutable once built; safe for many threads."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = list(records)
        self._phrases: list[str] = []
        self._phrase_words: list[frozenset[str]] = []
        self._span: list[tuple[int, int]] = []
        self._owner: list[int] = []
        self._turns: list[frozenset[int]] = []
        self._phrase_turns: list[frozenset[int]] = []
        self._name_turns: list[frozenset[int]] = []
        self._marks: dict[str, set[str]] = defaultdict(set)
        self._words_of: list[frozenset[str]] = []
        counts: list[Counter[str]] = []
        document: Counter[str] = Counter()
        for index, record in enumerate(self._records):
            phrases = list(dict.fromkeys(one_word(fold(nfc(text))) for text in record.texts))
            for text in record.texts:
                for word, marks in marks_of_words(text):
                    self._marks[word].add(marks)
            features = [_features(phrase) for phrase in phrases]
            self._span.append((len(self._phrases), len(self._phrases) + len(phrases)))
            self._phrases += phrases
            self._phrase_words += [frozenset(phrase.split()) for phrase in phrases]
            self._owner += [index] * len(phrases)
            counts += features
            spoken = set().union(*features) if features else set()
            document.update(spoken)
            self._words_of.append(frozenset(word for word in spoken if " " not in word))
            turns = [turns_of(phrase) for phrase in phrases]
            self._phrase_turns += turns
            self._name_turns.append(turns[0])
            self._turns.append(frozenset().union(*turns))
        total = len(self._records)
        self._rarity = {word: math.log((total + 1) / (times + 0.5)) + 0.3 for word, times in document.items()}
        self._known = sorted({word for word in document if " " not in word})
        self._weight_of: list[float] = []
        postings: dict[str, list[tuple[float, int]]] = defaultdict(list)
        for number, features_of in enumerate(counts):
            weights = {word: self._weight(word) for word in features_of}
            norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
            self._weight_of.append(sum(w for word, w in weights.items() if " " not in word) or 1.0)
            for word, weight in weights.items():
                postings[word].append((weight / norm, number))
        self._postings = {word: _champions(found) for word, found in postings.items()}
        self._nearest_word = lru_cache(maxsize=4096)(self._find_nearest_word)

    def rank(self, question: str) -> list[Match]:
        """The best records of different families, best first."""
        words = self._read(question)
        text = " ".join(words)
        weights = {word: self._weight(word) for word in _features(text)}
        single = {word: weight for word, weight in weights.items() if " " not in word}
        unknown = UNKNOWN_WEIGHT * sum(1 for word in single if self._is_strange(word))
        norm = math.sqrt(sum(weight * weight for weight in weights.values()) + unknown) or 1.0
        known = (sum(single.values()) + unknown) or 1.0
        likeness: dict[int, float] = defaultdict(float)
        for word, weight in weights.items():
            for share, number in self._postings.get(word, ()):
                likeness[number] += weight * share
        best: dict[int, float] = {}
        for number, value in likeness.items():
            owner = self._owner[number]
            if value > best.get(owner, 0.0):
                best[owner] = value
        asked, things = turns_of(text), THINGS & single.keys()
        found = []
        for owner in sorted(best, key=lambda one: -best[one])[:RERANKED]:
            record = self._records[owner]
            number, value, said = self._best_phrase(owner, likeness, single, norm)
            covered = sum(w for word, w in single.items() if word in self._words_of[owner]) / known
            phrase = self._phrases[number]
            letters = fuzz.token_set_ratio(text, phrase) / 100
            alike = min(1.0, value / norm)
            lost = len(asked - self._turns[owner])
            unasked = len((self._phrase_turns[number] | self._name_turns[owner]) - asked)
            score = 100 * (
                PHRASE_PART * alike + COVER_PART * covered + SAID_PART * said + LETTERS_PART * letters
            )
            score += PRIORITY_GAIN.get(record.priority, 0.0) - TURN_LOST * lost - TURN_UNASKED * unasked
            if things and not things & self._words_of[owner]:
                score -= THING_LOST
            score = max(0.0, min(100.0, score))
            found.append(Match(record, score, alike, covered, said, letters, (lost, unasked)))
        found.sort(key=lambda match: (-match.score, match.record.priority, match.record.id))
        by_family: dict[str, Match] = {}
        for match in found:
            by_family.setdefault(match.record.family, match)
        return list(by_family.values())

    def _best_phrase(
        self, owner: int, likeness: dict[int, float], single: dict[str, float], norm: float
    ) -> tuple[int, float, float]:
        """The phrase of a record that fits best: its number, likeness, and the share of it the question says."""
        first, end = self._span[owner]
        fits = []
        for number in range(first, end):
            value = likeness.get(number, 0.0)
            if value:
                weight = sum(single.get(word, 0.0) for word in self._phrase_words[number])
                said = weight / self._weight_of[number]
                fits.append((PHRASE_PART * value / norm + SAID_PART * said, number, value, said))
        _, number, value, said = max(fits)
        return number, value, said

    def _weight(self, word: str) -> float:
        weight = self._rarity.get(word, 0.0)
        if word in COMMON:
            return weight * COMMON_WEIGHT
        return weight * PAIR_WEIGHT if " " in word else weight

    def _is_strange(self, word: str) -> bool:
        return word not in self._rarity and word not in COMMON and len(word) > 1

    def _read(self, question: str) -> Sequence[str]:
        """The question as words of the catalogue: a misspelt word becomes the nearest known one.

        Accents are believed where they were typed: "mưa" is not the "mua" of a catalogue that never says "mưa".
        """
        other = {
            word
            for word, marks in marks_of_words(question)
            if marks and word in self._marks and marks not in self._marks[word] and word not in OF_THINGS
        }
        words = one_word(" ".join(fold(nfc(question)).split()[:WORDS_MAX])).split()
        return [self._known_word(word, other) for word in words]

    def _known_word(self, word: str, other: set[str]) -> str:
        if word in other and word not in COMMON:
            return f"{word}{OTHER_MARKS}"
        return self._nearest_word(word) or word if self._is_strange(word) else word

    def _find_nearest_word(self, word: str) -> str | None:
        if len(word) < 5 or word.isdecimal():
            return None
        found = process.extractOne(word, self._known, scorer=fuzz.ratio, score_cutoff=CLOSE_WORD)
        return found[0] if found else None


def _features(words: str) -> Counter[str]:
    """Words and pairs of neighbours."""
    single = words.split()
    return Counter([*single, *(f"{a} {b}" for a, b in pairwise(single))])


def _champions(found: list[tuple[float, int]]) -> list[tuple[float, int]]:
    if len(found) <= CHAMPIONS:
        return found
    return sorted(found, key=lambda one: (-one[0], one[1]))[:CHAMPIONS]
