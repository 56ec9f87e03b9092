"""Danger going on now: the numbers first, by rule, before any flow; the tip is still taken."""

from __future__ import annotations

from domain.conversations import Flow, Outcome, Turn
from domain.messages import Reply, Text
from domain.urgent import FIRE, emergency_numbers, may_mean_something_else
from handlers import buttons, texts, tips


def warn(turn: Turn) -> Reply | None:
    """The warning, when these words speak of danger going on now."""
    if not isinstance(turn.said, Text):
        return None
    numbers = emergency_numbers(turn.said.text)
    if not numbers:
        return None
    lines = "\n".join(texts.URGENT_NUMBERS[number] for number in numbers)
    return Reply(texts.URGENT.format(numbers=lines), tuple(buttons.call(number) for number in numbers))


def begin(turn: Turn) -> Outcome:
    warning = warn(turn)
    assert warning is not None
    assert isinstance(turn.said, Text)
    if may_mean_something_else(turn.said.text):
        return tips.ask_whether(turn, turn.said.text, texts.URGENT_OR_NOT, buttons.call(FIRE))
    return tips.begin_with_words(turn, texts.URGENT_THEN_TIP).before(warning)


FLOW = Flow(
    name="urgent",
    begins=lambda turn: warn(turn) is not None,
    begin=begin,
    steps={},
    lost=tips.repeat_question,
)
