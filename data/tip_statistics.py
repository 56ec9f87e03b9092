"""Numbers about tips: by kind, unit, hour and month. Whoever shows them protects small ones (domain.small_numbers).

Tips that accuse police are counted for inspectors only, like everything else about them. Everything is counted at the
moment it is asked for, from one index (`ix_tips_figures`): a page, its map and its file agree, and a tip that was
handed over or sorted anew is counted where it is now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from data.sql_time import hour_in_vietnam, local, utc_hour, weekday_in_vietnam
from data.tables import Tip, UnitRow
from data.tip_lines import Line, lines_where
from data.tip_queue import within
from data.tips import police_name, units_of_today
from domain.said import said
from domain.tips import TipSort

CASES = 50
"""Cases on one page."""


@dataclass(frozen=True)
class Figures:
    """Raw counts of one period. hours: 0–23, weekdays: 0 = Monday, both in Vietnam."""

    kinds: Counter[str | None] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)
    weekdays: Counter[int] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return sum(self.kinds.values())


@dataclass(frozen=True)
class Cell:
    """The cases behind one figure: every part that is given has to fit."""

    category: str | None = None
    unsorted: bool = False
    unit_id: str | None = None
    hour: int | None = None
    weekday: int | None = None


def came(unit_ids: Collection[str] | None, since: datetime, until: datetime) -> ColumnElement[bool]:
    """The tips in reach that came in [since, until); questions to officers are none."""
    return and_(
        within(unit_ids), Tip.created_at >= since, Tip.created_at < until, Tip.kind != TipSort.QUESTION
    )


def figures(
    session: Session, *, unit_ids: Collection[str] | None, since: datetime, until: datetime
) -> Figures:
    """Everything a page of statistics counts, in two looks at the index."""
    found = Figures()
    here = came(unit_ids, since, until)
    by_both = select(Tip.category, Tip.unit_id, func.count()).where(here).group_by(Tip.category, Tip.unit_id)
    for category, unit_id, count in session.execute(by_both):
        found.kinds[category] += count
        found.units[unit_id] += count
    stamp = utc_hour(session, Tip.created_at)
    for hour, count in session.execute(select(stamp, func.count()).where(here).group_by(stamp)):
        moment = local(hour)
        found.hours[moment.hour] += count
        found.weekdays[moment.weekday()] += count
    return found


def unit_names(session: Session, found: Figures) -> dict[str, str]:
    """Names of the police of today's units, and of units that ended since but have tips in these figures."""
    known = dict(units_of_today(session))
    ended = [unit_id for unit_id in found.units if unit_id not in known]
    rows = (
        session.execute(select(UnitRow.id, UnitRow.name).where(UnitRow.id.in_(ended))).all() if ended else ()
    )
    return known | {unit_id: said("%(unit)s (đã sắp xếp)", unit=police_name(name)) for unit_id, name in rows}


def by_category(
    session: Session, *, unit_ids: Collection[str] | None, since: datetime, until: datetime
) -> dict[str | None, int]:
    """Category → tips that came in [since, until); raw numbers."""
    return dict(figures(session, unit_ids=unit_ids, since=since, until=until).kinds)


def by_unit(
    session: Session, *, unit_ids: Collection[str] | None, since: datetime, until: datetime
) -> dict[str, int]:
    """Unit id → tips that came in [since, until); raw numbers."""
    rows = session.execute(
        select(Tip.unit_id, func.count()).where(came(unit_ids, since, until)).group_by(Tip.unit_id)
    )
    return dict(rows.all())


def by_month(session: Session, *, unit_ids: Collection[str] | None, begins: Sequence[datetime]) -> list[int]:
    """Tips of each month; `begins` are the first moments of the months and the end of the last."""
    return [
        session.scalar(select(func.count()).select_from(Tip).where(came(unit_ids, since, until))) or 0
        for since, until in pairwise(begins)
    ]


def cases(
    session: Session,
    cell: Cell,
    *,
    unit_ids: Collection[str] | None,
    since: datetime,
    until: datetime,
    before_id: int | None = None,
) -> tuple[tuple[Line, ...], int | None]:
    """The tips behind a figure, newest first, and where the next page begins (None: that is all)."""
    where = [came(unit_ids, since, until)]
    if cell.unsorted or cell.category is not None:
        where.append(Tip.category.is_(None) if cell.unsorted else Tip.category == cell.category)
    if cell.unit_id is not None:
        where.append(Tip.unit_id == cell.unit_id)
    if cell.hour is not None:
        where.append(hour_in_vietnam(session, Tip.created_at) == cell.hour)
    if cell.weekday is not None:
        where.append(weekday_in_vietnam(session, Tip.created_at) == cell.weekday)
    if before_id is not None:
        where.append(Tip.id < before_id)
    ids = session.scalars(select(Tip.id).where(*where).order_by(Tip.id.desc()).limit(CASES + 1)).all()
    page = ids[:CASES]
    return lines_where(session, Tip.id.in_(page)), page[-1] if len(ids) > CASES else None
