"""The audit trail: who did what, in a chain that shows when a row was changed, taken out or put in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select, text
from sqlalchemy.orm import Session

from data.tables import AuditRow, Officer

FIRST = "0" * 64
"""What the first row has before it."""
_LOCK = 7_216_226


def record(
    session: Session,
    *,
    officer_id: int | None,
    action: str,
    subject: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    now: datetime,
) -> None:
    """Write down a sensitive act, in the transaction of the act.

    officer_id     None: the program or the command line did it
    action         what, as `<subject kind>.<verb>`: `tip.move`, `broadcast.approve`, `officer.add`
    subject        on what, as `<kind>:<row id>`: `tip:17`
    before, after  plain JSON values; never a citizen's words, key, phone or place
    now            aware UTC

    Call it last in the transaction: on PostgreSQL the chain stays locked from here until the commit, one writer
    at a time (SQLite has a single writer anyway).
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    previous = session.scalar(select(AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)) or FIRST
    row = AuditRow(
        at=now.astimezone(UTC),
        officer_id=officer_id,
        action=action,
        subject=subject,
        before=None if before is None else dict(before),
        after=None if after is None else dict(after),
        previous_hash=previous,
    )
    row.hash = _hash(row)
    session.add(row)
    session.flush()


def verify(session: Session, *, newest_rows: int | None = None) -> list[str]:
    """What is wrong with the chain, one line each; empty when it is whole.

    The end of the chain vouches for everything before it; rows cut off the end show only against a copy of the
    last hash kept elsewhere (`newest`).
    newest_rows  look at so many rows at the end only, for a page that must not wait; None: at all of them
    """
    problems = []
    expected = FIRST
    query = select(AuditRow).order_by(AuditRow.id)
    begin = _begin_of(session, newest_rows)
    if begin is not None:
        expected = begin.previous_hash
        query = query.where(AuditRow.id >= begin.id)
    for row in session.scalars(query.execution_options(yield_per=1000)):
        if row.previous_hash != expected:
            problems.append(f"audit row {row.id}: does not follow the row before it")
        if row.hash != _hash(row):
            problems.append(f"audit row {row.id}: was changed after it was written")
        expected = row.hash
    return problems


def _begin_of(session: Session, newest_rows: int | None) -> AuditRow | None:
    if newest_rows is None:
        return None
    return session.scalar(select(AuditRow).order_by(AuditRow.id.desc()).offset(newest_rows - 1).limit(1))


@dataclass(frozen=True)
class Sought:
    """What a reader of the trail looks for; what is None is not asked for.

    officer_id  who did it; 0: the program
    action      as `record` was given it
    kind        the part of the subject before the colon
    subject     one thing's own story
    since, until  [from, to), aware
    """

    officer_id: int | None = None
    action: str | None = None
    kind: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.officer_id is not None:
            mine = AuditRow.officer_id == self.officer_id
            found.append(mine if self.officer_id else AuditRow.officer_id.is_(None))
        if self.action is not None:
            found.append(AuditRow.action == self.action)
        if self.subject is not None:
            found.append(AuditRow.subject == self.subject)
        elif self.kind is not None:  # a range, as the index stands in order of the text
            found.append(and_(AuditRow.subject >= f"{self.kind}:", AuditRow.subject < f"{self.kind};"))
        if self.since is not None:
            found.append(AuditRow.at >= self.since)
        if self.until is not None:
            found.append(AuditRow.at < self.until)
        return found


@dataclass(frozen=True)
class Entry:
    """A row of the trail as an inspector reads it. `officer_name` None: the program did it."""

    id: int
    at: datetime
    officer_name: str | None
    action: str
    subject: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def listed(
    session: Session,
    *,
    limit: int,
    before_id: int | None = None,
    subject: str | None = None,
    sought: Sought | None = None,
) -> list[Entry]:
    """Rows of the trail, newest first; `before_id` for the next page, `subject` for one thing's own story."""
    query = select(AuditRow, Officer.name).outerjoin(Officer, Officer.id == AuditRow.officer_id)
    if sought is not None:
        query = query.where(*sought.conditions())
    if before_id is not None:
        query = query.where(AuditRow.id < before_id)
    if subject is not None:
        query = query.where(AuditRow.subject == subject)
    return [
        Entry(row.id, row.at, name, row.action, row.subject, row.before, row.after)
        for row, name in session.execute(query.order_by(AuditRow.id.desc()).limit(limit))
    ]


def newest(session: Session) -> tuple[int, str] | None:
    """Number and hash of the last row, to be kept elsewhere; None when nothing was recorded."""
    found = session.execute(select(AuditRow.id, AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)).first()
    return (found.id, found.hash) if found else None


def _hash(row: AuditRow) -> str:
    said = [
        row.previous_hash,
        row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        row.officer_id,
        row.action,
        row.subject,
        row.before,
        row.after,
    ]
    written = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
