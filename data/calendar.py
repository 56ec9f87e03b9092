"""What goes out when, in the days to come, and where too much comes together."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.audiences import day_of, first_time, groups_of
from data.tables import Broadcast
from domain.broadcasts import BroadcastStatus
from domain.repeats import read_repeat
from domain.sending_times import Coming, Conflict, conflicts

AHEAD = timedelta(days=14)
TIMES_MAX = 60
"""Times of one repeating broadcast that are looked at."""
_COMING = (
    BroadcastStatus.PROPOSED,
    BroadcastStatus.SCHEDULED,
    BroadcastStatus.SENDING,
    BroadcastStatus.PAUSED,
)


def coming(
    session: Session, *, now: datetime, until: datetime | None = None, also: Broadcast | None = None
) -> list[Coming]:
    """Every time at which a broadcast that was proposed or approved goes out, from now to `until`; by time.

    also  a draft to be looked at with them
    """
    until = until or now + AHEAD
    rows = list(session.scalars(select(Broadcast).where(Broadcast.status.in_(_COMING))))
    if also is not None and all(row.id != also.id for row in rows):
        rows.append(also)
    found = []
    for row in rows:
        times = times_of(row, now=now, until=until)
        if not times:
            continue
        codes = (
            frozenset(one["code"] for one in row.recipients)
            if row.recipients is not None
            else frozenset(group.code for group in groups_of(session, row.audience, on=day_of(row, now=now)))
        )
        found += [Coming(row.id, row.title, at, codes) for at in times]
    return sorted(found, key=lambda one: (one.at, one.broadcast_id))


def times_of(row: Broadcast, *, now: datetime, until: datetime) -> list[datetime]:
    """When a broadcast goes out from now to `until` (aware UTC): once, or at every time of its rhythm till its end."""
    first = row.next_due_at
    if first is None:
        if row.status not in {BroadcastStatus.DRAFT, BroadcastStatus.PROPOSED} or row.starts_at is None:
            return []
        first = first_time(row.starts_at, row.repeat, now=now)
    times: list[datetime] = []
    last = min(until, row.ends_at) if row.ends_at else until
    while first <= last and len(times) < TIMES_MAX:
        if first >= now:
            times.append(first)
        if row.repeat is None:
            break
        first = read_repeat(row.repeat).next_after(first)
    return times


def conflicts_of(session: Session, row: Broadcast, *, now: datetime) -> list[Conflict]:
    """The conflicts a broadcast has a part in."""
    found = conflicts(coming(session, now=now, also=row))
    return [one for one in found if row.id in one.broadcast_ids]
