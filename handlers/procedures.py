"""Procedures: a question in everyday words, the card, or an honest question back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.cards import card, topic_card
from domain.conversations import Flow, Outcome, Turn, ask
from domain.messages import Button, Press, Reply, Text
from domain.procedures import Answer, Decision, Procedure
from domain.urgent import looks_like_tip
from handlers import buttons, texts, tips, words

PICK = "procedure.pick"
CHOICES_MAX = 3
OF_FIELD_MAX = 10
"""Procedures of a field that are listed; the rest is found by asking."""


def begins(turn: Turn) -> bool:
    said = turn.said
    if isinstance(said, Press):
        return said.button in {
            buttons.PROCEDURE_ASK,
            buttons.PROCEDURE_SHOW,
            buttons.PROCEDURE_FIELD,
            buttons.TOPIC_SHOW,
        }
    return isinstance(said, Text) and bool(said.text.strip())


def begin(turn: Turn) -> Outcome:
    said = turn.said
    if isinstance(said, Press):
        return _pressed(turn, said)
    assert isinstance(said, Text)
    if words.is_one_of(said, words.PROCEDURES):
        return fields(turn)
    return answer(turn, said.text)


def answer(turn: Turn, question: str) -> Outcome:
    """Answer, ask back with at most three, or say that we are not sure."""
    found = turn.records.search(question)
    turn.records.note_question(found.decision.value, found.candidates[0].id if found.candidates else None)
    match found.decision:
        case Decision.ANSWER:
            return show(turn, found.candidates[0].id)
        case Decision.CHOOSE:
            return choose(turn, found)
        case Decision.TIP | Decision.URGENT:
            return tips.suggest(turn, question)
    if looks_like_tip(question):
        return tips.suggest(turn, question)
    return Outcome((Reply(texts.PROCEDURE_UNSURE, UNSURE_BUTTONS),))


def show(turn: Turn, wanted: str) -> Outcome:
    """The card of a procedure or a topic, split over messages; the last one carries the buttons."""
    procedure = turn.records.procedure(wanted)
    if procedure and procedure.is_current:
        return _pages(card(procedure), _card_buttons(procedure))
    topic = turn.records.topic(wanted)
    if topic:
        more = (buttons.page(texts.BUTTON_ONLINE_PAGE, topic.url),) if topic.url else ()
        return _pages(topic_card(topic), (*more, buttons.TO_MENU))
    return Outcome((Reply(texts.PROCEDURE_GONE, UNSURE_BUTTONS),))


def choose(turn: Turn, found: Answer) -> Outcome:
    candidates = found.candidates[:CHOICES_MAX]
    offered = [
        buttons.press(f"{number}. {candidate.name}", buttons.PROCEDURE_SHOW, candidate.id)
        for number, candidate in enumerate(candidates, 1)
    ]
    none_of_these = buttons.press(texts.BUTTON_NONE_OF_THESE, buttons.PROCEDURE_ASK)
    text = texts.PROCEDURE_CHOOSE.format(choices=_numbered([c.name for c in candidates]))
    return ask(
        text,
        step=PICK,
        draft={"show": [candidate.id for candidate in candidates]},
        buttons=(*offered, none_of_these),
    )


def fields(turn: Turn) -> Outcome:
    known = turn.records.fields()
    text = texts.PROCEDURE_ASK.format(fields=_numbered([label for _, label in known]))
    return ask(text, step=PICK, draft={"fields": [key for key, _ in known]}, buttons=(buttons.TO_MENU,))


def of_field(turn: Turn, field: str) -> Outcome:
    label = dict(turn.records.fields()).get(field)
    listed = turn.records.procedures_of(field)[:OF_FIELD_MAX]
    if label is None or not listed:
        return fields(turn)
    text = texts.PROCEDURE_FIELD.format(field=label, choices=_numbered([p.name for p in listed]))
    return ask(
        text + texts.PROCEDURE_FIELD_MORE,
        step=PICK,
        draft={"show": [procedure.id for procedure in listed]},
        buttons=(buttons.press(texts.BUTTON_FIELDS, buttons.PROCEDURE_ASK), buttons.TO_MENU),
    )


def pick(turn: Turn, said: Text) -> Outcome | None:
    """A number of the list; anything else is a new question."""
    typed = said.text.strip(" .)#")
    if not typed.isdecimal() or len(typed) > 3:
        return None
    shown: Sequence[Any] = turn.draft.get("show") or turn.draft.get("fields") or ()
    number = int(typed)
    if not 1 <= number <= len(shown):
        return ask(texts.PROCEDURE_NUMBER.format(last=len(shown)), step=PICK, draft=dict(turn.draft))
    wanted = str(shown[number - 1])
    return show(turn, wanted) if "show" in turn.draft else of_field(turn, wanted)


def _pressed(turn: Turn, said: Press) -> Outcome:
    match said.button:
        case buttons.PROCEDURE_SHOW | buttons.TOPIC_SHOW:
            return show(turn, said.value)
        case buttons.PROCEDURE_FIELD:
            return of_field(turn, said.value)
    return fields(turn)


def _pages(texts_of_card: Sequence[str], offered: tuple[Button, ...]) -> Outcome:
    *first, last = texts_of_card
    return Outcome((*(Reply(text) for text in first), Reply(last, offered)))


def _card_buttons(procedure: Procedure) -> tuple[Button, ...]:
    online = (buttons.page(texts.BUTTON_ONLINE, procedure.url),) if procedure.online and procedure.url else ()
    return (*online, buttons.press(texts.BUTTON_OFFICER, buttons.OFFICER_ASK), buttons.TO_MENU)


def _numbered(lines: Sequence[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


UNSURE_BUTTONS = (
    buttons.press(texts.BUTTON_FIELDS, buttons.PROCEDURE_ASK),
    buttons.press(texts.BUTTON_OFFICER, buttons.OFFICER_ASK),
    buttons.press(texts.BUTTON_TIP, buttons.TIP_START),
    buttons.call("113"),
)

FLOW = Flow(
    name="procedure",
    begins=begins,
    begin=begin,
    steps={PICK: {Text: pick}},
    lost=fields,
)
