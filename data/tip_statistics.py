"""Numbers about tips: by kind and by unit. Whoever shows them protects small ones (domain.small_numbers).

Tips that accuse police are counted for inspectors only, like everything else about them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.tables import Tip
from data.tip_queue import within
from domain.tips import TipSort


def by_category(
    session: Session, *, unit_ids: Collection[str] | None, since: datetime, until: datetime
) -> dict[str | None, int]:
    """Category → tips that came in [since, until); raw numbers."""
    rows = session.execute(
        select(Tip.category, func.count())
        .where(
            within(unit_ids),
            Tip.created_at >= since,
            Tip.created_at < until,
            Tip.kind != TipSort.QUESTION,
        )
        .group_by(Tip.category)
    )
    return dict(rows.all())


def by_unit(
    session: Session, *, unit_ids: Collection[str] | None, since: datetime, until: datetime
) -> dict[str, int]:
    """Unit id → tips that came in [since, until); raw numbers."""
    rows = session.execute(
        select(Tip.unit_id, func.count())
        .where(
            within(unit_ids),
            Tip.created_at >= since,
            Tip.created_at < until,
            Tip.kind != TipSort.QUESTION,
        )
        .group_by(Tip.unit_id)
    )
    return dict(rows.all())
