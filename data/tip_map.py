"""Where tips came from: by ward as in the statistics, and by squares of a grid. Never a point: a point is a house."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.tables import SuccessionRow, Tip, UnitRow
from data.tip_statistics import came
from data.ward_shapes import Frame

Square = tuple[int, int]
"""Column from the west, row from the north."""


def unit_of_ward(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Code of a polygon → the unit that answers there today, over any number of changes since the map was drawn."""
    rows = session.execute(select(UnitRow.id, UnitRow.code, UnitRow.valid_from, UnitRow.valid_to)).all()
    today = {row.id for row in rows if row.valid_to is None}
    newest = {row.code: row.id for row in sorted(rows, key=lambda row: row.valid_from)}
    became = dict(session.execute(select(SuccessionRow.old_id, SuccessionRow.new_id)).all())
    found = {}
    for code in codes:
        unit_id, seen = newest.get(code), set[str]()
        while unit_id is not None and unit_id not in today and unit_id not in seen:
            seen.add(unit_id)
            unit_id = became.get(unit_id)
        if unit_id is not None and unit_id in today:
            found[code] = unit_id
    return found


def squares(
    session: Session,
    *,
    unit_ids: Collection[str] | None,
    unit_id: str | None,
    since: datetime,
    until: datetime,
    frame: Frame,
    metres: float,
) -> Counter[Square]:
    """Raw counts of the tips that have a place on the map; whoever shows them leaves small ones out."""
    side = frame.units(metres)
    query = select(Tip.latitude, Tip.longitude).where(came(unit_ids, since, until), Tip.latitude.is_not(None))
    if unit_id is not None:
        query = query.where(Tip.unit_id == unit_id)
    found: Counter[Square] = Counter()
    for latitude, longitude in session.execute(query):
        if latitude is None or longitude is None:
            continue
        x, y = frame.place(longitude, latitude)
        found[int(x // side), int(y // side)] += 1
    return found
