"""The arithmetic of the monthly scores: fair whatever the order, humble with few answers, the same for all."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.score_rules import formulas
from domain.pilots import compare_pilots
from domain.scores import (
    Component,
    Province,
    Share,
    UnitFacts,
    province_of,
    ranked,
    satisfaction,
    score,
    share,
)

FORMULA = formulas()[-1]
marks = st.lists(st.sampled_from([0.0, 25.0, 50.0, 62.5, 75.0, 100.0]), max_size=30)
shares = st.integers(0, 20).flatmap(lambda all_: st.builds(Share, st.integers(0, all_), st.just(all_)))
units = st.lists(
    st.builds(lambda own, taken: UnitFacts("", "", tuple(own), {Component.TAKEN: taken}), marks, shares),
    min_size=1,
    max_size=8,
).map(lambda found: [replace(one, unit_id=f"u{at}") for at, one in enumerate(found)])


def unit(name: str, *own: float, **more: object) -> UnitFacts:
    return UnitFacts(name, name, tuple(own), **more)  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(units, st.randoms(use_true_random=False))
def test_the_order_of_units_and_of_answers_changes_nothing(
    facts: list[UnitFacts], chance: random.Random
) -> None:
    mixed = [replace(one, marks=tuple(chance.sample(one.marks, len(one.marks)))) for one in facts]
    chance.shuffle(mixed)
    assert score(mixed, FORMULA) == score(facts, FORMULA)


@settings(max_examples=60, deadline=None)
@given(units)
def test_every_figure_is_a_mark_inside_its_interval(facts: list[UnitFacts]) -> None:
    for one in score(facts, FORMULA):
        assert 0 <= one.low <= one.total <= one.high <= 100
        for mark in one.marks.values():
            assert 0 <= mark.low <= mark.value <= mark.high <= 100


@given(st.integers(0, 200), st.floats(0, 100), st.floats(100, 900), st.floats(4, 400))
def test_more_answers_of_the_same_kind_are_drawn_less_to_the_province(
    n: int, mean: float, within: float, between: float
) -> None:
    province = Province(60.0, within, between, {}, 1000)
    few = satisfaction([mean] * (n + 1), province)
    more = satisfaction([mean] * (n + 2), province)
    assert few is not None
    assert more is not None
    assert more.pull <= few.pull < 1
    assert abs(more.value - mean) <= abs(few.value - mean) + 1e-3
    assert more.high - more.low <= few.high - few.low + 1e-3


def test_without_answers_a_unit_stands_at_the_mean_of_the_province() -> None:
    facts = [unit("a", *[100.0] * 20), unit("b", *[50.0] * 20), unit("c")]
    found = {one.unit_id: one.marks[Component.SATISFACTION] for one in score(facts, FORMULA)}
    assert (found["c"].n, found["c"].raw, found["c"].value, found["c"].pull) == (0, None, 75.0, 1.0)
    assert found["a"].value > found["c"].value > found["b"].value


def test_three_answers_rank_nobody_and_do_not_pass_those_with_many() -> None:
    facts = [
        unit("few", 100.0, 100.0, 100.0),
        unit("many", *([100.0] * 38 + [50.0] * 2)),
        unit("low", *[50.0] * 40),
    ]
    found = {one.unit_id: one for one in score(facts, FORMULA)}
    assert (found["few"].rank, found["few"].best, found["few"].worst) == (None, None, None)
    assert (found["many"].rank, found["low"].rank) == (1, 2)
    facts[0] = unit("few", *[100.0] * 5)
    found = {one.unit_id: one for one in score(facts, FORMULA)}
    few, many = (found[name].marks[Component.SATISFACTION] for name in ("few", "many"))
    assert few.pull > many.pull
    assert few.high - few.low > many.high - many.low


def test_fewer_than_five_answers_move_the_province_and_not_the_figures_of_their_unit() -> None:
    others = [unit("a", *[75.0] * 20), unit("b", *[50.0] * 20)]
    found = {one.unit_id: one for one in score([*others, unit("few", 0.0, 0.0, 0.0, 0.0)], FORMULA)}
    mark = found["few"].marks[Component.SATISFACTION]
    assert (mark.n, mark.raw, mark.pull) == (0, None, 1.0)
    assert mark.value == pytest.approx(
        province_of([*others, unit("few", 0.0, 0.0, 0.0, 0.0)], FORMULA).mean, abs=1e-3
    )


def test_equal_units_share_a_rank_and_the_next_one_is_counted_on() -> None:
    facts = [
        unit("a", *[75.0] * 12),
        unit("b", *[75.0] * 12),
        unit("c", *[25.0] * 12),
        unit("d", *[100.0] * 12),
    ]
    assert {one.unit_id: one.rank for one in score(facts, FORMULA)} == {"d": 1, "a": 2, "b": 2, "c": 4}


@settings(max_examples=60, deadline=None)
@given(units)
def test_ties_are_symmetrical_and_ranks_agree_with_totals(facts: list[UnitFacts]) -> None:
    done = ranked(score(facts, FORMULA), [one.unit_id for one in facts])
    for one in done:
        assert one.rank is not None
        assert one.best is not None
        assert one.worst is not None
        assert 1 <= one.best <= one.rank <= one.worst <= len(done)
        for other in done:
            assert other.rank is not None
            same = round(one.total, 1) == round(other.total, 1)
            assert (one.rank == other.rank) is same
            assert (one.rank < other.rank) is (round(one.total, 1) > round(other.total, 1))


@given(shares, st.floats(0, 1))
def test_a_share_lies_between_its_own_and_the_provinces(cases: Share, province: float) -> None:
    found = share(cases, province, 10)
    own = cases.good / cases.all if cases.all else province
    assert 100 * min(own, province) - 1e-3 <= found.value <= 100 * max(own, province) + 1e-3
    assert share(Share(cases.good * 2, cases.all * 2), province, 10).pull <= found.pull


def test_what_does_not_apply_to_a_unit_is_left_out_of_its_weights() -> None:
    both = unit(
        "a", *[50.0] * 20, shares={Component.CATALOGUE: Share(10, 10), Component.TAKEN: Share(10, 10)}
    )
    other = unit("b", *[50.0] * 20, shares={Component.TAKEN: Share(10, 10)})
    found = {one.unit_id: one for one in score([both, other], FORMULA)}
    assert Component.CATALOGUE not in found["b"].marks
    assert found["a"].total > found["b"].total > 50


def test_a_month_without_any_answer_still_has_figures_and_ranks_nobody() -> None:
    done = score([unit("a", shares={Component.TAKEN: Share(1, 2)}), unit("b")], FORMULA)
    assert [one.rank for one in done] == [None, None]
    assert province_of([], FORMULA).mean is None


def test_pilots_are_compared_within_their_own_district_only() -> None:
    hard = {"district": "hard"}
    easy = {"district": "easy"}
    facts = [
        unit("p1", *[40.0, 50.0, 60.0] * 4, pilot=True, **hard),
        unit("r1", *[40.0, 50.0, 60.0] * 4, **hard),
        unit("p2", *[80.0, 90.0, 100.0] * 1, pilot=True, **easy),
        unit("r2", *[80.0, 90.0, 100.0] * 40, **easy),
    ]
    found = compare_pilots(facts, min_answers=10)
    assert (found.pilot_answers, found.rest_answers, found.districts) == (15, 132, 2)
    assert found.difference == pytest.approx(0)
    assert found.low is not None
    assert found.low < 0 < (found.high or 0)
    assert compare_pilots(facts[:1], min_answers=10).difference is None
