"""The queue of tips as officers see it.

`unit_ids` says whose tips may be seen: these units', EVERY_UNIT, or None = all there are, also those that accuse
police. Nothing here tells who the reporter is: their words are screened (domain.screening).
Paging is by position (keyset) and every look is bounded, so that it stays fast with a million tips.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from data.tables import Tip
from data.tip_lines import Line, in_order, lines_where
from data.tip_words import has_word
from domain.tips import OPEN, TipStatus, read_code
from domain.vietnamese import fold

EVERY_UNIT = ("*",)
"""In the place of `unit_ids`: every unit, but not what goes past the units to the inspectors."""
PAGE = 25
COUNT_MAX = 1_000
"""Counts stop here; the page says "999+"."""
SEARCH_DEPTH = 24_000
"""Tips looked through for words at a time; a later page goes on from there."""


SOON = timedelta(hours=4)
"""A clock that runs out within this time is said to run out soon."""


class ClockFilter(StrEnum):
    """How an open tip stands with the clock that runs now (take it, then close it)."""

    OVER = "over"
    SOON = "soon"


@dataclass(frozen=True)
class Position:
    """Where a page of the queue ends: the next one goes on after this tip."""

    created_at: datetime
    tip_id: int


@dataclass(frozen=True)
class Page:
    """Some tips; `next` is None on the last page.

    looked_back_to  words were looked for as far as this moment only; None = as far as the page needed
    """

    lines: tuple[Line, ...]
    next: Position | None
    looked_back_to: datetime | None = None


# ---- the queue --------------------------------------------------------------------------------------------


def queue(
    session: Session,
    *,
    unit_ids: Collection[str] | None,
    statuses: Iterable[TipStatus] = tuple(TipStatus),
    words: str = "",
    taken_by: int | None = None,
    category: str | None = None,
    escalated: bool = False,
    accusing: bool = False,
    unit_id: str | None = None,
    clock: ClockFilter | None = None,
    now: datetime | None = None,
    after: Position | None = None,
    oldest_first: bool = False,
    limit: int = PAGE,
) -> Page:
    """One page of tips, newest first unless told otherwise.

    escalated  only tips whose clock ran out; accusing: only those that accuse police (with unit_ids None)
    unit_id  only this unit's, out of those in reach
    clock  only open tips whose clock is over or soon over at `now`
    words  looked for without accents in what was said, answered, noted and where; a whole tip code finds just that tip,
           whatever its status
    """
    code = read_code(words) if words else None
    if code is not None:
        return Page(lines_where(session, and_(within(unit_ids), Tip.code == code), oldest_first), None)
    wanted = sorted(set(statuses) & OPEN if clock else set(statuses))
    slices = _slices(
        unit_ids, wanted, taken_by, unit_id, filtered=bool(category or escalated or accusing or clock)
    )
    if not slices:
        return Page((), None)
    limits: list[ColumnElement[bool]] = [] if after is None else [_beyond(after, oldest_first)]
    limits.extend(_filters(category, escalated=escalated, accusing=accusing))
    if clock and now:
        limits.append(_clock_is(clock, now))
    horizon = None
    if sought := fold(words).split():
        horizon = _horizon(session, slices, limits, oldest_first)
        if horizon is not None:
            limits.append(Tip.created_at <= horizon if oldest_first else Tip.created_at >= horizon)
        limits.extend(has_word(word) for word in sought)
    firsts = [
        in_order(select(Tip.id, Tip.created_at).where(one, *limits), oldest_first).limit(limit + 1)
        for one in slices
    ]
    found = union_all(*(select(first.subquery()) for first in firsts)).subquery()
    direction = (
        (found.c.created_at, found.c.id) if oldest_first else (found.c.created_at.desc(), found.c.id.desc())
    )
    ids = session.scalars(select(found.c.id).order_by(*direction).limit(limit + 1)).all()
    lines = lines_where(session, Tip.id.in_(ids[:limit]), oldest_first)
    if len(ids) > limit and lines:
        return Page(lines, Position(lines[-1].created_at, lines[-1].id))
    if horizon is not None:
        return Page(lines, Position(horizon, (1 << 62) if oldest_first else 0), horizon)
    return Page(lines, None)


def count_by_status(session: Session, *, unit_ids: Collection[str] | None) -> dict[TipStatus, int]:
    """How many tips stand where; a count never goes beyond COUNT_MAX, which means "that many or more"."""
    return {status: _count(session, _slices(unit_ids, [status], None)) for status in TipStatus}


def count_mine(session: Session, *, officer_id: int, statuses: Iterable[TipStatus]) -> int:
    """How many tips of these statuses this officer has taken, up to COUNT_MAX."""
    return _count(session, [and_(Tip.taken_by == officer_id, Tip.status.in_(list(statuses)))])


def change_mark(page: Page) -> str:
    """Changes when any line of the page does."""
    return "-".join(f"{line.id}.{line.version}.{line.files}" for line in page.lines) or "0"


def within(unit_ids: Collection[str] | None) -> ColumnElement[bool]:
    """The tips of these units. What accuses police is in nobody's reach but the inspectors' (None)."""
    if unit_ids is None:
        return true()
    if unit_ids == EVERY_UNIT:
        return not_(Tip.bypass)
    return and_(Tip.unit_id.in_(unit_ids), not_(Tip.bypass))


def _filters(category: str | None, *, escalated: bool, accusing: bool) -> list[ColumnElement[bool]]:
    """In the words of the partial indexes: SQLite uses one only when its condition stands there literally."""
    found: list[ColumnElement[bool]] = []
    if category is not None:
        found.append(Tip.category == category)
    if escalated:
        found.append(Tip.escalation > literal_column("0"))
    if accusing:
        found.append(literal_column("tips.bypass"))  # as a Boolean it would be written “= 1”
    return found


def _clock_is(clock: ClockFilter, now: datetime) -> ColumnElement[bool]:
    """In the order of domain.clocks.colour: a new tip has to be taken, any other open one closed."""
    due = case((Tip.status == TipStatus.NEW, Tip.take_due_at), else_=Tip.close_due_at)
    return due <= now if clock is ClockFilter.OVER else and_(due > now, due <= now + SOON)


def _slices(
    unit_ids: Collection[str] | None,
    statuses: Sequence[TipStatus],
    taken_by: int | None,
    unit_id: str | None = None,
    *,
    filtered: bool = False,
) -> list[ColumnElement[bool]]:
    """The queue cut so that each piece is one run of an index in order of time: the pages of the pieces are
    merged, and no piece has to be sorted.
    """
    if taken_by is not None:
        own = true() if unit_id is None else Tip.unit_id == unit_id
        return [and_(Tip.taken_by == taken_by, own, within(unit_ids), Tip.status.in_(statuses))]
    if unit_id is not None:
        return [and_(Tip.unit_id == unit_id, Tip.status == status, within(unit_ids)) for status in statuses]
    if unit_ids is None or unit_ids == EVERY_UNIT:
        if len(statuses) == len(TipStatus) and not filtered:
            return [within(unit_ids)]
        return [and_(Tip.status == status, within(unit_ids)) for status in statuses]
    return [
        and_(Tip.unit_id == unit, Tip.status == status, not_(Tip.bypass))
        for unit in unit_ids
        for status in statuses
    ]


def _beyond(position: Position, oldest_first: bool) -> ColumnElement[bool]:
    at, tip_id = position.created_at, position.tip_id
    if oldest_first:
        return and_(Tip.created_at >= at, or_(Tip.created_at > at, Tip.id > tip_id))
    return and_(Tip.created_at <= at, or_(Tip.created_at < at, Tip.id < tip_id))


def _horizon(
    session: Session,
    slices: Sequence[ColumnElement[bool]],
    limits: Sequence[ColumnElement[bool]],
    oldest_first: bool,
) -> datetime | None:
    """How far this look for words goes; None: to the end."""
    depth = max(SEARCH_DEPTH // len(slices), 1)
    ends = [
        session.scalar(
            in_order(select(Tip.created_at).where(one, *limits), oldest_first).offset(depth).limit(1)
        )
        for one in slices
    ]
    reached = [end for end in ends if end is not None]
    if not reached:
        return None
    return min(reached) if oldest_first else max(reached)


def _count(session: Session, slices: Sequence[ColumnElement[bool]]) -> int:
    total = 0
    for one in slices:
        few = select(literal(1)).select_from(Tip).where(one).limit(COUNT_MAX).subquery()
        total += session.scalar(select(func.count()).select_from(few)) or 0
    return min(total, COUNT_MAX)
