"""The honest notice before the first tip, the act of agreeing, and taking it back.

An edition of the notice is known by its own words: when they change, everybody reads it again.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from domain.conversations import Flow, Outcome, Turn, ask, done
from domain.messages import Press, Text
from domain.tips import Draft
from handlers import buttons, texts, words
from handlers.tip_steps import STOP_BUTTON, Step

EDITION = hashlib.sha256(texts.TIP_NOTICE.encode()).hexdigest()[:12]
WITHDRAWING = "consent.withdraw"
AGREE_BUTTON = buttons.press(texts.BUTTON_AGREE, buttons.TIP_AGREE)
AGREE_AND_SEND = (buttons.press(texts.BUTTON_AGREE_SEND, buttons.TIP_AGREE), STOP_BUTTON)


def has_agreed(turn: Turn) -> bool:
    return turn.records.has_agreed(EDITION)


def agree(turn: Turn) -> None:
    turn.records.agree(EDITION, texts.TIP_NOTICE)


def show(turn: Turn, draft: Draft) -> Outcome:
    """The notice, with nothing ticked beforehand."""
    return ask(texts.TIP_NOTICE, step=Step.NOTICE, draft=draft.as_json(), buttons=(AGREE_BUTTON, STOP_BUTTON))


def ask_before_sending(draft: Draft) -> Outcome:
    """Everything is written, the consent is not given yet: nothing leaves without it."""
    text = texts.TIP_AGREE_FIRST.format(notice=texts.TIP_NOTICE.rpartition("\n\n")[0])
    return ask(text, step=Step.AGREE, draft=draft.as_json(), buttons=AGREE_AND_SEND)


def agrees(said: Text | Press) -> bool:
    if isinstance(said, Press):
        return said.button == buttons.TIP_AGREE
    return words.is_one_of(said, words.AGREE)


# ---- taking it back ------------------------------------------------------------------------------------------


def _begins(turn: Turn) -> bool:
    if isinstance(turn.said, Press):
        return turn.said.button in {buttons.TIP_WITHDRAW, buttons.TIP_KEEP_CONSENT}
    return words.is_one_of(turn.said, words.WITHDRAW)


def _begin(turn: Turn) -> Outcome:
    said = turn.said
    if isinstance(said, Press):
        return decide(turn, said)
    return _ask_again(turn)


def _ask_again(turn: Turn) -> Outcome:
    return ask(
        texts.TIP_WITHDRAW_ASK,
        step=WITHDRAWING,
        buttons=(
            buttons.press(texts.BUTTON_WITHDRAW, buttons.TIP_WITHDRAW),
            buttons.press(texts.BUTTON_KEEP_CONSENT, buttons.TIP_KEEP_CONSENT),
        ),
    )


def decide(turn: Turn, said: Press | Text) -> Outcome:
    """The answer to “do you take your consent back?”."""
    yes = (
        said.button == buttons.TIP_WITHDRAW
        if isinstance(said, Press)
        else words.is_one_of(said, words.WITHDRAW_YES)
    )
    if not yes:
        return done(texts.STOPPED, buttons.MENU_BUTTONS)
    turn.records.withdraw_consent()
    return done(texts.TIP_WITHDRAWN, (buttons.TO_MENU,))


WITHDRAW = Flow(
    name="withdraw",
    begins=_begins,
    begin=_begin,
    steps={WITHDRAWING: {Text: decide, Press: decide}},
    lost=_ask_again,
    forgotten_after=timedelta(minutes=30),
    complete=True,
)
