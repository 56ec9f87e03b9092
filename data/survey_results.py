"""What people answered, as the unit may read it: numbers of many, never one answer.

The rule (domain.surveys.SHOWN_FROM): below five answers in a month nothing but "fewer than five" is shown; a number
of people below five is hidden, and one more with it where the total would give it away. Words are shown when at
least five people wrote some in that month: without the moment, the channel or the marks, in an order made of the
words themselves. Inspectors read the same page; single answers only where spam is sifted.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.tables import SurveyAnswer
from domain.small_numbers import protected
from domain.surveys import SHOWN_FROM, AnswerState, Survey

WORDS_SHOWN = 200


@dataclass(frozen=True)
class Results:
    """A unit's month. count None: fewer than SHOWN_FROM, nothing else is shown then.

    questions  (short name, [(answer, people or None = too few to say)])
    words      free text, None when too few wrote some
    """

    count: int | None
    mark: float | None
    questions: tuple[tuple[str, tuple[tuple[str, int | None], ...]], ...]
    words: tuple[str, ...] | None


def results(
    session: Session, survey: Survey, *, unit_id: str | None, since: datetime, until: datetime
) -> Results:
    """The answers that count of one unit, or (None) of the province, in [since, until)."""
    query = select(SurveyAnswer).where(
        SurveyAnswer.at >= since, SurveyAnswer.at < until, SurveyAnswer.state == AnswerState.COUNTED
    )
    if unit_id is not None:
        query = query.where(SurveyAnswer.unit_id == unit_id)
    rows = session.scalars(query).all()
    if len(rows) < SHOWN_FROM:
        return Results(0 if not rows else None, None, (), None)
    marks = [row.mark for row in rows if row.mark is not None]
    said = sorted({row.words for row in rows if row.words}, key=_shuffled)
    wrote = sum(1 for row in rows if row.words)
    return Results(
        len(rows),
        sum(marks) / len(marks) if len(marks) >= SHOWN_FROM else None,
        tuple(_question(survey, rows)),
        tuple(said[:WORDS_SHOWN]) if wrote >= SHOWN_FROM else None,
    )


def _question(
    survey: Survey, rows: Sequence[SurveyAnswer]
) -> list[tuple[str, tuple[tuple[str, int | None], ...]]]:
    found = []
    for question in survey.questions:
        counts = Counter(row.given.get(question.key) for row in rows)
        shown = protected({one.key: counts[one.key] for one in question.choices}, k=SHOWN_FROM)
        found.append((question.short, tuple((one.label, shown[one.key]) for one in question.choices)))
    return found


def _shuffled(words: str) -> str:
    """An order that says nothing of when something was written."""
    return hashlib.sha256(words.encode()).hexdigest()
