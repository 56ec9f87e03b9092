"""Percentiles of waits by nearest rank, and none that would tell of a single case."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from domain.answering import LEAST_FOR, waits
from domain.heat import GRID_FROM, breaks, shade


def test_the_nearest_rank_is_a_wait_that_happened() -> None:
    told = waits(Counter(range(1, 21)))
    assert told.count == 20
    assert told.at == {50: 10, 90: 18, 95: 19}


def test_a_percentile_of_too_few_is_not_told() -> None:
    assert waits(Counter({5: 4})).at == {50: None, 90: None, 95: None}
    assert waits(Counter({5: 9})).at == {50: 5, 90: None, 95: None}
    assert waits(Counter({5: 19})).at == {50: 5, 90: 5, 95: None}
    assert waits(Counter()).count == 0


@given(st.lists(st.integers(0, 5000), min_size=20, max_size=200))
def test_it_is_what_sorting_everything_gives(minutes: list[int]) -> None:
    told, ordered = waits(Counter(minutes)), sorted(minutes)
    for percent in LEAST_FOR:
        assert told.at[percent] == ordered[-(-percent * len(ordered) // 100) - 1]


@given(st.lists(st.one_of(st.none(), st.integers(0, 500)), max_size=100))
def test_every_number_on_the_map_has_a_shade_and_nothing_has_none(counts: list[int | None]) -> None:
    firsts = breaks(counts)
    assert list(firsts) == sorted(set(firsts))
    assert len(firsts) <= 5
    assert all(1 <= shade(count, firsts) <= 5 for count in counts if count)
    assert shade(0, firsts) == 0


def test_a_square_with_few_tips_has_no_shade() -> None:
    assert shade(4, GRID_FROM) == 0
    assert shade(5, GRID_FROM) == 1
