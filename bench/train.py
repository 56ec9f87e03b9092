"""Learns the matcher's weights from the practice questions and writes data/content/weights.json (`make train`).

Nothing is learned from a question that the index could look up: the questions are split into FOLDS parts, each asked
of a matcher that has never seen it. Then: the weights of a candidate's evidence (conditional logit), the words that
speak for and against our business (sparse logistic regression), when to answer (boosted small trees) and when to ask
back (logistic regression), and the thresholds, the lowest that keep the LIMITS on questions that the trees have not
seen either. The same data give the same weights.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from data.content_files import read_procedures, read_topics
from data.knowledge_files import fingerprint, read_practice, read_words
from domain.evidence import FOR_DECISION, FOR_RECORD, Close, Gathered, for_decision
from domain.matching import Knowledge, Matcher
from domain.practice import PracticeQuestion, Scope
from domain.reading import Reading
from domain.sureness import Node, Trees
from domain.weights import Line, Weights, WordOdds

CONTENT = Path(__file__).parents[1] / "data" / "content"
FOLDS = 5
RECORD_PENALTY = 1.0
WORD_STRENGTH = 1.0
"""Inverse of the penalty on words: lower keeps fewer."""
OUT_COUNTS, NEAR_COUNTS = 2.5, 2.0
"""What a message that is not ours, and a question about rules, count when the decision is learned: there are fewer
of them in practice than in life."""
TREES = {
    "max_iter": 150,
    "learning_rate": 0.05,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 60,
    "l2_regularization": 5.0,
}
"""Small trees that each say little: what holds for the practice questions only is not worth a branch."""
AGAINST = frozenset(f"{who}_{what}" for who in ("near", "other") for what in ("phrase", "centre", "gap"))
AGAINST |= {"turns", "thing_lost", "strange"}
"""More of this never makes an answer surer. More of the rest never makes it less sure, save EITHER_WAY."""
EITHER_WAY = frozenset(["length"])
LIMITS = {"wrong": 0.04, "out": 0.02, "near": 0.10}
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
    weights = learn_decisions(asked, weights)
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


def learn_decisions(asked: Sequence[Asked], weights: Weights) -> Weights:
    """The two decisions and their thresholds."""
    known = [one for one in asked if one.gathered.close]
    ranked = [_ranked(one, weights) for one in known]
    numbers = np.array(
        [
            for_decision(
                one.gathered,
                [close for close, _, _ in order],
                [score for _, score, _ in order],
                ours=one.ours,
                not_rules=one.not_rules,
            )
            for one, order in zip(known, ranked, strict=True)
        ]
    )
    scopes = [one.question.scope for one in known]
    counts = np.array(
        [{Scope.IN: 1.0, Scope.NEAR: NEAR_COUNTS, Scope.OUT: OUT_COUNTS}[scope] for scope in scopes]
    )
    first = np.array([order[0][2] for order in ranked])
    among = np.array([any(right for _, _, right in order[:3]) for order in ranked])
    answer, sure = learn_trees(numbers, first, counts, np.array([_fold(one.question) for one in known]))
    choose, maybe = _logit(numbers, among, counts)
    answer_from = _lowest(sure, lambda taken: _kept(taken, first, scopes))
    choose_from = _lowest(
        maybe,
        lambda taken: _share(taken, [scope is Scope.OUT for scope in scopes]) <= CHOOSE_OUT,
    )
    _say(known, sure, maybe, first, among, answer_from, choose_from)
    return replace(
        weights,
        answer=answer,
        choose=choose,
        answer_from=round(answer_from, 3),
        choose_from=round(choose_from, 3),
    )


def learn_trees(numbers: Rows, truth: Truth, counts: Rows, folds: NDArray[np.int64]) -> tuple[Trees, Rows]:
    """The trees learned from all, and the chances that trees learned without a question's fold give to it."""
    sure = np.zeros(len(truth))
    for fold in range(FOLDS):
        unseen = folds == fold
        model = _boosted(numbers[~unseen], truth[~unseen], counts[~unseen])
        sure[unseen] = model.predict_proba(numbers[unseen])[:, 1]
    model = _boosted(numbers, truth, counts)
    trees = tuple(_tree(predictors[0].nodes, 0) for predictors in model._predictors)
    return Trees(tuple(FOR_DECISION), float(model._baseline_prediction.item()), trees), sure


def _boosted(numbers: Rows, truth: Truth, counts: Rows) -> HistGradientBoostingClassifier:
    direction = [0 if name in EITHER_WAY else -1 if name in AGAINST else 1 for name in FOR_DECISION]
    model = HistGradientBoostingClassifier(
        **TREES, monotonic_cst=direction, early_stopping=False, random_state=0
    )
    return model.fit(numbers, truth, sample_weight=counts)


def _tree(nodes: Any, at: int) -> Node:
    """One learned tree as we keep it. The value of a fork is the mean of what lies below it."""
    node = nodes[at]
    if node["is_leaf"]:
        return round(float(node["value"]), 4)
    below, above = _tree(nodes, int(node["left"])), _tree(nodes, int(node["right"]))
    counts = [int(nodes[int(node[side])]["count"]) for side in ("left", "right")]
    values = [one if isinstance(one, float) else one[4] for one in (below, above)]
    value = round(float(np.average(values, weights=counts)), 4)
    return (
        list(FOR_DECISION)[int(node["feature_idx"])],
        round(float(node["num_threshold"]), 5),
        below,
        above,
        value,
    )


def _ranked(one: Asked, weights: Weights) -> list[tuple[Close, float, bool]]:
    scored = [
        (close, weights.score(close.numbers), right)
        for close, right in zip(one.gathered.close, one.right, strict=True)
    ]
    return sorted(scored, key=lambda entry: -entry[1])


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
    known: Sequence[Asked],
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
        these = np.array([one.question.scope is scope for one in known])
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
    answer = body["answer"]
    assert isinstance(answer, dict)
    lines = ",\n   ".join(json.dumps(tree, ensure_ascii=False) for tree in answer["trees"])
    text = json.dumps(body | {"answer": answer | {"trees": "TREES"}}, ensure_ascii=False, indent=1)
    return text.replace('"TREES"', f"[\n   {lines}\n  ]")


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return value


if __name__ == "__main__":
    main()
