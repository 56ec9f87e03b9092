"""Boosted trees, learned for bench/train.py and kept as domain/sureness.py reads them.

Beside the trees learned from all questions come the log odds that trees learned without a question's fold give to it:
whatever is learned next must not see a question as well understood as only a known one is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from domain.evidence import FOR_DECISION
from domain.ranking import FOR_RANKING
from domain.sureness import Node, Trees

RANKING: Mapping[str, Any] = {
    "max_iter": 250,
    "learning_rate": 0.05,
    "max_features": 0.5,
    "max_leaf_nodes": 12,
    "max_depth": 5,
    "min_samples_leaf": 80,
    "l2_regularization": 5.0,
}
"""For the order of candidates. At each fork half of the numbers are left out by chance, always the same: many of them say
nearly the same, and none shall speak for all. Which way each number speaks is left free: holding them to it gained nothing."""
ANSWER: Mapping[str, Any] = {
    "max_iter": 250,
    "learning_rate": 0.05,
    "max_features": 0.5,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 60,
    "l2_regularization": 5.0,
}
"""Small trees that each say little: what holds for the practice questions only is not worth a branch."""
AGAINST = frozenset(f"{who}_{what}" for who in ("near", "other") for what in ("phrase", "centre", "gap"))
AGAINST |= {"turns", "thing_lost", "strange"}
"""More of this never makes an answer surer. More of the rest never makes it less sure, save EITHER_WAY."""
EITHER_WAY = frozenset(["length"])

Rows = NDArray[np.float64]
Truth = NDArray[np.bool_]
Folds = NDArray[np.int64]


def learn_ranking(numbers: Rows, wanted: Truth, folds: Folds, ours: Truth) -> tuple[Trees, Rows]:
    """Log odds that a candidate is wanted; one row a candidate (FOR_RANKING).

    ours   of a question about our business: only these teach which candidate is wanted, all get their log odds
    """
    even = np.ones(len(wanted))
    return _learned(RANKING, tuple(FOR_RANKING), None, numbers, wanted, even, folds, ours)


def learn_answer(numbers: Rows, right: Truth, counts: Rows, folds: Folds) -> tuple[Trees, Rows]:
    """Log odds that the first candidate is wanted, held to common sense; one row a question (FOR_DECISION)."""
    direction = [0 if name in EITHER_WAY else -1 if name in AGAINST else 1 for name in FOR_DECISION]
    everyone = np.ones(len(right), bool)
    return _learned(ANSWER, tuple(FOR_DECISION), direction, numbers, right, counts, folds, everyone)


def _learned(
    settings: Mapping[str, Any],
    names: tuple[str, ...],
    direction: Sequence[int] | None,
    numbers: Rows,
    truth: Truth,
    counts: Rows,
    folds: Folds,
    teaches: Truth,
) -> tuple[Trees, Rows]:
    def boosted(rows: Truth) -> HistGradientBoostingClassifier:
        model = HistGradientBoostingClassifier(
            **settings, monotonic_cst=direction, early_stopping=False, random_state=0
        )
        return model.fit(numbers[rows], truth[rows], sample_weight=counts[rows])

    unseen = np.zeros(len(truth))
    for fold in np.unique(folds):
        left_out = folds == fold
        unseen[left_out] = boosted(~left_out & teaches).decision_function(numbers[left_out])
    model = boosted(teaches)
    trees = tuple(_tree(names, predictors[0].nodes, 0) for predictors in model._predictors)
    return Trees(names, float(model._baseline_prediction.item()), trees), unseen


def _tree(names: Sequence[str], nodes: Any, at: int) -> Node:
    """One learned tree as we keep it. The value of a fork is the mean of what lies below it."""
    node = nodes[at]
    if node["is_leaf"]:
        return round(float(node["value"]), 4)
    below, above = _tree(names, nodes, int(node["left"])), _tree(names, nodes, int(node["right"]))
    counts = [int(nodes[int(node[side])]["count"]) for side in ("left", "right")]
    values = [one if isinstance(one, float) else one[4] for one in (below, above)]
    value = round(float(np.average(values, weights=counts)), 4)
    limit = float(f"{float(node['num_threshold']):.6g}")
    return names[int(node["feature_idx"])], limit, below, above, value
