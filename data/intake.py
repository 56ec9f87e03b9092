"""What a turn looks up and leaves behind: citizens, conversations, drafts. Filing a tip is in filing.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from data import dossier_lookups
from data.sealing import Sealer
from data.tables import (
    AttachmentRow,
    Citizen,
    Complaint,
    Consent,
    Conversation,
    Identity,
    Outgoing,
    QuestionLog,
    SurveyOptOut,
    Tip,
    TipMessage,
    TipMove,
)
from data.tip_words import also_find
from domain.broadcasts import DeliveryStatus
from domain.tips import OPEN, AttachmentState, TipSort, TipStatus


def meet(session: Session, *, citizen: str, oa_id: str, user_id: str, sealer: Sealer, now: datetime) -> None:
    """Know this citizen: a row under the opaque key, and the Zalo id sealed beside it. Safe to repeat."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(Citizen)
        .values(key=citizen, oa_id=oa_id, follows=False, first_seen_at=now)
        .on_conflict_do_nothing(index_elements=["key"])
    )
    sealed = sealer.seal(user_id.encode(), purpose="identity")
    session.execute(
        insert(Identity)
        .values(citizen=citizen, sealed=sealed, created_at=now)
        .on_conflict_do_nothing(index_elements=["citizen"])
    )


def wrote(session: Session, citizen: str, *, at: datetime) -> None:
    """The citizen wrote just now: Zalo lets us answer them for a while."""
    session.execute(update(Citizen).where(Citizen.key == citizen).values(last_wrote_at=at))


def follows(session: Session, citizen: str, yes: bool) -> None:
    session.execute(update(Citizen).where(Citizen.key == citizen).values(follows=yes))


def conversation(session: Session, citizen: str) -> Conversation | None:
    """Where this citizen stands; None when they never wrote."""
    return session.get(Conversation, citizen)


def save_conversation(
    session: Session,
    citizen: str,
    *,
    flow: str | None,
    step: str | None,
    draft: Mapping[str, Any],
    now: datetime,
) -> None:
    row = session.get(Conversation, citizen) or Conversation(citizen=citizen)
    row.flow, row.step, row.draft, row.updated_at = flow, step, dict(draft), now
    session.add(row)


def attachments_of(session: Session, draft_key: str) -> int:
    """How many files this draft has already."""
    count = session.scalar(select(func.count()).where(AttachmentRow.draft_key == draft_key))
    return count or 0


def keep_attachment(
    session: Session,
    *,
    draft_key: str,
    position: int,
    citizen: str,
    kind: str,
    name: str,
    caption: str,
    link_sealed: bytes,
    now: datetime,
    tip_id: int | None = None,
) -> None:
    """Queue a file for fetching."""
    session.add(
        AttachmentRow(
            draft_key=draft_key,
            position=position,
            tip_id=tip_id,
            citizen=citizen,
            kind=kind,
            name=name,
            caption=caption,
            link_sealed=link_sealed,
            state=AttachmentState.WAITING,
            due_at=now,
            created_at=now,
        )
    )


def drop_draft(session: Session, draft_key: str, *, now: datetime) -> None:
    """The citizen stopped: links still waiting are forgotten; files already kept are refused and swept later."""
    session.execute(
        update(AttachmentRow)
        .where(AttachmentRow.draft_key == draft_key, AttachmentRow.tip_id.is_(None))
        .values(state=AttachmentState.REFUSED, reason="hủy", link_sealed=None, settled_at=now)
    )


def own_tip(session: Session, citizen: str, code: str) -> Tip | None:
    """This citizen's tip of that code; nobody else's."""
    return session.scalar(select(Tip).where(Tip.code == code, Tip.citizen == citizen))


def newest_tip(session: Session, citizen: str, *, since: datetime | None = None) -> Tip | None:
    """This citizen's newest tip that is not over; `since`: filed after that moment."""
    filed = Tip.created_at > since if since is not None else true()
    return session.scalars(
        select(Tip)
        .where(
            Tip.citizen == citizen,
            Tip.kind != TipSort.QUESTION,
            Tip.status.in_([*OPEN, TipStatus.HELD]),
            filed,
        )
        .order_by(Tip.id.desc())
        .limit(1)
    ).first()


def tip_status(session: Session, code: str) -> TipStatus | None:
    """Progress only, for whoever holds the code."""
    status = session.scalar(select(Tip.status).where(Tip.code == code))
    return TipStatus(status) if status else None


def tip_of_message(session: Session, citizen: str, zalo_message_id: str) -> str | None:
    """The code of this citizen's tip that one of our messages belongs to."""
    return session.scalar(
        select(Tip.code)
        .join(Outgoing, Outgoing.tip_id == Tip.id)
        .where(
            Outgoing.zalo_message_id == zalo_message_id, Outgoing.citizen == citizen, Tip.citizen == citizen
        )
    )


def reporter_adds(session: Session, tip: Tip, text: str, *, now: datetime) -> None:
    """The reporter says more: it joins the conversation; a tip that waited for them is under way again."""
    session.add(TipMessage(tip_id=tip.id, at=now, from_officer=False, text=text))
    also_find(tip, text)
    reporter_answered(session, tip, now=now)


def reporter_answered(session: Session, tip: Tip, *, now: datetime) -> None:
    tip.updated_at = now
    tip.version += 1
    if tip.status == TipStatus.WAITING:
        session.add(
            TipMove(tip_id=tip.id, at=now, move="status", before=tip.status, after=TipStatus.IN_PROGRESS)
        )
        tip.status = TipStatus.IN_PROGRESS


def note_question(session: Session, *, decision: str, procedure_id: str | None, now: datetime) -> None:
    """Count how a question was answered; the words are not kept."""
    session.add(QuestionLog(at=now, decision=decision, procedure_id=procedure_id))


def erase(session: Session, citizen: str, *, now: datetime) -> None:
    """Forget who this citizen is. Tips stay, without a way back to the person; nothing more can be sent."""
    session.execute(
        update(Outgoing)
        .where(
            Outgoing.citizen == citizen,
            Outgoing.state.in_([DeliveryStatus.WAITING, DeliveryStatus.CLAIMED, DeliveryStatus.HELD]),
        )
        .values(state=DeliveryStatus.EXPIRED, reason="Người dân đã yêu cầu xóa dữ liệu.", lease_until=None)
    )
    session.execute(update(Outgoing).where(Outgoing.citizen == citizen).values(body={}))
    session.execute(update(Tip).where(Tip.citizen == citizen).values(citizen=None, updated_at=now))
    session.execute(
        update(AttachmentRow).where(AttachmentRow.citizen == citizen).values(citizen=None, place_sealed=None)
    )
    session.execute(update(Complaint).where(Complaint.citizen == citizen).values(citizen=None, oa_id=None))
    session.execute(delete(SurveyOptOut).where(SurveyOptOut.citizen == citizen))
    session.execute(delete(Conversation).where(Conversation.citizen == citizen))
    session.execute(delete(Consent).where(Consent.citizen == citizen))
    dossier_lookups.forget_citizen(session, citizen)
    session.execute(delete(Identity).where(Identity.citizen == citizen))


def is_known(session: Session, citizen: str) -> bool:
    """Did this citizen write before, so that we can answer?"""
    return session.get(Identity, citizen) is not None
