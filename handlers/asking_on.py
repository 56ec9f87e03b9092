"""Asking on about the card at hand: just the part that was asked for."""

from __future__ import annotations

from dataclasses import replace

from domain import papers
from domain.aspects import Asked, Aspect, is_paper
from domain.card_parts import LABELS
from domain.cards import codes_in, link_lines
from domain.conversations import Outcome, Turn, ask
from domain.families import core_name, short
from domain.messages import BUTTONS_MAX, Button, Reply
from domain.procedures import Answer, Decision, Procedure, Topic
from domain.vietnamese import fold, nfc
from handlers import buttons, texts, words
from handlers.cards import card_buttons, card_offer, part_replies, topic_replies, wish_for
from handlers.lists import CHOICES_MAX, TALKING, choose, name_of
from handlers.talk import Talk

CHILDREN_MAX = 2
GENERAL = "where"
"""Topics of this category (opening hours, which office) are asked in between and change no subject."""
_NEAR_PROCEDURES = frozenset({"vneid", "traffic", "fee", "residence"})
"""Topics that stand beside a procedure. Who was swindled or in need is not sent to one."""
_CHILD_WORDS = ("duoi 14", "tre em", "duoi 06", "duoi 6")
_NEEDS_A_CARD = frozenset({Aspect.WHO, Aspect.CHILD, Aspect.PAPER, Aspect.VALIDITY, Aspect.PROXY})
"""Words like these say too little by themselves: without a card at hand they go to the search."""


def answer(turn: Turn, asked: Asked, talk: Talk) -> Outcome | None:
    """The answer to words that ask for a part and name nothing; None when the search should see them."""
    if (
        asked.aspect is Aspect.PAPER
        and not is_paper(asked.paper)
        and not papers.is_known(asked.paper)
        and not _in_dossier(turn, asked.paper, talk)
    ):
        return None
    if talk.about and talk.is_fresh(turn.now):
        return tell(turn, asked, talk)
    if talk.about:
        return _faded(turn, asked, talk)
    if asked.aspect in _NEEDS_A_CARD and not (talk.show and talk.is_fresh(turn.now)):
        return None
    return of_which(turn, asked, talk)


def tell(turn: Turn, asked: Asked, talk: Talk, *, with_card: bool = False) -> Outcome:
    """The part asked for, of what was spoken of last; `with_card`: its card was not seen yet and is offered."""
    kept = replace(talk, aspect="", shown=True, misses=0).draft(turn.now)
    procedure = _at_hand(turn, talk.about) or _at_hand(turn, talk.before)
    if procedure:
        told = _part(turn, procedure, asked, with_card=with_card)
        return Outcome(tuple(told), step=TALKING, draft={**kept, "about": procedure.id})
    topic = turn.records.topic(talk.about)
    if topic:
        return Outcome(_no_parts(turn, topic, asked, talk), step=TALKING, draft=kept)
    draft = Talk().draft(turn.now)
    return ask(texts.PROCEDURE_GONE, step=TALKING, draft=draft, buttons=_WHICH_BUTTONS)


def of_which(turn: Turn, asked: Asked, talk: Talk) -> Outcome:
    """A part of what? The list on the screen stays there to choose from."""
    part = _label(asked.aspect)
    waiting = replace(talk, aspect=asked.kept)
    if not talk.show or not talk.is_fresh(turn.now):
        waiting = Talk(aspect=asked.kept, misses=talk.misses)
    elif len(talk.show) <= CHOICES_MAX:
        if talk.which and (told := _of_the_first(turn, asked, talk)):
            return told
        listed = choose(turn, talk.show, waiting, texts.PART_OF_WHICH_OF_THESE.format(part=part))
        return replace(listed, draft={**(listed.draft or {}), "which": True})
    text = texts.PART_OF_WHICH_LISTED if waiting.show else texts.PART_OF_WHICH
    draft = waiting.draft(turn.now)
    return ask(text.format(part=part), step=TALKING, draft=draft, buttons=_WHICH_BUTTONS)


def _of_the_first(turn: Turn, asked: Asked, talk: Talk) -> Outcome | None:
    """Asked which of the list before, the resident asks on instead of choosing: the likeliest is meant, and named."""
    wanted, *rest = talk.show
    if _at_hand(turn, wanted) is None:
        return None
    told = tell(turn, asked, Talk(about=wanted, rest=tuple(rest)), with_card=True)
    first, *more = told.replies
    lead = texts.ASSUMED.format(name=name_of(turn.records, wanted))
    return replace(told, replies=(replace(first, text=lead + first.text), *more))


