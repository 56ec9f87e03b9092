"""Floods are slowed and never dropped; small numbers are not shown and cannot be worked out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain import flood
from domain.flood import Lately, held_until
from domain.identity import INSPECTORATE, PROVINCE, body_of, may_decide
from domain.roles import Role
from domain.small_numbers import K, protected, protected_total

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def test_the_first_tips_of_an_account_pass_at_once() -> None:
    assert [held_until(Lately(own=own), urgent=False, now=NOW) for own in range(flood.OWN_MAX)] == [None] * 4


def test_more_of_them_wait_longer_and_longer_but_never_for_ever() -> None:
    waits = [held_until(Lately(own=own), urgent=False, now=NOW) for own in range(flood.OWN_MAX, 1000)]
    assert all(wait is not None for wait in waits)
    assert waits == sorted(waits, key=lambda one: one or NOW)
    assert max(wait or NOW for wait in waits) <= NOW + flood.WAIT_MAX


def test_urgent_ones_and_the_first_of_another_account_pass_a_flooded_unit() -> None:
    assert held_until(Lately(own=500, unit=500), urgent=True, now=NOW) is None
    assert held_until(Lately(own=0, unit=500), urgent=False, now=NOW) is None
    held = held_until(Lately(own=1, unit=flood.UNIT_MAX), urgent=False, now=NOW)
    assert held == NOW + timedelta(minutes=5)


@given(st.dictionaries(st.integers(), st.integers(0, 40), max_size=12))
def test_no_small_number_is_shown_and_none_follows_from_the_total(counts: dict[int, int]) -> None:
    shown = protected(counts)
    assert all(count is None or count == 0 or count >= K for count in shown.values())
    hidden = [key for key, count in shown.items() if count is None]
    with_something = [key for key, count in counts.items() if count]
    assert len(hidden) != 1 or len(with_something) == 1


def test_a_total_that_is_small_is_not_shown_either() -> None:
    assert protected_total({"a": 2, "b": 2}) is None
    assert protected_total({"a": 2, "b": 3}) == 5
    assert protected_total({}) == 0


def test_only_another_body_of_the_province_decides_about_an_identity() -> None:
    ward = "07210@2025-07-01"
    assert body_of([Role.UNIT_HEAD], ward) == ward
    assert body_of([Role.INSPECTOR], None) == INSPECTORATE
    assert body_of([Role.UNIT_HEAD], None) == PROVINCE

    def may(roles: list[Role], unit: str | None, me: int, asked_body: str) -> bool:
        return may_decide(roles, unit, officer_id=me, asked_by=1, asked_body=asked_body)

    assert may([Role.INSPECTOR], None, 2, ward)
    assert not may([Role.INSPECTOR], None, 1, ward), "never oneself"
    assert not may([Role.UNIT_HEAD], ward, 2, ward), "never the unit that asks"
    assert not may([Role.UNIT_HEAD], "07228@2025-07-01", 2, ward), "only the province"
    assert not may([Role.INSPECTOR], None, 2, INSPECTORATE)
    assert may([Role.UNIT_HEAD], None, 2, INSPECTORATE)
    assert not may([Role.DUTY], None, 2, ward)
