"""Questions the bot was unsure of, and what officers make of them. Every change leaves an audit row.

A kept question is masked, has no citizen and no time finer than the day, and is forgotten after KEPT.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from data import audit
from data.tables import AskedQuestion, LearnedChange, Officer
from domain.broadcasts import VIETNAM
from domain.errors import MoveRefused
from domain.learning import (
    ChangeKind,
    ChangeState,
    QuestionState,
    ReplayState,
    check_change_move,
    group,
    is_worse,
)
from domain.vietnamese import fold

KEPT = timedelta(days=180)
"""How long a masked question is kept."""
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


def forget_questions(session: Session, *, now: datetime) -> int:
    """Forget what is older than KEPT; returns how many rows."""
    last = now.astimezone(VIETNAM).date() - KEPT
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


# ---- changes ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChangeLine:
    """A change with the names of the people in it."""

    row: LearnedChange
    author: str
    decider: str | None
    undoer: str | None


def changes(session: Session, *, states: Collection[ChangeState], limit: int = 100) -> list[ChangeLine]:
    """Changes in these states, newest first."""
    names = _names(session)
    rows = session.scalars(
        select(LearnedChange)
        .where(LearnedChange.state.in_(states))
        .order_by(LearnedChange.id.desc())
        .limit(limit)
    )
    return [_line(row, names) for row in rows]


def change(session: Session, change_id: int) -> ChangeLine | None:
    row = session.get(LearnedChange, change_id)
    return _line(row, _names(session)) if row else None


def questions_of(session: Session, change_id: int) -> list[str]:
    """The kept questions this change came from."""
    query = select(AskedQuestion.words).where(AskedQuestion.change_id == change_id).distinct()
    return sorted(session.scalars(query))


def propose(
    session: Session,
    *,
    kind: ChangeKind,
    target: str,
    aliases: Sequence[str],
    topic: Mapping[str, Any] | None,
    marks: Collection[str],
    reason: str,
    officer_id: int,
    now: datetime,
) -> LearnedChange:
    """Write the change down and ask for its replay; nothing the bot says changes."""
    row = _new(kind, target, aliases, topic, reason, officer_id, now)
    row.state, row.replay = ChangeState.PROPOSED, ReplayState.WAITING
    session.add(row)
    session.flush()
    _tie(session, marks, row.id, None)
    _record(session, row, officer_id, "learning.propose", now)
    return row


def set_aside(
    session: Session, *, marks: Collection[str], reason: str, officer_id: int, now: datetime
) -> LearnedChange:
    """These questions are not ours; they stay out of sight, also when they are asked again."""
    row = _new(ChangeKind.ASIDE, None, (), None, reason, officer_id, now)
    row.state, row.replay = ChangeState.APPLIED, ReplayState.DONE
    row.decided_by, row.decided_at = officer_id, now
    session.add(row)
    session.flush()
    _tie(session, marks, row.id, QuestionState.ASIDE)
    _record(session, row, officer_id, "learning.aside", now)
    return row


def apply(
    session: Session, change_id: int, *, version: int, worse_seen: bool, officer_id: int, now: datetime
) -> None:
    """Let it hold. Raises MoveRefused without a finished replay, or when worse answers were not confirmed."""
    row = _locked(session, change_id, version)
    check_change_move(ChangeState(row.state), ChangeState.APPLIED)
    if row.replay != ReplayState.DONE or row.result is None:
        raise MoveRefused("Đề xuất chưa được chạy thử xong nên chưa áp dụng được.")
    if is_worse(row.result["counts"]) and not worse_seen:
        raise MoveRefused(
            "Có câu sẽ được trả lời kém hơn. Mời xem các câu đó và đánh dấu “Đã xem” trước khi áp dụng."
        )
    row.state, row.decided_by, row.decided_at = ChangeState.APPLIED, officer_id, now
    row.version += 1
    session.execute(
        update(AskedQuestion).where(AskedQuestion.change_id == row.id).values(state=QuestionState.LEARNED)
    )
    _record(session, row, officer_id, "learning.apply", now)


def drop(session: Session, change_id: int, *, version: int, officer_id: int, now: datetime) -> None:
    """Not this way; its questions are open again."""
    row = _locked(session, change_id, version)
    check_change_move(ChangeState(row.state), ChangeState.DROPPED)
    row.state, row.decided_by, row.decided_at = ChangeState.DROPPED, officer_id, now
    row.version += 1
    _set_free(session, row)
    _record(session, row, officer_id, "learning.drop", now)


def undo(
    session: Session, change_id: int, *, version: int, reason: str, officer_id: int, now: datetime
) -> None:
    """As if it had never been applied; its questions are open again."""
    row = _locked(session, change_id, version)
    check_change_move(ChangeState(row.state), ChangeState.UNDONE)
    row.state, row.undone_by, row.undone_at, row.undo_reason = ChangeState.UNDONE, officer_id, now, reason
    row.version += 1
    _set_free(session, row)
    _record(session, row, officer_id, "learning.undo", now)


def replay_again(session: Session, change_id: int, *, version: int) -> None:
    """Replay it once more, because the catalogue has changed or the first replay failed."""
    row = _locked(session, change_id, version)
    if row.state != ChangeState.PROPOSED:
        raise MoveRefused("Chỉ chạy thử lại được đề xuất đang xem xét.")
    row.replay, row.replay_done, row.result, row.lease_until = ReplayState.WAITING, 0, None, None
    row.version += 1


def _new(
    kind: ChangeKind,
    target: str | None,
    aliases: Sequence[str],
    topic: Mapping[str, Any] | None,
    reason: str,
    officer_id: int,
    now: datetime,
) -> LearnedChange:
    return LearnedChange(
        kind=kind,
        target=target,
        aliases=list(aliases),
        topic=dict(topic) if topic else None,
        reason=reason,
        author_id=officer_id,
        created_at=now,
        version=1,
        replay_done=0,
        replay_total=0,
    )


def _tie(session: Session, marks: Collection[str], change_id: int, state: QuestionState | None) -> None:
    values: dict[str, Any] = {"change_id": change_id}
    if state is not None:
        values["state"] = state
    session.execute(
        update(AskedQuestion)
        .where(AskedQuestion.mark.in_(marks), AskedQuestion.state == QuestionState.OPEN)
        .values(**values)
    )


def _set_free(session: Session, row: LearnedChange) -> None:
    session.execute(
        update(AskedQuestion)
        .where(AskedQuestion.change_id == row.id)
        .values(state=QuestionState.OPEN, change_id=None)
    )


def _locked(session: Session, change_id: int, version: int) -> LearnedChange:
    row = session.get(LearnedChange, change_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise MoveRefused("Đề xuất này không còn.")
    if row.version != version:
        raise MoveRefused("Đồng chí khác vừa xử lý đề xuất này. Mời xem lại trạng thái mới.")
    return row


def _record(session: Session, row: LearnedChange, officer_id: int, action: str, now: datetime) -> None:
    after = {
        "kind": row.kind,
        "target": row.target,
        "aliases": row.aliases,
        "reason": row.undo_reason or row.reason,
    }
    audit.record(
        session,
        officer_id=officer_id,
        action=action,
        subject=f"learning:{row.id}",
        before=None,
        after=after,
        now=now,
    )


def _names(session: Session) -> dict[int, str]:
    return {row.id: row.name for row in session.execute(select(Officer.id, Officer.name))}


def _line(row: LearnedChange, names: Mapping[int, str]) -> ChangeLine:
    return ChangeLine(
        row, names.get(row.author_id, ""), names.get(row.decided_by or 0), names.get(row.undone_by or 0)
    )
