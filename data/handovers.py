"""The sheet one officer hands to the next: what is open, what was done in the shift, a note.

A sheet keeps numbers of tips and kinds of acts, never a resident's words; who reads it sees of each tip what they
may see of it now. A tip that was deleted since stands there as deleted.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, not_, select, update
from sqlalchemy.orm import Session

from data import audit, tip_acts, tip_duties, tips
from data.tables import Officer, ShiftSheet, Tip, TipMove
from data.tip_lines import Line, lines_where
from data.tip_queue import within
from domain.errors import MoveRefused, NotAllowed
from domain.tips import OPEN, TipStatus

SHIFT = timedelta(hours=12)
"""A shift nobody handed over is counted as so long (console.app.SHIFT)."""
LISTED = 100
"""Open tips on one sheet; the page says when there are more."""
TAKEN_OVER = "taken_over"
NOTE_MAX = 2000


@dataclass(frozen=True)
class Done:
    """One kind of act on one tip, and how often; `line` None: the tip is deleted, or out of reach now."""

    tip_id: int
    move: str
    times: int
    line: Line | None


@dataclass(frozen=True)
class Open:
    """A tip that was open at the end of the shift. `status` is how it stood then."""

    tip_id: int
    status: TipStatus
    line: Line | None


@dataclass(frozen=True)
class Sheet:
    """A sheet as it is read; `id` None: the one being written now."""

    id: int | None
    unit_id: str | None
    officer_id: int
    officer_name: str
    began_at: datetime
    ended_at: datetime
    open: tuple[Open, ...]
    done: tuple[Done, ...]
    note: str = ""
    taken_by_name: str | None = None
    taken_at: datetime | None = None


@dataclass(frozen=True)
class Heading:
    """A sheet in the list of those that are kept."""

    id: int
    officer_id: int
    officer_name: str
    ended_at: datetime
    open_count: int
    taken_by_name: str | None
    taken_at: datetime | None


# ---- writing ------------------------------------------------------------------------------------------------


def begin_of(session: Session, officer_id: int, *, now: datetime) -> datetime:
    """When this officer's shift began: at the log-in or what they last handed over, at most one shift ago."""
    logged_in = session.scalar(select(Officer.last_login_at).where(Officer.id == officer_id))
    handed = session.scalar(select(func.max(ShiftSheet.ended_at)).where(ShiftSheet.officer_id == officer_id))
    return max(one for one in (logged_in, handed, now - SHIFT) if one is not None)


def draft(
    session: Session,
    *,
    officer_id: int,
    officer_name: str,
    unit_id: str | None,
    unit_ids: Collection[str] | None,
    now: datetime,
) -> Sheet:
    """The sheet as it would be handed over now."""
    began = begin_of(session, officer_id, now=now)
    lines = [] if unit_ids == () else tip_duties.open_of(session, unit_id=unit_id, limit=LISTED)
    done = session.execute(
        select(TipMove.tip_id, TipMove.move, func.count())
        .join(Tip, Tip.id == TipMove.tip_id)
        .where(
            TipMove.officer_id == officer_id,
            TipMove.at >= began,
            TipMove.at <= now,
            not_(Tip.bypass),  # a desk is shared; what accuses police is the inspectors' alone
        )
        .group_by(TipMove.tip_id, TipMove.move)
        .order_by(func.min(TipMove.at))
    ).all()
    within_reach = _lines(session, [row[0] for row in done], unit_ids)
    return Sheet(
        id=None,
        unit_id=unit_id,
        officer_id=officer_id,
        officer_name=officer_name,
        began_at=began,
        ended_at=now,
        open=tuple(Open(line.id, line.status, line) for line in lines),
        done=tuple(Done(tip_id, move, times, within_reach.get(tip_id)) for tip_id, move, times in done),
    )


def hand_over(session: Session, sheet: Sheet, *, note: str, now: datetime) -> int:
    """Keep the sheet; return its number."""
    row = ShiftSheet(
        unit_id=sheet.unit_id,
        officer_id=sheet.officer_id,
        began_at=sheet.began_at,
        ended_at=now,
        open_tips=[[one.tip_id, str(one.status)] for one in sheet.open],
        done=[[one.tip_id, one.move, one.times] for one in sheet.done],
        note=note,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        officer_id=sheet.officer_id,
        action="shift.hand_over",
        subject=f"shift:{row.id}",
        before=None,
        after={"open": len(sheet.open)},
        now=now,
    )
    return row.id


