"""What is asked of the best candidates when they are ordered: each one's evidence, and how it stands to the others'.

"Half of the words are said" means little by itself, much when no other candidate has a quarter of them, and nothing when
another has them all. So each number (domain/evidence.py: FOR_RECORD) is asked twice: as it is, and beside the others.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from domain.evidence import FOR_RECORD
from domain.said import said

CANDIDATES_RANKED = 6
"""Candidates, the best by the weighed sum of their evidence, that are ordered; the rest are out."""
GAP = "_gap"
"""Ends the name of a number that stands for the distance to another candidate."""
SUM = "sum"
"""The name of the weighed sum of a candidate's evidence."""
AGAINST = frozenset(
    [
        "disagrees",
        "turn_lost",
        "turn_lost_best",
        "turn_usual",
        "turn_unasked",
        "turn_lost_name",
        "thing_lost",
        "rare",
    ]
)
"""Numbers that speak against a candidate: the other that has least of it is the one to be compared with."""

FOR_RANKING: Mapping[str, str] = {
    **FOR_RECORD,
    **{
        name + GAP: said("so với mục khác tốt nhất: %(what)s", what=said(label))
        for name, label in FOR_RECORD.items()
    },
    SUM + GAP: "so với mục khác tốt nhất: các điều trên cộng lại",
    SUM: "các điều trên cộng lại theo trọng số",
}
"""The numbers that say whether a candidate is the one wanted, in order, and what an officer reads for each."""
_SIGNS = np.array([-1.0 if name in AGAINST else 1.0 for name in FOR_RECORD])


def for_ranking(evidence: NDArray[np.float64], sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """The numbers of FOR_RANKING, one row a candidate.

    evidence   of each candidate its numbers (FOR_RECORD)
    sums       of each the weighed sum of them
    """
    added = sums[:, None]
    beside = _beside_the_best_other(evidence * _SIGNS) * _SIGNS
    return np.hstack([evidence, beside, _beside_the_best_other(added), added])


def _beside_the_best_other(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much more each row has than the one of the others that has most; where there is no other, than nothing."""
    if len(columns) < 2:
        return columns
    ordered = np.sort(columns, axis=0)
    most, second = ordered[-1], ordered[-2]
    beside: NDArray[np.float64] = columns - np.where(columns == most, second, most)
    return beside
