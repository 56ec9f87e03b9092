"""Anything else: an old button, a sticker, a link. Always a courteous way back to the menu."""

from __future__ import annotations

from domain.conversations import Flow, Outcome, Turn
from domain.messages import Press, Reply, Sticker
from handlers import buttons, texts


def begin(turn: Turn) -> Outcome:
    match turn.said:
        case Press():
            text = texts.OLD_BUTTON
        case Sticker():
            text = texts.GREETING
        case _:
            text = texts.NOT_UNDERSTOOD
    return Outcome((Reply(f"{text} {texts.MENU}", buttons.MENU_BUTTONS),))


FLOW = Flow(name="fallback", begins=lambda turn: True, begin=begin, steps={}, lost=begin)
