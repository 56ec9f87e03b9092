"""Times inside a query, on SQLite and PostgreSQL alike. Vietnam's clock is UTC+7 all year round (no summer time)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, cast, func
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.broadcasts import VIETNAM

Moment = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None] | ColumnElement[Any]
_ZONE, _LATER = "Asia/Ho_Chi_Minh", "+7 hours"


def utc_hour(session: Session, moment: Moment) -> ColumnElement[str]:
    """`2026-11-24 05`: the hour in UTC, cheap to group by; `local` reads it."""
    if _is_sqlite(session):
        return func.substr(cast(moment, String), 1, 13)
    return func.to_char(func.timezone("UTC", moment), "YYYY-MM-DD HH24")


def local(hour: str) -> datetime:
    """The begin of such an hour in Vietnam."""
    return datetime.strptime(hour, "%Y-%m-%d %H").replace(tzinfo=UTC).astimezone(VIETNAM)


def hour_in_vietnam(session: Session, moment: Moment) -> ColumnElement[int]:
    """0–23."""
    if _is_sqlite(session):
        return cast(func.strftime("%H", cast(moment, String), _LATER), Integer)
    return cast(func.extract("hour", func.timezone(_ZONE, moment)), Integer)


def weekday_in_vietnam(session: Session, moment: Moment) -> ColumnElement[int]:
    """0 = Monday, as Python counts."""
    if _is_sqlite(session):
        return (cast(func.strftime("%w", cast(moment, String), _LATER), Integer) + 6) % 7
    return cast(func.extract("isodow", func.timezone(_ZONE, moment)), Integer) - 1


def minutes_between(session: Session, begin: Moment, end: Moment) -> ColumnElement[int]:
    """Whole minutes from one moment to another, rounded down."""
    if _is_sqlite(session):
        seconds = func.unixepoch(cast(end, String)) - func.unixepoch(cast(begin, String))
        return cast(seconds / 60.0, Integer)
    return cast(func.floor(func.extract("epoch", end - begin) / 60), Integer)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
