"""Sums over the features of a question: what they add up to, whatever was asked of how many parts."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import postings
from domain.features import Features
from domain.postings import Entries, Pairs, Postings, Wanted

KINDS, PLACES = 6, 5
CELLS = st.dictionaries(
    st.tuples(st.integers(0, KINDS - 1), st.integers(0, PLACES - 1)), st.integers(1, 9), max_size=20
)
ASKED = st.dictionaries(st.integers(-1, KINDS - 1), st.integers(1, 5), max_size=KINDS)
TEXTS = st.lists(st.lists(st.sampled_from(["xe", "may", "cu", "moi"]), max_size=6), max_size=6)


def entries(cells: dict[tuple[int, int], int]) -> Entries:
    rows = sorted((feature, place, weight) for (feature, place), weight in cells.items())
    columns = np.array(rows, np.int64).reshape(-1, 3).T
    return Entries(columns[0], columns[1], columns[2].astype(np.float32))


@given(st.lists(CELLS, min_size=1, max_size=3), ASKED)
def test_each_part_adds_up_the_weights_of_what_is_asked(
    parts: list[dict[tuple[int, int], int]], asked: dict[int, int]
) -> None:
    found = Postings(*map(entries, parts), kinds=KINDS, size=PLACES)
    sums = found.sums(Wanted.of(np.array(list(asked), np.intp), list(asked.values())))
    assert sums.tolist() == [
        [
            sum(cells.get((feature, place), 0) * weight for feature, weight in asked.items())
            for place in range(PLACES)
        ]
        for cells in parts
    ], "what is not known (-1) counts for nothing"


def test_of_a_feature_that_stands_nearly_everywhere_the_heaviest_places_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postings, "POSTINGS_MAX", 2)
    cells = {(0, place): weight for place, weight in enumerate([3, 9, 1, 9, 5])} | {(1, 4): 7}
    found = Postings(entries(cells), kinds=KINDS, size=PLACES)
    assert found.sums(Wanted.of(np.array([0]), [1])).tolist() == [[0, 9, 0, 9, 0]]
    assert found.sums(Wanted.of(np.array([1]), [1])).tolist() == [[0, 0, 0, 0, 7]]


@pytest.mark.parametrize("dense_max", [0, postings.DENSE_MAX], ids=["by sorting", "in one array"])
@given(
    st.lists(st.tuples(st.integers(0, KINDS - 1), st.integers(0, PLACES - 1), st.integers(1, 9)), max_size=30)
)
def test_pairs_stand_once_in_order_and_add_up_their_occurrences(
    dense_max: int, occurrences: list[tuple[int, int, int]]
) -> None:
    columns = np.array(occurrences, np.int64).reshape(-1, 3).T
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postings, "DENSE_MAX", dense_max)
        pairs = Pairs(columns[0], columns[1], size=PLACES)
    expected: dict[tuple[int, int], int] = {}
    for feature, place, weight in sorted(occurrences):
        expected[feature, place] = expected.get((feature, place), 0) + weight
    assert list(zip(pairs.features.tolist(), pairs.places.tolist(), strict=True)) == list(expected)
    assert pairs.sums(columns[2]).tolist() == list(expected.values())


@given(TEXTS)
def test_words_and_pairs_of_neighbours_have_a_number_each_and_stand_where_they_were_said(
    texts: list[list[str]],
) -> None:
    found = Features(texts)
    words = list(dict.fromkeys(word for text in texts for word in text))
    pairs = list(dict.fromkeys((a, b) for text in texts for a, b in pairwise(text)))
    numbers = found.numbers(words, pairs).tolist()
    assert sorted(numbers) == list(range(found.kinds)), "words and pairs, each once, nothing beside"
    assert all(number < len(words) for number in numbers[: len(words)])
    said: dict[tuple[int, int], int] = {}
    of = dict(zip([*words, *pairs], numbers, strict=True))
    for place, text in enumerate(texts):
        for one in [*text, *pairwise(text)]:
            said[of[one], place] = said.get((of[one], place), 0) + 1
    columns = [column.tolist() for column in found.columns]
    assert dict(zip(zip(*columns[:2], strict=True), columns[2], strict=True)) == said
    assert columns[0] == sorted(columns[0])


def test_what_no_phrase_has_is_minus_one() -> None:
    found = Features([["xe", "may"], ["cu"]])
    asked = ["xe", "may", "cu", "nui"]
    pairs = [("xe", "may"), ("may", "xe"), ("may", "cu"), ("xe", "nui")]
    assert found.numbers(asked, pairs).tolist() == [0, 1, 2, -1, 3, -1, -1, -1], "pairs never cross phrases"
    assert Features([]).numbers(asked, pairs).tolist() == [-1] * 8
