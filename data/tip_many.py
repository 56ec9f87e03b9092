"""One act on many tips: take, spam, hand over; and taking it back for a while.

Each tip is acted on by the rules of `data.tip_acts`. What refuses is named and left as it is; the rest is one
transaction with the row that can undo it. Nothing here is told to reporters, so an undo leaves no trace with them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from data import tip_acts, tips
from data.tables import ManyAct, Tip
from domain.errors import MoveRefused
from domain.tips import TipStatus

MOST = 100
"""Tips of one act."""
UNDO_FOR = timedelta(minutes=10)
UNDONE = "undone"
RESTORED = (
    "status",
    "unit_id",
    "taken_by",
    "taken_at",
    "closed_at",
    "closed_by",
    "settled",
    "held_until",
    "escalation",
    "take_due_at",
    "close_due_at",
    "bypass",
)
"""What the acts change and an undo puts back."""
_MOMENTS = frozenset({"taken_at", "closed_at", "held_until", "take_due_at", "close_due_at"})


class Many(StrEnum):
    TAKE = "take"
    SPAM = "spam"
    HAND_OVER = "hand_over"


@dataclass(frozen=True)
class Chosen:
    """A tip as the officer's list showed it."""

    tip_id: int
    version: int


@dataclass(frozen=True)
class Came:
    """What came of it. `undo_id`: the row to take it back by; None = nothing was done."""

    done: int
    refused: tuple[tuple[str, str], ...]
    undo_id: int | None


def act_on_many(
    session: Session,
    chosen: Sequence[Chosen],
    act: Many,
    *,
    unit_ids: Collection[str] | None,
    officer_id: int,
    now: datetime,
    words: str = "",
    to_unit: str = "",
    as_head: bool = False,
) -> Came:
    """Do it to every tip within reach that allows it.

    refused  (tip code, why) of the others; one out of reach is left out silently, as if there were none
    """
    before: list[Any] = []
    refused: list[tuple[str, str]] = []
    chosen = sorted(chosen[:MOST], key=lambda one: one.tip_id)
    tips.lock_rows(session, [one.tip_id for one in chosen])
    for one in chosen:
        tip = tips.find(session, one.tip_id, unit_ids=unit_ids)
        if tip is None:
            continue
        stood = _as_json(tip)
        try:
            _once(session, tip, act, one.version, officer_id, now, words, to_unit, as_head)
        except MoveRefused as why:
            refused.append((tip.code, str(why)))
            continue
        before.append([tip.id, tip.version, stood])
    if not before:
        return Came(0, tuple(refused), None)
    row = ManyAct(officer_id=officer_id, at=now, act=act, before=before, undone_at=None)
    session.add(row)
    session.flush()
    return Came(len(before), tuple(refused), row.id)


def _once(
    session: Session,
    tip: Tip,
    act: Many,
    version: int,
    officer_id: int,
    now: datetime,
    words: str,
    to_unit: str,
    as_head: bool,
) -> None:
    match act:
        case Many.TAKE:
            tip_acts.take(session, tip, officer_id=officer_id, now=now, as_head=as_head)
        case Many.SPAM:
            tip_acts.move(
                session, tip, to=TipStatus.SPAM, officer_id=officer_id, version=version, now=now, words=words
            )
        case Many.HAND_OVER:
            tip_acts.hand_over(
                session, tip, to_unit=to_unit, officer_id=officer_id, version=version, words=words, now=now
            )


def may_undo(session: Session, act_id: int, *, officer_id: int, now: datetime) -> ManyAct | None:
    """The act, if it is this officer's own, of the last minutes and not taken back yet."""
    row = session.get(ManyAct, act_id)
    fits = row is not None and row.officer_id == officer_id and row.undone_at is None
    return row if fits and row is not None and now - row.at <= UNDO_FOR else None


def undo(session: Session, act_id: int, *, officer_id: int, now: datetime) -> Came:
    """Put every tip back that nobody touched since. MoveRefused when the act cannot be taken back (any more)."""
    row = may_undo(session, act_id, officer_id=officer_id, now=now)
    if row is None:
        raise MoveRefused("Thao tác này không còn hoàn tác được (quá 10 phút, hoặc đã hoàn tác rồi).")
    claimed: Any = session.execute(
        update(ManyAct)
        .where(ManyAct.id == act_id, ManyAct.undone_at.is_(None))
        .values(undone_at=now)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:
        raise MoveRefused("Thao tác này vừa được hoàn tác rồi.")
    tips.lock_rows(session, [tip_id for tip_id, _version, _stood in row.before])
    done, refused = 0, []
    for tip_id, version, stood in row.before:
        tip = session.scalar(select(Tip).where(Tip.id == tip_id))
        if tip is None:
            continue
        after = tip.status
        try:
            tip_acts.change(
                session,
                tip,
                Tip.version == version,
                officer_id=officer_id,
                values=_from_json(stood) | {"updated_at": now},
            )
        except MoveRefused as why:
            refused.append((tip.code, str(why)))
            continue
        tip_acts.record(session, tip, UNDONE, after, tip.status, officer_id=officer_id, now=now)
        done += 1
    return Came(done, tuple(refused), None)


def forget_old(session: Session, *, now: datetime) -> None:
    """Acts that cannot be taken back any more need not be kept: the history of each tip has them."""
    old = select(ManyAct).where(ManyAct.at < now - timedelta(days=1))
    for row in session.scalars(old):
        session.delete(row)


def _as_json(tip: Tip) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime) else value

    return {name: plain(getattr(tip, name)) for name in RESTORED}


def _from_json(stood: dict[str, Any]) -> dict[str, Any]:
    def read(name: str, value: Any) -> Any:
        return datetime.fromisoformat(value) if name in _MOMENTS and value else value

    return {name: read(name, stood[name]) for name in RESTORED}
