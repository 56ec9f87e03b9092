"""Tips as open figures, after GeoReport v2: only where several stand together, only as fine as the commune.

Nobody may find a reporter in it: a tip is shown when at least K tips of its kind and unit fall into the same calendar
month, whatever time is asked for, so that asking for this time and that one tells no more than the whole; its place is the middle of the commune, its time the day; words, files and what accuses police are never in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.broadcast_reports import Month, month_of
from data.dossier_proof import DossierKey
from data.tables import Tip, UnitRow
from data.tip_queue import EVERY_UNIT, within
from domain.small_numbers import K
from domain.tips import OPEN, TipSort, TipStatus

SPAN_MAX = timedelta(days=90)
DELAY = timedelta(days=1)
"""What came in the last day is not in it: who saw a reporter write could otherwise tell."""
LOOKED_AT_MAX = 20_000
SHOWN = (
    TipStatus.NEW,
    TipStatus.TAKEN,
    TipStatus.IN_PROGRESS,
    TipStatus.WAITING,
    TipStatus.DONE,
    TipStatus.PASSED_ON,
)


@dataclass(frozen=True)
class Request:
    """One line of the export. `id` is a keyed hash: it leads back to no tip."""

    id: str
    category: str
    open: bool
    unit_id: str
    unit_name: str
    latitude: float | None
    longitude: float | None
    requested_at: datetime
    updated_at: datetime


def requests(
    session: Session,
    reach: Sequence[str] | None,
    key: DossierKey,
    *,
    since: datetime,
    until: datetime,
    known_until: datetime,
    category: str | None = None,
    k: int = K,
) -> list[Request]:
    """Tips filed in [since, until), the newest day first, but for those that stand alone.

    known_until  what came later is not in it, and counts for nothing (DELAY)
    """
    until_known = min(month_of(until).ends, known_until)
    query = (
        select(Tip, UnitRow)
        .join(UnitRow, UnitRow.id == Tip.unit_id)
        .where(
            within(EVERY_UNIT if reach is None else reach),
            Tip.kind == TipSort.TIP,
            Tip.status.in_([str(one) for one in SHOWN]),
            Tip.category.is_not(None),
            ~Tip.unfinished,
            Tip.created_at >= month_of(since).begins,
            Tip.created_at < until_known,
        )
        .order_by(Tip.created_at.desc(), Tip.id.desc())
        .limit(LOOKED_AT_MAX)
    )
    if category is not None:
        query = query.where(Tip.category == category)
    together: dict[tuple[str, str | None, Month], list[Request]] = defaultdict(list)
    for tip, unit in session.execute(query):
        together[unit.id, tip.category, month_of(tip.created_at)].append(
            Request(
                id=key.mark(f"tip:{tip.id}")[:16],
                category=str(tip.category),
                open=TipStatus(tip.status) in OPEN,
                unit_id=unit.id,
                unit_name=unit.name,
                latitude=unit.latitude,
                longitude=unit.longitude,
                requested_at=tip.created_at,
                updated_at=tip.updated_at,
            )
        )
    shown = [
        one
        for group in together.values()
        if len(group) >= k
        for one in group
        if since <= one.requested_at < until
    ]
    return sorted(shown, key=lambda one: (one.requested_at.date(), one.id), reverse=True)
