"""The garbage collector rests while a matcher is built, and is never left asleep."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from domain.collecting import collector_at_rest
from domain.matching import Matcher
from domain.procedures import Procedure
from tests.domain.catalogue import a_procedure


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if before else gc.disable)()


def test_it_rests_meanwhile_and_wakes_afterwards() -> None:
    with collector_at_rest():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_wakes_also_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), collector_at_rest():
        1 / 0  # noqa: B018
    assert gc.isenabled()


def test_one_that_was_asleep_is_let_sleep() -> None:
    gc.disable()
    with collector_at_rest():
        assert not gc.isenabled()
    assert not gc.isenabled()


def test_a_matcher_is_built_without_it() -> None:
    seen: list[bool] = []

    def records() -> Iterator[Procedure]:
        seen.append(gc.isenabled())
        yield a_procedure()

    Matcher(records())
    assert seen == [False]
    assert gc.isenabled()
