"""Monthly scores of units: how the figures of a month become marks, intervals and ranks. Arithmetic only.

A unit with few cases says little about itself, so every component is drawn towards the mean of the province: the
fewer the cases, the more (docs/decisions/0023 writes the formulas out). Nobody is ranked on fewer survey answers
than the formula says. All marks are 0 to 100; intervals hold 95 %.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.surveys import SHOWN_FROM

Z95 = 1.959964
DIGITS = 4
"""Figures are rounded to so many digits when they are kept, so that they come out the same anywhere."""
SHOWN_DIGITS = 1
"""Ranks compare what people see: two totals equal to one digit are a tie."""


class Component(StrEnum):
    SATISFACTION = "satisfaction"
    TAKEN = "taken"
    CLOSED = "closed"
    SETTLED = "settled"
    COMPLAINTS = "complaints"
    POSTED = "posted"
    CATALOGUE = "catalogue"


LABELS: Mapping[Component, str] = {
    Component.SATISFACTION: "Mức hài lòng của người dân",
    Component.TAKEN: "Tiếp nhận tin báo đúng hạn",
    Component.CLOSED: "Giải quyết tin báo đúng hạn",
    Component.SETTLED: "Tin báo không phải mở lại",
    Component.COMPLAINTS: "Phản ánh trả lời đúng hạn",
    Component.POSTED: "Đăng tin vào nhóm Zalo đúng hạn",
    Component.CATALOGUE: "Thủ tục được rà soát đúng hạn",
}
SHARES = tuple(one for one in Component if one is not Component.SATISFACTION)


@dataclass(frozen=True)
class Formula:
    """How months are scored from `valid_from` on; the words of data/content/scores/formulas.toml."""

    key: str
    valid_from: date
    weights: Mapping[Component, float]
    min_answers: int
    min_spread: float
    min_between: float
    prior_size: float
    post_hours: int
    care_months: int
    freeze_day: int
    care_units: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Share:
    """`good` of `all` cases."""

    good: int = 0
    all: int = 0


@dataclass(frozen=True)
class UnitFacts:
    """What is counted of one unit in one month.

    marks      the marks of the survey answers that count, in any order
    shares     component → cases; a component that does not apply to the unit is not there
    ranked     belongs to those that are compared (communes); the province's own desk is shown beside them
    cases      component → what an officer of the unit may open to see why (codes of late tips, receipts …)
    heads      row numbers of the officers who head it at the end of the month
    """

    unit_id: str
    name: str
    marks: tuple[float, ...] = ()
    shares: Mapping[Component, Share] = field(default_factory=dict)
    ranked: bool = True
    cases: Mapping[Component, tuple[str, ...]] = field(default_factory=dict)
    heads: tuple[int, ...] = ()
    pilot: bool = False
    district: str = ""


@dataclass(frozen=True)
class Mark:
    """One component of one unit.

    n        cases of its own            raw        its own mean; None without cases
    value    after drawing towards the province, with low and high around it
    pull     how much of `value` is the province's: 0 none, 1 all
    """

    n: int
    raw: float | None
    value: float
    low: float
    high: float
    pull: float


@dataclass(frozen=True)
class UnitScore:
    """A unit's month. rank None: not enough answers ("không đủ dữ liệu"), or not among those compared.

    best, worst  the ranks that its interval leaves open, compared with the intervals of the others
    """

    unit_id: str
    marks: Mapping[Component, Mark]
    total: float
    low: float
    high: float
    rank: int | None = None
    best: int | None = None
    worst: int | None = None


@dataclass(frozen=True)
class Province:
    """The province beside the units: mean and variances of answers (points²), and the share of each component."""

    mean: float | None
    within: float
    between: float
    shares: Mapping[Component, float]
    answers: int


# ---- the province ---------------------------------------------------------------------------------------------------


def province_of(facts: Sequence[UnitFacts], formula: Formula) -> Province:
    """Mean of all answers; spread of answers within units (pooled) and of units among themselves (moments).

    within   σ² = Σ Σ (x − x̄ᵤ)² / (N − k), at least min_spread²
    between  τ² = (Σ nᵤ (x̄ᵤ − x̄)² − (k − 1) σ²) / (N − Σ nᵤ² / N), at least min_between²
    """
    groups = [sorted(one.marks) for one in facts if one.marks]
    count = sum(len(marks) for marks in groups)
    mean = math.fsum(mark for marks in groups for mark in marks) / count if count else None
    floor = formula.min_spread**2
    within, between = floor, formula.min_between**2
    if mean is not None and count > len(groups):
        around = math.fsum((mark - mean_of(marks)) ** 2 for marks in groups for mark in marks)
        within = max(floor, around / (count - len(groups)))
    if mean is not None and len(groups) > 1:
        spread = math.fsum(len(marks) * (mean_of(marks) - mean) ** 2 for marks in groups)
        scale = count - math.fsum(len(marks) ** 2 for marks in groups) / count
        if scale > 0:
            between = max(between, (spread - (len(groups) - 1) * within) / scale)
    shares: dict[Component, float] = {}
    for component in SHARES:
        cases = [one.shares[component] for one in facts if component in one.shares]
        if total := sum(share.all for share in cases):
            shares[component] = sum(share.good for share in cases) / total
    return Province(mean, within, between, shares, count)


# ---- one component --------------------------------------------------------------------------------------------------


def satisfaction(marks: Iterable[float], province: Province) -> Mark | None:
    """Normal shrinkage: value = pull · mean of the province + (1 − pull) · own mean, pull = σ² / (σ² + n τ²).

    The interval is that of the posterior, whose variance is σ² τ² / (σ² + n τ²); the doubt about the mean of the
    province itself, small beside it, is left out. None when nobody in the province answered.
    """
    own = sorted(marks)
    if province.mean is None:
        return None
    n = len(own)
    pull = province.within / (province.within + n * province.between)
    raw = mean_of(own) if own else None
    value = province.mean if raw is None else pull * province.mean + (1 - pull) * raw
    spread = math.sqrt(province.between * pull)
    return _mark(n, raw, value, spread, pull)


def share(cases: Share, province_share: float, prior_size: float) -> Mark:
    """Beta-binomial shrinkage, in percent: (good + prior_size · p) / (all + prior_size), p the province's share."""
    size = cases.all + prior_size
    good = cases.good + prior_size * province_share
    mean = good / size
    spread = math.sqrt(max(0.0, mean * (1 - mean)) / (size + 1))
    raw = 100 * cases.good / cases.all if cases.all else None
    return _mark(cases.all, raw, 100 * mean, 100 * spread, prior_size / size)


