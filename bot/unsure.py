"""What a turn leaves for the learning loop: a masked question the bot was unsure of, and what was then chosen.

Nothing of who asked is kept: the mark in the conversation is a hash of the masked words, the same for everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from data import learning
from domain.masking import mask
from domain.messages import Press, Said
from domain.procedures import Answer
from domain.urgent import looks_like_tip

ASKED = "asked"
"""In the draft of a conversation: the mark of the question that was asked back."""


class Unsure:
    """For the turns of one event; `keep` gets what is to be written in their transaction."""

    def __init__(
        self, keep: Callable[[Callable[[Session], None]], None], places: Collection[str], *, now: datetime
    ) -> None:
        self._keep = keep
        self._places = places
        self._now = now
        self._question = self._asked = self._new_mark = ""
        self._offered: tuple[str, ...] = ()
        self._may_choose: frozenset[str] = frozenset()

    def searched(self, question: str, found: Answer) -> None:
        self._question, self._offered = question, tuple(one.id for one in found.candidates)

    def decided(self, decision: str) -> None:
        """The question just searched for was answered so; what reports something is a tip, and not kept."""
        if decision not in learning.UNSURE or not self._question or looks_like_tip(self._question):
            return
        words, offered, now = mask(self._question, self._places), self._offered, self._now
        if words is not None:
            self._new_mark = learning.mark_of(words)
            self._keep(
                lambda session: learning.keep_question(
                    session, words, decision=decision, offered=offered, now=now
                )
            )

    def turn_begins(self, draft: Mapping[str, Any] | None) -> None:
        """What is chosen in this turn belongs to the question of the turn before, where that asked back."""
        draft = draft or {}
        self._new_mark = self._question = ""
        self._asked, self._may_choose = (
            str(draft.get(ASKED, "")),
            frozenset(map(str, draft.get("show") or ())),
        )

    def opened(self, wanted: str) -> None:
        if wanted in self._may_choose:
            self._chose(wanted)

    def turn_ends(self, said: Said, draft: Mapping[str, Any] | None) -> dict[str, Any]:
        """The draft to be kept. A press on another button of the procedures says: none of these."""
        if isinstance(said, Press) and said.button.startswith("proc.") and said.value not in self._may_choose:
            self._chose(learning.NONE_OF_THESE)
        mark = self._new_mark if draft and draft.get("show") else ""
        return {**(draft or {}), **({ASKED: mark} if mark else {})}

    def _chose(self, wanted: str) -> None:
        mark, self._asked, self._may_choose = self._asked, "", frozenset()
        if mark:
            self._keep(lambda session: learning.note_choice(session, mark, wanted))