def _no_parts(turn: Turn, topic: Topic, asked: Asked, talk: Talk) -> tuple[Reply, ...]:
    """A topic is told whole; the procedure that came next in the search may be the one that is meant."""
    steps = asked.aspect is Aspect.STEPS
    told = Reply(texts.TOPIC_SAYS if steps else texts.TOPIC_HAS_NO_PARTS.format(part=_label(asked.aspect)))
    *first, last = topic_replies(turn.records, topic)
    near = next((one for other in talk.rest if (one := _at_hand(turn, other))), None)
    if near is None or codes_in(topic) or topic.category not in _NEAR_PROCEDURES:
        return (told, *first, last)
    name = core_name(near.name)
    value = f"{near.id}/{asked.kept}"
    offered = (buttons.press(name, buttons.PROCEDURE_PART, value), *last.buttons)[:BUTTONS_MAX]
    text = f"{last.text}\n\n{texts.TOPIC_MAY_MEAN.format(name=short(name, 90))}"
    return (told, *first, replace(last, text=text, buttons=offered))


def spoken_of_before(turn: Turn, topic_id: str, talk: Talk) -> str:
    """The procedure one goes on with after a topic of general interest; "" when there is none."""
    topic = turn.records.topic(topic_id)
    if topic is None or topic.category != GENERAL or not talk.is_fresh(turn.now):
        return ""
    return talk.about if turn.records.procedure(talk.about) else talk.before


def pressed(turn: Turn, value: str, talk: Talk) -> Outcome | None:
    """The button of a part, `id/aspect/paper`; None when the procedure or the part is no more."""
    wanted, _, kept = value.partition("/")
    asked = Asked.of(kept)
    if asked is None or _at_hand(turn, wanted) is None:
        return None
    return tell(turn, asked, replace(talk, about=wanted))


def is_of_nothing(asked: Asked, talk: Talk) -> bool:
    """“Cần ảnh không” with nothing at hand: which procedure is to be asked, not guessed."""
    known = is_paper(asked.paper) or papers.is_known(asked.paper)
    return asked.aspect is Aspect.PAPER and known and not asked.rest and not talk.about


def means_card_at_hand(turn: Turn, asked: Asked, found: Answer, talk: Talk) -> bool:
    """Do words that ask for a part and name something mean the card at hand after all?

    They do when the search finds the same wish again, or finds nothing and every word is one of this record's own;
    and when a place is all that is named (“ở Bắc Giang nộp chỗ nào”).
    """
    procedure = _at_hand(turn, talk.about)
    if procedure is None:
        return False
    if asked.aspect is Aspect.WHERE and asked.rest and _is_place(turn, asked.rest):
        return True
    families = [known.family if (known := turn.records.procedure(one.id)) else "" for one in found.candidates]
    match found.decision:
        case Decision.ANSWER:
            return families[:1] == [procedure.family]
        case Decision.CHOOSE:
            return procedure.family in families
    own = set(" ".join(fold(nfc(text)) for text in (procedure.name, *procedure.aliases)).split())
    named = {*asked.rest, *(word for word in asked.paper.split() if asked.aspect is Aspect.PAPER)}
    return named <= own


def _is_place(turn: Turn, named: tuple[str, ...]) -> bool:
    found = turn.records.place_named(" ".join(named))
    return found.unit is not None or bool(found.choices)


def title_at_hand(turn: Turn, talk: Talk) -> str:
    """The name of the procedure spoken of just now; "" when there is none."""
    procedure = _at_hand(turn, talk.about) if talk.is_fresh(turn.now) else None
    return core_name(procedure.name) if procedure else ""


def is_at_hand(turn: Turn, wanted: str, talk: Talk) -> bool:
    """Is this the wish spoken of, be it at another level?"""
    procedure, other = _at_hand(turn, talk.about), turn.records.procedure(wanted)
    return procedure is not None and other is not None and other.family == procedure.family


