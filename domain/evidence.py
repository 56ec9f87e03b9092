"""What speaks for a record as the answer to a question, and against it: one row of numbers a candidate.

The numbers mean the same for every record and in a catalogue of any size, so that a few weights (domain/weights.py)
can be learned once and read by a person. Owners whose name starts with OTHERS are kinds of messages that are not
ours: they are never offered, but their likeness says when to be careful.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from domain.index import Index, Likeness
from domain.postings import Numbers, Places
from domain.reading import Reading
from domain.words import Turns

OTHERS = "#"
NEAR = "#near"
CANDIDATES = 20
"""Owners that are looked at closely."""
BEST_PHRASES = 3
ODDS_MAX = 8.0
"""Log odds by words alone count at most this much: a long text is not ten times as sure."""
LEAD_MAX = 5.0
LONG = 40
"""Words from which a question counts as long."""

FOR_RECORD: Mapping[str, str] = {
    "phrase": "câu mẫu giống nhất",
    "phrases": "ba câu mẫu giống nhất",
    "name": "tên gọi giống nhất",
    "model": "giống lời người hay hỏi mục này",
    "centre": "giống cách hỏi chung",
    "official": "giống tên và các cách gọi",
    "letters": "giống từng chữ cái",
    "known": "câu hỏi nằm trong vốn từ",
    "named": "câu hỏi nằm trong tên gọi",
    "body": "câu hỏi nằm trong giấy tờ, các bước",
    "said": "câu mẫu được nói đủ",
    "fuzzy": "so khớp mờ",
    "agrees": "dấu gõ trùng",
    "disagrees": "dấu gõ khác",
    "turn_lost": "ít khi nói động từ được hỏi",
    "turn_lost_best": "câu mẫu thiếu động từ được hỏi",
    "turn_usual": "hay nói động từ không được hỏi",
    "turn_unasked": "câu mẫu có động từ không được hỏi",
    "turn_lost_name": "tên gọi thiếu động từ được hỏi",
    "thing_lost": "ít khi nói tới giấy tờ được hỏi",
    "daily": "người dân hỏi hằng ngày",
    "rare": "ít người hỏi",
}
"""The numbers of a candidate, in order, and what an officer reads for each."""
FOR_DECISION: Mapping[str, str] = {
    "share": "phần điểm của mục đứng đầu",
    "lead": "khoảng cách tới mục thứ hai",
    "score": "điểm của mục đứng đầu",
    "phrase": "câu mẫu giống nhất",
    "phrases": "ba câu mẫu giống nhất",
    "model": "giống lời người hay hỏi mục này",
    "centre": "giống cách hỏi chung",
    "official": "giống tên và các cách gọi",
    "letters": "giống từng chữ cái",
    "known": "câu hỏi nằm trong vốn từ",
    "named": "câu hỏi nằm trong tên gọi",
    "said": "câu mẫu được nói đủ",
    "fuzzy": "so khớp mờ",
    "turns": "động từ không khớp",
    "thing_lost": "không nói tới giấy tờ được hỏi",
    "strange": "từ lạ",
    "length": "độ dài câu hỏi",
    "ours": "từ ngữ về thủ tục",
    "not_rules": "từ ngữ hỏi thủ tục hơn là hỏi mức phạt, luật",
    "near_phrase": "giống câu hỏi về mức phạt, luật",
    "near_centre": "giống chung câu hỏi về mức phạt, luật",
    "other_phrase": "giống tin nhắn ngoài lĩnh vực",
    "other_centre": "giống chung tin nhắn ngoài lĩnh vực",
    "near_gap": "gần câu hỏi về mức phạt, luật hơn",
    "other_gap": "gần tin nhắn ngoài lĩnh vực hơn",
}
"""The numbers that say whether the first candidate may be given as the answer, in order."""
_TAKEN_OVER = (
    "phrase",
    "phrases",
    "model",
    "centre",
    "official",
    "letters",
    "known",
    "named",
    "said",
    "fuzzy",
)


@dataclass(frozen=True)
class Close:
    """A candidate looked at closely.

    phrase      its phrase most like the question
    numbers     FOR_RECORD
    name_said   share of one of its names or aliases that the question says, of the one it says most of
    """

    owner: int
    phrase: int
    numbers: Sequence[float]
    name_said: float


@dataclass(frozen=True)
class Gathered:
    """All that was found of a question. `close`: candidates as found, not yet weighed.

    strange                      share of the question's weight that no phrase has
    near_phrase, near_centre     likeness to questions about fines and rules: the best phrase, all together
    other_phrase, other_centre   the same for messages that are not ours
    """

    close: Sequence[Close]
    length: int
    strange: float
    near_phrase: float
    near_centre: float
    other_phrase: float
    other_centre: float


class Witness:
    """Gathers the evidence. Immutable once built; safe for many threads."""

    def __init__(
        self, index: Index, turns: Turns, named: frozenset[str], priorities: Mapping[str, int]
    ) -> None:
        """`priorities`: owner → 1 asked daily, 2, 3 rare."""
        self._index = index
        self._turns = turns
        starts = np.array([first for first, _ in index.spans], np.int64)
        self._starts = starts
        self._official = np.array([phrase.official for phrase in index.phrases], np.float32)
        texts = [phrase.reading.words for phrase in index.phrases]
        self._phrase_turns = _marked([turns.of(words) for words in texts], turns.count)
        self._turn_share = _shares(self._phrase_turns, starts)
        of_names = self._phrase_turns & (self._official > 0)[:, None]
        self._name_turns = _shares(of_names, starts) > 0
        self._things = {thing: number for number, thing in enumerate(sorted(named))}
        numbers = self._things
        said = [[numbers[word] for word in words if word in numbers] for words in texts]
        self._thing_share = _shares(_marked(said, len(numbers)), starts)
        self._priority = np.array([priorities.get(owner, 2) for owner in index.owners])
        self._ours = np.array([not owner.startswith(OTHERS) for owner in index.owners], bool)
        self._near = np.array([owner == NEAR for owner in index.owners], bool)

    def gather(self, reading: Reading, found: Likeness) -> Gathered:
        """The owners of ours most like the question, at most CANDIDATES, with their evidence."""
        length = len(reading.words)
        if not self._index.phrases:
            return Gathered((), length, found.strange, 0, 0, 0, 0)
        best = np.maximum.reduceat(found.phrases, self._starts)
        names = np.maximum.reduceat(found.phrases * self._official, self._starts)
        worth = np.where(self._ours, found.centre + found.letters + best, -1)
        most = min(CANDIDATES, len(worth))
        first = np.argpartition(-worth, most - 1)[:most]
        first = first[np.lexsort((first, -worth[first]))]
        first = first[worth[first] > 0]
        others = ~self._ours & ~self._near
        return Gathered(
            self._looked_at(first, reading, found, best, names),
            length,
            found.strange,
            near_phrase=_highest(best, self._near),
            near_centre=_highest(found.centre, self._near),
            other_phrase=_highest(best, others),
            other_centre=_highest(found.centre, others),
        )

    def _looked_at(
        self,
        owners: Places,
        reading: Reading,
        found: Likeness,
        best: Numbers,
        names: Numbers,
    ) -> list[Close]:
        """The candidates closely, in the order of `owners`. `best`, `names`: of every owner."""
        if not len(owners):
            return []
        phrases, most = self._best_phrases(owners, found.phrases)
        texts = [self._index.phrases[phrase].reading.text for phrase in phrases.tolist()]
        fuzzy = process.cdist([reading.text], texts, scorer=fuzz.token_set_ratio, dtype=np.float64)[0] / 100
        columns = [
            best[owners],
            most / BEST_PHRASES,
            names[owners],
            found.model[owners],
            found.centre[owners],
            found.official[owners],
            found.letters[owners],
            found.known[owners],
            found.named[owners],
            found.body[owners],
            [self._index.said(phrase, found.weights) for phrase in phrases.tolist()],
            fuzzy,
            found.agrees[owners],
            found.disagrees[owners],
            *self._turned(owners, phrases, reading),
            self._things_lost(owners, reading),
            self._priority[owners] == 1,
            self._priority[owners] == 3,
        ]
        rows = np.array(columns, np.float64).T.tolist()
        said = found.name_said[owners].tolist()
        return [Close(*one) for one in zip(owners.tolist(), phrases.tolist(), rows, said, strict=True)]

    def _best_phrases(self, owners: Places, likeness: Numbers) -> tuple[Places, Numbers]:
        """Of each owner the phrase most like the question, and the likeness of its best few added up."""
        phrases, most = [], []
        for owner in owners.tolist():
            first, end = self._index.spans[owner]
            own = likeness[first:end]
            phrases.append(first + int(own.argmax()))
            most.append(np.sort(own)[-BEST_PHRASES:].sum())
        return np.array(phrases, np.intp), np.array(most, np.float64)

    def _turned(self, owners: Places, phrases: Places, reading: Reading) -> tuple[Numbers, ...]:
        """The numbers of FOR_RECORD that begin with "turn", in their order."""
        (asked,) = _marked([self._turns.of(reading.words)], self._turns.count)
        share, best = self._turn_share[owners], self._phrase_turns[phrases]
        return (
            ((1 - share) * asked).sum(axis=1),
            (asked & ~best).sum(axis=1),
            (share * ~asked).sum(axis=1),
            (best & ~asked).sum(axis=1),
            (asked & ~self._name_turns[owners]).sum(axis=1),
        )

    def _things_lost(self, owners: Places, reading: Reading) -> Numbers:
        """How seldom each owner's people speak of the thing asked about; 0 where the question names none."""
        things = [self._things[word] for word in dict.fromkeys(reading.words) if word in self._things]
        if not things:
            return np.zeros(len(owners))
        lost: Numbers = 1 - self._thing_share[owners][:, things].max(axis=1)
        return lost


