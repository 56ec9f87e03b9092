"""How fast we may ask Zalo: fixed minute windows, for the app and for each OA, counted in the database and so
shared by all workers. When the database is away nothing is granted. docs/zalo.md, "Rate".
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from data.tables import OfficialAccount, RateWindow

APP_REQUESTS_PER_MINUTE = 4000
"""What Zalo allows one app, all its official accounts together."""
OA_REQUESTS_PER_MINUTE = 100
"""Taken for an OA we do not know; each has its own number in official_accounts."""
BY_PACKAGE = {"tang truong": 100, "toan dien": 2000}
"""Requests a minute of each package, by its folded name (docs/zalo.md, "Rate"); others say nothing."""
GROUP_MESSAGES_PER_MINUTE = 10
"""To one group; Zalo names no number (docs/zalo.md, "Rate"): ours keeps a group from being flooded."""
MINUTE = timedelta(minutes=1)
AT_ONCE = 15
"""A spread caller may use this many seconds' share of the minute at once, the rest as the seconds pass."""


@dataclass(frozen=True)
class Granted:
    """Go ahead."""


@dataclass(frozen=True)
class WaitUntil:
    """Nothing was taken; ask again at `at` (aware UTC). `scope` says whose limit it was: app, oa:…, group:…"""

    at: datetime
    scope: str = field(default="", compare=False)


def take(
    session: Session,
    oa_id: str,
    n: int,
    now: datetime,
    *,
    spread: bool = False,
    app_limit: int = APP_REQUESTS_PER_MINUTE,
    group: str | None = None,
) -> Granted | WaitUntil:
    """Take `n` requests from this minute of the app, of the OA and of the group if one is named: all or none.

    n       1 up to the OA's limit
    spread  True for broadcasts: they leave room in the minute for answers to citizens
    Counts only when the caller's transaction is kept. Raises NotStored (through it) when the database is away.
    """
    start = window_of(now)
    oa_limit = session.scalar(
        select(OfficialAccount.requests_per_minute).where(OfficialAccount.oa_id == oa_id)
    )
    limits = {"app": app_limit, f"oa:{oa_id}": oa_limit or OA_REQUESTS_PER_MINUTE}
    if n < 1 or n > min(limits.values()):
        raise ValueError(f"{n} requests can never be taken from one minute")
    if group is not None:
        limits[f"group:{group}"] = max(GROUP_MESSAGES_PER_MINUTE, n)
    taken: list[str] = []
    for scope, limit in limits.items():
        spreads = spread and not scope.startswith("group:")
        room = room_at(limit, now - start, spread=spreads)
        if _count(session, scope, start, n, most=room):
            taken.append(scope)
            continue
        for other in taken:
            _count(session, other, start, -n, most=limits[other])
        used = session.scalar(
            select(RateWindow.used).where(RateWindow.scope == scope, RateWindow.window_start == start)
        )
        return WaitUntil(start + time_for(limit, (used or 0) + n, spread=spreads), scope)
    return Granted()


def _count(session: Session, scope: str, start: datetime, n: int, *, most: int) -> bool:
    """Add n to the window unless it would hold more than `most`: one statement, so two workers cannot both."""
    if n > most:
        return False
    insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(RateWindow).values(scope=scope, window_start=start, used=n)
    statement = statement.on_conflict_do_update(
        index_elements=[RateWindow.scope, RateWindow.window_start],
        set_={"used": RateWindow.used + n},
        where=RateWindow.used + n <= most,
    ).returning(RateWindow.used)
    return session.execute(statement).scalar_one_or_none() is not None


def take_one(session: Session, scope: str, limit: int, now: datetime) -> bool:
    """Take one from this minute of any scope; False when the minute is full."""
    return _count(session, scope, window_of(now), 1, most=limit)


def forget_windows(session: Session, *, older_than: datetime) -> None:
    """Drop the counts of minutes long past."""
    session.execute(delete(RateWindow).where(RateWindow.window_start < older_than))


# ---- arithmetic -------------------------------------------------------------------------------------------


def window_of(now: datetime) -> datetime:
    """The start of the minute `now` lies in; its end is outside."""
    return now.replace(second=0, microsecond=0)


def room_at(limit: int, into: timedelta, *, spread: bool) -> int:
    """How many requests may have been made `into` the minute: all of them, or a growing share when spread."""
    if not spread:
        return limit
    share = (AT_ONCE + into.total_seconds()) / MINUTE.total_seconds()
    return min(limit, max(1, math.floor(limit * share + 1e-6)))


def time_for(limit: int, wanted: int, *, spread: bool) -> timedelta:
    """How far into the minute `wanted` requests fit; a whole minute (the next window) when they never do."""
    if wanted > limit or not spread:
        return MINUTE
    if wanted <= 1:
        return timedelta(0)
    seconds = wanted / limit * MINUTE.total_seconds() - AT_ONCE
    return timedelta(milliseconds=max(0, math.ceil(seconds * 1000 - 1e-6)))
