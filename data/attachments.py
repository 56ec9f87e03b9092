"""Attachments on their way from a dying link to the media store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.orm import Session

from data.tables import AttachmentRow
from domain.tips import AttachmentState


def claim_due(session: Session, *, now: datetime, limit: int, lease: timedelta) -> list[AttachmentRow]:
    """Take up to `limit` files that wait to be fetched, so that no other worker fetches them meanwhile."""
    due = (
        select(AttachmentRow.id)
        .where(
            AttachmentRow.state == AttachmentState.WAITING,
            AttachmentRow.due_at <= now,
            or_(AttachmentRow.lease_until.is_(None), AttachmentRow.lease_until <= now),
        )
        .order_by(AttachmentRow.due_at, AttachmentRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    return list(
        session.scalars(
            update(AttachmentRow)
            .where(AttachmentRow.id.in_(select(due.c.id)))
            .values(lease_until=now + lease, attempts=AttachmentRow.attempts + 1)
            .returning(AttachmentRow)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
    )


def try_later(session: Session, row: AttachmentRow, *, due_at: datetime) -> bool:
    return _change(session, row, due_at=due_at, lease_until=None)


def kept(
    session: Session,
    row: AttachmentRow,
    *,
    media_key: str,
    mime: str,
    kind: str,
    size: int,
    sha256: str,
    width: int | None,
    height: int | None,
    now: datetime,
) -> bool:
    """The bytes are on disk; the link is forgotten."""
    return _change(
        session,
        row,
        state=AttachmentState.KEPT,
        media_key=media_key,
        mime=mime,
        kind=kind,
        size=size,
        sha256=sha256,
        width=width,
        height=height,
        link_sealed=None,
        lease_until=None,
        settled_at=now,
    )


def ended(
    session: Session, row: AttachmentRow, *, state: AttachmentState, reason: str, now: datetime
) -> bool:
    """Refused or lost, with words for the officer; the link is forgotten."""
    return _change(
        session, row, state=state, reason=reason, link_sealed=None, lease_until=None, settled_at=now
    )


def _change(session: Session, row: AttachmentRow, **values: Any) -> bool:
    """False: another worker, or the citizen who stopped, was first; then the caller throws its bytes away."""
    result = session.execute(
        update(AttachmentRow)
        .where(
            AttachmentRow.id == row.id,
            AttachmentRow.state == AttachmentState.WAITING,
            AttachmentRow.attempts == row.attempts,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def dropped_files(session: Session, *, limit: int) -> list[AttachmentRow]:
    """Files on disk whose tip the citizen stopped: to be deleted."""
    return list(
        session.scalars(
            select(AttachmentRow)
            .where(
                AttachmentRow.state == AttachmentState.REFUSED,
                AttachmentRow.tip_id.is_(None),
                AttachmentRow.media_key.is_not(None),
            )
            .limit(limit)
        )
    )


def known_keys(session: Session, keys: Sequence[str]) -> set[str]:
    """Those of `keys` that some attachment has."""
    known: set[str] = set()
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        query = select(AttachmentRow.media_key).where(AttachmentRow.media_key.in_(part))
        known.update(key for key in session.scalars(query) if key is not None)
    return known
