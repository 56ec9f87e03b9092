"""Drafts left lying: one gentle reminder, then what is serious is kept for the officer, the rest is let go.

A recurring job; it may run twice without harm. It acts only where nothing of the citizen waits in the inbox.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.library import Library
from data import dated_settings, filing, intake, outgoing, tip_rules
from data.session import Database
from data.tables import Citizen, Conversation, EventRow
from domain.broadcasts import VIETNAM
from domain.conflicts import accuses_police, names_one_of, wants_past_unit
from domain.messages import Reply
from domain.tip_kinds import sort_of
from domain.tips import Draft, FiledTip, new_code
from domain.units import Unit
from domain.urgent import emergency_numbers
from domain.work import Kind, Wake
from handlers import texts, tips

REMIND_AFTER = timedelta(hours=2)
LET_GO_AFTER = timedelta(hours=24)
"""Both are told to the resident (texts.TIP_NOTICE, TIP_REMINDER)."""
QUIET = (time(21, 30), time(6, 30))
"""No reminder between these hours of Vietnam: a phone that rings at night may give somebody away."""
BATCH = 100


def tend(database: Database, library: Library, *, wake: Wake, now: datetime) -> int:
    """Look after the drafts nobody has touched for a while; returns how many were acted upon."""
    with database.transaction() as session:
        left = session.scalars(
            select(Conversation)
            .where(
                Conversation.flow == tips.FLOW.name,
                Conversation.updated_at <= now - REMIND_AFTER,
                ~exists().where(EventRow.citizen == Conversation.citizen, EventRow.done_at.is_(None)),
            )
            .order_by(Conversation.updated_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        acted = sum(_tend_one(session, row, library, now) for row in left)
    if acted:
        wake(Kind.OUTBOX, "")
    return acted


def _tend_one(session: Session, row: Conversation, library: Library, now: datetime) -> bool:
    draft = Draft.from_json(row.draft) if row.draft else None
    if draft is None or not draft.key:
        return False
    if row.updated_at <= now - LET_GO_AFTER:
        _let_go(session, row, draft, library, now)
        return True
    has_something = bool(draft.what) or intake.attachments_of(session, draft.key) > 0
    if draft.reminded or not has_something or _is_quiet(now):
        return False
    row.draft = replace(draft, reminded=True).as_json()  # updated_at stays: the pause goes on
    _say(session, row.citizen, texts.TIP_REMINDER, now)
    return True


def _let_go(session: Session, row: Conversation, draft: Draft, library: Library, now: datetime) -> None:
    row.flow, row.step, row.draft = None, None, {}
    if not is_serious(draft):
        intake.drop_draft(session, draft.key, now=now)
        return
    filed = _keep_unfinished(session, row.citizen, draft, library, now)
    _say(session, row.citizen, texts.TIP_KEPT_UNFINISHED.format(unit=filed.unit_name, code=filed.code), now)


def is_serious(draft: Draft) -> bool:
    """Do the words speak of danger, of a serious kind, or accuse police?"""
    kinds = tip_rules.shipped().kinds
    return bool(
        emergency_numbers(draft.what)
        or accuses_police(draft.what)
        or kinds.get(draft.category or kinds.suggest(draft.what)).serious
    )


def _keep_unfinished(
    session: Session, citizen: str, draft: Draft, library: Library, now: datetime
) -> FiledTip:
    past = (
        draft.past_unit
        or accuses_police(draft.what)
        or wants_past_unit(draft.what)
        or names_one_of(draft.what, list(filing.officer_names(session)))
    )
    province = library.province_unit
    place = library.units_today.get(draft.unit_id, province)
    unit: Unit = province if past else place
    rules = dated_settings.rules(session, now=now)
    category = draft.category or rules.kinds.suggest(draft.what)
    urgent = bool(emergency_numbers(draft.what))
    filed = filing.Filing(
        code=new_code(),
        citizen=citizen,
        oa_id=_oa_of(session, citizen),
        unit_id=unit.id,
        went_past=place.id if past else None,
        urgent=urgent,
        sort=sort_of(draft.what),
        category=category,
        unfinished=True,
        dues=rules.dues(category, at=now, urgent=urgent),
    )
    filing.file_tip(session, draft, filed, now=now)
    name = texts.TIP_INSPECTORS if past else unit.police_name
    return FiledTip(filed.code, name, intake.attachments_of(session, draft.key))


def _say(session: Session, citizen: str, text: str, now: datetime) -> None:
    if intake.is_known(session, citizen):
        outgoing.queue_replies(
            session,
            citizen=citizen,
            oa_id=_oa_of(session, citizen),
            replies=[Reply(text)],
            event_id=None,
            now=now,
        )


def _oa_of(session: Session, citizen: str) -> str:
    row = session.get(Citizen, citizen)
    assert row is not None
    return row.oa_id


def _is_quiet(now: datetime) -> bool:
    at = now.astimezone(VIETNAM).time()
    return at >= QUIET[0] or at < QUIET[1]
