"""What can be found in a tip: its words without accents and without what is screened."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_

from data.tables import Tip
from domain.screening import screen
from domain.vietnamese import fold

SAID_MAX = 20_000
"""Characters kept of what was said later; a conversation that is longer is found by its first words."""


def also_find(tip: Tip, text: str) -> None:
    """What the reporter added, an officer answered or noted is found by the queue's search from now on.

    The caller's transaction keeps it; what screening hides cannot be searched for (domain.screening).
    """
    tip.said_folded = f"{tip.said_folded} {fold(screen(text).text)}".strip()[:SAID_MAX]


def has_word(word: str) -> ColumnElement[bool]:
    """`word` is folded already."""
    return or_(
        Tip.what_folded.contains(word, autoescape=True), Tip.said_folded.contains(word, autoescape=True)
    )
