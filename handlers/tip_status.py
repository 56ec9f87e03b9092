"""How far a tip is, by its code; more words with the code; and "is it settled?"."""

from __future__ import annotations

from datetime import timedelta

from domain.conversations import Flow, Outcome, Turn, done
from domain.messages import Press, Reply, Text
from domain.tips import find_code, read_code
from handlers import buttons, replies, surveys, texts, tip_words

BARE_MAX = 40
"""A message of at most so many characters with a code in it asks how far the tip is."""
ASKED_WITHIN = timedelta(days=7)
"""So long “đến đâu rồi” without a code means the newest own tip."""
WORDS_MIN = 3
"""So many words beside the code are more about the tip."""


def asks(turn: Turn) -> bool:
    """Is it a code alone, or with more words about an own tip; or “đến đâu rồi” of the one just sent?"""
    said = turn.said
    if not isinstance(said, Text):
        return False
    if tip_words.asks_own_tip(said.text):
        return turn.records.newest_tip(within=ASKED_WITHIN) is not None
    if (code := find_code(said.text)) is None:
        return False
    return len(said.text) <= BARE_MAX or turn.records.is_own_tip(code)


def answer(turn: Turn, said: Text) -> Outcome:
    code = find_code(said.text) or turn.records.newest_tip(within=ASKED_WITHIN)
    assert code is not None
    more = "" if tip_words.asks_own_tip(said.text) else _beside_the_code(said.text)
    if len(more.split()) >= WORDS_MIN and turn.records.is_own_tip(code):
        added = replies.add(turn, code, Text(more))
        return Outcome((Reply(texts.TIP_ADDED_BY_CODE.format(code=code)),)) if added is None else added
    return tell(turn, code)


def tell(turn: Turn, code: str) -> Outcome:
    status = turn.records.tip_status(code)
    if status is None:
        return done(texts.TIP_STATUS_UNKNOWN, (buttons.TO_MENU,))
    own = turn.records.is_own_tip(code)
    more = (buttons.press(texts.BUTTON_TIP_REPLY, buttons.TIP_REPLY, code),) if own else ()
    return done(texts.TIP_STATUS.format(code=code, status=status), (*more, buttons.TO_MENU))


def _beside_the_code(text: str) -> str:
    kept = [word for word in text.replace("\n", " ").split(" ") if find_code(word) is None]
    return " ".join(kept).strip(" :,.-")


# ---- is it settled? ----------------------------------------------------------------------------------------------


def ended(unit: str, code: str, text: str, *, how: str) -> Reply:
    """The closing words as a reporter gets them, with the question where it was done. how: a TipStatus."""
    asked = (
        (
            buttons.press(texts.BUTTON_SETTLED, buttons.TIP_SETTLED, code),
            buttons.press(texts.BUTTON_NOT_SETTLED, buttons.TIP_NOT_SETTLED, code),
        )
        if how == "done"
        else (buttons.press(texts.BUTTON_TIP_REPLY, buttons.TIP_REPLY, code), *surveys.offer_buttons(code))
    )
    return Reply(texts.TIP_ENDED[how].format(unit=unit, code=code, text=text), asked)


def merged(code: str) -> Reply:
    """What the reporter reads whose tip is worked together with an earlier one."""
    return Reply(texts.TIP_MERGED.format(code=code))


def _begins(turn: Turn) -> bool:
    said = turn.said
    return isinstance(said, Press) and said.button in {buttons.TIP_SETTLED, buttons.TIP_NOT_SETTLED}


def _settle(turn: Turn) -> Outcome:
    said = turn.said
    assert isinstance(said, Press)
    yes, code = said.button == buttons.TIP_SETTLED, read_code(said.value)
    if code is None or not turn.records.settle(code, yes):
        return done(texts.TIP_SETTLED_OVER, (buttons.TO_MENU,))
    offer, offered = surveys.offer(turn, code)
    if yes:
        return done(texts.TIP_SETTLED_YES + offer, offered)
    more = buttons.press(texts.BUTTON_TIP_REPLY, buttons.TIP_REPLY, code)
    return done(texts.TIP_SETTLED_NO.format(code=code) + offer, (more, *offered))


SETTLED = Flow(name="tip_settled", begins=_begins, begin=_settle, steps={}, lost=_settle)