def take_over(session: Session, sheet_id: int, *, officer_id: int, unit_id: str | None, now: datetime) -> int:
    """The next officer takes the sheet, and with it the open tips the one before had taken; returns how many.

    One winner. Raises NotAllowed for one's own sheet, MoveRefused when another was first or there is no such sheet.
    """
    row = session.scalar(select(ShiftSheet).where(ShiftSheet.id == sheet_id, _of_desk(unit_id)))
    if row is None:
        raise MoveRefused("Không có sổ bàn giao này.")
    if row.officer_id == officer_id:
        raise NotAllowed("take over one's own shift")
    won = session.execute(
        update(ShiftSheet)
        .where(ShiftSheet.id == sheet_id, ShiftSheet.taken_by.is_(None))
        .values(taken_by=officer_id, taken_at=now)
        .returning(ShiftSheet.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not won:
        raise MoveRefused("Sổ bàn giao này đã có đồng chí khác nhận.")
    moved = 0
    still = sorted(OPEN - {TipStatus.NEW})
    listed = [tip_id for tip_id, _ in row.open_tips]
    tips.lock_rows(session, listed)
    own = select(Tip).where(Tip.id.in_(listed), Tip.taken_by == row.officer_id, Tip.status.in_(still))
    for tip in session.scalars(own).all():
        values = {"taken_by": officer_id, "taken_at": now, "updated_at": now}
        tip_acts.change(session, tip, Tip.taken_by == row.officer_id, officer_id=officer_id, values=values)
        tip_acts.record(session, tip, TAKEN_OVER, None, None, officer_id=officer_id, now=now)
        moved += 1
    audit.record(
        session,
        officer_id=officer_id,
        action="shift.take_over",
        subject=f"shift:{sheet_id}",
        before=None,
        after={"tips": moved},
        now=now,
    )
    return moved


def is_over(kept: timedelta, at: datetime) -> ColumnElement[bool]:
    """The sheets that are older than `kept` at that moment."""
    return ShiftSheet.ended_at < at - kept


def forget_old(session: Session, *, kept: timedelta, now: datetime) -> None:
    """Delete the sheets whose term is over."""
    session.execute(delete(ShiftSheet).where(is_over(kept, now)))


# ---- reading ------------------------------------------------------------------------------------------------


def waiting(session: Session, *, officer_id: int, unit_id: str | None, now: datetime) -> Heading | None:
    """The newest sheet of this desk that nobody took yet, written by somebody else within two shifts."""
    since = now - 2 * SHIFT
    fits = (
        _of_desk(unit_id),
        ShiftSheet.taken_by.is_(None),
        ShiftSheet.officer_id != officer_id,
        ShiftSheet.ended_at >= since,
    )
    return next(iter(_headings(session, *fits, limit=1)), None)


def listed(session: Session, *, unit_id: str | None, limit: int = 20) -> list[Heading]:
    """The newest sheets of this desk."""
    return _headings(session, _of_desk(unit_id), limit=limit)


def read(
    session: Session, sheet_id: int, *, unit_id: str | None, unit_ids: Collection[str] | None
) -> Sheet | None:
    """One sheet of this desk; None = there is none, or it is another desk's."""
    found = session.execute(
        select(ShiftSheet, Officer.name)
        .join(Officer, Officer.id == ShiftSheet.officer_id)
        .where(ShiftSheet.id == sheet_id, _of_desk(unit_id))
    ).first()
    if found is None:
        return None
    row, name = found
    taker = session.scalar(select(Officer.name).where(Officer.id == row.taken_by)) if row.taken_by else None
    lines = _lines(session, [one[0] for one in (*row.open_tips, *row.done)], unit_ids)
    return Sheet(
        id=row.id,
        unit_id=row.unit_id,
        officer_id=row.officer_id,
        officer_name=name,
        began_at=row.began_at,
        ended_at=row.ended_at,
        open=tuple(Open(tip_id, TipStatus(status), lines.get(tip_id)) for tip_id, status in row.open_tips),
        done=tuple(Done(tip_id, move, times, lines.get(tip_id)) for tip_id, move, times in row.done),
        note=row.note,
        taken_by_name=taker,
        taken_at=row.taken_at,
    )


def _headings(session: Session, *where: ColumnElement[bool], limit: int) -> list[Heading]:
    rows = session.execute(
        select(ShiftSheet, Officer.name)
        .join(Officer, Officer.id == ShiftSheet.officer_id)
        .where(*where)
        .order_by(ShiftSheet.ended_at.desc(), ShiftSheet.id.desc())
        .limit(limit)
    ).all()
    takers = {row.taken_by for row, _ in rows if row.taken_by}
    named = session.execute(select(Officer.id, Officer.name).where(Officer.id.in_(takers)))
    names: dict[int, str] = {row.id: row.name for row in named}
    return [
        Heading(
            row.id,
            row.officer_id,
            name,
            row.ended_at,
            len(row.open_tips),
            names.get(row.taken_by) if row.taken_by else None,
            row.taken_at,
        )
        for row, name in rows
    ]


def _of_desk(unit_id: str | None) -> ColumnElement[bool]:
    return ShiftSheet.unit_id.is_(None) if unit_id is None else ShiftSheet.unit_id == unit_id


def _lines(session: Session, ids: Collection[int], unit_ids: Collection[str] | None) -> dict[int, Line]:
    found = lines_where(session, Tip.id.in_(set(ids)) & within(unit_ids))
    return {line.id: line for line in found}
