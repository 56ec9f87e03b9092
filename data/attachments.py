"""Attachments on their way from a dying link to a sealed original and a clean copy to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import CursorResult, func, or_, select, update
from sqlalchemy.orm import Session

from data import custody
from data.photo_places import seal_place
from data.sealed_files import SealedFile
from data.sealing import Sealer
from data.tables import AttachmentRow
from domain.tips import AttachmentState

TO_FETCH = (AttachmentState.WAITING,)
TO_CLEAN = (AttachmentState.SEALED, AttachmentState.CLEAR)


class Part(StrEnum):
    """The files one attachment has in the store."""

    ORIGINAL = "original"
    VIEW = "view"
    POSTER = "poster"


@dataclass(frozen=True)
class View:
    """The clean copy and what is known of it; `poster` a still of a clip, `seconds` how long it plays."""

    kind: str
    mime: str
    file: SealedFile
    poster: SealedFile | None
    width: int | None
    height: int | None
    seconds: float | None
    likeness: str | None
    peaks: str | None
    place: tuple[float, float] | None


def bound(draft_key: str, position: int, part: Part) -> str:
    """What a sealed file is bound to: its tip (the draft's key stays the tip's), its place in it, its part."""
    return f"{draft_key}:{position}:{part}"


def claim_due(
    session: Session,
    *,
    now: datetime,
    limit: int,
    lease: timedelta,
    states: Sequence[AttachmentState] = TO_FETCH,
) -> list[AttachmentRow]:
    """Take up to `limit` files that wait in `states`, so that no other worker takes them meanwhile.

    Everybody's first file comes before anybody's second, and whoever waits with few before whoever waits with many:
    a flood of one citizen does not delay another. Files that a worker has in hand count.
    """
    sender = func.coalesce(AttachmentRow.citizen, AttachmentRow.draft_key)
    order = func.row_number().over(partition_by=sender, order_by=(AttachmentRow.due_at, AttachmentRow.id))
    many = func.count().over(partition_by=sender)
    lined_up = (
        select(AttachmentRow.id, order.label("place"), many.label("many"))
        .where(AttachmentRow.state.in_(states), AttachmentRow.due_at <= now)
        .subquery("lined_up")
    )
    due = (
        select(AttachmentRow.id)
        .join(lined_up, lined_up.c.id == AttachmentRow.id)
        .where(
            AttachmentRow.state.in_(states),
            or_(AttachmentRow.lease_until.is_(None), AttachmentRow.lease_until <= now),
        )
        .order_by(lined_up.c.place, lined_up.c.many, AttachmentRow.due_at, AttachmentRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=AttachmentRow)
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


def sealed(
    session: Session,
    row: AttachmentRow,
    *,
    original: SealedFile,
    mime: str,
    kind: str,
    now: datetime,
    words: str = "",
) -> bool:
    """The original is sealed on disk: the link is forgotten, the clean copy is due. As `_change`."""
    ours = _change(
        session,
        row,
        state=AttachmentState.SEALED,
        original_key=original.media_key,
        media_key=None,
        mime=mime,
        kind=kind,
        size=original.size,
        sha256=original.sha256,
        link_sealed=None,
        lease_until=None,
        attempts=0,
        due_at=now,
        settled_at=now,
    )
    if ours:
        custody.record(session, row.id, custody.Act.RECEIVED, now=now, sha256=original.sha256, words=words)
        custody.record(session, row.id, custody.Act.SEALED, now=now, sha256=original.sha256)
    return ours


def cleaned(session: Session, row: AttachmentRow, view: View, *, sealer: Sealer, now: datetime) -> bool:
    """The clean copy is on disk: officers may look at it. The place the file itself named is only sealed."""
    ours = _change(
        session,
        row,
        state=AttachmentState.KEPT,
        kind=view.kind,
        media_key=view.file.media_key,
        view_mime=view.mime,
        view_size=view.file.size,
        view_sha256=view.file.sha256,
        poster_key=view.poster.media_key if view.poster else None,
        width=view.width,
        height=view.height,
        seconds=view.seconds,
        likeness=view.likeness,
        peaks=view.peaks,
        place_sealed=seal_place(row, view.place, sealer=sealer),
        lease_until=None,
    )
    if ours:
        custody.record(session, row.id, custody.Act.CLEANED, now=now)
    return ours


def unclean(session: Session, row: AttachmentRow, *, reason: str, cause: str, now: datetime) -> bool:
    """No clean copy can be made: the original stays sealed, nothing is shown, the officer reads `reason`."""
    ours = _change(session, row, state=AttachmentState.UNCLEAN, reason=reason, lease_until=None)
    if ours:
        custody.record(session, row.id, custody.Act.UNCLEAN, now=now, words=cause)
    return ours


def ended(
    session: Session, row: AttachmentRow, *, state: AttachmentState, reason: str, now: datetime
) -> bool:
    """Refused or lost, with words for the officer; the link is forgotten. Files on disk are the caller's."""
    had_original = row.original_key is not None
    ours = _change(
        session,
        row,
        state=state,
        reason=reason,
        original_key=None,
        media_key=None,
        link_sealed=None,
        lease_until=None,
        settled_at=now,
    )
    if ours and had_original:
        custody.record(session, row.id, custody.Act.DESTROYED, now=now, words=reason)
    return ours


