"""Learns the matcher's weights from the practice questions and writes data/content/weights.json (`make train`).

Nothing is learned from a question that the index could look up: the questions are split into FOLDS parts, each asked
of a matcher that has never seen it. Then: the weights of a candidate's evidence (conditional logit), the words that
speak for and against our business (sparse logistic regression), how the best candidates are ordered and when to answer
(boosted small trees, bench/boosting.py), when to ask back (logistic regression), and the thresholds, the lowest that keep
the LIMITS on questions that the trees have not seen either. The same data give the same weights.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from bench.boosting import learn_answer, learn_ranking
from data.content_files import read_procedures, read_topics
from data.knowledge_files import fingerprint, read_practice, read_words
from domain.evidence import FOR_DECISION, FOR_RECORD, Gathered, for_decision
from domain.matching import Knowledge, Matcher
from domain.practice import PracticeQuestion, Scope
from domain.reading import Reading
from domain.sureness import Trees
from domain.weighing import Best, best_by_line
from domain.weights import Line, Weights, WordOdds

CONTENT = Path(__file__).parents[1] / "data" / "content"
FOLDS = 5
RECORD_PENALTY = 1.0
WORD_STRENGTH = 1.0
"""Inverse of the penalty on words: lower keeps fewer."""
OUT_COUNTS, NEAR_COUNTS = 6.0, 2.0
"""What a message that is not ours, and a question about rules, count when the decision is learned: there are fewer
of them in practice than in life."""
LIMITS = {"wrong": 0.04, "out": 0.0155, "near": 0.10}
"""Largest shares on the practice questions, which are harder than life: wrong answers among questions of ours,
answers to messages that are not ours, answers to questions about rules."""
CHOOSE_OUT = 0.15
"""Largest share of messages that are not ours that are asked back about."""

Rows = NDArray[np.float64]
Truth = NDArray[np.bool_]


@dataclass(frozen=True)
class Asked:
    """A practice question asked of a matcher that does not know it; `right`: for each candidate, is it wanted."""

    question: PracticeQuestion
    reading: Reading
    gathered: Gathered
    right: Sequence[bool]
    ours: float = 0.0
    not_rules: float = 0.0


@dataclass(frozen=True)
class Ranked:
    """A question whose best candidates were put in order by trees that have never seen it, best first."""

    asked: Asked
    best: Best
    order: Sequence[int]
    scores: Sequence[float]

    @property
    def right(self) -> list[bool]:
        """For each candidate, is it wanted."""
        return _wanted(self.asked, [self.best.close[at].owner for at in self.order])

    def numbers(self) -> list[float]:
        """FOR_DECISION."""
        close = [self.best.close[at] for at in self.order]
        return for_decision(
            self.asked.gathered, close, self.scores, ours=self.asked.ours, not_rules=self.asked.not_rules
        )


def main() -> None:
    """Learn, say what was reached, write the file."""
    practice = read_practice(CONTENT)
    asked, last = ask_unseen(practice)
    record = learn_record(asked)
    weights = replace(
        Weights.plain(),
        record=record,
        ours=last.ours,
        not_rules=last.not_rules,
        answer=Line({}),
        choose=Line({}),
    )
    ranked, ranking = learn_order(asked, weights)
    weights = learn_decisions(ranked, replace(weights, ranking=ranking))
    file = CONTENT / "weights.json"
    body: dict[str, object] = {"learned_from": fingerprint(CONTENT), "questions": len(practice)}
    body |= {part: _rounded(value) for part, value in weights.to_json().items()}
    file.write_text(_readable(body) + "\n", "utf-8")
    print(f"{file.relative_to(CONTENT.parents[1])}: learned from {len(practice)} questions")


def ask_unseen(practice: Sequence[PracticeQuestion]) -> tuple[list[Asked], Weights]:
    """Every question asked of a matcher without its fold; and the word odds learned from all."""
    procedures, topics = read_procedures(CONTENT / "procedures"), read_topics(CONTENT / "topics.jsonl")
    words = read_words(CONTENT)
    family = {one.id: one.family for one in procedures}
    found = []
    for fold in range(FOLDS):
        known = tuple(one for one in practice if _fold(one) != fold)
        matcher = Matcher(procedures, topics, Knowledge(words, known))
        ours, not_rules = learn_words([(matcher.read(one.question), one.scope) for one in known])
        for one in (one for one in practice if _fold(one) == fold):
            wanted = {family.get(label, label) for label in one.labels}
            reading, gathered = matcher.gather(one.question)
            right = [matcher.index.owners[close.owner] in wanted for close in gathered.close]
            found.append(Asked(one, reading, gathered, right, ours.of(reading), not_rules.of(reading)))
    matcher = Matcher(procedures, topics, Knowledge(words, tuple(practice)))
    ours, not_rules = learn_words([(matcher.read(one.question), one.scope) for one in practice])
    return found, replace(Weights.plain(), ours=ours, not_rules=not_rules)


def _fold(one: PracticeQuestion) -> int:
    return crc32(one.question.encode()) % FOLDS


def learn_record(asked: Sequence[Asked]) -> Line:
    """Weights under which a wanted candidate is the likeliest of those found."""
    known = [one for one in asked if any(one.right) and not all(one.right)]
    numbers = np.array([close.numbers for one in known for close in one.gathered.close])
    right = np.array([right for one in known for right in one.right], float)
    lengths = [len(one.right) for one in known]
    starts = np.cumsum([0, *lengths[:-1]])
    of = np.repeat(np.arange(len(known)), lengths)
    scale = numbers.std(axis=0) + 1e-9
    scaled = numbers / scale

    def loss(weights: Rows) -> tuple[float, Rows]:
        scores = scaled @ weights
        odds = np.exp(scores - np.maximum.reduceat(scores, starts)[of])
        total, wanted = np.add.reduceat(odds, starts), np.add.reduceat(odds * right, starts)
        slope = scaled.T @ (odds * right / wanted[of] - odds / total[of])
        return (
            float(-np.log(wanted / total).sum() + RECORD_PENALTY * weights @ weights / 2),
            -slope + RECORD_PENALTY * weights,
        )

    found = minimize(loss, np.zeros(len(FOR_RECORD)), jac=True, method="L-BFGS-B")
    return Line(dict(zip(FOR_RECORD, (found.x / scale).tolist(), strict=True)))


def learn_words(read: Sequence[tuple[Reading, Scope]]) -> tuple[WordOdds, WordOdds]:
    """Words that speak for our business: against what is out, and against what is near."""

    def against(other: Scope) -> WordOdds:
        rows = [(reading, scope) for reading, scope in read if scope in (Scope.IN, other)]
        vectors = CountVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), binary=True, lowercase=False)
        features = vectors.fit_transform([reading.text for reading, _ in rows])
        model = LogisticRegression(
            C=WORD_STRENGTH,
            l1_ratio=1.0,
            solver="liblinear",
            class_weight="balanced",
            random_state=0,
            max_iter=1000,
        )
        with warnings.catch_warnings():  # the last decimals do not matter: small weights are dropped below
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(features, [scope is Scope.IN for _, scope in rows])
        odds = {
            name: float(weight)
            for name, weight in zip(vectors.get_feature_names_out(), model.coef_[0], strict=True)
            if abs(weight) > 0.05
        }
        return WordOdds(dict(sorted(odds.items())), float(model.intercept_[0]))

    return against(Scope.OUT), against(Scope.NEAR)


def learn_order(asked: Sequence[Asked], weights: Weights) -> tuple[list[Ranked], Trees]:
    """The trees that order the best candidates, and every question as trees that have never seen it order it."""
    known = [(one, best) for one in asked if (best := best_by_line(weights, one.gathered.close))]
    lengths = [len(best.close) for _, best in known]
    of = np.repeat(np.arange(len(known)), lengths)
    trees, unseen = learn_ranking(
        np.vstack([best.numbers for _, best in known]),
        np.array([right for one, best in known for right in _wanted(one, [c.owner for c in best.close])]),
        np.array([_fold(one.question) for one, _ in known])[of],
        np.array([one.question.scope is Scope.IN for one, _ in known])[of],
    )
    ranked = []
    for (one, best), scores in zip(known, np.split(unseen, np.cumsum(lengths)[:-1]), strict=True):
        order = np.argsort(-scores, kind="stable")
        ranked.append(Ranked(one, best, order.tolist(), scores[order].tolist()))
    return ranked, trees


def _wanted(asked: Asked, owners: Sequence[int]) -> list[bool]:
    wanted = {close.owner for close, right in zip(asked.gathered.close, asked.right, strict=True) if right}
    return [owner in wanted for owner in owners]


def learn_decisions(ranked: Sequence[Ranked], weights: Weights) -> Weights:
    """The two decisions and their thresholds."""
    numbers = np.array([one.numbers() for one in ranked])
    scopes = [one.asked.question.scope for one in ranked]
    counts = np.array(
        [{Scope.IN: 1.0, Scope.NEAR: NEAR_COUNTS, Scope.OUT: OUT_COUNTS}[scope] for scope in scopes]
    )
    first = np.array([one.right[0] for one in ranked])
    among = np.array([any(one.right[:3]) for one in ranked])
    folds = np.array([_fold(one.asked.question) for one in ranked])
    answer, log_odds = learn_answer(numbers, first, counts, folds)
    sure = expit(log_odds)
    choose, maybe = _logit(numbers, among, counts)
    answer_from = _lowest(sure, lambda taken: _kept(taken, first, scopes))
    choose_from = _lowest(
        maybe,
        lambda taken: _share(taken, [scope is Scope.OUT for scope in scopes]) <= CHOOSE_OUT,
    )
    _say(scopes, sure, maybe, first, among, answer_from, choose_from)
    return replace(
        weights,
        answer=answer,
        choose=choose,
        answer_from=round(answer_from, 3),
        choose_from=round(choose_from, 3),
    )


def _logit(numbers: Rows, truth: Truth, counts: Rows) -> tuple[Line, Rows]:
    mean, scale = numbers.mean(axis=0), numbers.std(axis=0) + 1e-9
    model = LogisticRegression(C=0.5, max_iter=5000).fit(
        (numbers - mean) / scale, truth, sample_weight=counts
    )
    weights = model.coef_[0] / scale
    line = Line(
        dict(zip(FOR_DECISION, weights.tolist(), strict=True)), float(model.intercept_[0] - weights @ mean)
    )
    return line, model.predict_proba((numbers - mean) / scale)[:, 1]


def _lowest(sureness: Rows, holds: Callable[[Truth], bool]) -> float:
    """The lowest threshold, in steps of 0.005, from which on the condition holds."""
    lowest = 1.0
    for step in range(199, 0, -1):
        threshold = step / 200
        if not holds(sureness >= threshold):
            break
        lowest = threshold
    return lowest


def _kept(taken: Truth, first: Truth, scopes: Sequence[Scope]) -> bool:
    inside = np.array([scope is Scope.IN for scope in scopes])
    return (
        (taken & inside & ~first).sum() <= LIMITS["wrong"] * inside.sum()
        and _share(taken, [scope is Scope.OUT for scope in scopes]) <= LIMITS["out"]
        and _share(taken, [scope is Scope.NEAR for scope in scopes]) <= LIMITS["near"]
    )


def _share(taken: Truth, of: Sequence[bool]) -> float:
    of_these = np.array(of)
    return float((taken & of_these).sum() / max(1, of_these.sum()))


def _say(
    scopes: Sequence[Scope],
    sure: Rows,
    maybe: Rows,
    first: Truth,
    among: Truth,
    answer_from: float,
    choose_from: float,
) -> None:
    answered, asked_back = sure >= answer_from, (sure < answer_from) & (maybe >= choose_from)
    print(f"Cross-validated over {FOLDS} folds: each question asked of a matcher that has never seen it.")
    for scope in Scope:
        these = np.array([one is scope for one in scopes])
        total = max(1, int(these.sum()))
        shares = {
            "answered": (answered & these).sum(),
            "rightly": (answered & these & first).sum(),
            "asked back": (asked_back & these).sum(),
        }
        if scope is Scope.IN:
            shares |= {"top-1": (first & these).sum(), "top-3": (among & these).sum()}
        print(
            f"  {scope:<5} {total:>5} "
            + ", ".join(f"{k} {100 * int(v) / total:.1f} %" for k, v in shares.items())
        )
    print(f"  answer from {answer_from:.3f}, ask back from {choose_from:.3f}")


def _readable(body: dict[str, object]) -> str:
    """JSON with one tree a line."""
    apart: dict[str, list[object]] = {}
    for part in ("ranking", "answer"):
        whole = body[part]
        assert isinstance(whole, dict)
        apart[f"TREES OF {part}"] = whole["trees"]
        body = body | {part: whole | {"trees": f"TREES OF {part}"}}
    text = json.dumps(body, ensure_ascii=False, indent=1)
    for place, trees in apart.items():
        lines = ",\n   ".join(json.dumps(tree, ensure_ascii=False) for tree in trees)
        text = text.replace(f'"{place}"', f"[\n   {lines}\n  ]")
    return text


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return value


if __name__ == "__main__":
    main()
