"""The demo's roster: each ward's duty officer is on duty round the clock for the days to come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from data import officers, shifts
from domain.broadcasts import VIETNAM
from domain.shifts import USUAL, WEEK, monday_of, span

DAYS = range(-1, 8)
"""From yesterday, whose shift lasts until this morning."""


def keep_roster(session: Session, on_duty: Iterable[str], *, by: str, now: datetime) -> None:
    """Fill the days on which no shift of the unit begins; what somebody wrote in the demo stays.

    on_duty  log-ins of officers with a unit
    by       the log-in of whoever is said to have written it
    """
    writer = officers.by_email(session, by)
    today = now.astimezone(VIETNAM).date()
    _, starts, ends = USUAL["whole"]
    for email in on_duty:
        officer = officers.by_email(session, email)
        if officer is None or writer is None:
            continue
        weeks = [monday_of(today) + number * WEEK for number in (-1, 0, 1)]
        known = [one for monday in weeks for one in shifts.week(session, officer.unit_id, monday)]
        begun = {one.starts_at.astimezone(VIETNAM).date() for one in known}
        days = [day for number in DAYS if (day := today + timedelta(days=number)) not in begun]
        spans = [(begin, end) for begin, end in (span(day, starts, ends) for day in days) if end > now]
        shifts.add(
            session, unit_id=officer.unit_id, officer_id=officer.id, spans=spans, by=writer.id, now=now
        )
