"""A draft becomes a tip: with its kind and clocks, its unit or the way past it, and at the pace of its account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select, update
from sqlalchemy.orm import Session

from data.tables import AttachmentRow, Officer, OfficialAccount, Tip, TipMove
from domain import flood
from domain.clocks import Dues
from domain.flood import Lately
from domain.screening import screen
from domain.tips import Draft, TipSort, TipStatus, new_designation
from domain.vietnamese import fold


@dataclass(frozen=True)
class Filing:
    """Everything about a new tip that does not stand in the draft.

    unit_id     who gets it; `went_past`: the unit of the place, when the tip must not reach it
    unfinished  the citizen never sent it
    held_until  None: it joins the queue at once
    """

    code: str
    citizen: str
    oa_id: str
    unit_id: str
    urgent: bool
    dues: Dues
    sort: TipSort = TipSort.TIP
    category: str | None = None
    went_past: str | None = None
    unfinished: bool = False
    held_until: datetime | None = None


def file_tip(session: Session, draft: Draft, filing: Filing, *, now: datetime) -> Tip:
    """Make the draft a tip, and its files the tip's files."""
    status = TipStatus.NEW if filing.held_until is None else TipStatus.HELD
    tip = Tip(
        code=filing.code,
        draft_key=draft.key,
        designation=new_designation(),
        citizen=filing.citizen,
        oa_id=filing.oa_id,
        kind=filing.sort,
        category=filing.category,
        unit_id=filing.unit_id,
        bypass=filing.went_past is not None,
        went_past=filing.went_past,
        unfinished=filing.unfinished,
        status=status,
        held_until=filing.held_until,
        urgent=filing.urgent,
        what=draft.what,
        what_folded=fold(f"{screen(draft.what).text} {screen(draft.place).text}"),
        place=draft.place,
        latitude=draft.latitude,
        longitude=draft.longitude,
        take_due_at=filing.dues.take,
        close_due_at=filing.dues.close,
        created_at=now,
        updated_at=now,
    )
    session.add(tip)
    session.flush()
    session.execute(update(AttachmentRow).where(AttachmentRow.draft_key == draft.key).values(tip_id=tip.id))
    session.add(TipMove(tip_id=tip.id, at=now, officer_id=None, move="filed", before=None, after=status))
    return tip


def lately(session: Session, *, citizen: str, unit_id: str, now: datetime) -> Lately:
    """How many tips this account filed, and this unit got, within the last hour."""
    since = now - flood.WINDOW
    own = session.scalar(select(func.count()).where(Tip.citizen == citizen, Tip.created_at > since)) or 0
    few = (
        select(literal(1))
        .where(Tip.unit_id == unit_id, Tip.status == TipStatus.NEW, Tip.created_at > since)
        .limit(flood.UNIT_MAX)
        .subquery()
    )
    return Lately(own, session.scalar(select(func.count()).select_from(few)) or 0)


def release_held(session: Session, *, now: datetime) -> int:
    """Tips that came in a flood join the queue when their time has come; returns how many."""
    due = session.scalars(
        select(Tip)
        .where(Tip.status == TipStatus.HELD, Tip.held_until <= now)
        .order_by(Tip.held_until)
        .limit(200)
    ).all()
    for tip in due:
        tip.status, tip.held_until, tip.updated_at = TipStatus.NEW, None, now
        tip.version += 1
        session.add(TipMove(tip_id=tip.id, at=now, move="status", before=TipStatus.HELD, after=TipStatus.NEW))
    return len(due)


def last_unit(session: Session, citizen: str) -> str | None:
    """The unit of the place of this citizen's newest tip: offered first the next time."""
    return session.scalar(
        select(func.coalesce(Tip.went_past, Tip.unit_id))
        .where(Tip.citizen == citizen, Tip.kind != TipSort.QUESTION)
        .order_by(Tip.id.desc())
        .limit(1)
    )


def unit_of_account(session: Session, oa_id: str) -> str | None:
    """The unit whose own page this official account is."""
    return session.scalar(select(OfficialAccount.unit_id).where(OfficialAccount.oa_id == oa_id))


def officer_names(session: Session) -> Sequence[str]:
    """The names of all officers of the console, those who left too: a tip may name one of them."""
    return session.scalars(select(Officer.name)).all()
