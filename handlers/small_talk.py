"""Words that ask for nothing: thanks, a call, “không”, a number without a list. What is spoken of stays at hand."""

from __future__ import annotations

from domain.conversations import Outcome, Turn, ask
from domain.messages import Sticker, Text
from handlers import buttons, texts, words
from handlers.lists import TALKING
from handlers.talk import Talk

_NUMBER_MAX = 2
"""Digits of a number that chooses from a list; 113 is a question."""
_OFFERED = (
    buttons.press(texts.BUTTON_FIELDS, buttons.PROCEDURE_ASK),
    buttons.press(texts.BUTTON_OFFICER, buttons.OFFICER_ASK),
)


def answer(turn: Turn, said: Text, talk: Talk) -> Outcome | None:
    """A courteous word back; None when something was asked, or an answer was awaited."""
    if words.is_thanks(said):
        return ask(texts.THANKS, step=TALKING, draft=talk.draft(turn.now, misses=0))
    if words.is_call(said) and (talk.about or not words.is_one_of(said, words.GREETINGS)):
        return _say(turn, texts.CALLED, talk)
    if talk.show or talk.fields:
        return None
    if words.is_one_of(said, words.DONE):
        return _say(turn, texts.NOTHING_TO_SEND, talk)
    typed = said.text.strip(" .)#")
    if typed.isdecimal() and len(typed) <= _NUMBER_MAX:
        return _say(turn, texts.NUMBER_OF_NOTHING, talk)
    if words.is_one_of(said, words.NO_THANKS | words.YES):
        return _say(turn, texts.PROCEDURE_ASK_SHORT, talk)
    return None


def sticker(turn: Turn, said: Sticker) -> Outcome:
    """A sticker in the middle of a talk asks for nothing and changes no subject."""
    return _say(turn, texts.PROCEDURE_ASK_SHORT, Talk.of(turn.draft))


def _say(turn: Turn, text: str, talk: Talk) -> Outcome:
    return ask(text, step=TALKING, draft=talk.draft(turn.now), buttons=_OFFERED)
