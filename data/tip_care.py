"""Acts of an officer that change how a tip is handled, not where it stands: its kind, showing what was hidden,
holding it for a case.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from data import dated_settings
from data.tables import Tip
from data.tip_acts import change, record
from domain.errors import MoveRefused

SORTED, REVEALED, HOLD_ON, HOLD_OFF = "sorted", "revealed", "hold_on", "hold_off"


def sort(session: Session, tip: Tip, *, category: str, officer_id: int, version: int, now: datetime) -> None:
    """Say what kind of thing it is; its clocks run anew from when it came."""
    rules = dated_settings.rules(session, now=now)
    if category not in rules.kinds.kinds:
        raise MoveRefused("Không có loại việc này.")
    clocks = rules.dues(category, at=tip.created_at, urgent=tip.urgent)
    before = tip.category
    change(
        session,
        tip,
        Tip.version == version,
        officer_id=officer_id,
        values={
            "category": category,
            "take_due_at": clocks.take,
            "close_due_at": clocks.close,
            "updated_at": now,
        },
    )
    record(session, tip, SORTED, before, category, officer_id=officer_id, now=now)


def reveal(session: Session, tip: Tip, *, officer_id: int, now: datetime) -> None:
    """Write down that this officer looked at what could tell who the reporter is."""
    record(session, tip, REVEALED, None, None, officer_id=officer_id, now=now)


def hold(session: Session, tip: Tip, *, on: bool, officer_id: int, words: str, now: datetime) -> None:
    """Keep it from being deleted while a case needs it, or no longer."""
    if not words.strip():
        raise MoveRefused("Mời ghi số hiệu vụ việc hoặc lý do.")
    if tip.legal_hold == on:
        raise MoveRefused("Tin này đang ở đúng tình trạng đó.")
    change(session, tip, officer_id=officer_id, values={"legal_hold": on, "updated_at": now})
    record(session, tip, HOLD_ON if on else HOLD_OFF, None, None, officer_id=officer_id, now=now, words=words)