def _change(session: Session, row: AttachmentRow, **values: Any) -> bool:
    """False: another worker, or the citizen who stopped, was first; then the caller throws its bytes away."""
    result = session.execute(
        update(AttachmentRow)
        .where(
            AttachmentRow.id == row.id,
            AttachmentRow.state == row.state,
            AttachmentRow.attempts == row.attempts,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


# ---- files on disk ----------------------------------------------------------------------------------------------


def parts(row: AttachmentRow) -> list[tuple[Part, str]]:
    """The files this attachment has in the store."""
    named = ((Part.ORIGINAL, row.original_key), (Part.VIEW, row.media_key), (Part.POSTER, row.poster_key))
    return [(part, key) for part, key in named if key is not None]


def forget_files(session: Session, rows: Iterable[AttachmentRow], *, now: datetime, why: str) -> list[str]:
    """Take the files out of the rows, as the chain of custody says; the caller deletes the keys given back."""
    keys: list[str] = []
    for row in rows:
        keys += [key for _, key in parts(row)]
        if row.original_key is not None:
            custody.record(session, row.id, custody.Act.DESTROYED, now=now, sha256=row.sha256, words=why)
        row.original_key = row.media_key = row.poster_key = row.place_sealed = None
    return keys


def dropped_files(session: Session, *, limit: int) -> list[AttachmentRow]:
    """Files on disk whose tip the citizen stopped: to be deleted."""
    return list(
        session.scalars(
            select(AttachmentRow)
            .where(
                AttachmentRow.state == AttachmentState.REFUSED,
                AttachmentRow.tip_id.is_(None),
                or_(AttachmentRow.media_key.is_not(None), AttachmentRow.original_key.is_not(None)),
            )
            .limit(limit)
        )
    )


def known_keys(session: Session, keys: Sequence[str]) -> set[str]:
    """Those of `keys` that some attachment has."""
    known: set[str] = set()
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        for column in (AttachmentRow.media_key, AttachmentRow.original_key, AttachmentRow.poster_key):
            found = session.scalars(select(column).where(column.in_(part)))
            known.update(key for key in found if key is not None)
    return known


def sealed_after(session: Session, *, last_id: int, limit: int) -> list[AttachmentRow]:
    """Attachments with files in the store, in order of their number, for going through all of them."""
    return list(
        session.scalars(
            select(AttachmentRow)
            .where(
                AttachmentRow.id > last_id,
                or_(AttachmentRow.original_key.is_not(None), AttachmentRow.place_sealed.is_not(None)),
            )
            .order_by(AttachmentRow.id)
            .limit(limit)
        )
    )
