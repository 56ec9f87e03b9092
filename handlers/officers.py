"""Asking a person: the question goes to the province desk and is answered in this chat."""

from __future__ import annotations

from datetime import timedelta

from domain.conversations import Flow, Outcome, Turn, ask, done
from domain.messages import Attachment, Clip, Document, Photo, Press, Text, Voice
from handlers import buttons, texts, words

WHAT = "officer.what"
STOP_BUTTON = buttons.press(texts.BUTTON_STOP, buttons.MENU)


def begins(turn: Turn) -> bool:
    if isinstance(turn.said, Press):
        return turn.said.button == buttons.OFFICER_ASK
    return words.wants_officer(turn.said)


def begin(turn: Turn) -> Outcome:
    return ask(texts.OFFICER_ASK, step=WHAT, buttons=(STOP_BUTTON,))


def take_question(turn: Turn, said: Text) -> Outcome | None:
    if words.is_one_of(said, words.STOP):
        return done(texts.STOPPED, buttons.MENU_BUTTONS)
    if words.is_one_of(said, words.MENU | words.HELP | words.TIP):
        return None
    asked = turn.records.ask_officer(said.text)
    return done(texts.OFFICER_ASKED.format(code=asked.code))


def only_words(turn: Turn, said: Attachment) -> Outcome:
    """A photo cannot go to the desk with a question: said, and not taken for a tip."""
    return ask(texts.OFFICER_ONLY_WORDS, step=WHAT, buttons=(STOP_BUTTON,))


def repeat(turn: Turn) -> Outcome:
    return ask(texts.OFFICER_ASK_AGAIN, step=WHAT, buttons=(STOP_BUTTON,))


FLOW = Flow(
    name="officer",
    begins=begins,
    begin=begin,
    steps={WHAT: {Text: take_question, **dict.fromkeys((Photo, Clip, Voice, Document), only_words)}},
    lost=repeat,
    forgotten_after=timedelta(hours=2),
)
