"""What a turn leaves for the learning loop: a masked question the bot was unsure of, and what was then chosen.

Nothing of who asked is kept: the mark in the conversation is a hash of the masked words, the same for everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from data import kept_questions
from domain.masking import mask
from domain.messages import Press, Said, Text
from domain.procedures import Answer, Decision
from domain.urgent import looks_like_tip
from domain.vietnamese import fold

ASKED, ANSWERED = "asked", "answered"
"""In the draft of a conversation: the mark of the question that was asked back; or the masked words of the one that
was answered, kept for learning only when the citizen then says “không phải”."""
WRONG = "proc.wrong"
"""The button “không phải” under an answer."""
NO = "khong phai"


class Unsure:
    """For the turns of one event; `keep` gets what is to be written in their transaction."""

    def __init__(
        self, keep: Callable[[Callable[[Session], None]], None], places: Collection[str], *, now: datetime
    ) -> None:
        self._keep = keep
        self._places = places
        self._now = now
        self._question = ""
        self._offered: tuple[str, ...] = ()
        self._before: Mapping[str, Any] = {}
        self._marks: dict[str, Any] = {}
        self._open = False

    def turn_begins(self, draft: Mapping[str, Any] | None) -> None:
        """What is chosen or refused in this turn belongs to the question of the turn before."""
        self._before, self._marks, self._question = draft or {}, {}, ""
        self._open = bool(self._before.get(ASKED) or self._before.get(ANSWERED))

    def searched(self, question: str, found: Answer) -> None:
        """A new question: what was offered before it was neither chosen nor refused."""
        self._question, self._offered = question, tuple(one.id for one in found.candidates)
        self._open = False

    def decided(self, decision: str) -> None:
        """The question just searched for was answered so; what reports something is a tip, and not kept."""
        words = mask(self._question, self._places)
        if words is None or looks_like_tip(self._question):
            return
        if decision == Decision.ANSWER:
            self._marks = {ANSWERED: {"words": words, "offered": list(self._offered)}}
        elif decision in kept_questions.UNSURE:
            self._marks = {ASKED: kept_questions.mark_of(words)}
            self._keep_question(words, decision, self._offered)

    def opened(self, wanted: str) -> None:
        """A record was looked up; one of those offered was chosen."""
        if self._open and wanted in _shown(self._before):
            self._settle(wanted)

    def turn_ends(self, said: Said, draft: Mapping[str, Any] | None) -> dict[str, Any]:
        """The draft to be kept, with the marks of this turn; those of the turn before where its list still stands."""
        if self._open and self._refuses(said):
            self._settle(kept_questions.NONE_OF_THESE)
        kept = dict(draft or {})
        if self._marks:
            goes_on = bool(kept) if ANSWERED in self._marks else bool(_shown(kept))
            return {**kept, **self._marks} if goes_on else kept
        if self._open and _shown(kept) and _shown(kept) == _shown(self._before):
            kept |= {ASKED: self._before[ASKED]} if ASKED in self._before else {}
        return kept

    def _refuses(self, said: Said) -> bool:
        if isinstance(said, Text):
            words = fold(said.text)
            return not self._question and words.startswith(NO) and len(words.split()) <= len(NO.split()) + 3
        if not isinstance(said, Press):
            return False
        if self._before.get(ASKED):
            return said.button.startswith("proc.") and said.value not in _shown(self._before)
        return said.button == WRONG

    def _settle(self, wanted: str) -> None:
        """What became of the question before: chosen, or none of it meant."""
        self._open = False
        mark, answered = str(self._before.get(ASKED, "")), self._before.get(ANSWERED)
        if not mark and answered and wanted == kept_questions.NONE_OF_THESE:
            words = str(answered["words"])
            mark = kept_questions.mark_of(words)
            self._keep_question(words, kept_questions.REFUSED, tuple(answered["offered"]))
        if mark:
            self._keep(lambda session: kept_questions.note_choice(session, mark, wanted))

    def _keep_question(self, words: str, decision: str, offered: tuple[str, ...]) -> None:
        now = self._now
        self._keep(
            lambda session: kept_questions.keep_question(
                session, words, decision=decision, offered=offered, now=now
            )
        )


def _shown(draft: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the numbered list on the screen."""
    return tuple(map(str, draft.get("show") or ()))