def for_decision(
    found: Gathered, ranked: Sequence[Close], scores: Sequence[float], *, ours: float, not_rules: float
) -> list[float]:
    """The numbers of FOR_DECISION.

    ranked, scores    candidates and their weighed evidence, best first, at least one
    ours, not_rules   log odds by the words alone (domain/weights.py: WordOdds)
    """
    first = dict(zip(FOR_RECORD, ranked[0].numbers, strict=True))
    return [
        1 / sum(math.exp(score - scores[0]) for score in scores),
        min(LEAD_MAX, scores[0] - scores[1]) if len(scores) > 1 else LEAD_MAX,
        scores[0],
        *(first[one] for one in _TAKEN_OVER),
        first["turn_lost"] + first["turn_usual"],
        first["thing_lost"],
        found.strange,
        min(1.0, found.length / LONG),
        max(-ODDS_MAX, min(ODDS_MAX, ours)),
        max(-ODDS_MAX, min(ODDS_MAX, not_rules)),
        found.near_phrase,
        found.near_centre,
        found.other_phrase,
        found.other_centre,
        found.near_phrase - first["phrase"] + found.near_centre - first["centre"],
        found.other_phrase - first["phrase"] + found.other_centre - first["centre"],
    ]


def _marked(members: Sequence[Collection[int]], kinds: int) -> NDArray[np.bool_]:
    """A row a set, a column a kind: is it in the set?"""
    found = np.zeros((len(members), kinds), bool)
    rows = np.repeat(np.arange(len(members)), [len(one) for one in members])
    found[rows, np.fromiter(chain.from_iterable(members), np.intp, len(rows))] = True
    return found


def _shares(of_phrases: NDArray[np.bool_], starts: Places) -> Numbers:
    """In which share of each owner's phrases each kind stands; a row an owner. `starts`: the owners' first phrases."""
    if not len(starts):
        return np.zeros((0, of_phrases.shape[1]))
    sizes = np.diff(starts, append=len(of_phrases))
    shares: Numbers = np.add.reduceat(of_phrases, starts, axis=0, dtype=np.int64) / sizes[:, None]
    return shares


def _highest(numbers: Numbers, of: NDArray[np.bool_]) -> float:
    return float(numbers[of].max()) if of.any() else 0.0
