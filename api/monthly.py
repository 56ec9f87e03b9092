"""The frozen monthly scores, as the API tells them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from api.desk import ScoreFacts
from data import score_months
from data.broadcast_reports import read_month


def frozen_scores(session: Session, month: str, units: Sequence[str] | None) -> list[ScoreFacts]:
    """The edition of a month that holds, by unit; empty when the month is not frozen. `units` None: all.

    score  0 to 100; None where there was too little to rank the unit
    """
    which = read_month(month)
    scored = score_months.frozen(session, which) if which else None
    if scored is None:
        return []
    return [
        ScoreFacts(
            unit_id=unit_id,
            month=month,
            score=None if one.rank is None else one.total,
            answers=len(scored.facts[unit_id].marks),
            rank=one.rank,
        )
        for unit_id, one in sorted(scored.scores.items())
        if units is None or unit_id in units
    ]
