"""An officer in their own chat: links it to their account by a code, says that a broadcast stands in a group."""

from __future__ import annotations

import re

from domain.conversations import Flow, Outcome, Turn, done
from domain.messages import Press, Text
from domain.vietnamese import fold
from handlers import texts

POSTED = "group.posted"
"""The button under a message of data.reminders."""
_CODE = re.compile(r"lien ket (\d{8})")


def begins(turn: Turn) -> bool:
    if isinstance(turn.said, Press):
        return turn.said.button == POSTED
    return isinstance(turn.said, Text) and _code(turn.said) is not None


def begin(turn: Turn) -> Outcome:
    if isinstance(turn.said, Press):
        group = turn.records.post_was_made(turn.said.value)
        return done(texts.POSTED.format(group=group) if group else texts.POSTED_NOT)
    code = _code(turn.said) if isinstance(turn.said, Text) else None
    linked = code is not None and turn.records.link_officer(code)
    return done(texts.OFFICER_LINKED if linked else texts.OFFICER_NOT_LINKED)


def _code(said: Text) -> str | None:
    found = _CODE.fullmatch(fold(said.text))
    return found.group(1) if found else None


def lost(turn: Turn) -> Outcome:
    return begin(turn)


FLOW = Flow(name="duty", begins=begins, begin=begin, steps={}, lost=lost)
