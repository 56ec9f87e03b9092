"""Times inside a query, on SQLite and PostgreSQL alike. Vietnam's clock is UTC+7 all year round (no summer time)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, cast, func
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.broadcasts import VIETNAM

Moment = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None] | ColumnElement[Any]


def utc_hour(session: Session, moment: Moment) -> ColumnElement[str]:
    """`2026-11-24 05`: the hour in UTC, cheap to group by; `local` reads it."""
    if session.get_bind().dialect.name == "sqlite":
        return func.substr(cast(moment, String), 1, 13)
    return func.to_char(func.timezone("UTC", moment), "YYYY-MM-DD HH24")


def local(hour: str) -> datetime:
    """The begin of such an hour in Vietnam."""
    return datetime.strptime(hour.replace("T", " "), "%Y-%m-%d %H").replace(tzinfo=UTC).astimezone(VIETNAM)


def minutes_between(session: Session, begin: Moment, end: Moment) -> ColumnElement[int]:
    """Whole minutes from one moment to another, rounded down."""
    if session.get_bind().dialect.name == "sqlite":
        seconds = func.unixepoch(cast(end, String)) - func.unixepoch(cast(begin, String))
        return cast(seconds / 60.0, Integer)
    return cast(func.floor(func.extract("epoch", end - begin) / 60), Integer)
