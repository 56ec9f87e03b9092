"""Lists one answers with a number: the fields, the procedures of a field page by page, a few candidates."""

from __future__ import annotations

from collections.abc import Sequence

from domain.conversations import Outcome, Records, Turn, ask
from domain.families import core_name, short
from domain.messages import Button
from domain.procedures import Candidate, Procedure
from handlers import buttons, texts
from handlers.cards import numbered
from handlers.talk import Talk

TALKING = "procedure.pick"
"""The one step of the flow; what is remembered says what it waits for. Its name is older than that."""
CHOICES_MAX = 3
PAGE_ROWS = 8
"""Procedures of a field in one message: a screen of a phone."""


def fields(turn: Turn, talk: Talk) -> Outcome:
    known = turn.records.fields()
    return ask(
        texts.PROCEDURE_ASK.format(fields=numbered([label for _, label in known])),
        step=TALKING,
        draft=Talk(misses=talk.misses).draft(turn.now, fields=tuple(key for key, _ in known)),
        buttons=(buttons.press(texts.BUTTON_OFFICER, buttons.OFFICER_ASK), buttons.TO_MENU),
    )


def of_field(turn: Turn, field: str, page: int, talk: Talk) -> Outcome:
    """A page of the procedures of a field, by everyday demand; numbers go on from page to page."""
    label = dict(turn.records.fields()).get(field)
    listed = one_of_each_family(turn.records.procedures_of(field))
    if label is None or not listed:
        return fields(turn, talk)
    pages = -(-len(listed) // PAGE_ROWS)
    page = min(max(page, 0), pages - 1)
    first = page * PAGE_ROWS
    rows = listed[first : first + PAGE_ROWS]
    text = texts.PROCEDURE_FIELD.format(
        field=label,
        page=texts.PROCEDURE_FIELD_PAGE.format(page=page + 1, pages=pages) if pages > 1 else "",
        choices=numbered([short(core_name(one.name), 90) for one in rows], first + 1),
    )
    offered: tuple[Button, ...] = (buttons.press(texts.BUTTON_FIELDS, buttons.PROCEDURE_ASK), buttons.TO_MENU)
    if page + 1 < pages:
        text += texts.PROCEDURE_FIELD_NEXT
        offered = (
            buttons.press(texts.BUTTON_NEXT_PAGE, buttons.PROCEDURE_PAGE, f"{field}/{page + 1}"),
            *offered,
        )
    text += texts.PROCEDURE_FIELD_MORE
    kept = Talk(misses=talk.misses).draft(
        turn.now, show=tuple(one.id for one in listed), field=field, page=page
    )
    return ask(text, step=TALKING, draft=kept, buttons=offered)


def choose(turn: Turn, wanted: Sequence[str], talk: Talk, text: str = texts.PROCEDURE_CHOOSE) -> Outcome:
    """Ask which of at most three is meant, or none of them."""
    ids = list(wanted)[:CHOICES_MAX]
    names = [name_of(turn.records, one) for one in ids]
    offered = [
        buttons.press(f"{number}. {name}", buttons.PROCEDURE_SHOW, one)
        for number, (one, name) in enumerate(zip(ids, names, strict=True), 1)
    ]
    return ask(
        text.format(choices=numbered(names)),
        step=TALKING,
        draft=Talk(misses=talk.misses, aspect=talk.aspect).draft(turn.now, show=tuple(ids)),
        buttons=(*offered, buttons.press(texts.BUTTON_NONE_OF_THESE, buttons.PROCEDURE_WRONG)),
    )


def candidates_apart(records: Records, candidates: Sequence[Candidate]) -> list[str]:
    """Their ids, best first, one of each family."""
    families: dict[str, str] = {}
    for candidate in candidates:
        procedure = records.procedure(candidate.id)
        families.setdefault(procedure.family if procedure else candidate.id, candidate.id)
    return list(families.values())


def name_of(records: Records, wanted: str) -> str:
    """What people read in a list."""
    if procedure := records.procedure(wanted):
        name = short(core_name(procedure.name), 90)
        return name if procedure.is_current else texts.OLD_NAME.format(name=name)
    topic = records.topic(wanted)
    return topic.name if topic else texts.PROCEDURE_UNNAMED


def one_of_each_family(procedures: Sequence[Procedure]) -> list[Procedure]:
    """The first of each family, in the order given."""
    families: dict[str, Procedure] = {}
    for one in procedures:
        families.setdefault(one.family, one)
    return list(families.values())
