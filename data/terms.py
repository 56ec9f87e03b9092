"""What a new term of keeping would delete on a day, counted before anybody lets it hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from data import dossiers, handovers, retention, survey_terms
from data.tables import Complaint, Dossier, ShiftSheet, Tip
from data.tip_rules import shipped
from domain.adjustable import COMPLAINTS_KEPT, DOSSIERS_ENDED, DOSSIERS_SILENT, SHIFT_SHEETS
from domain.broadcasts import VIETNAM

TIPS, CASES, FILES, SHEETS = "tin đã đóng", "phản ánh đã xong", "hồ sơ", "sổ bàn giao ca"


@dataclass(frozen=True)
class Over:
    """So many rows of one kind, as people call it."""

    count: int
    what: str


def would_delete(session: Session, key: str, days: int, *, on: date) -> Over | None:
    """What would be past this term on that day; None: nobody would look for what the term deletes."""
    at = datetime.combine(on, datetime.min.time(), VIETNAM)
    kind, _, field = key.partition(".")
    if field == "keep_days" and kind in shipped().kinds.kinds:
        return _counted(session, Tip.id, TIPS, retention.is_over(shipped().kinds.get(kind), days, at))
    if key not in _CONDITIONS:
        return None
    column, what, condition = _CONDITIONS[key]
    return _counted(session, column, what, condition(timedelta(days=days), at))


def _counted(session: Session, column: Any, what: str, condition: ColumnElement[bool]) -> Over:
    return Over(session.scalar(select(func.count(column)).where(condition)) or 0, what)


_CONDITIONS: Mapping[str, tuple[Any, str, Callable[[timedelta, datetime], ColumnElement[bool]]]] = {
    COMPLAINTS_KEPT: (Complaint.id, CASES, survey_terms.is_over),
    DOSSIERS_ENDED: (Dossier.id, FILES, dossiers.ended_before),
    DOSSIERS_SILENT: (Dossier.id, FILES, dossiers.silent_before),
    SHIFT_SHEETS: (ShiftSheet.id, SHEETS, handovers.is_over),
}
