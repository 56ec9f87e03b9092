"""What is to be looked at twice in a text, against the names and numbers of this house."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.tables import TopicRow, UnitRow
from domain.cautions import cautions

SHORT_NUMBERS = ("111", "112", "113", "114", "115")


def cautions_of(session: Session, text: str) -> list[str]:
    """Sentences for writer and approver; empty when there is nothing to look at."""
    names = session.scalars(select(UnitRow.short_name).distinct())
    return cautions(text, hotlines=[*SHORT_NUMBERS, *_hotlines(session)], unit_names=names)


def _hotlines(session: Session) -> list[str]:
    """Numbers that stand in our own catalogue of hotlines."""
    bodies = session.scalars(select(TopicRow.body).where(TopicRow.category == "hotline"))
    return [number for body in bodies for number in _numbers(" ".join(body.get("answer") or ()))]


@lru_cache(maxsize=256)
def _numbers(text: str) -> tuple[str, ...]:
    words = (word.strip(".,;:()") for word in text.split())
    return tuple(word for word in words if word.replace(".", "").isdigit() and len(word) >= 3)
