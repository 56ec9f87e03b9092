"""One tap on to the chat. Zalo has no preset text, so pages show the words to send, with a button that copies them.

Source of the address: the link Zalo gives every official account, zalo.me/<OA id> (docs/zalo.md, "Link to the chat").
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from data import accounts
from public.desk import database, known

ZALO = "https://zalo.me/"


@dataclass(frozen=True)
class Chat:
    """An official account one can write to."""

    name: str
    link: str


def chat_of(session: Session, unit_id: str, province_id: str) -> Chat | None:
    """The unit's own account, else the province's, else any; None before one is connected."""
    found = accounts.list_accounts(session)
    order = {unit_id: 0, province_id: 1}
    best = min(found, key=lambda one: (order.get(one.unit_id or "", 2), one.oa_id), default=None)
    return Chat(best.name, f"{ZALO}{best.oa_id}") if best else None


def chat_now() -> Chat | None:
    """The province's account."""
    province = known().province.id
    with database().reading() as session:
        return chat_of(session, province, province)
