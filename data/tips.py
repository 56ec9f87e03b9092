"""One tip as officers see it, with everything about it; its files; the units it can go to.

`unit_ids` says whose tips may be seen, as in `data.tip_queue`. Nothing here tells who the reporter is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from data.tables import AttachmentRow, Citizen, Officer, Outgoing, Tip, TipMessage, TipMove, TipNote, UnitRow
from data.tip_lines import Line, lines_where
from data.tip_queue import within
from domain.broadcasts import DeliveryStatus
from domain.media import read_peaks
from domain.screening import kinds_found, screen
from domain.tips import AttachmentKind, AttachmentState
from domain.units import UnitLevel
from domain.vietnamese import fold


@dataclass(frozen=True)
class Said:
    """One message of the conversation. `delivery` says what became of an officer's words."""

    id: int
    at: datetime
    from_officer: bool
    officer_name: str | None
    text: str
    delivery: DeliveryStatus | None
    reason: str | None
    seen_at: datetime | None


@dataclass(frozen=True)
class Note:
    id: int
    at: datetime
    officer_name: str
    text: str


@dataclass(frozen=True)
class Move:
    at: datetime
    officer_name: str | None
    move: str
    before: str | None
    after: str | None
    words: str


@dataclass(frozen=True)
class File:
    """A photo, clip, voice message or file of a tip.

    mime, size, sha256   of the sealed original, as it came
    view_mime …          of the clean copy; there is none before `state` is kept
    peaks                of a voice message, see domain.media.read_peaks
    has_original         there is an original that could be unsealed
    """

    id: int
    tip_id: int
    draft_key: str
    position: int
    kind: AttachmentKind
    state: AttachmentState
    name: str
    caption: str
    reason: str | None
    mime: str | None
    size: int | None
    width: int | None
    height: int | None
    sha256: str | None
    media_key: str | None
    view_mime: str | None
    view_size: int | None
    view_sha256: str | None
    poster_key: str | None
    seconds: float | None
    peaks: tuple[int, ...]
    has_original: bool
    settled_at: datetime | None


@dataclass(frozen=True)
class FullTip:
    """One tip with everything an officer may know.

    reachable       False: the reporter had their data erased
    window_closed   Zalo lets nobody write to the reporter now: an answer waits for their next message
    revealed        what was screened is shown this once, because the officer asked for it
    """

    line: Line
    latitude: float | None
    longitude: float | None
    reachable: bool
    window_closed: bool
    taken_at: datetime | None
    closed_at: datetime | None
    files: tuple[File, ...]
    said: tuple[Said, ...]
    notes: tuple[Note, ...]
    moves: tuple[Move, ...]
    hidden: tuple[str, ...] = ()
    revealed: bool = False
    went_past: str | None = None


REPLY_WINDOW = timedelta(days=7)
POLICE = "Công an"
"""How long after a citizen's last message Zalo lets the OA write to them (docs/zalo.md, "Text")."""


# ---- one tip ----------------------------------------------------------------------------------------------


def find(session: Session, tip_id: int, *, unit_ids: Collection[str] | None) -> Tip | None:
    """The row of one tip within reach, for an act on it; None = no such tip, or not for this officer."""
    return session.scalar(select(Tip).where(Tip.id == tip_id, within(unit_ids)))


def lock_rows(session: Session, ids: Collection[int]) -> None:
    """Hold these tips until the commit, always in one order: for acts on several that write to the audit as they go.

    On PostgreSQL the audit's chain is locked from its first line on (data.audit.record); whoever still had to wait
    for a tip then could wait for somebody who waits for the chain.
    """
    session.execute(select(Tip.id).where(Tip.id.in_(ids)).order_by(Tip.id).with_for_update()).all()


def open_tip(
    session: Session,
    tip_id: int,
    *,
    unit_ids: Collection[str] | None,
    now: datetime,
    reveal: bool = False,
) -> FullTip | None:
    """Everything about one tip within reach; None as in `find`.

    reveal  show what was screened; the caller has written down who asked for it
    """
    tip = find(session, tip_id, unit_ids=unit_ids)
    if tip is None:
        return None
    line = lines_where(session, Tip.id == tip_id)[0]
    said, said_hidden = _conversation(session, tip_id, reveal=reveal)
    files = _files(session, AttachmentRow.tip_id == tip_id)
    own_words = [*(file.caption for file in files), *(file.name for file in files)]
    hidden = tuple(dict.fromkeys((*line.hidden, *said_hidden, *kinds_found(*own_words))))
    if not reveal:
        files = tuple(_screened(file) for file in files)
    if reveal:
        line = replace(line, what=tip.what, place=tip.place)
    return FullTip(
        line=line,
        latitude=tip.latitude,
        longitude=tip.longitude,
        reachable=tip.citizen is not None,
        window_closed=_window_closed(session, tip.citizen, now),
        taken_at=tip.taken_at,
        closed_at=tip.closed_at,
        files=files,
        said=said,
        notes=_notes(session, tip_id),
        moves=_moves(session, tip_id),
        hidden=hidden,
        revealed=reveal,
        went_past=tip.went_past,
    )


