"""A member writes in a ward's group what is meant as a tip: it goes on between the two of us, with that ward.

Everybody reads a group, so nothing is filed from there: the words become a draft, and the bot writes privately.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.tables import Delivery, GroupRow
from domain.conversations import Outcome, Turn
from domain.messages import InGroup, Text
from domain.tips import Draft
from domain.vietnamese import fold
from handlers import texts, tips
from handlers.tip_steps import joined

KEYWORDS = ("#tinbao", "tin bao", "bao tin")
"""With one of these a message in a group begins, when it is meant for the police."""


@dataclass(frozen=True)
class GroupTip:
    """What was written, without the keyword, and the group's unit of today."""

    words: str
    unit_id: str
    group: str


def read(session: Session, said: InGroup) -> GroupTip | None:
    """The beginning of a tip; None when the message is not meant for us."""
    group = session.scalar(select(GroupRow).where(GroupRow.zalo_group_id == said.group_id))
    text = next((one for one in said.said if isinstance(one, Text)), None)
    if group is None or text is None:
        return None
    words = _after_keyword(text.text)
    if words is None and text.quoted_message and _is_ours(session, text.quoted_message):
        words = text.text
    return None if words is None else GroupTip(words.strip(" :,.-\n"), group.unit_id, group.name)


def begin(turn: Turn, found: GroupTip) -> Outcome:
    """Go on privately: the notice, then what is missing."""
    unit = turn.records.unit(found.unit_id)
    draft = replace(turn.records.new_draft(), what=found.words, unit_id=unit.id if unit else "")
    return tips.go_on_privately(turn, draft, texts.TIP_FROM_GROUP.format(group=found.group))


def join(turn: Turn, found: GroupTip, draft: Mapping[str, Any]) -> Outcome:
    """The citizen is writing a tip already: the words belong to it, and its own place stays."""
    own = Draft.from_json(draft) if draft else turn.records.new_draft()
    unit_id = own.unit_id or (unit.id if (unit := turn.records.unit(found.unit_id)) else "")
    told = replace(own, what=joined(own.what, found.words), unit_id=unit_id)
    return tips.go_on_privately(turn, told, texts.TIP_FROM_GROUP_JOINED.format(group=found.group) + "\n\n")


def _after_keyword(text: str) -> str | None:
    plain = text.strip()
    for size in (1, 2):
        first = " ".join(plain.split()[:size])
        if fold(first) in {fold(one) for one in KEYWORDS} or first.casefold() in KEYWORDS:
            return plain[len(first) :] if plain.startswith(first) else " ".join(plain.split()[size:])
    return None


def _is_ours(session: Session, message_id: str) -> bool:
    """Is it a broadcast that the bot posted?"""
    return session.scalar(select(Delivery.id).where(Delivery.zalo_message_id == message_id)) is not None
