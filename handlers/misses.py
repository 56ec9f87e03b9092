"""When we were wrong or did not understand: what came next in the search, a question back, then the ways out."""

from __future__ import annotations

from domain.conversations import Outcome, Turn, ask
from handlers import buttons, lists, texts
from handlers.lists import TALKING
from handlers.talk import Talk

MISSES_MAX = 2
"""Wrong or missing answers in a row, after which we stop guessing."""
UNSURE_BUTTONS = (
    buttons.press(texts.BUTTON_FIELDS, buttons.PROCEDURE_ASK),
    buttons.press(texts.BUTTON_OFFICER, buttons.OFFICER_ASK),
    buttons.press(texts.BUTTON_TIP, buttons.TIP_START),
    buttons.call("113"),
)


def lead_on(turn: Turn, talk: Talk) -> Outcome:
    """What we showed was not it: what came next in the search, then a question back, then no more guessing."""
    missed = Talk(misses=talk.misses + 1)
    if missed.misses >= MISSES_MAX:
        return way_out(turn)
    if talk.rest and talk.is_fresh(turn.now):
        text = texts.PROCEDURE_NEXT if len(talk.rest) > 1 else texts.PROCEDURE_NEXT_ONE
        return lists.choose(turn, talk.rest, missed, text)
    return ask(texts.PROCEDURE_TELL_MORE, step=TALKING, draft=missed.draft(turn.now), buttons=UNSURE_BUTTONS)


def miss(turn: Turn, talk: Talk, known_not: str = "") -> Outcome:
    """We are not sure, and say so; the second time we offer the ways out. The card at hand stays at hand.

    known_not  what to say when we understood, and know that we do not know
    """
    if talk.misses + 1 >= MISSES_MAX and not known_not:
        return way_out(turn, talk.about, again=talk.misses >= MISSES_MAX)
    draft = Talk(about=talk.about, before=talk.before, misses=talk.misses + 1).draft(turn.now)
    return ask(known_not or texts.PROCEDURE_UNSURE, step=TALKING, draft=draft, buttons=UNSURE_BUTTONS)


def way_out(turn: Turn, about: str = "", *, again: bool = False) -> Outcome:
    """The ways out; said in one line when they were said already."""
    draft = Talk(about=about, misses=MISSES_MAX).draft(turn.now)
    if again:
        return ask(texts.STILL_NOT, step=TALKING, draft=draft, buttons=UNSURE_BUTTONS)
    return ask(texts.PROCEDURE_WAY_OUT, step=TALKING, draft=draft, buttons=UNSURE_BUTTONS)


def gone_now(turn: Turn, talk: Talk) -> Outcome:
    draft = Talk(misses=talk.misses).draft(turn.now)
    return ask(texts.PROCEDURE_GONE, step=TALKING, draft=draft, buttons=UNSURE_BUTTONS)
