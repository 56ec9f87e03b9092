"""The matcher: time per question, time and memory to build, with the catalogue as shipped, ×10 and ×100.

Baseline, asked the same questions in the same run: rapidfuzz `extractOne` with WRatio over the same folded names
and aliases. Goals: p99 ≤ 2 ms, ≤ 5 ms, ≤ 25 ms. The larger catalogues are made up: each copy of a record keeps
the shape of its words, and every third word becomes another one.
"""

from __future__ import annotations

import json
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from rapidfuzz import fuzz, process

from bench.machine import describe
from data.content_files import read_procedures, read_topics
from data.knowledge_files import read_knowledge
from domain.matching import Matcher
from domain.procedures import Procedure
from domain.vietnamese import fold

ROOT = Path(__file__).parents[1]
CONTENT = ROOT / "data" / "content"
QUESTIONS = ROOT / "tests" / "domain" / "golden.jsonl"
SIZES = {1: 2.0, 10: 5.0, 100: 25.0}
"""How many times the shipped catalogue → the p99 to reach, in milliseconds."""
RUNS = 5
BASELINE_QUESTIONS = 20
"""The baseline is slow: at every size it is asked this many of the questions, once."""


def main() -> None:
    """Measure and print the table."""
    questions = [json.loads(line)["q"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    procedures = [p for p in read_procedures(CONTENT / "procedures") if p.is_current]
    topics = read_topics(CONTENT / "topics.jsonl")
    knowledge = read_knowledge(CONTENT)
    print(
        f"\nMatcher: {len(questions)} questions × {RUNS} runs; milliseconds (median of runs, lowest–highest)"
    )
    print(
        f"{'records':>8} {'p50':>18} {'p99':>18} {'goal':>5} {'baseline p50':>13} {'ratio':>6} {'build':>8} {'memory':>8}"
    )
    for times, goal in SIZES.items():
        records = list(_grown(procedures, times))
        tracemalloc.start()
        began = time.perf_counter()
        matcher = Matcher(records, topics, knowledge)
        built_slowly = time.perf_counter() - began
        memory = tracemalloc.get_traced_memory()[0] / 2**20
        tracemalloc.stop()
        began = time.perf_counter()
        matcher = Matcher(records, topics, knowledge)
        built = min(built_slowly, time.perf_counter() - began)
        _times(matcher.search, questions)
        runs = [_times(matcher.search, questions) for _ in range(RUNS)]
        p50, p99 = [_quantile(run, 0.5) for run in runs], [_quantile(run, 0.99) for run in runs]
        texts = [fold(text) for record in records for text in (record.name, *record.aliases)]
        baseline = _quantile(_times(_baseline(texts), questions[:BASELINE_QUESTIONS]), 0.5)
        print(
            f"{len(records):>8} {_spread(p50):>18} {_spread(p99):>18} {goal:>5.0f} {baseline:>13.2f} "
            f"{statistics.median(p50) / baseline:>6.3f} {built:>6.2f} s {memory:>4.0f} MiB"
        )


def _baseline(texts: Sequence[str]) -> Callable[[str], object]:
    return lambda question: process.extractOne(fold(question), texts, scorer=fuzz.WRatio)


def _times(ask: Callable[[str], object], questions: Iterable[str]) -> list[float]:
    """Milliseconds of each question, folded anew: a question is seldom asked twice in the same words."""
    found = []
    for question in questions:
        fold.cache_clear()
        began = time.perf_counter()
        ask(question)
        found.append((time.perf_counter() - began) * 1000)
    return found


def _quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def _grown(procedures: Sequence[Procedure], times: int) -> Iterable[Procedure]:
    chance = random.Random(2026)
    words = sorted({word for p in procedures for word in p.name.split()})
    yield from procedures
    for copy in range(1, times):
        for one in procedures:
            yield replace(
                one,
                id=f"{one.id}-{copy}",
                family=f"{one.family}-{copy}",
                priority=3,
                name=_changed(one.name, words, chance),
                aliases=tuple(_changed(alias, words, chance) for alias in one.aliases),
            )


def _changed(text: str, words: Sequence[str], chance: random.Random) -> str:
    return " ".join(
        f"{chance.choice(words)}{chance.randrange(40)}" if chance.random() < 1 / 3 else word
        for word in text.split()
    )


if __name__ == "__main__":
    print(describe())
    main()
