"""What every program that a test starts would work out anew, worked out once for the whole run.

Nothing here changes what comes out: the same template, address, file or catalogue gives the same result.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import pytest
from argon2 import Parameters, Type
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from bot import asking, library
from console import assets, passwords
from data import shelf
from data.knowledge_files import read_knowledge
from data.wards import WardMap
from domain.matching import Knowledge, Matcher
from domain.procedures import Procedure, Topic

MATCHERS_KEPT = 4
REAL_COST = passwords.COST
_Known = tuple[tuple[Procedure, ...], tuple[Topic, ...]]


@pytest.fixture(scope="session", autouse=True)
def one_matcher_for_one_catalogue() -> Iterator[None]:
    """Twenty thousand practice questions take a second to read and to index, for every program that a test starts.

    A matcher changes nothing once it is built, so what knows the same is the same one; a changed catalogue, or other
    practice questions, gets one of its own.
    """
    read = lru_cache(maxsize=2)(read_knowledge)
    built: deque[tuple[_Known, Knowledge | None, Matcher]] = deque(maxlen=MATCHERS_KEPT)

    def matcher(
        procedures: Iterable[Procedure], topics: Iterable[Topic], knowledge: Knowledge | None
    ) -> Matcher:
        wanted = tuple(procedures), tuple(topics)
        for known, beside, one in built:
            if beside is knowledge and known == wanted:
                return one
        built.append((wanted, knowledge, Matcher(*wanted, knowledge)))
        return built[-1][2]

    with pytest.MonkeyPatch.context() as patch:
        for module in (library, asking):
            patch.setattr(module, "read_knowledge", read)
        for module in (shelf, asking):
            patch.setattr(module, "Matcher", matcher)
        patch.setattr(library, "WardMap", lru_cache(maxsize=2)(WardMap))
        yield


class _Compiled(BytecodeCache):
    """Compiled templates in memory. Jinja looks itself whether the source is still the same."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def one_compiling_of_templates() -> Iterator[None]:
    """Every Flask application compiles its templates anew: three times the work of drawing the page itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": _Compiled()})
        yield


@pytest.fixture(scope="session", autouse=True)
def addresses_are_put_together_when_asked_for() -> Iterator[None]:
    """Werkzeug compiles two functions for every route of an application; a test asks for the addresses of a few."""
    compile_now = Rule._compile_builder

    def compile_later(rule: Rule, append_unknown: bool = True) -> Any:
        compiled: list[Any] = []

        def build(itself: Rule, /, **values: Any) -> Any:
            if not compiled:
                compiled.append(compile_now(rule, append_unknown))
            return compiled[0](itself, **values)

        return build

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compile_later)
        yield


@pytest.fixture(scope="session", autouse=True)
def one_packing_of_assets() -> Iterator[None]:
    """Style sheets and scripts are squeezed as small as they get: fine at a start, not for each test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assets, "_read", lru_cache(assets._read))
        yield


@pytest.fixture(scope="session", autouse=True)
def passwords_cost_little() -> Iterator[None]:
    """A hash is meant to cost a third of a second. What it costs outside tests: tests/console/test_second_factor.py."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            passwords, "COST", Parameters(Type.ID, 19, 16, 32, time_cost=1, memory_cost=8, parallelism=1)
        )
        yield


def pytest_configure() -> None:
    """What is loaded from here on is no garbage: the collector looks less often."""
    gc.set_threshold(20_000, 20, 20)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