def _mark(n: int, raw: float | None, value: float, spread: float, pull: float) -> Mark:
    half = Z95 * spread
    return Mark(
        n,
        None if raw is None else kept(raw),
        kept(value),
        kept(max(0.0, value - half)),
        kept(min(100.0, value + half)),
        kept(pull),
    )


# ---- units and ranks ------------------------------------------------------------------------------------------------


def score(facts: Sequence[UnitFacts], formula: Formula) -> tuple[UnitScore, ...]:
    """The scores of a month, by unit id. The order of the facts, and of the marks within them, does not matter.

    Fewer than SHOWN_FROM answers count for the province only: from a mark of the unit one could work out what they said.
    """
    province = province_of(facts, formula)
    scored = [_one(one, formula, province) for one in sorted(facts, key=lambda one: one.unit_id)]
    compared = {one.unit_id for one in facts if one.ranked and len(one.marks) >= formula.min_answers}
    return ranked(scored, compared)


def _one(facts: UnitFacts, formula: Formula, province: Province) -> UnitScore:
    marks: dict[Component, Mark] = {}
    own = facts.marks if len(facts.marks) >= SHOWN_FROM else ()
    if (found := satisfaction(own, province)) is not None:
        marks[Component.SATISFACTION] = found
    for component in SHARES:
        if component in facts.shares and component in province.shares:
            marks[component] = share(facts.shares[component], province.shares[component], formula.prior_size)
    weights = {component: formula.weights.get(component, 0.0) for component in marks}
    whole = math.fsum(weights.values())
    if not whole:
        return UnitScore(facts.unit_id, marks, 0.0, 0.0, 0.0)
    parts = {component: weight / whole for component, weight in weights.items()}
    total = math.fsum(parts[one] * mark.value for one, mark in marks.items())
    spread = math.sqrt(
        math.fsum((parts[one] * (mark.high - mark.low) / (2 * Z95)) ** 2 for one, mark in marks.items())
    )
    half = Z95 * spread
    return UnitScore(
        facts.unit_id, marks, kept(total), kept(max(0.0, total - half)), kept(min(100.0, total + half))
    )


def ranked(scores: Sequence[UnitScore], compared: Iterable[str]) -> tuple[UnitScore, ...]:
    """The same scores with ranks among `compared`: 1, 2, 2, 4 …; equal totals (as shown) have equal ranks.

    best  1 + those that are surely better (their interval lies wholly above); worst: all but those surely worse
    """
    among = set(compared)
    field_ = [one for one in scores if one.unit_id in among]
    done = []
    for one in scores:
        if one.unit_id not in among:
            done.append(one)
            continue
        above = sum(round(other.total, SHOWN_DIGITS) > round(one.total, SHOWN_DIGITS) for other in field_)
        better = sum(other.low > one.high for other in field_)
        worse = sum(other.high < one.low for other in field_)
        done.append(
            UnitScore(
                one.unit_id,
                one.marks,
                one.total,
                one.low,
                one.high,
                1 + above,
                1 + better,
                len(field_) - worse,
            )
        )
    return tuple(done)


def mean_of(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def kept(value: float) -> float:
    """As it is kept: rounded, and no minus before zero."""
    return round(value, DIGITS) + 0.0
