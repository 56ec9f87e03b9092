"""What speaks for a record as the answer to a question, and against it: one row of numbers a candidate.

The numbers mean the same for every record and in a catalogue of any size, so that a few weights (domain/weights.py)
can be learned once and read by a person. Owners whose name starts with OTHERS are kinds of messages that are not
ours: they are never offered, but their likeness says when to be careful.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from domain.index import Index, Likeness, Numbers
from domain.reading import Reading
from domain.words import Turns

Key = TypeVar("Key", int, str)

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
        self._named = named
        self._phrase_turns = [turns.of(phrase.reading.words) for phrase in index.phrases]
        self._turn_share: list[dict[int, float]] = []
        self._thing_share: list[dict[str, float]] = []
        self._name_turns: list[frozenset[int]] = []
        for first, end in index.spans:
            own = range(first, end)
            names = [n for n in own if index.phrases[n].official]
            self._turn_share.append(_shares((self._phrase_turns[n] for n in own), end - first))
            self._thing_share.append(
                _shares((named.intersection(index.phrases[n].reading.words) for n in own), end - first)
            )
            self._name_turns.append(frozenset().union(*(self._phrase_turns[n] for n in names)))
        self._priority = [priorities.get(owner, 2) for owner in index.owners]
        starts = np.array([first for first, _ in index.spans], np.int64)
        self._starts = starts
        self._official = np.array([phrase.official for phrase in index.phrases], np.float32)
        self._ours = np.array([not owner.startswith(OTHERS) for owner in index.owners], bool)
        self._near = np.array([owner == NEAR for owner in index.owners], bool)

    def gather(self, reading: Reading, found: Likeness) -> Gathered:
        """The owners of ours most like the question, at most CANDIDATES, with their evidence."""
        length = len(reading.words)
        if not self._index.phrases:
            return Gathered((), length, found.strange, 0, 0, 0, 0)
        best = np.maximum.reduceat(found.phrases, self._starts)
        names = np.maximum.reduceat(found.phrases * self._official, self._starts)
        names_said = np.maximum.reduceat(found.said * self._official, self._starts)
        worth = np.where(self._ours, found.centre + found.letters + best, -1)
        most = min(CANDIDATES, len(worth))
        first = np.argpartition(-worth, most - 1)[:most]
        first = first[np.lexsort((first, -worth[first]))]
        first = first[worth[first] > 0]
        asked = self._turns.of(reading.words)
        things = self._named & set(reading.words)
        likeness = np.stack(
            [
                best[first],
                names[first],
                *(
                    each[first]
                    for each in (
                        found.model,
                        found.centre,
                        found.official,
                        found.letters,
                        found.known,
                        found.named,
                        found.body,
                        found.agrees,
                        found.disagrees,
                    )
                ),
            ],
            axis=1,
        ).tolist()
        others = ~self._ours & ~self._near
        return Gathered(
            [
                self._look(owner, reading, found, numbers, float(names_said[owner]), asked, things)
                for owner, numbers in zip(first.tolist(), likeness, strict=True)
            ],
            length,
            found.strange,
            near_phrase=_highest(best, self._near),
            near_centre=_highest(found.centre, self._near),
            other_phrase=_highest(best, others),
            other_centre=_highest(found.centre, others),
        )

    def _look(
        self,
        owner: int,
        reading: Reading,
        found: Likeness,
        likeness: Sequence[float],
        name_said: float,
        asked: frozenset[int],
        things: frozenset[str] | set[str],
    ) -> Close:
        first, end = self._index.spans[owner]
        own = found.phrases[first:end]
        best = first + int(own.argmax())
        most = own if end - first <= BEST_PHRASES else np.partition(own, -BEST_PHRASES)[-BEST_PHRASES:]
        turns, shares = self._phrase_turns[best], self._turn_share[owner]
        priority = self._priority[owner]
        phrase, name, model, centre, official, letters, known, named, body, agrees, disagrees = likeness
        numbers = (
            phrase,
            float(most.sum()) / BEST_PHRASES,
            name,
            model,
            centre,
            official,
            letters,
            known,
            named,
            body,
            float(found.said[best]),
            fuzz.token_set_ratio(reading.text, self._index.phrases[best].reading.text) / 100,
            agrees,
            disagrees,
            sum(1 - shares.get(turn, 0.0) for turn in asked),
            float(len(asked - turns)),
            sum(share for turn, share in shares.items() if turn not in asked),
            float(len(turns - asked)),
            float(len(asked - self._name_turns[owner])),
            1 - max(self._thing_share[owner].get(thing, 0.0) for thing in things) if things else 0.0,
            float(priority == 1),
            float(priority == 3),
        )
        return Close(owner, best, numbers, name_said)


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


def _shares(sets: Iterable[Iterable[Key]], total: int) -> dict[Key, float]:
    """In which share of the sets each member stands."""
    count = Counter(one for members in sets for one in members)
    return {one: times / total for one, times in count.items()}


def _highest(numbers: Numbers, of: NDArray[np.bool_]) -> float:
    return float(numbers[of].max()) if of.any() else 0.0
