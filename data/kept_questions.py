"""Questions the bot was unsure of, as they are kept: masked, without a citizen, with no time finer than the day, and
forgotten when their term is over (data.dated_settings).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from data.tables import AskedQuestion
from domain.broadcasts import VIETNAM
from domain.learning import QuestionState, group
from domain.vietnamese import fold

GROUPED_MAX = 1500
"""Different questions that are grouped, the newest: keeps the page quick."""
UNSURE = frozenset({"choose", "decline"})
REFUSED = "refused"
"""The bot answered, and the resident said that this was not it."""
NONE_OF_THESE = ""
"""In `chosen`: the resident said that none of the offered records was meant."""


# ---- keeping ------------------------------------------------------------------------------------------------------


def mark_of(words: str) -> str:
    """The name of a question by its words alone; the same for everybody who asks it."""
    return hashlib.sha256(fold(words).encode()).hexdigest()[:20]


def keep_question(
    session: Session, words: str, *, decision: str, offered: Sequence[str], now: datetime
) -> None:
    """Keep a question the bot was unsure of. `words` are masked (domain/masking.py) before they come here."""
    mark, day = mark_of(words), now.astimezone(VIETNAM).date()
    before = session.scalar(
        select(AskedQuestion).where(AskedQuestion.mark == mark).order_by(AskedQuestion.day.desc()).limit(1)
    )
    aside = before is not None and before.state == QuestionState.ASIDE
    insert = postgres_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    session.execute(
        insert(AskedQuestion)
        .values(
            id=secrets.randbelow(1 << 53) + 1,
            day=day,
            mark=mark,
            words=words,
            decision=decision,
            offered=list(offered),
            times=1,
            chosen={},
            state=QuestionState.ASIDE if aside else QuestionState.OPEN,
            change_id=before.change_id if aside and before else None,
        )
        .on_conflict_do_update(
            index_elements=["day", "mark"],
            set_={"times": AskedQuestion.times + 1, "decision": decision, "offered": list(offered)},
        )
    )


def note_choice(session: Session, mark: str, chosen: str) -> None:
    """When asked back, a resident picked `chosen` (NONE_OF_THESE: none). Unknown marks are let go."""
    row = session.scalar(
        select(AskedQuestion)
        .where(AskedQuestion.mark == mark)
        .order_by(AskedQuestion.day.desc())
        .limit(1)
        .with_for_update()
    )
    if row is not None:
        row.chosen = {**row.chosen, chosen: row.chosen.get(chosen, 0) + 1}


def forget_questions(session: Session, *, kept: timedelta, now: datetime) -> int:
    """Forget what is older than `kept`; returns how many rows."""
    last = now.astimezone(VIETNAM).date() - kept
    found = session.execute(delete(AskedQuestion).where(AskedQuestion.day < last))
    return int(found.rowcount)  # type: ignore[attr-defined]  # a DELETE gives a CursorResult


# ---- looking ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """One question over all its days."""

    id: int
    words: str
    mark: str
    times: int
    declined: int
    refused: int
    chosen: Mapping[str, int]
    last_day: date
    offered: tuple[str, ...]


@dataclass(frozen=True)
class QuestionGroup:
    """Questions alike; the most frequent leads. `id` is the newest row of the leader."""

    questions: tuple[Asked, ...]

    @property
    def id(self) -> int:
        return self.questions[0].id

    @property
    def words(self) -> str:
        return self.questions[0].words

    @property
    def times(self) -> int:
        return sum(one.times for one in self.questions)

    @property
    def declined(self) -> int:
        return sum(one.declined for one in self.questions)

    @property
    def refused(self) -> int:
        return sum(one.refused for one in self.questions)

    @property
    def last_day(self) -> date:
        return max(one.last_day for one in self.questions)

    @property
    def chosen(self) -> dict[str, int]:
        """What residents picked, most picked first; NONE_OF_THESE among them."""
        total: dict[str, int] = {}
        for one in self.questions:
            for wanted, count in one.chosen.items():
                total[wanted] = total.get(wanted, 0) + count
        return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))

    @property
    def offered(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(wanted for one in self.questions for wanted in one.offered))


def groups(session: Session, *, state: QuestionState = QuestionState.OPEN) -> list[QuestionGroup]:
    """Questions of that state, grouped by likeness, most asked first."""
    rows = session.scalars(
        select(AskedQuestion)
        .where(AskedQuestion.state == state)
        .order_by(AskedQuestion.day.desc(), AskedQuestion.id.desc())
    )
    by_mark: dict[str, list[AskedQuestion]] = {}
    for row in rows:
        if row.mark in by_mark or len(by_mark) < GROUPED_MAX:
            by_mark.setdefault(row.mark, []).append(row)
    asked = sorted((_asked(of) for of in by_mark.values()), key=lambda one: (-one.times, one.words))
    found = [QuestionGroup(tuple(members)) for members in group(asked, lambda one: one.words)]
    return sorted(found, key=lambda one: (-one.times, -one.last_day.toordinal(), one.id))


def group_of(session: Session, question_id: int) -> QuestionGroup | None:
    """The group that holds this kept question; None when it is gone or dealt with."""
    row = session.get(AskedQuestion, question_id)
    if row is None:
        return None
    for one in groups(session, state=QuestionState(row.state)):
        if any(question.mark == row.mark for question in one.questions):
            return one
    return None


def counts(session: Session) -> dict[QuestionState, int]:
    found = dict.fromkeys(QuestionState, 0)
    for state, count in session.execute(
        select(AskedQuestion.state, func.count(func.distinct(AskedQuestion.mark))).group_by(
            AskedQuestion.state
        )
    ):
        found[QuestionState(state)] = count
    return found


def words_since(session: Session, day: date) -> list[str]:
    """The different questions kept since that day, for a replay; those set aside too."""
    query = (
        select(AskedQuestion.words).where(AskedQuestion.day >= day).distinct().order_by(AskedQuestion.words)
    )
    return list(session.scalars(query))


def _asked(rows: list[AskedQuestion]) -> Asked:
    chosen: dict[str, int] = {}
    for row in rows:
        for wanted, count in row.chosen.items():
            chosen[wanted] = chosen.get(wanted, 0) + count
    return Asked(
        id=rows[0].id,
        words=rows[0].words,
        mark=rows[0].mark,
        times=sum(row.times for row in rows),
        declined=sum(row.times for row in rows if row.decision == "decline"),
        refused=sum(row.times for row in rows if row.decision == REFUSED),
        chosen=chosen,
        last_day=max(row.day for row in rows),
        offered=tuple(rows[0].offered),
    )
