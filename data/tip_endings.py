"""How a tip ends for those who reported it: closing words to all of them, "is it settled?", and opening again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from data import dated_settings
from data.intake import own_tip
from data.outgoing import queue_replies
from data.tables import Tip, TipMessage, TipMove
from data.tip_words import also_find
from domain.messages import Reply
from domain.tips import TipStatus

Compose = Callable[[str], Sequence[Reply]]
"""The code of a tip → what its reporter gets."""
REOPENED = "reopened"
"""In a tip's history: the reporter said it is not settled."""
SETTLED = "settled"
ASKED_FOR = timedelta(days=30)
"""So long after closing "not settled" opens the tip again; later the reporter writes a new one."""


def reporters_of(session: Session, tip: Tip) -> list[Tip]:
    """The tip and those worked together with it whose reporters can be reached."""
    rows = session.scalars(
        select(Tip)
        .where(or_(Tip.id == tip.id, Tip.duplicate_of == tip.id), Tip.citizen.is_not(None))
        .order_by(Tip.id)
    )
    return list(rows)


def tell_reporters(
    session: Session, tip: Tip, compose: Compose, *, officer_id: int | None, words: str, now: datetime
) -> int:
    """Tell everybody who reported this; the words stand in each tip's conversation. Returns how many were told."""
    told = reporters_of(session, tip)
    for one in told:
        say(session, one, compose(one.code), officer_id=officer_id, words=words, now=now)
    return len(told)


def say(
    session: Session,
    tip: Tip,
    replies: Sequence[Reply],
    *,
    officer_id: int | None,
    words: str,
    now: datetime,
) -> None:
    """One message to one reporter, kept until they can be reached."""
    assert tip.citizen is not None
    sent = queue_replies(
        session,
        citizen=tip.citizen,
        oa_id=tip.oa_id,
        replies=replies,
        event_id=None,
        tip_id=tip.id,
        now=now,
        lifetime=None,
    )
    session.add(
        TipMessage(
            tip_id=tip.id,
            at=now,
            from_officer=True,
            officer_id=officer_id,
            text=words,
            outgoing_id=sent[-1] if sent else None,
        )
    )
    also_find(tip, words)
    session.flush()


def may_settle(tip: Tip) -> bool:
    """Was its reporter asked whether it is settled?"""
    return tip.status in {TipStatus.DONE, TipStatus.DUPLICATE} and tip.settled is None


def settle(session: Session, citizen: str, code: str, *, yes: bool, now: datetime) -> None:
    """The reporter's answer. "No" opens the tip again, for another officer of the unit or for its head.

    The answer of one whose tip is worked together with another counts for that one.
    """
    own = own_tip(session, citizen, code)
    if own is None or not may_settle(own):
        return
    own.settled = "yes" if yes else "no"
    own.updated_at = now
    session.add(TipMove(tip_id=own.id, at=now, move=SETTLED, before=None, after=own.settled))
    tip = own if own.duplicate_of is None else session.get_one(Tip, own.duplicate_of)
    late = tip.closed_at is not None and now - tip.closed_at > ASKED_FOR
    if yes or late or tip.status != TipStatus.DONE:
        own.version += 1
        return
    session.add(TipMove(tip_id=tip.id, at=now, move=REOPENED, before=tip.status, after=TipStatus.NEW))
    tip.closed_by = tip.closed_by or tip.taken_by
    tip.status, tip.taken_by, tip.taken_at, tip.closed_at = TipStatus.NEW, None, None, None
    clocks = dated_settings.rules(session, now=now).dues(tip.category, at=now, urgent=tip.urgent)
    tip.take_due_at, tip.close_due_at, tip.escalation = clocks.take, clocks.close, 0
    tip.updated_at = now
    tip.version += 1
