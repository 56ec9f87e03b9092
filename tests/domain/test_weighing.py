"""Candidates are found by a weighed sum and put in order by trees; the points of each piece of evidence add up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.evidence import FOR_RECORD, Close, Gathered
from domain.ranking import CANDIDATES_RANKED, FOR_RANKING, SUM
from domain.reading import Reading
from domain.sureness import Node, Trees
from domain.weighing import Weighed, evidence_of, weigh
from domain.weights import Line, Weights
from tests.domain.catalogue import knowledge, matcher

READING = Reading(("the", "ong"), ())
BY_PHRASE = replace(Weights.plain(), record=Line({"phrase": 1.0}))


def found(*phrases: float, **numbers: float) -> Gathered:
    """Candidates 0, 1, 2 … with so much likeness of a phrase, and other numbers of candidate 0."""
    close = [
        Close(
            owner, 0, [{"phrase": like, **(numbers if owner == 0 else {})}.get(n, 0.0) for n in FOR_RECORD], 0
        )
        for owner, like in enumerate(phrases)
    ]
    return Gathered(close, 2, 0, 0, 0, 0, 0)


def ordered(weights: Weights, gathered: Gathered) -> list[int]:
    weighed = weigh(weights, READING, gathered)
    assert weighed is not None
    assert list(weighed.scores) == sorted(weighed.scores, reverse=True)
    return [one.owner for one in weighed.close]


def with_trees(*trees: Node) -> Weights:
    return replace(BY_PHRASE, ranking=Trees(tuple(FOR_RANKING), -1.0, trees))


def test_without_trees_the_weighed_sum_orders_them_and_the_earlier_owner_comes_first() -> None:
    assert ordered(BY_PHRASE, found(0.1, 0.5, 0.5, 0.3)) == [1, 2, 3, 0]


def test_trees_put_the_best_few_in_another_order_where_the_evidence_beside_the_others_says_so() -> None:
    better_known = ("known_gap", 0.5, -1.0, 1.0, 0.0)
    assert ordered(with_trees(better_known), found(0.3, 0.5, 0.4, known=0.9)) == [0, 1, 2]
    assert ordered(with_trees(better_known), found(0.3, 0.5, 0.4, known=0.4)) == [1, 2, 0]


def test_whoever_is_behind_the_best_few_by_the_sum_is_out_whatever_the_trees_would_say() -> None:
    known = ("known", 0.5, -1.0, 1.0, 0.0)
    crowd = [0.5] * CANDIDATES_RANKED
    assert ordered(with_trees(known), found(0.1, *crowd, known=1.0)) == list(range(1, CANDIDATES_RANKED + 1))


def test_nothing_found_is_nothing_weighed() -> None:
    assert weigh(BY_PHRASE, READING, found()) is None


def points(weights: Weights, weighed: Weighed, place: int) -> dict[str, float]:
    return {piece.label: piece.points for piece in evidence_of(weights, weighed, place)}


def test_a_piece_has_the_points_of_its_number_and_of_its_distance_to_the_others() -> None:
    weights = with_trees(
        ("known", 0.5, -1.0, 1.0, 0.25), ("known_gap", 0.5, -2.0, 2.0, 0.5), ("rare", 0.5, 0.5, -4.0, 0.0)
    )
    weighed = weigh(weights, READING, found(0.5, 0.3, known=0.9))
    assert weighed is not None
    told = points(weights, weighed, 0)
    assert told[FOR_RECORD["known"]] == pytest.approx(0.75 + 1.5)
    assert told[FOR_RECORD["rare"]] == pytest.approx(0.5)
    assert told[FOR_RECORD["phrase"]] == 0.0


def test_each_piece_says_beside_what() -> None:
    weighed = weigh(BY_PHRASE, READING, found(0.5, 0.3, rare=1.0))
    assert weighed is not None
    told = {piece.label: piece.detail for piece in evidence_of(BY_PHRASE, weighed, 0)}
    assert told[FOR_RECORD["phrase"]] == "mục khác tốt nhất 0.30"
    assert told[FOR_RECORD["rare"]] == "mục khác tốt nhất 0.00"
    assert told[FOR_RANKING[SUM]].startswith("mục khác tốt nhất 0.30; chênh ở câu mẫu giống nhất +0.20")


def test_one_alone_is_beside_nothing() -> None:
    alone = weigh(BY_PHRASE, READING, found(0.5))
    assert alone is not None
    assert {piece.detail for piece in evidence_of(BY_PHRASE, alone, 0)} == {"không có mục khác"}


@pytest.mark.parametrize(
    "question",
    [
        "lam lai cccd bi mat",
        "thủ tục nhập khẩu cho vợ mới cưới",
        "xe cũ mua lại chưa sang tên",
        "đổi giấy tờ",
    ],
)
def test_the_pieces_of_the_shipped_trees_and_what_is_usual_add_up_to_the_score(question: str) -> None:
    weights, weighed = knowledge().weights, matcher().weigh(question)
    assert weights.ranking is not None
    assert weighed is not None
    assert len(weighed.close) == CANDIDATES_RANKED
    for place, score in enumerate(weighed.scores):
        assert weights.ranking.usual + sum(points(weights, weighed, place).values()) == pytest.approx(score)


def test_before_anything_is_learned_the_pieces_of_the_sum_add_up_too() -> None:
    weights = Weights.plain()
    weighed = weigh(weights, READING, found(0.5, 0.3, known=0.9))
    assert weighed is not None
    for place, score in enumerate(weighed.scores):
        assert sum(points(weights, weighed, place).values()) == pytest.approx(score)
