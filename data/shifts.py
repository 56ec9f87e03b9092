"""The roster of a unit: its week, adding, removing, copying last week. Every change leaves a line in the audit.

`unit_id` None is the roster of those who work for the whole province, as in `Officer.unit_id`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import audit
from data.tables import Officer, ShiftRow
from domain.errors import MoveRefused
from domain.said import said
from domain.shifts import ON_DUTY_ROLES, WEEK, Shift, check_span, in_words, week_from


def week(session: Session, unit_id: str | None, monday: date) -> list[Shift]:
    """Every shift that touches the week from this Monday, in order of time."""
    begin, end = week_from(monday)
    rows = session.execute(
        select(ShiftRow, Officer.name)
        .join(Officer, Officer.id == ShiftRow.officer_id)
        .where(ShiftRow.unit_id == unit_id, ShiftRow.ends_at > begin, ShiftRow.starts_at < end)
        .order_by(ShiftRow.starts_at, Officer.name)
    )
    return [Shift(row.id, row.officer_id, name, row.starts_at, row.ends_at) for row, name in rows]


def officers_of(session: Session, unit_id: str | None) -> list[tuple[int, str]]:
    """(number, name) of those who can be put on duty: active, of this unit, with a role that works tips."""
    rows = session.scalars(
        select(Officer).where(Officer.unit_id == unit_id, Officer.active).order_by(Officer.name, Officer.id)
    )
    return [(row.id, row.name) for row in rows if {role.name for role in row.roles} & ON_DUTY_ROLES]


def add(
    session: Session,
    *,
    unit_id: str | None,
    officer_id: int,
    spans: Sequence[tuple[datetime, datetime]],
    by: int,
    now: datetime,
) -> int:
    """Put an officer of the unit on duty for each (from, until); returns how many shifts. All of them or none.

    Raises MoveRefused: not one of this unit, a shift that is over or too long, or one that overlaps another of theirs.
    """
    session.scalar(
        select(Officer.id).where(Officer.id == officer_id).with_for_update()
    )  # one roster-maker at a time
    if officer_id not in {one for one, _ in officers_of(session, unit_id)}:
        raise MoveRefused("Cán bộ này không trực ở đơn vị của đồng chí.")
    for starts_at, ends_at in spans:
        check_span(starts_at, ends_at, now=now)
        if _overlapping(session, officer_id, starts_at, ends_at):
            raise MoveRefused(
                said("Cán bộ này đã có ca trùng với %(when)s.", when=in_words(starts_at, ends_at))
            )
        _insert(session, unit_id, officer_id, (starts_at, ends_at), by=by, now=now)
    return len(spans)


def remove(session: Session, shift_id: int, *, unit_id: str | None, by: int, now: datetime) -> Shift | None:
    """Take a shift out of this unit's roster; None when it is not there (any more). What is over stays."""
    row = session.get(ShiftRow, shift_id, with_for_update=True)
    if row is None or row.unit_id != unit_id:
        return None
    if row.ends_at <= now:
        raise MoveRefused("Ca trực đã qua nên được giữ nguyên trong lịch.")
    name = session.scalar(select(Officer.name).where(Officer.id == row.officer_id)) or ""
    gone = Shift(row.id, row.officer_id, name, row.starts_at, row.ends_at)
    session.delete(row)
    session.flush()
    _note(session, "shift.remove", gone.id, before=_said(gone), after=None, by=by, now=now)
    return gone


def copy_last_week(
    session: Session, *, unit_id: str | None, monday: date, by: int, now: datetime
) -> tuple[int, int]:
    """Write last week's shifts into the week from this Monday: (written, left out).

    Left out: what is over, what overlaps a shift that is there already (so a second click writes nothing), and those
    who do not work here any more.
    """
    begin, _ = week_from(monday)
    here = {one for one, _ in officers_of(session, unit_id)}
    last = [one for one in week(session, unit_id, monday - WEEK) if begin - WEEK <= one.starts_at < begin]
    written = 0
    for one in last:
        starts_at, ends_at = one.starts_at + WEEK, one.ends_at + WEEK
        if one.officer_id not in here or ends_at <= now:
            continue
        if not _overlapping(session, one.officer_id, starts_at, ends_at):
            _insert(session, unit_id, one.officer_id, (starts_at, ends_at), by=by, now=now)
            written += 1
    return written, len(last) - written


def _overlapping(session: Session, officer_id: int, starts_at: datetime, ends_at: datetime) -> bool:
    found = select(ShiftRow.id).where(
        ShiftRow.officer_id == officer_id, ShiftRow.starts_at < ends_at, ShiftRow.ends_at > starts_at
    )
    return session.scalar(found.limit(1)) is not None


def _insert(
    session: Session,
    unit_id: str | None,
    officer_id: int,
    when: tuple[datetime, datetime],
    *,
    by: int,
    now: datetime,
) -> None:
    row = ShiftRow(
        unit_id=unit_id, officer_id=officer_id, starts_at=when[0], ends_at=when[1], made_by=by, made_at=now
    )
    session.add(row)
    session.flush()
    said = _said(Shift(row.id, officer_id, "", *when))
    _note(session, "shift.add", row.id, before=None, after=said, by=by, now=now)


def _said(shift: Shift) -> dict[str, object]:
    return {
        "officer": shift.officer_id,
        "from": shift.starts_at.isoformat(),
        "until": shift.ends_at.isoformat(),
    }


def _note(
    session: Session,
    action: str,
    shift_id: int,
    *,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
    by: int,
    now: datetime,
) -> None:
    audit.record(
        session,
        officer_id=by,
        action=action,
        subject=f"shift:{shift_id}",
        before=before,
        after=after,
        now=now,
    )
