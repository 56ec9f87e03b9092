"""How candidates stand to one another: each beside the best of the others."""

from __future__ import annotations

import numpy as np
import pytest

from domain.evidence import FOR_RECORD
from domain.ranking import AGAINST, FOR_RANKING, GAP, SUM, for_ranking


def candidates(*evidence: dict[str, float], sums: list[float] | None = None) -> list[dict[str, float]]:
    """Rows of FOR_RANKING by name; what is not said is 0."""
    numbers = np.array([[one.get(name, 0.0) for name in FOR_RECORD] for one in evidence])
    rows = for_ranking(numbers, np.array(sums or [0.0] * len(evidence))).tolist()
    return [dict(zip(FOR_RANKING, row, strict=True)) for row in rows]


def test_each_candidate_keeps_its_own_numbers_and_sum() -> None:
    found = candidates({"phrase": 0.5}, {"phrase": 0.9}, sums=[2.0, 1.0])
    assert [(one["phrase"], one[SUM]) for one in found] == [(0.5, 2.0), (0.9, 1.0)]


def test_the_best_is_beside_the_second_and_the_others_are_beside_the_best() -> None:
    found = candidates({"phrase": 0.5}, {"phrase": 0.9}, {"phrase": 0.6}, sums=[3.0, 1.0, 0.0])
    assert [one["phrase" + GAP] for one in found] == pytest.approx([-0.4, 0.3, -0.3])
    assert [one[SUM + GAP] for one in found] == [2.0, -2.0, -3.0]


def test_what_speaks_against_is_beside_the_other_that_has_least_of_it() -> None:
    found = candidates({"turn_lost": 1.0}, {"turn_lost": 0.0}, {"turn_lost": 3.0})
    assert [one["turn_lost" + GAP] for one in found] == [1.0, -1.0, 3.0]


def test_two_that_share_the_most_are_level() -> None:
    found = candidates({"centre": 0.7}, {"centre": 0.7}, {"centre": 0.1})
    assert [one["centre" + GAP] for one in found] == pytest.approx([0.0, 0.0, -0.6])


def test_one_alone_is_beside_nothing() -> None:
    (found,) = candidates({"phrase": 0.9, "rare": 1.0}, sums=[4.0])
    assert (found["phrase" + GAP], found["rare" + GAP], found[SUM + GAP]) == (0.9, 1.0, 4.0)


def test_every_number_has_words_for_an_officer_of_its_own() -> None:
    assert set(AGAINST) < set(FOR_RECORD)
    assert len(FOR_RANKING) == 2 * len(FOR_RECORD) + 2
    assert len(set(FOR_RANKING.values())) == len(FOR_RANKING)
