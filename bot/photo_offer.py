"""A photo that was just cleaned says where it was taken: its sender, who is being asked for the place, is offered it.

Who is asked later is offered it with the question (handlers.tip_photo). Nothing is said about a place outside the
province, nor after a place was given.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.library import Library
from data import outgoing
from data.photo_places import is_first
from data.tables import AttachmentRow, Citizen, Conversation
from domain.tips import Draft, PhotoPlace
from handlers import tip_photo, tips
from handlers.tip_steps import Step


def offer_place(
    session: Session, row: AttachmentRow, place: tuple[float, float], library: Library, *, now: datetime
) -> bool:
    """Offer the place of this file in the chat; True when something is on its way.

    In the transaction that keeps the copy: it is offered once, and not at all when that transaction fails.
    """
    if row.citizen is None or row.tip_id is not None:
        return False
    standing = session.scalar(
        select(Conversation).where(Conversation.citizen == row.citizen).with_for_update()
    )
    if standing is None or standing.flow != tips.FLOW.name or standing.step != Step.WHERE:
        return False
    draft = Draft.from_json(standing.draft) if standing.draft else None
    if draft is None or draft.key != row.draft_key or draft.has_place or draft.not_there:
        return False
    units = library.units_at(*place)
    citizen = session.get(Citizen, row.citizen)
    if not units or citizen is None or not is_first(session, row):
        return False
    outgoing.queue_replies(
        session,
        citizen=row.citizen,
        oa_id=citizen.oa_id,
        replies=[tip_photo.offer(PhotoPlace(row.position, *place), units)],
        event_id=None,
        now=now,
    )
    return True
