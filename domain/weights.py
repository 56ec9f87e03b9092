"""What was learned from practice questions: a few dozen weights, small trees and word lists that a person can read.

Kept as data/content/weights.json, written by `make train` (bench/train.py), never by hand.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.evidence import FOR_DECISION, FOR_RECORD
from domain.ranking import FOR_RANKING
from domain.reading import Reading
from domain.sureness import Trees


@dataclass(frozen=True)
class Line:
    """A weighed sum: one weight for each of `names`, and a constant."""

    weights: Mapping[str, float]
    constant: float = 0.0

    def sum(self, names: Sequence[str], numbers: Sequence[float]) -> float:
        return self.constant + sum(
            self.weights.get(name, 0.0) * number for name, number in zip(names, numbers, strict=True)
        )

    def sums(self, names: Sequence[str], rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The same of several rows at once; equal rows get equal sums to the last digit."""
        added: NDArray[np.float64] = (rows * [self.weights.get(name, 0.0) for name in names]).sum(axis=1)
        return added + self.constant

    def to_json(self) -> dict[str, Any]:
        return {"constant": self.constant, "weights": dict(self.weights)}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Line:
        return cls(dict(row["weights"]), float(row["constant"]))


@dataclass(frozen=True)
class WordOdds:
    """How strongly words and pairs of neighbours speak for our business, and against it (log odds)."""

    odds: Mapping[str, float] = field(default_factory=dict)
    constant: float = 0.0

    def of(self, reading: Reading) -> float:
        words = reading.words
        features = {*words, *(f"{a} {b}" for a, b in itertools.pairwise(words))}
        return self.constant + sum(self.odds.get(feature, 0.0) for feature in features)

    def strongest(self, reading: Reading, most: int = 3) -> list[str]:
        """The words of a text that speak most against our business."""
        words = reading.words
        features = {*words, *(f"{a} {b}" for a, b in itertools.pairwise(words))}
        against = sorted((self.odds[one], one) for one in features if self.odds.get(one, 0.0) < 0)
        return [one for _, one in against[:most]]


@dataclass(frozen=True)
class Weights:
    """
    record        evidence of a candidate (FOR_RECORD) → a weighed sum, by which the best few are found
    ranking       the same and how it stands beside the others' (FOR_RANKING) → log odds that the candidate is wanted,
                  its score; None before it is learned: the weighed sum is the score
    answer        evidence for the decision (FOR_DECISION) → log odds that the first candidate is what is wanted:
                  trees when learned, a plain sum before
    choose        the same → log odds that one of the first three is
    ours          words of procedures against words of messages that are not ours
    not_rules     words of procedures against words of questions about fines and rules
    answer_from, choose_from   least share (0 to 1) from which we answer, from which we ask back
    """

    record: Line
    ranking: Trees | None
    answer: Line | Trees
    choose: Line
    ours: WordOdds
    not_rules: WordOdds
    answer_from: float
    choose_from: float

    @classmethod
    def plain(cls) -> Weights:
        """Before anything was learned: all alike. For tests of small catalogues and the first training."""
        record = {"phrase": 4.0, "name": 4.0, "known": 2.0, "said": 2.0, "fuzzy": 2.0, "thing_lost": -2.0}
        decision = {"share": 6.0, "known": 2.0, "phrase": 1.0}
        return cls(
            Line(record),
            None,
            Line(decision, -6.0),
            Line(decision, -4.0),
            WordOdds(),
            WordOdds(),
            answer_from=0.6,
            choose_from=0.3,
        )

    def added(self, evidence: NDArray[np.float64]) -> NDArray[np.float64]:
        """The weighed sums of candidates' evidence, one row a candidate (FOR_RECORD)."""
        return self.record.sums(tuple(FOR_RECORD), evidence)

    def sureness(self, numbers: Sequence[float]) -> tuple[float, float]:
        """Log odds that the first candidate is wanted, and that one of the first three is (FOR_DECISION)."""
        names = tuple(FOR_DECISION)
        if isinstance(self.answer, Trees):
            return self.answer.sum(numbers), self.choose.sum(names, numbers)
        return self.answer.sum(names, numbers), self.choose.sum(names, numbers)

    def to_json(self) -> dict[str, Any]:
        return {
            "record": self.record.to_json(),
            "ranking": None if self.ranking is None else self.ranking.to_json(),
            "answer": self.answer.to_json(),
            "choose": self.choose.to_json(),
            "answer_from": self.answer_from,
            "choose_from": self.choose_from,
            "ours": {"constant": self.ours.constant, "odds": dict(self.ours.odds)},
            "not_rules": {"constant": self.not_rules.constant, "odds": dict(self.not_rules.odds)},
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Weights:
        """Raises KeyError when a part is missing, ValueError when a name is not one of today's evidence."""
        strange = [
            name
            for part, names in (("record", FOR_RECORD), ("answer", FOR_DECISION), ("choose", FOR_DECISION))
            for name in row[part].get("weights", ())
            if name not in names
        ]
        if strange:
            raise ValueError(f"weights of evidence that is no longer gathered: {', '.join(strange)}")
        return cls(
            record=Line.from_json(row["record"]),
            ranking=None if row["ranking"] is None else Trees.from_json(row["ranking"], tuple(FOR_RANKING)),
            answer=_answer(row["answer"]),
            choose=Line.from_json(row["choose"]),
            ours=WordOdds(row["ours"]["odds"], float(row["ours"]["constant"])),
            not_rules=WordOdds(row["not_rules"]["odds"], float(row["not_rules"]["constant"])),
            answer_from=float(row["answer_from"]),
            choose_from=float(row["choose_from"]),
        )


def _answer(row: Mapping[str, Any]) -> Line | Trees:
    return Trees.from_json(row, tuple(FOR_DECISION)) if "trees" in row else Line.from_json(row)
