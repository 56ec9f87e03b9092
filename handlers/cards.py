"""Cards and their parts as replies with buttons. A button carries the id, so old ones still work."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from domain import levels
from domain.aspects import Asked, Aspect
from domain.bygone import what_became
from domain.card_parts import has_part, part
from domain.cards import PORTAL, codes_in, split, topic_card, wish_card
from domain.conversations import Records
from domain.families import Wish, core_name, short, wish_of
from domain.messages import BUTTONS_MAX, Button, Reply
from domain.procedures import Procedure, Topic
from handlers import buttons, texts

ON_THE_CARD = frozenset({Aspect.FEE, Aspect.TIME, Aspect.WHERE})
"""Parts that the card itself says: who asks for them in a first question needs no second message."""
TOPIC_PROCEDURES_MAX = 2
HOTLINES_MAX = 2
_CALLING = frozenset({"hotline", "report", "where"})
_HOTLINE = re.compile(r"\b11[1-5]\b")


def wish_for(records: Records, procedure: Procedure) -> Wish:
    return wish_of(procedure, records.family_of(procedure))


def card_replies(records: Records, procedure: Procedure, also: Asked | None = None) -> list[Reply]:
    """The card; and, as a second message, a part that was asked for and is not on the card.

    A question about a level is answered on the card, first thing.
    """
    wish = wish_for(records, procedure)
    lead = levels.answer(wish, also.levels) if also and also.levels else ""
    text = f"{wish_card(wish, lead)}\n{texts.CARD_ASK_ON}"
    apart = [one for one in also.apart if one.aspect not in ON_THE_CARD] if also else []
    if not apart:
        return [Reply(text, card_buttons(wish))]
    first, *more = apart
    return [Reply(text), *part_replies(wish, replace(first, more=tuple(one.aspect for one in more)))]


def part_replies(wish: Wish, asked: Asked, more: tuple[Button, ...] = ()) -> list[Reply]:
    """What was asked; the last message carries the buttons of the card, without those just answered."""
    *first, last = split([page for one in asked.apart for page in part(wish, one)])
    answered = [one.aspect for one in asked.apart]
    offered = (*more, *(one for one in card_buttons(wish) if not _is_part_of(one, answered)))
    return [*(Reply(text) for text in first), Reply(last, offered[:BUTTONS_MAX])]


def topic_replies(records: Records, topic: Topic) -> list[Reply]:
    """The card of a topic, with buttons to the procedures its answer sends people to."""
    known = [found for code in codes_in(topic) if (found := records.procedure(code)) and found.is_current]
    *first, last = topic_card(topic, {one.id: core_name(one.name) for one in known})
    offered = [
        buttons.press(core_name(one.name), buttons.PROCEDURE_SHOW, one.id)
        for one in known[:TOPIC_PROCEDURES_MAX]
    ]
    offered += [buttons.call(number) for number in hotlines_in(topic)]
    if topic.url:
        offered.append(buttons.page(texts.BUTTON_ONLINE_PAGE, topic.url))
    offered.append(buttons.press(texts.BUTTON_WRONG_CARD, buttons.PROCEDURE_WRONG))
    offered.append(buttons.press(texts.BUTTON_OFFICER, buttons.OFFICER_ASK))
    return [*(Reply(text) for text in first), Reply(last, tuple(offered[:BUTTONS_MAX]))]


def hotlines_in(topic: Topic) -> list[str]:
    """The short numbers one may call: that of the name, else those of the answer."""
    if topic.category not in _CALLING:
        return []
    named = _HOTLINE.findall(topic.name) or _HOTLINE.findall(" ".join(topic.answer))
    return list(dict.fromkeys(named))[:HOTLINES_MAX]


def became_reply(records: Records, gone: Procedure) -> Reply:
    """What an old procedure became, before the card of today."""
    return Reply(what_became(gone, successors(records, gone)))


def successors(records: Records, gone: Procedure) -> list[Procedure]:
    """What took over, one record for each wish."""
    found = [one for code in gone.replaced_by if (one := records.procedure(code)) and one.is_current]
    return list({one.family: one for one in reversed(found)}.values())[::-1]


def card_buttons(wish: Wish) -> tuple[Button, ...]:
    lead = wish.lead
    page = texts.BUTTON_ONLINE if wish.is_online else texts.BUTTON_ONLINE_PAGE
    return (
        part_button(texts.BUTTON_PAPERS, lead, Aspect.PAPERS),
        part_button(texts.BUTTON_STEPS, lead, Aspect.STEPS),
        part_button(texts.BUTTON_LEGAL, lead, Aspect.LEGAL),
        buttons.page(page, wish.link or PORTAL),
        buttons.press(texts.BUTTON_MORE, buttons.PROCEDURE_MORE, lead.id),
    )


def more_reply(wish: Wish) -> Reply:
    """What else can be done from a card."""
    offered = [
        part_button(title, wish.lead, aspect)
        for title, aspect in ((texts.BUTTON_NOTE, Aspect.NOTE), (texts.BUTTON_CASES, Aspect.CASES))
        if has_part(wish, aspect)
    ]
    offered += [
        buttons.press(texts.BUTTON_WRONG_CARD, buttons.PROCEDURE_WRONG, wish.lead.id),
        buttons.press(texts.BUTTON_OFFICER, buttons.OFFICER_ASK),
        buttons.TO_MENU,
    ]
    return Reply(texts.CARD_MORE.format(name=short(wish.title, 80)), tuple(offered))


def card_offer(wish: Wish) -> Button:
    """The way from a part to the whole card."""
    return buttons.press(texts.BUTTON_CARD, buttons.PROCEDURE_SHOW, wish.lead.id)


def part_button(title: str, procedure: Procedure, aspect: Aspect) -> Button:
    return buttons.press(title, buttons.PROCEDURE_PART, f"{procedure.id}/{aspect.value}")


def _is_part_of(button: Button, aspects: Sequence[Aspect]) -> bool:
    return button.press is not None and button.press.value.endswith(tuple(f"/{one.value}" for one in aspects))


def numbered(lines: Sequence[str], first: int = 1) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, first))
