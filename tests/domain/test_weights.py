"""Learned weights: readable, of today's evidence, learned from today's words and questions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from data.knowledge_files import fingerprint
from domain.evidence import FOR_DECISION, FOR_RECORD
from domain.ranking import FOR_RANKING
from domain.weights import Weights
from tests.domain.catalogue import CONTENT

FILE = CONTENT / "weights.json"


def test_the_shipped_weights_were_learned_from_the_shipped_words_and_questions() -> None:
    said = json.loads(FILE.read_text("utf-8"))["learned_from"]
    assert said == fingerprint(CONTENT), "words or questions changed since: run `make train`"


def test_the_shipped_weights_name_every_piece_of_evidence_and_are_small() -> None:
    row = json.loads(FILE.read_text("utf-8"))
    assert list(row["record"]["weights"]) == list(FOR_RECORD)
    assert list(row["choose"]["weights"]) == list(FOR_DECISION)
    assert FILE.stat().st_size < 300_000


@pytest.mark.parametrize(
    ("part", "names", "questions"), [("ranking", FOR_RANKING, 11), ("answer", FOR_DECISION, 7)]
)
def test_a_tree_of_the_shipped_weights_can_be_read_by_a_person(
    part: str, names: Mapping[str, str], questions: int
) -> None:
    text = FILE.read_text("utf-8")
    for tree in json.loads(text)[part]["trees"]:
        forks = list(_forks(tree))
        assert {name for name, _ in forks} <= set(names)
        assert len(forks) <= questions
        assert f"\n   {json.dumps(tree, ensure_ascii=False)}" in text, "one tree a line"


def test_weights_written_and_read_again_are_the_same() -> None:
    weights = Weights.from_json(json.loads(FILE.read_text("utf-8")))
    assert Weights.from_json(json.loads(json.dumps(weights.to_json()))) == weights


def test_a_weight_of_evidence_that_is_no_longer_gathered_is_refused() -> None:
    row = Weights.plain().to_json()
    row["record"]["weights"]["luck"] = 1.0
    with pytest.raises(ValueError, match="luck"):
        Weights.from_json(row)


def test_trees_that_ask_about_evidence_that_is_no_longer_gathered_are_refused() -> None:
    row = Weights.plain().to_json()
    row["ranking"] = {"constant": 0.0, "trees": [["luck_gap", 0.5, -1.0, 1.0, 0.0]]}
    with pytest.raises(ValueError, match="luck_gap"):
        Weights.from_json(row)


def test_before_anything_is_learned_there_are_no_trees_and_a_file_says_so() -> None:
    row = Weights.plain().to_json()
    assert row["ranking"] is None
    assert Weights.from_json(row) == Weights.plain()
    del row["ranking"]
    with pytest.raises(KeyError, match="ranking"):
        Weights.from_json(row)


def _forks(tree: list[Any] | float) -> Iterator[tuple[str, float]]:
    if isinstance(tree, list):
        name, limit, below, above, _ = tree
        yield name, limit
        yield from _forks(below)
        yield from _forks(above)