def open_file(session: Session, file_id: int, *, unit_ids: Collection[str] | None) -> File | None:
    """A file with a clean copy, of a tip within reach; None = there is none, or not for this officer."""
    found = find_file(session, file_id, unit_ids=unit_ids)
    return found if found is not None and found.state is AttachmentState.KEPT else None


def find_file(session: Session, file_id: int, *, unit_ids: Collection[str] | None) -> File | None:
    """A file of a tip within reach, whatever became of it; None = no such file, or not for this officer."""
    belongs = AttachmentRow.tip_id.in_(select(Tip.id).where(within(unit_ids)))
    found = next(iter(_files(session, and_(AttachmentRow.id == file_id, belongs))), None)
    return _screened(found) if found else None


def _screened(file: File) -> File:
    """Captions and names of files are the reporter's own words, like all others."""
    return replace(file, caption=screen(file.caption).text, name=screen(file.name).text)


def _files(session: Session, where: ColumnElement[bool]) -> tuple[File, ...]:
    rows = session.scalars(
        select(AttachmentRow).where(where).order_by(AttachmentRow.position, AttachmentRow.id)
    )
    return tuple(
        File(
            id=row.id,
            tip_id=row.tip_id or 0,
            draft_key=row.draft_key,
            position=row.position,
            kind=AttachmentKind(row.kind),
            state=AttachmentState(row.state),
            name=row.name,
            caption=row.caption,
            reason=row.reason,
            mime=row.mime,
            size=row.size,
            width=row.width,
            height=row.height,
            sha256=row.sha256,
            media_key=row.media_key,
            view_mime=row.view_mime,
            view_size=row.view_size,
            view_sha256=row.view_sha256,
            poster_key=row.poster_key,
            seconds=row.seconds,
            peaks=read_peaks(row.peaks),
            has_original=row.original_key is not None,
            settled_at=row.settled_at,
        )
        for row in rows
    )


def _conversation(session: Session, tip_id: int, *, reveal: bool) -> tuple[tuple[Said, ...], tuple[str, ...]]:
    """What was said, the reporter's words screened; and what kinds of things were taken out."""
    rows = session.execute(
        select(TipMessage, Officer.name, Outgoing.state, Outgoing.reason, Outgoing.seen_at)
        .outerjoin(Officer, Officer.id == TipMessage.officer_id)
        .outerjoin(Outgoing, Outgoing.id == TipMessage.outgoing_id)
        .where(TipMessage.tip_id == tip_id)
        .order_by(TipMessage.at, TipMessage.id)
    ).all()
    screened = {row[0].id: screen(row[0].text) for row in rows if not row[0].from_officer}
    said = tuple(
        Said(
            id=message.id,
            at=message.at,
            from_officer=message.from_officer,
            officer_name=name,
            text=message.text if reveal or message.from_officer else screened[message.id].text,
            delivery=DeliveryStatus(state) if state else None,
            reason=reason,
            seen_at=seen_at,
        )
        for message, name, state, reason, seen_at in rows
    )
    return said, tuple(kind for one in screened.values() for kind in one.hidden)


def _notes(session: Session, tip_id: int) -> tuple[Note, ...]:
    rows = session.execute(
        select(TipNote, Officer.name)
        .join(Officer, Officer.id == TipNote.officer_id)
        .where(TipNote.tip_id == tip_id)
        .order_by(TipNote.at, TipNote.id)
    )
    return tuple(Note(note.id, note.at, name, note.text) for note, name in rows)


def _moves(session: Session, tip_id: int) -> tuple[Move, ...]:
    rows = session.execute(
        select(TipMove, Officer.name)
        .outerjoin(Officer, Officer.id == TipMove.officer_id)
        .where(TipMove.tip_id == tip_id)
        .order_by(TipMove.at, TipMove.id)
    )
    return tuple(Move(row.at, name, row.move, row.before, row.after, row.words) for row, name in rows)


# ---- units a tip can go to --------------------------------------------------------------------------------


def units_of_today(session: Session) -> list[tuple[str, str]]:
    """(id, name of its police) of every unit that answers today: the province first, then by name."""
    rows = session.execute(
        select(UnitRow.id, UnitRow.name, UnitRow.short_name, UnitRow.level).where(UnitRow.valid_to.is_(None))
    ).all()
    ordered = sorted(rows, key=lambda row: (row.level != UnitLevel.PROVINCE, fold(row.short_name), row.id))
    return [(row.id, police_name(row.name)) for row in ordered]


def unit_name(session: Session, unit_id: str | None) -> str:
    """The police of this unit; None is the whole province."""
    if unit_id is None:
        return "Toàn tỉnh"
    name = session.scalar(select(UnitRow.name).where(UnitRow.id == unit_id))
    return police_name(name) if name else unit_id


def police_name(name: str) -> str:
    """“Phường Bắc Giang” → “Công an phường Bắc Giang” (as domain.units.Unit.police_name does)."""
    return f"{POLICE} {name[:1].lower()}{name[1:]}"


def _window_closed(session: Session, citizen: str | None, now: datetime) -> bool:
    last = session.scalar(select(Citizen.last_wrote_at).where(Citizen.key == citizen)) if citizen else None
    return last is not None and now - last > REPLY_WINDOW
