"""What came of asking the links of the catalogue: which are to be asked tonight, which are broken."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data.tables import LinkCheck, ProcedureRow
from domain.broken_links import NIGHTS, BrokenLink, is_failure
from domain.procedures import Procedure
from domain.upkeep import is_link, standing

RESTS = timedelta(hours=20)
"""A link is asked once a night, whenever the job wakes."""


def due(session: Session, *, today: date, now: datetime, a_night: int, limit: int) -> list[str]:
    """Links of records in force that were not asked tonight; those never or longest ago asked come first.

    a_night  so many are asked in one night
    """
    checked = {row.url: row.checked_at for row in session.scalars(select(LinkCheck))}
    asked = sum(at > now - RESTS for at in checked.values())
    waiting = [url for url in _links(session, today) if url not in checked or checked[url] <= now - RESTS]
    waiting.sort(key=lambda url: (url in checked, checked.get(url, now), url))
    return waiting[: max(0, min(limit, a_night - asked))]


def keep(session: Session, url: str, what: str, *, ok: bool, today: date, now: datetime) -> None:
    """Remember what came of asking it. A second time in the same night changes nothing."""
    row = session.get(LinkCheck, url)
    if row is None:
        row = LinkCheck(url=url, failures=0, since=None)
        session.add(row)
    elif row.checked_at > now - RESTS:
        return
    row.checked_at, row.ok, row.what = now, ok, what
    if is_failure(what):
        row.failures += 1
        row.since = row.since or today
    else:
        row.failures, row.since = 0, None


def broken(session: Session) -> dict[str, BrokenLink]:
    """Links that failed NIGHTS nights running, by their address."""
    rows = session.scalars(select(LinkCheck).where(LinkCheck.failures >= NIGHTS))
    return {row.url: BrokenLink(row.since, row.what) for row in rows if row.since}


def forget_unused(session: Session, *, today: date) -> None:
    """Links that no record in force has any more: one that comes back begins anew."""
    used = _links(session, today)
    known = session.scalars(select(LinkCheck.url)).all()
    for url in known:
        if url not in used:
            session.execute(delete(LinkCheck).where(LinkCheck.url == url))


def _links(session: Session, today: date) -> set[str]:
    """Only what may be a link: the others are warned of by their form."""
    records = (Procedure.from_json(body) for body in session.scalars(select(ProcedureRow.body)))
    standing_now = (standing(record, today) for record in records)
    return {one.url for one in standing_now if one and one.is_current and one.url and is_link(one.url)}