def not_known(turn: Turn, talk: Talk) -> Outcome:
    """The record says nothing of this case."""
    procedure = _at_hand(turn, talk.about)
    assert procedure is not None
    wish = wish_for(turn.records, procedure)
    text = texts.CASE_NOT_KNOWN.format(name=wish.title, link=link_lines(wish))
    offered = (buttons.press(texts.BUTTON_OFFICER, buttons.OFFICER_ASK), *card_buttons(wish)[:3])
    draft = replace(talk, shown=True, misses=0).draft(turn.now)
    return ask(text, step=TALKING, draft=draft, buttons=offered)


def not_known_of_topic(turn: Turn, question: str, talk: Talk) -> Outcome | None:
    """“Chủ nhật thì sao” after opening hours: the topic says nothing more; None when the search knows better."""
    topic = turn.records.topic(talk.about) if talk.is_fresh(turn.now) else None
    if topic is None:
        return None
    found = turn.records.search(question)
    if found.decision is Decision.ANSWER or (
        found.decision is not Decision.DECLINE and topic.category != GENERAL
    ):
        return None
    turn.records.note_question(found.decision.value, found.candidates[0].id if found.candidates else None)
    offered = (buttons.press(texts.BUTTON_OFFICER, buttons.OFFICER_ASK), _WHICH_BUTTONS[0])
    draft = replace(talk, shown=True, misses=0).draft(turn.now)
    return ask(texts.TOPIC_CASE_NOT_KNOWN.format(name=topic.name), step=TALKING, draft=draft, buttons=offered)


def _part(turn: Turn, procedure: Procedure, asked: Asked, *, with_card: bool = False) -> list[Reply]:
    wish = wish_for(turn.records, procedure)
    more = _for_children(turn, procedure) if asked.aspect is Aspect.CHILD else ()
    told = part_replies(wish, asked, (card_offer(wish), *more) if with_card else more)
    if more:
        told[-1] = replace(told[-1], text=f"{told[-1].text}\n\n{texts.CHILD_HAS_ITS_OWN}")
    return told


def _for_children(turn: Turn, procedure: Procedure) -> tuple[Button, ...]:
    """The procedures for children nearest to this one."""
    found = turn.records.search(words.FOR_A_CHILD.format(name=core_name(procedure.name)))
    offered = []
    for candidate in found.candidates:
        other = turn.records.procedure(candidate.id)
        if other is None or other.family == procedure.family or other.field != procedure.field:
            continue
        if any(word in fold(nfc(other.name)) for word in _CHILD_WORDS):
            offered.append(buttons.press(core_name(other.name), buttons.PROCEDURE_SHOW, other.id))
    return tuple(offered[:CHILDREN_MAX])


def _faded(turn: Turn, asked: Asked, talk: Talk) -> Outcome:
    """Long ago we spoke of something: is it still meant?"""
    name, part = name_of(turn.records, talk.about), _label(asked.aspect)
    value = f"{talk.about}/{asked.kept}"
    offered = (
        buttons.press(texts.BUTTON_STILL_THIS.format(name=short(name, 70)), buttons.PROCEDURE_PART, value),
        *_WHICH_BUTTONS,
    )
    draft = Talk(about=talk.about, aspect=asked.kept).draft(turn.now)
    return ask(texts.TALK_FADED.format(name=name, part=part), step=TALKING, draft=draft, buttons=offered)


def _at_hand(turn: Turn, about: str) -> Procedure | None:
    """The procedure spoken of; that of a topic when its answer sends people to just one."""
    procedure = turn.records.procedure(about)
    if procedure is None and (topic := turn.records.topic(about)):
        codes = codes_in(topic)
        procedure = turn.records.procedure(codes[0]) if len(codes) == 1 else None
    return procedure if procedure and procedure.is_current else None


def _in_dossier(turn: Turn, paper: str, talk: Talk) -> bool:
    procedure = _at_hand(turn, talk.about)
    return bool(procedure and papers.look_up(paper, procedure.dossier or ()).named)


def _label(aspect: Aspect) -> str:
    """The name of a part in the middle of a sentence."""
    if aspect in texts.PART_IN_A_SENTENCE:
        return texts.PART_IN_A_SENTENCE[aspect]
    name = LABELS[aspect].split(" ", 1)[1]
    return name[0].lower() + name[1:]


_WHICH_BUTTONS = (
    buttons.press(texts.BUTTON_FIELDS, buttons.PROCEDURE_ASK),
    buttons.press(texts.BUTTON_OFFICER, buttons.OFFICER_ASK),
)
