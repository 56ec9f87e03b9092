"""Who agreed to which edition of the notice about tips. An edition is known by its own words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from data.tables import AttachmentRow, Consent, Conversation, Notice, Tip
from domain.tips import AttachmentState


def has_agreed(session: Session, citizen: str, edition: str) -> bool:
    return session.get(Consent, (citizen, edition)) is not None


def agree(session: Session, citizen: str, *, edition: str, text: str, now: datetime) -> None:
    """The citizen agreed to the notice with these words. Safe to repeat."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(Notice).values(edition=edition, text=text, since=now).on_conflict_do_nothing())
    session.execute(
        insert(Consent).values(citizen=citizen, edition=edition, given_at=now).on_conflict_do_nothing()
    )


def withdraw(session: Session, citizen: str, *, now: datetime) -> int:
    """Take the consent back: tips stay without a way to the person, who can no longer be asked about them.

    The draft goes by itself with the conversation; returns how many tips were cut loose.
    """
    session.execute(delete(Consent).where(Consent.citizen == citizen))
    session.execute(
        update(AttachmentRow)
        .where(AttachmentRow.citizen == citizen, AttachmentRow.tip_id.is_(None))
        .values(state=AttachmentState.REFUSED, reason="hủy", link_sealed=None, settled_at=now)
    )
    session.execute(
        update(Conversation).where(Conversation.citizen == citizen).values(flow=None, step=None, draft={})
    )
    cut = session.execute(
        update(Tip).where(Tip.citizen == citizen).values(citizen=None, updated_at=now).returning(Tip.id)
    )
    return len(cut.all())
