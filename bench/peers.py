"""The matcher beside simple peers, on the same questions in the same run: accuracy and time.

Peers search the folded names and aliases of what can be found: rapidfuzz WRatio and token_set_ratio, BM25 (bm25s),
TF-IDF of character n-grams (scikit-learn), SQLite FTS5. The strongest of them is also given our practice questions,
so that one sees what the questions do and what the matcher does. Questions: tests/domain/golden.jsonl, or the
labelled files named as arguments.

"answers at 2 %": right answers among questions of ours when the score from which a peer answers is set, on these
very questions, so that it answers at most 2 % of the messages that are out of scope. The matcher keeps the threshold
it was shipped with.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
import pysqlite3.dbapi2 as sqlite
from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer

from bench.machine import describe
from data.content_files import read_procedures, read_topics
from data.knowledge_files import read_knowledge
from domain.evaluation import wilson
from domain.matching import Matcher
from domain.practice import Scope
from domain.procedures import Decision
from domain.vietnamese import fold, strip_marks

ROOT = Path(__file__).parents[1]
CONTENT = ROOT / "data" / "content"
GOLDEN = ROOT / "tests" / "domain" / "golden.jsonl"
FALSE_ANSWERS = 0.02
DEPTH = 60
"""Texts a peer ranks for one question, before families are made one."""
Ranked = Sequence[tuple[int, float]]
"""(number of the text, score), best first."""


@dataclass(frozen=True)
class Told:
    """What somebody made of a question: families in order, how sure, and whether that is an answer."""

    families: Sequence[str]
    score: float
    answers: bool | None
    seconds: float


def main(files: Sequence[str]) -> None:
    """Print a table for each file, as the questions stand and with all accents taken away."""
    procedures, topics = read_procedures(CONTENT / "procedures"), read_topics(CONTENT / "topics.jsonl")
    knowledge = read_knowledge(CONTENT)
    matcher = Matcher(procedures, topics, knowledge)
    family = {one.id: one.family for one in procedures}
    findable = [one for one in procedures if one.is_current]
    texts = [(one.family, fold(text)) for one in findable for text in (one.name, *one.aliases)]
    texts += [(one.id, fold(text)) for one in topics for text in (one.name, *one.aliases)]
    practised = texts + [
        (family.get(one.labels[0], one.labels[0]), fold(one.question))
        for one in knowledge.practice
        if one.scope is Scope.IN
    ]

    def ours(question: str) -> Told:
        began = time.perf_counter()
        found = matcher.search(question)
        took = time.perf_counter() - began
        families = [family.get(one.id, one.id) for one in found.candidates]
        return Told(families, 0.0, found.decision is Decision.ANSWER, took)

    asked = {
        "Cầu Nối": ours,
        "rapidfuzz WRatio": _asking(texts, _rapidfuzz(texts, fuzz.WRatio)),
        "rapidfuzz token_set_ratio": _asking(texts, _rapidfuzz(texts, fuzz.token_set_ratio)),
        "BM25 (bm25s)": _asking(texts, _bm25(texts)),
        "TF-IDF of letters 3–5": _asking(texts, _tfidf(texts)),
        "SQLite FTS5": _asking(texts, _fts5(texts)),
        "TF-IDF + practice questions": _asking(practised, _tfidf(practised)),
    }
    for file in files or [str(GOLDEN)]:
        rows = [json.loads(line) for line in Path(file).read_text("utf-8").splitlines() if line.strip()]
        for how, typed in (("as typed", str), ("without accents", strip_marks)):
            print(f"\n{Path(file).name}, {how}: {len(rows)} questions; shares with 95 % intervals")
            print(f"  {'':<28} {'top-1':>18} {'top-3':>18} {'answers at 2 %':>18} {'ms/question':>12}")
            for name, ask in asked.items():
                told = [ask(typed(row["q"])) for row in rows]
                print(f"  {name:<28} " + _line(rows, told, lambda one: family.get(one, one)))


def _line(rows: Sequence[dict[str, object]], told: Sequence[Told], family: Callable[[str], str]) -> str:
    wanted = [{family(str(label)) for label in row["labels"]} for row in rows]  # type: ignore[attr-defined]
    inside = [at for at, row in enumerate(rows) if row.get("scope", "in") == "in"]
    outside = [at for at, row in enumerate(rows) if row.get("scope") == "out"]
    first = [at for at in inside if set(told[at].families[:1]) & wanted[at]]
    among = [at for at in inside if set(told[at].families[:3]) & wanted[at]]
    right = [at for at in first if told[at].answers]
    if told[0].answers is None:
        scores = sorted((told[at].score for at in outside), reverse=True)
        allowed = int(FALSE_ANSWERS * len(outside))
        least = scores[allowed] if allowed < len(scores) else float("-inf")
        right = [at for at in first if told[at].score > least]
    time_of = statistics.median(one.seconds for one in told) * 1000
    return (
        " ".join(f"{_share(len(hits), len(inside)):>18}" for hits in (first, among, right))
        + f" {time_of:>12.2f}"
    )


def _share(hits: int, total: int) -> str:
    low, high = wilson(hits, total)
    return f"{100 * hits / max(1, total):.1f} [{100 * low:.1f}–{100 * high:.1f}]"


def _asking(texts: Sequence[tuple[str, str]], rank: Callable[[str], Ranked]) -> Callable[[str], Told]:
    def ask(question: str) -> Told:
        began = time.perf_counter()
        found = rank(fold(question))
        took = time.perf_counter() - began
        families = dict.fromkeys(texts[number][0] for number, _ in found)
        return Told(list(families)[:3], found[0][1] if found else float("-inf"), None, took)

    return ask


def _rapidfuzz(texts: Sequence[tuple[str, str]], scorer: Callable[..., float]) -> Callable[[str], Ranked]:
    choices = [text for _, text in texts]
    return lambda question: [
        (number, score) for _, score, number in process.extract(question, choices, scorer=scorer, limit=DEPTH)
    ]


def _bm25(texts: Sequence[tuple[str, str]]) -> Callable[[str], Ranked]:
    index = bm25s.BM25()
    index.index([text.split() for _, text in texts], show_progress=False)

    def rank(question: str) -> Ranked:
        words = [word for word in question.split() if word in index.vocab_dict]
        if not words:
            return []
        numbers, scores = index.retrieve([words], k=DEPTH, show_progress=False)
        return list(zip(numbers[0].tolist(), scores[0].tolist(), strict=True))

    return rank


def _tfidf(texts: Sequence[tuple[str, str]]) -> Callable[[str], Ranked]:
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    matrix = vectors.fit_transform([text for _, text in texts]).T.tocsr()

    def rank(question: str) -> Ranked:
        scores = (vectors.transform([question]) @ matrix).toarray()[0]
        best = np.argsort(-scores)[:DEPTH]
        return [(int(number), float(scores[number])) for number in best if scores[number] > 0]

    return rank


def _fts5(texts: Sequence[tuple[str, str]]) -> Callable[[str], Ranked]:
    database = sqlite.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE texts USING fts5(text)")
    database.executemany(
        "INSERT INTO texts (rowid, text) VALUES (?, ?)", [(n, t) for n, (_, t) in enumerate(texts)]
    )

    def rank(question: str) -> Ranked:
        words = " OR ".join(f'"{word}"' for word in dict.fromkeys(question.split()))
        if not words:
            return []
        found = database.execute(
            "SELECT rowid, -bm25(texts) FROM texts WHERE texts MATCH ? ORDER BY bm25(texts) LIMIT ?",
            (words, DEPTH),
        )
        return [(int(number), float(score)) for number, score in found]

    return rank


if __name__ == "__main__":
    print(describe())
    main(sys.argv[1:])
