"""Menu, help, greeting, thanks: where every road leads back to."""

from __future__ import annotations

from domain.conversations import Flow, Outcome, Turn
from domain.messages import Press, Reply
from handlers import buttons, texts, words


def begins(turn: Turn) -> bool:
    said = turn.said
    if isinstance(said, Press):
        return said.button in {buttons.MENU, buttons.HELP}
    return (
        words.is_thanks(said)
        or words.is_call(said)
        or any(
            words.is_one_of(said, which) for which in (words.MENU, words.HELP, words.GREETINGS, words.STOP)
        )
    )


def begin(turn: Turn) -> Outcome:
    said = turn.said
    if words.is_one_of(said, words.GREETINGS):
        return welcome()
    if words.is_thanks(said):
        return Outcome((Reply(texts.THANKS),))
    if words.is_call(said):
        return Outcome((Reply(texts.CALLED, buttons.MENU_BUTTONS),))
    if words.is_one_of(said, words.STOP):
        return Outcome((Reply(texts.NOTHING_TO_STOP, buttons.MENU_BUTTONS),))
    if words.is_one_of(said, words.HELP) or (isinstance(said, Press) and said.button == buttons.HELP):
        return Outcome((Reply(texts.HELP, buttons.MENU_BUTTONS),))
    return show(turn)


def welcome() -> Outcome:
    """What a newcomer reads first."""
    return Outcome((Reply(texts.WELCOME, buttons.MENU_BUTTONS),))


def show(turn: Turn) -> Outcome:
    return Outcome((Reply(texts.MENU, buttons.MENU_BUTTONS),))


FLOW = Flow(name="menu", begins=begins, begin=begin, steps={}, lost=show)
