"""More about a tip that was filed already: by a button, by quoting, by “thêm”, or with a file that comes right after."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.conflicts import accuses_police
from domain.conversations import Flow, Outcome, Turn, ask, done
from domain.media import FILES_MAX
from domain.messages import (
    Attachment,
    Button,
    Clip,
    Document,
    Photo,
    Place,
    Press,
    Reply,
    Sticker,
    Text,
    Voice,
)
from domain.tips import read_code
from handlers import buttons, texts, words
from handlers.tip_steps import is_for_others

MORE = "tip.more"
STILL_THE_SAME = timedelta(minutes=30)
"""A file that comes so soon after a tip was sent belongs to it."""


def begins(turn: Turn) -> bool:
    said = turn.said
    if isinstance(said, Press):
        return said.button == buttons.TIP_REPLY
    if isinstance(said, Attachment):
        return turn.records.newest_tip(within=STILL_THE_SAME) is not None
    if words.is_one_of(said, words.ADD | words.EDIT):
        return turn.records.newest_tip() is not None
    return (
        isinstance(said, Text)
        and said.quoted_message is not None
        and turn.records.tip_of_message(said.quoted_message) is not None
    )


def begin(turn: Turn) -> Outcome:
    said = turn.said
    if isinstance(said, Attachment):
        return _add_to_newest(turn, said)
    if isinstance(said, Text):
        code = turn.records.tip_of_message(said.quoted_message) if said.quoted_message else None
        return _add(turn, code, said) if code else _ask_for_more(turn, said)
    assert isinstance(said, Press)
    code = read_code(said.value)
    if code is None or not turn.records.is_own_tip(code):
        return done(texts.TIP_STATUS_UNKNOWN, (buttons.TO_MENU,))
    return _wait(texts.TIP_REPLY, code, STOP_BUTTON)


def _ask_for_more(turn: Turn, said: Text) -> Outcome:
    """“Thêm”, “sửa” when the tip is on its way already."""
    code = turn.records.newest_tip()
    assert code is not None
    text = texts.TIP_REPLY_CORRECT if words.is_one_of(said, words.EDIT) else texts.TIP_REPLY
    return _wait(text, code, STOP_BUTTON)


def _add_to_newest(turn: Turn, said: Attachment) -> Outcome:
    """A photo right after “xong” belongs to the tip that was just sent; the citizen is told, and may say no."""
    code = turn.records.newest_tip(within=STILL_THE_SAME)
    assert code is not None
    return add(turn, code, said) or _wait(texts.TIP_FILE_ADDED, code, NEW_BUTTON)


def take_more(turn: Turn, said: Text | Attachment) -> Outcome | None:
    if words.is_one_of(said, words.STOP | words.DONE | words.THANKS) and isinstance(said, Text):
        return done(texts.TIP_REPLY_DONE)
    if words.is_one_of(said, words.MENU | words.HELP | words.TIP):
        return None
    if isinstance(said, Text) and is_for_others(turn, said):
        return None
    return _add(turn, str(turn.draft.get("code", "")), said)


def take_place(turn: Turn, said: Place) -> Outcome:
    """A location sent later is one more message about the tip."""
    where = texts.TIP_PLACE_ADDED.format(latitude=said.latitude, longitude=said.longitude)
    return _add(turn, str(turn.draft.get("code", "")), Text(where))


def add(turn: Turn, code: str, said: Text | Attachment) -> Outcome | None:
    """Add to an own tip; None when it was added and there is nothing special to say about it.

    Words that accuse police, a caption too, may not reach the unit that has the tip: they become a tip of their own.
    """
    told = said.text if isinstance(said, Text) else said.caption
    if not turn.records.is_own_tip(code):
        return done(texts.TIP_STATUS_UNKNOWN, (buttons.TO_MENU,))
    if accuses_police(told) or turn.records.names_officer(told):
        apart = replace(turn.records.new_draft(), what=told, past_unit=True)
        if isinstance(said, Attachment):
            turn.records.keep_attachment(apart, said)
        return done(texts.TIP_SPLIT_OFF.format(code=turn.records.file_tip(apart).code))
    if isinstance(said, Attachment) and not turn.records.has_room(code):
        return _wait(texts.TIP_FILES_FULL, code, NEW_BUTTON, limit=FILES_MAX)
    if not turn.records.add_to_tip(code, said):
        return done(texts.TIP_STATUS_UNKNOWN, (buttons.TO_MENU,))
    return None


def _add(turn: Turn, code: str, said: Text | Attachment) -> Outcome:
    return add(turn, code, said) or _wait(texts.TIP_REPLY_MORE, code)


def repeat(turn: Turn) -> Outcome:
    return _wait(texts.TIP_REPLY, str(turn.draft.get("code", "")), STOP_BUTTON)


def _wait(text: str, code: str, *offered: Button, **more: int) -> Outcome:
    """Say it, and wait for more about this tip."""
    return ask(text.format(code=code, **more), step=MORE, draft={"code": code}, buttons=offered)


def officer_says(unit: str, code: str, text: str, *, may_answer: bool = True) -> Reply:
    """An officer's words as the citizen gets them."""
    more = (buttons.press(texts.BUTTON_TIP_REPLY, buttons.TIP_REPLY, code),) if may_answer else ()
    return Reply(texts.OFFICER_SAYS.format(unit=unit, code=code, text=text), more)


STOP_BUTTON = buttons.press(texts.BUTTON_STOP, buttons.MENU)
NEW_BUTTON = buttons.press(texts.BUTTON_TIP_NEW, buttons.TIP_START)

FLOW = Flow(
    name="reply",
    begins=begins,
    begin=begin,
    steps={
        MORE: {
            Text: take_more,
            Place: take_place,
            Sticker: lambda turn, said: repeat(turn),
            **dict.fromkeys((Photo, Clip, Voice, Document), take_more),
        },
    },
    lost=repeat,
    forgotten_after=timedelta(minutes=20),
)
