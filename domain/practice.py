"""Practice questions: written by ourselves the way residents type, with what each of them wants.

They are phrases the index looks in, and what the weights are learned from. data/content/questions/*.jsonl.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, pairwise
from typing import Any

from domain.reading import plain_words, without_keys

IN_USE = 3
"""A word of practice questions is in use when it stands there so many times; a slip is seldomer."""


class Scope(StrEnum):
    """in: the catalogue answers it · near: a police matter that it does not answer · out: not our business."""

    IN = "in"
    NEAR = "near"
    OUT = "out"


@dataclass(frozen=True)
class PracticeQuestion:
    """`labels`: ids of the records wanted, best first; none unless scope is in. `kind`: of what is not ours."""

    question: str
    labels: tuple[str, ...]
    scope: Scope
    kind: str = ""

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> PracticeQuestion:
        labels = tuple(row["labels"])
        scope = Scope(row.get("scope", Scope.IN if labels else Scope.OUT))
        return cls(row["q"], labels, scope, str(row.get("kind", "")))


class InUse:
    """Which words and pairs of neighbours are in use, from official texts and many practice questions."""

    def __init__(self, official: Iterable[Sequence[str]], practice: Iterable[Sequence[str]]) -> None:
        """Each text as its typed words."""
        count: Counter[str] = Counter()
        pairs: set[str] = set()
        for typed in official:
            words = plain_words(typed)
            count.update(words)
            pairs.update(f"{a} {b}" for a, b in pairwise(words))
        of_names = dict(count)
        typed_often = Counter(chain.from_iterable(practice))
        for one, times in typed_often.items():
            for word in plain_words([one]):
                count[word] += times
        self.words = {
            word: times
            for word, times in count.items()
            if word in of_names or (times >= IN_USE and not _keys_left_over(word, count[without_keys(word)]))
        }
        self.pairs = frozenset(pairs)


def _keys_left_over(word: str, otherwise: int) -> bool:
    """Letters that are keys of a Vietnamese keyboard, of a word that is in use without them."""
    return without_keys(word) != word and otherwise >= IN_USE
