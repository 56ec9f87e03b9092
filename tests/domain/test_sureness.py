"""Trees that say which candidate is wanted, and how sure an answer is."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.knowledge_files import read_weights
from domain.evidence import FOR_DECISION
from domain.sureness import Node, Trees
from tests.domain.catalogue import CONTENT

LEAD_FIRST = ("lead", 1.0, -2.0, ("share", 0.5, 0.5, 3.0, 1.0), -0.5)
NAMES = ("share", "lead")


def trees(*of: object) -> Trees:
    return Trees(NAMES, 0.25, of)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("share", "lead", "log_odds"),
    [(0.9, 1.0, -1.75), (0.5, 1.1, 0.75), (0.51, 1.1, 3.25)],
    ids=["a limit belongs below", "below the second", "above both"],
)
def test_a_tree_is_walked_from_its_first_question_to_an_end(
    share: float, lead: float, log_odds: float
) -> None:
    assert trees(LEAD_FIRST).sum([share, lead]) == pytest.approx(log_odds)


def test_several_trees_add_up() -> None:
    assert trees(LEAD_FIRST, 0.5, LEAD_FIRST).sum([0.9, 5.0]) == pytest.approx(0.25 + 3.0 + 0.5 + 3.0)


@given(st.lists(st.floats(-10, 10), min_size=2, max_size=2))
def test_what_each_number_moved_and_what_is_usual_add_up_to_the_sum(numbers: list[float]) -> None:
    some = trees(LEAD_FIRST, ("share", 0.0, -1.0, 1.0, 0.1))
    assert some.usual + sum(some.parts(numbers).values()) == pytest.approx(some.sum(numbers))


@st.composite
def forks(draw: st.DrawFn, deep: int = 5) -> Node:
    """A tree of at most `deep` questions, often about limits that numbers hit exactly."""
    if deep == 0 or draw(st.booleans()):
        return draw(st.floats(-3, 3))
    sides = (draw(forks(deep - 1)), draw(forks(deep - 1)))
    return (draw(st.sampled_from(NAMES)), draw(st.integers(-3, 3)) / 2, *sides, draw(st.floats(-3, 3)))


def walked(tree: Node, numbers: dict[str, float]) -> float:
    """Where a tree leads, as one would go by hand."""
    while not isinstance(tree, float):
        name, limit, below, above, _ = tree
        tree = below if numbers[name] <= limit else above
    return tree


@given(
    st.lists(forks(), max_size=4),
    st.lists(
        st.tuples(*[st.one_of(st.integers(-3, 3).map(lambda n: n / 2), st.floats(-3, 3))] * 2), max_size=6
    ),
)
def test_many_rows_at_once_get_what_each_tree_says_of_each(
    some: list[Node], rows: list[tuple[float, float]]
) -> None:
    by_hand = [0.25 + sum(walked(tree, dict(zip(NAMES, row, strict=True))) for tree in some) for row in rows]
    found = trees(*some).sums(np.array(rows).reshape(-1, 2))
    assert found.tolist() == pytest.approx(by_hand)
    assert [trees(*some).sum(row) for row in rows] == pytest.approx(by_hand)


@given(st.lists(forks(), max_size=4), st.tuples(st.floats(-3, 3), st.floats(-3, 3)))
def test_the_parts_of_any_trees_add_up(some: list[Node], row: tuple[float, float]) -> None:
    found = trees(*some)
    assert found.usual + sum(found.parts(row).values()) == pytest.approx(found.sum(row))


def test_written_and_read_again_they_are_the_same() -> None:
    some = trees(LEAD_FIRST, 0.5)
    assert Trees.from_json(json.loads(json.dumps(some.to_json())), NAMES) == some


def test_a_question_about_evidence_that_is_not_gathered_is_refused() -> None:
    with pytest.raises(ValueError, match="luck"):
        trees(("luck", 0.5, 0.0, 1.0, 0.5))


@given(st.lists(st.floats(0, 1), min_size=len(FOR_DECISION), max_size=len(FOR_DECISION)), st.floats(0, 5))
def test_a_larger_share_never_makes_the_shipped_trees_less_sure(numbers: list[float], more: float) -> None:
    shipped = read_weights(CONTENT).answer
    assert isinstance(shipped, Trees)
    richer = [numbers[0] + more, *numbers[1:]]
    assert shipped.sum(richer) >= shipped.sum(numbers) - 1e-9
