"""Learned weights: readable, of today's evidence, learned from today's words and questions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from data.knowledge_files import fingerprint
from domain.evidence import FOR_DECISION, FOR_RECORD
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
    assert FILE.stat().st_size < 200_000


def test_a_tree_of_the_shipped_weights_can_be_read_by_a_person() -> None:
    for tree in json.loads(FILE.read_text("utf-8"))["answer"]["trees"]:
        forks = list(_forks(tree))
        assert {name for name, _ in forks} <= set(FOR_DECISION)
        assert len(forks) <= 7


def test_weights_written_and_read_again_are_the_same() -> None:
    weights = Weights.from_json(json.loads(FILE.read_text("utf-8")))
    assert Weights.from_json(json.loads(json.dumps(weights.to_json()))) == weights


def test_a_weight_of_evidence_that_is_no_longer_gathered_is_refused() -> None:
    row = Weights.plain().to_json()
    row["record"]["weights"]["luck"] = 1.0
    with pytest.raises(ValueError, match="luck"):
        Weights.from_json(row)


def _forks(tree: list[Any] | float) -> Iterator[tuple[str, float]]:
    if isinstance(tree, list):
        name, limit, below, above, _ = tree
        yield name, limit
        yield from _forks(below)
        yield from _forks(above)
