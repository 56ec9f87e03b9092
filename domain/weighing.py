"""What the evidence of a question comes to: its candidates in order, and the numbers for the decision.

First a weighed sum of each candidate's evidence (a line) finds the best six; then learned trees, which also see how the
six stand to one another (domain/ranking.py), put them in order. Before anything is learned, the line alone orders them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.evidence import FOR_RECORD, Close, Gathered, for_decision
from domain.explaining import Evidence
from domain.ranking import CANDIDATES_RANKED, FOR_RANKING, GAP, SUM, for_ranking
from domain.reading import Reading
from domain.said import listed, said
from domain.weights import Weights

APART_LEAST, APART_SHOWN = 0.05, 4
"""From how much on a piece of evidence is named as what sets two weighed sums apart, and how many pieces are."""


@dataclass(frozen=True)
class Best:
    """The candidates worth ordering, best first by the line.

    sums      of each the weighed sum of its evidence
    numbers   of each a row (FOR_RANKING)
    """

    close: Sequence[Close]
    sums: NDArray[np.float64]
    numbers: NDArray[np.float64]


@dataclass(frozen=True)
class Weighed:
    """A question with everything that was weighed; `close`, `scores` and `ranking_numbers` best first."""

    reading: Reading
    gathered: Gathered
    close: Sequence[Close]
    scores: Sequence[float]
    ranking_numbers: NDArray[np.float64]
    decision_numbers: Sequence[float]


def best_by_line(weights: Weights, found: Sequence[Close]) -> Best | None:
    """The few to be ordered, out of all that were looked at; None where there are none."""
    if not found:
        return None
    evidence = np.array([one.numbers for one in found])
    sums = weights.added(evidence)
    order = np.lexsort((np.array([one.owner for one in found]), -sums))[:CANDIDATES_RANKED]
    return Best([found[at] for at in order.tolist()], sums[order], for_ranking(evidence[order], sums[order]))


def weigh(weights: Weights, reading: Reading, gathered: Gathered) -> Weighed | None:
    """Everything that speaks for and against the records; None when no record has a word of the question."""
    best = best_by_line(weights, gathered.close)
    if best is None:
        return None
    scores = best.sums if weights.ranking is None else weights.ranking.sums(best.numbers)
    order = np.argsort(-scores, kind="stable").tolist()
    close, ordered = [best.close[at] for at in order], scores[order].tolist()
    numbers = for_decision(
        gathered, close, ordered, ours=weights.ours.of(reading), not_rules=weights.not_rules.of(reading)
    )
    return Weighed(reading, gathered, close, ordered, best.numbers[order], numbers)


def evidence_of(weights: Weights, weighed: Weighed, place: int) -> Iterator[Evidence]:
    """What spoke for the candidate at a place and against it, and how many points (log odds) each piece gave or took.

    The points of a piece are what the trees moved because of it, as it is and beside the others; the last piece is the
    weighed sum of all. With what is usual (domain/sureness.py) they add up to the candidate's score.
    """
    numbers = dict(zip(FOR_RANKING, weighed.ranking_numbers[place].tolist(), strict=True))
    points = _points(weights, numbers)
    for name in (*FOR_RECORD, SUM):
        other = numbers[name] - numbers[name + GAP]
        beside = said("không có mục khác")
        if len(weighed.close) > 1:
            beside = said("mục khác tốt nhất %(other)s", other=f"{other:.2f}")
        if name == SUM and (apart := _apart(weights, weighed, place)):
            pieces = [
                said("%(label)s %(worth)s", label=said(label), worth=f"{worth:+.2f}")
                for label, worth in apart
            ]
            beside = listed([beside, said("chênh ở %(pieces)s", pieces=listed(pieces))], "; ")
        yield Evidence(FOR_RANKING[name], round(numbers[name], 3), points[name], beside)


def _apart(weights: Weights, weighed: Weighed, place: int) -> list[tuple[str, float]]:
    """The weighed evidence that most sets the candidate apart from the one of the others with the largest sum."""
    sums = weighed.ranking_numbers[:, list(FOR_RANKING).index(SUM)].tolist()
    others = [at for at in range(len(sums)) if at != place]
    if not others:
        return []
    apart = weighed.ranking_numbers[place] - weighed.ranking_numbers[max(others, key=sums.__getitem__)]
    worth = [
        (label, weights.record.weights.get(name, 0.0) * gap)
        for (name, label), gap in zip(FOR_RECORD.items(), apart.tolist(), strict=False)
    ]
    telling = [one for one in worth if abs(one[1]) >= APART_LEAST]
    return sorted(telling, key=lambda one: -abs(one[1]))[:APART_SHOWN]


def _points(weights: Weights, numbers: Mapping[str, float]) -> Mapping[str, float]:
    if weights.ranking is None:
        return {SUM: 0.0} | {
            name: weights.record.weights.get(name, 0.0) * numbers[name] for name in FOR_RECORD
        }
    parts = weights.ranking.parts(list(numbers.values()))
    return {name: parts[name] + parts[name + GAP] for name in (*FOR_RECORD, SUM)}
