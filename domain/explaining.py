"""What stood behind an answer, in words an officer can read: how the question was read, what spoke for and against
each record, and why the decision fell so.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.procedures import Decision
from domain.reading import ReadWord


@dataclass(frozen=True)
class Evidence:
    """One thing that was weighed: what, how much of it there is, the points (log odds) it gave or took, beside what."""

    label: str
    value: float
    points: float
    detail: str


@dataclass(frozen=True)
class ExplainedCandidate:
    """A record that was considered; `score` 0 to 100, `best_phrase` the name or question closest to the question."""

    id: str
    name: str
    score: float
    best_phrase: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Explanation:
    """The whole story of one question; `reasons` are Vietnamese sentences."""

    question: str
    reading: tuple[ReadWord, ...]
    decision: Decision
    reasons: tuple[str, ...]
    candidates: tuple[ExplainedCandidate, ...]
