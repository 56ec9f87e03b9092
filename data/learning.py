"""What officers make of the questions the bot was unsure of. Every change leaves an audit row."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from data import audit
from data.tables import AskedQuestion, LearnedChange, Officer
from domain.errors import MoveRefused
from domain.learning import (
    ChangeKind,
    ChangeState,
    QuestionState,
    ReplayState,
    check_change_move,
    is_worse,
)


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
