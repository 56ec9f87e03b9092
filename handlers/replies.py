"""More about a tip that was filed already: by the button under an officer's answer, or by quoting it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.conflicts import accuses_police
from domain.conversations import Flow, Outcome, Turn, ask, done
from domain.messages import Attachment, Clip, Document, Photo, Press, Reply, Text, Voice
from domain.tips import read_code
from handlers import buttons, texts, words

MORE = "tip.more"


def begins(turn: Turn) -> bool:
    said = turn.said
    if isinstance(said, Press):
        return said.button == buttons.TIP_REPLY
    return (
        isinstance(said, Text)
        and said.quoted_message is not None
        and turn.records.tip_of_message(said.quoted_message) is not None
    )


def begin(turn: Turn) -> Outcome:
    said = turn.said
    if isinstance(said, Text):
        code = turn.records.tip_of_message(said.quoted_message or "")
        assert code is not None
        return _add(turn, code, said)
    assert isinstance(said, Press)
    code = read_code(said.value)
    if code is None or not turn.records.is_own_tip(code):
        return done(texts.TIP_STATUS_UNKNOWN, (buttons.TO_MENU,))
    return ask(texts.TIP_REPLY.format(code=code), step=MORE, draft={"code": code}, buttons=(STOP_BUTTON,))


def take_more(turn: Turn, said: Text | Attachment) -> Outcome | None:
    if words.is_one_of(said, words.STOP | words.DONE | words.THANKS) and isinstance(said, Text):
        return done(texts.TIP_REPLY_DONE)
    if words.is_one_of(said, words.MENU | words.HELP | words.TIP):
        return None
    return _add(turn, str(turn.draft.get("code", "")), said)


def add(turn: Turn, code: str, said: Text | Attachment) -> Outcome | None:
    """Add to an own tip; None when it was added and there is nothing special to say about it.

    Words that accuse police may not reach the unit that has the tip: they become a tip of their own.
    """
    if isinstance(said, Text) and (accuses_police(said.text) or turn.records.names_officer(said.text)):
        if not turn.records.is_own_tip(code):
            return done(texts.TIP_STATUS_UNKNOWN, (buttons.TO_MENU,))
        apart = replace(turn.records.new_draft(), what=said.text, past_unit=True)
        return done(texts.TIP_SPLIT_OFF.format(code=turn.records.file_tip(apart).code))
    if not turn.records.add_to_tip(code, said):
        return done(texts.TIP_STATUS_UNKNOWN, (buttons.TO_MENU,))
    return None


def _add(turn: Turn, code: str, said: Text | Attachment) -> Outcome:
    special = add(turn, code, said)
    return special or ask(texts.TIP_REPLY_MORE.format(code=code), step=MORE, draft={"code": code})


def repeat(turn: Turn) -> Outcome:
    code = str(turn.draft.get("code", ""))
    return ask(texts.TIP_REPLY.format(code=code), step=MORE, draft=turn.draft, buttons=(STOP_BUTTON,))


def officer_says(unit: str, code: str, text: str, *, may_answer: bool = True) -> Reply:
    """An officer's words as the citizen gets them."""
    more = (buttons.press(texts.BUTTON_TIP_REPLY, buttons.TIP_REPLY, code),) if may_answer else ()
    return Reply(texts.OFFICER_SAYS.format(unit=unit, code=code, text=text), more)


STOP_BUTTON = buttons.press(texts.BUTTON_STOP, buttons.MENU)

FLOW = Flow(
    name="reply",
    begins=begins,
    begin=begin,
    steps={
        MORE: {Text: take_more, Photo: take_more, Clip: take_more, Voice: take_more, Document: take_more},
    },
    lost=repeat,
    forgotten_after=timedelta(minutes=20),
)
