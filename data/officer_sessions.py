"""Log-in sessions of officers: one row each, so that each can be seen and ended by itself.

Ending all of an officer's sessions also changes `fs_uniquifier`, the mark that Flask-Security keeps in the cookie.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from data import audit
from data.tables import Officer, OfficerSession
from domain.devices import device_said

LASTS = timedelta(hours=12)
"""A log-in lasts one shift."""
SEEN_EVERY = timedelta(minutes=1)
"""How exactly “last seen” is kept: a page that is read does not write each time."""


@dataclass(frozen=True)
class OpenSession:
    """One line of the list of sessions. `device` can be said in another language; `here`: the one that asks."""

    id: int
    device: str
    how: str
    began_at: datetime
    seen_at: datetime
    here: bool


def begin(
    session: Session, officer_id: int, *, device: str, how: str, proved_at: datetime | None, now: datetime
) -> str:
    """Open a session; returns the token for the browser, which is kept nowhere else."""
    token = secrets.token_hex(16)
    session.add(
        OfficerSession(
            mark=_mark(token),
            officer_id=officer_id,
            device=device,
            how=how,
            began_at=now,
            seen_at=now,
            proved_at=proved_at,
        )
    )
    session.flush()
    return token


def standing(session: Session, token: str, *, officer_id: int, now: datetime) -> OfficerSession | None:
    """The session of this token, while it lasts and nobody ended it."""
    return session.scalar(
        select(OfficerSession).where(
            OfficerSession.mark == _mark(token),
            OfficerSession.officer_id == officer_id,
            OfficerSession.ended_at.is_(None),
            OfficerSession.began_at > now - LASTS,
        )
    )


def seen(session: Session, session_id: int, *, now: datetime) -> None:
    session.execute(update(OfficerSession).where(OfficerSession.id == session_id).values(seen_at=now))


def proved(session: Session, session_id: int, *, now: datetime) -> None:
    """The second factor was given again just now."""
    session.execute(update(OfficerSession).where(OfficerSession.id == session_id).values(proved_at=now))


def listed(session: Session, officer_id: int, *, now: datetime, here: str = "") -> list[OpenSession]:
    """The open sessions of an officer, the one of token `here` first, then the last seen."""
    rows = session.scalars(
        select(OfficerSession)
        .where(
            OfficerSession.officer_id == officer_id,
            OfficerSession.ended_at.is_(None),
            OfficerSession.began_at > now - LASTS,
        )
        .order_by(OfficerSession.seen_at.desc(), OfficerSession.id.desc())
    )
    mark = _mark(here)
    lines = [
        OpenSession(row.id, device_said(row.device), row.how, row.began_at, row.seen_at, row.mark == mark)
        for row in rows
    ]
    return sorted(lines, key=lambda line: not line.here)


def counts(session: Session, officer_ids: Collection[int], *, now: datetime) -> dict[int, int]:
    """Officer id → how many sessions are open; officers without one are left out."""
    rows = session.execute(
        select(OfficerSession.officer_id, func.count())
        .where(
            OfficerSession.officer_id.in_(officer_ids),
            OfficerSession.ended_at.is_(None),
            OfficerSession.began_at > now - LASTS,
        )
        .group_by(OfficerSession.officer_id)
    )
    return {row[0]: row[1] for row in rows}


def end_one(session: Session, session_id: int, *, officer_id: int, by: int, now: datetime) -> bool:
    """End one session of this officer; False when there is no such one. Leaves an audit row."""
    row = session.scalar(
        select(OfficerSession).where(
            OfficerSession.id == session_id,
            OfficerSession.officer_id == officer_id,
            OfficerSession.ended_at.is_(None),
        )
    )
    if row is None:
        return False
    row.ended_at = now
    session.flush()
    _note(session, officer_id, {"sessions": 1}, by=by, now=now)
    return True


def end_by_token(session: Session, token: str, *, now: datetime) -> None:
    """Log-out: the session behind this browser is over."""
    session.execute(
        update(OfficerSession)
        .where(OfficerSession.mark == _mark(token), OfficerSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_all(session: Session, officer: Officer, *, now: datetime) -> int:
    """End every session and void every link of the officer; the caller leaves the audit row."""
    officer.fs_uniquifier = fresh_mark()
    ended = session.execute(
        update(OfficerSession)
        .where(OfficerSession.officer_id == officer.id, OfficerSession.ended_at.is_(None))
        .values(ended_at=now)
        .returning(OfficerSession.id)
    )
    return len(ended.all())


def forget_old(session: Session, *, kept: timedelta, now: datetime) -> None:
    """Delete the log-ins that began longer ago than `kept`; none of them lasts as long."""
    session.execute(delete(OfficerSession).where(OfficerSession.began_at < now - max(kept, LASTS)))


def fresh_mark() -> str:
    """A new `fs_uniquifier`."""
    return secrets.token_hex(16)


def _note(session: Session, officer_id: int, after: dict[str, object], *, by: int, now: datetime) -> None:
    audit.record(
        session,
        officer_id=by,
        action="officer.sessions_ended",
        subject=f"officer:{officer_id}",
        before=None,
        after=after,
        now=now,
    )


def _mark(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
