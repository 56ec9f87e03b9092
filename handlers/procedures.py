"""Procedures: a question in everyday words; the card, just the part that was asked, or an honest question back.

What was spoken of is remembered (handlers/talk.py): “thế lệ phí bao nhiêu?” means the card at hand, “không phải”
leads on, two misses in a row lead to the fields, a person, the hotline.
"""

from __future__ import annotations

from dataclasses import replace

from domain.aspects import Asked, Aspect, and_doing, read, what_if
from domain.bygone import is_same_name, names_thing, thing_of
from domain.conflicts import accuses_police
from domain.conversations import Flow, Outcome, Turn, ask
from domain.families import core_name
from domain.messages import Press, Reply, Sticker, Text
from domain.procedures import Answer, Decision, Procedure
from domain.urgent import looks_like_tip
from domain.vietnamese import fold
from handlers import (
    asides,
    asking_on,
    buttons,
    dossiers,
    lists,
    menu,
    misses,
    officers,
    reaching,
    replies,
    small_talk,
    surveys,
    texts,
    tip_words,
    tips,
    urgent,
    words,
)
from handlers.cards import (
    ON_THE_CARD,
    became_reply,
    card_replies,
    more_reply,
    successors,
    topic_replies,
    wish_for,
)
from handlers.lists import TALKING
from handlers.talk import FORGOTTEN_AFTER, Talk

COMPLAINTS = "complaints"
"""The field of complaints and denunciations."""
REPORT = "report"
"""Category of topics that say what to do when something happened."""
NARROWING_WORDS_MAX = 4
"""Words that may tell the items of a list apart; more of them are a question of their own."""
OUR_BUTTONS = frozenset(
    {
        buttons.PROCEDURE_ASK,
        buttons.PROCEDURE_SHOW,
        buttons.PROCEDURE_FIELD,
        buttons.PROCEDURE_PART,
        buttons.PROCEDURE_MORE,
        buttons.PROCEDURE_WRONG,
        buttons.PROCEDURE_PAGE,
        buttons.TOPIC_SHOW,
    }
)
_FIRST = (
    replies.FLOW,
    surveys.FLOW,
    urgent.FLOW,
    menu.FLOW,
    tips.FLOW,
    officers.FLOW,
    dossiers.FLOW,
)
"""Flows whose words are not for us, also while we talk of a procedure."""
_TYPED = {
    fold(texts.BUTTON_MORE): (buttons.PROCEDURE_MORE, ""),
    fold(texts.BUTTON_NOTE): (buttons.PROCEDURE_PART, "note"),
    fold(texts.BUTTON_CASES): (buttons.PROCEDURE_PART, "cases"),
    fold(texts.BUTTON_ONLINE): (buttons.PROCEDURE_PART, "online"),
    fold(texts.BUTTON_ONLINE_PAGE): (buttons.PROCEDURE_PART, "online"),
}
# ---- what begins and goes on -----------------------------------------------------------------------------------


def begins(turn: Turn) -> bool:
    said = turn.said
    if isinstance(said, Press):
        return said.button in OUR_BUTTONS
    return isinstance(said, Text) and bool(said.text.strip())


def begin(turn: Turn) -> Outcome:
    said = turn.said
    if isinstance(said, Press):
        return pressed(turn, said, Talk())
    assert isinstance(said, Text)
    return small_talk.answer(turn, said, Talk()) or hear(turn, said, Talk())


def go_on(turn: Turn, said: Text) -> Outcome | None:
    """The next words, with what was spoken of in mind; None when they are for another flow."""
    talk = Talk.of(turn.draft)
    if talk.about and talk.asked and words.is_one_of(said, words.YES):
        return asking_on.tell(turn, talk.asked, talk)
    if len(talk.show) == 1 and talk.is_fresh(turn.now) and words.is_one_of(said, words.YES):
        return picked(turn, talk.show[0], talk)
    if told := small_talk.answer(turn, said, talk):
        return told
    if any(flow.begins(turn) for flow in _FIRST):
        return None
    return hear(turn, said, talk)


def press_on(turn: Turn, said: Press) -> Outcome | None:
    return pressed(turn, said, Talk.of(turn.draft)) if begins(turn) else None


def pressed(turn: Turn, said: Press, talk: Talk) -> Outcome:
    """A button, of the newest card or of an old one: it carries what it needs."""
    wanted, _, rest = said.value.partition("/")
    match said.button:
        case buttons.PROCEDURE_SHOW | buttons.TOPIC_SHOW:
            return picked(turn, said.value, talk)
        case buttons.PROCEDURE_PART:
            return asking_on.pressed(turn, said.value, talk) or misses.gone_now(turn, talk)
        case buttons.PROCEDURE_MORE:
            procedure = turn.records.procedure(wanted)
            if procedure is None or not procedure.is_current:
                return misses.gone_now(turn, talk)
            reply = more_reply(wish_for(turn.records, procedure))
            return Outcome(
                (reply,), step=TALKING, draft=talk.draft(turn.now, about=wanted, shown=True, misses=0)
            )
        case buttons.PROCEDURE_WRONG:
            return misses.lead_on(turn, talk)
        case buttons.PROCEDURE_FIELD:
            return lists.of_field(turn, said.value, 0, talk)
        case buttons.PROCEDURE_PAGE:
            return lists.of_field(turn, wanted, int(rest) if rest.isdecimal() else 0, talk)
    return lists.fields(turn, talk)


# ---- words -----------------------------------------------------------------------------------------------------


def hear(turn: Turn, said: Text, talk: Talk) -> Outcome:
    """A number, a refusal, a part of the card at hand, or a new question."""
    if words.is_one_of(said, words.PROCEDURES):
        return lists.fields(turn, talk)
    if talk.field and words.is_one_of(said, words.MORE):
        return lists.of_field(turn, talk.field, talk.page + 1, talk)
    if words.is_one_of(said, words.MORE):
        return _more(turn, talk)
    if picked := pick(turn, said, talk) or typed_button(turn, said, talk):
        return picked
    if talk.show and words.is_one_of(said, words.NO):
        return misses.lead_on(turn, talk)
    if talk.show and words.is_one_of(said, words.YES):
        which = texts.PROCEDURE_NUMBER.format(last=len(talk.show))
        return ask(which, step=TALKING, draft=talk.draft(turn.now))
    instead = words.refused(said)
    if instead is not None:
        if not instead:
            return misses.lead_on(turn, talk)
        said, talk = replace(said, text=instead), Talk(misses=talk.misses + 1)
    if aside := asides.before_search(turn, said, talk):
        return aside
    asked = read(said.text)
    if asked and not asked.rest:
        told = asking_on.answer(turn, asked, talk)
        if told:
            return told
    if (doing := and_doing(said.text)) and (outcome := _done_with_it(turn, doing, talk)):
        return outcome
    if (named := words.turned_to(said.text)) and (outcome := _turned_to(turn, named, talk)):
        return outcome
    if what_if(said.text) and (outcome := _in_another_case(turn, said.text, talk)):
        return outcome
    return answer(turn, said.text, asked, talk)


def _more(turn: Turn, talk: Talk) -> Outcome:
    """“Xem thêm” where no field is listed: what else there is of the card at hand, or the fields."""
    if talk.is_fresh(turn.now) and turn.records.procedure(talk.about):
        return pressed(turn, Press(buttons.PROCEDURE_MORE, talk.about), talk)
    return lists.fields(turn, talk)


def answer(turn: Turn, question: str, asked: Asked | None, talk: Talk) -> Outcome:
    """Search: answer, go on with the card at hand, ask back with at most three, or say that we are not sure."""
    if not talk.is_fresh(turn.now):
        talk = Talk()
    found = turn.records.search(question)
    best = found.candidates[0].id if found.candidates else None
    reports = found.decision in {Decision.TIP, Decision.URGENT}
    if asked and not reports and asking_on.means_card_at_hand(turn, asked, found, talk):
        turn.records.note_question(Decision.ANSWER.value, talk.about)  # nothing for officers to teach
        return asking_on.tell(turn, asked, talk)
    turn.records.note_question(found.decision.value, best)
    if reports:
        return tips.suggest(turn, question)
    if reaching.asks_to_reach_police(question) and (told := reaching.answer(turn, question, talk)):
        return told
    if talk.shown:  # the card was read and not refused
        talk = replace(talk, misses=0)
    bygone = _of_old(turn, question, found, talk)
    if bygone:
        return bygone
    if found.decision is not Decision.ANSWER:
        if narrowed := _narrowed(turn, question, asked, talk):
            return narrowed
        if aside := asides.instead_of_a_guess(turn, question, talk):
            return aside
    match found.decision:
        case Decision.ANSWER:
            rest = lists.candidates_apart(turn.records, found.candidates)[1:]
            wanted_part = asked or talk.asked
            told = show(turn, found.candidates[0].id, replace(talk, rest=tuple(rest)), wanted_part)
            return also_said(turn, question, told)
        case Decision.CHOOSE if tip_words.was_harmed(question) and not words.asks_about_papers(question):
            return tips.suggest(turn, question)
        case Decision.CHOOSE if _is_a_case(turn, question, found, talk):
            return asking_on.not_known(turn, talk)
        case Decision.CHOOSE if not (asked and asking_on.is_of_nothing(asked, talk)):
            kept = replace(talk, aspect=asked.kept) if asked else talk
            return lists.choose(turn, lists.candidates_apart(turn.records, found.candidates), kept)
    if asked and asking_on.is_of_nothing(asked, talk):
        return asking_on.of_which(turn, asked, talk)
    reporting = (
        looks_like_tip(question) or words.asks_where_to_report(question) or tip_words.was_harmed(question)
    )
    if reporting or _goes_on_reporting(turn, talk):
        return tips.suggest(turn, question)
    return misses.miss(turn, talk, texts.PENALTY_NOT_KNOWN if words.asks_about_penalty(question) else "")


def _done_with_it(turn: Turn, doing: str, talk: Talk) -> Outcome | None:
    """“Thế còn gia hạn”: of what is spoken of; None when the search knows of no such procedure beside it."""
    procedure = turn.records.procedure(talk.about) if talk.is_fresh(turn.now) else None
    if procedure is None:
        return None
    found = turn.records.search(f"{doing} {thing_of(procedure)}")
    others = lists.candidates_apart(turn.records, found.candidates)
    if found.decision is not Decision.ANSWER or asking_on.is_at_hand(turn, others[0], talk):
        return None
    turn.records.note_question(found.decision.value, others[0])
    return show(turn, others[0], replace(talk, rest=tuple(others[1:]), misses=0))


def _goes_on_reporting(turn: Turn, talk: Talk) -> bool:
    """“Ở bến xe” after what to do about a lost child: more of what happened, and no question."""
    topic = turn.records.topic(talk.about) if talk.is_fresh(turn.now) and talk.shown else None
    return topic is not None and topic.category == REPORT and turn.draft.get("show") is None


def _is_a_case(turn: Turn, question: str, found: Answer, talk: Talk) -> bool:
    """“Chồng tôi ở tỉnh khác thì sao” of the card at hand, when what was found first is not of its field."""
    procedure = turn.records.procedure(talk.about) if talk.is_fresh(turn.now) and talk.shown else None
    if (
        procedure is None
        or not procedure.is_current
        or not fold(question).endswith(("thi sao", "thi the nao"))
    ):
        return False
    first = turn.records.procedure(found.candidates[0].id) if found.candidates else None
    return first is None or first.field != procedure.field


def also_said(turn: Turn, question: str, told: Outcome) -> Outcome:
    """Beside the answer: whose a place of old is today, and to who complains of police, that a tip goes past the unit."""
    about = str((told.draft or {}).get("about", ""))
    best, topic = turn.records.procedure(about), turn.records.topic(about)
    if topic and topic.category == asking_on.GENERAL:
        return told.before(*reaching.whose(turn, question))
    if best is None or best.field != COMPLAINTS or not accuses_police(question):
        return told
    way = Reply(texts.TIP_ABOUT_POLICE, (buttons.press(texts.BUTTON_TIP, buttons.TIP_START),))
    return replace(told, replies=(*told.replies, way))


def _turned_to(turn: Turn, named: str, talk: Talk) -> Outcome | None:
    """“Thế còn căn cước”, “quay lại hộ chiếu đi”: another thing, named; None when it is not known by these words."""
    found = turn.records.search(named)
    clear = found.decision is Decision.ANSWER
    if not clear and (found.decision is not Decision.CHOOSE or words.names_age(named)):
        return None
    return answer(turn, named, read(named), replace(talk, misses=0))


def _narrowed(turn: Turn, question: str, asked: Asked | None, talk: Talk) -> Outcome | None:
    """“Hết hạn” with a list of three on the screen says which; None when it does not."""
    few = len(fold(question).split()) <= NARROWING_WORDS_MAX
    if not few or not talk.is_fresh(turn.now) or talk.field or not 0 < len(talk.show) <= lists.CHOICES_MAX:
        return None
    first = turn.records.procedure(talk.show[0])
    if first is None:
        return None
    thing = thing_of(replace(first, name=words.without_age(core_name(first.name))))
    found, alone = turn.records.search(f"{question} {thing}"), turn.records.search(thing)
    near = lists.candidates_apart(turn.records, found.candidates)
    if not near or near[:1] == lists.candidates_apart(turn.records, alone.candidates)[:1]:
        return None  # the words told nothing apart
    fields = [one.field if (one := turn.records.procedure(wanted)) else "" for wanted in near]
    if found.decision is Decision.ANSWER and fields[0] == first.field:
        return show(turn, near[0], replace(talk, rest=tuple(near[1:])), asked or talk.asked)
    if found.decision is Decision.CHOOSE and set(fields) == {first.field}:
        return lists.choose(turn, near, replace(talk, aspect=asked.kept) if asked else talk)
    return None


def _in_another_case(turn: Turn, question: str, talk: Talk) -> Outcome | None:
    """“Hết hạn thì sao”: searched together with what is spoken of; that this is not known is said."""
    title = asking_on.title_at_hand(turn, talk)
    if not title:
        return asking_on.not_known_of_topic(turn, question, talk)
    if words.names_age(question):
        title = words.without_age(title)
    found = turn.records.search(f"{question} {title}")
    turn.records.note_question(found.decision.value, found.candidates[0].id if found.candidates else None)
    others = lists.candidates_apart(turn.records, found.candidates)
    if found.decision is Decision.ANSWER and not asking_on.is_at_hand(turn, others[0], talk):
        return show(turn, others[0], replace(talk, rest=tuple(others[1:]), misses=0))
    return asking_on.not_known(turn, talk)


def typed_button(turn: Turn, said: Text, talk: Talk) -> Outcome | None:
    """The title of a button of the card at hand, typed instead of pressed."""
    wanted = next(
        (button for title, button in _TYPED.items() if words.is_one_of(said, frozenset({title}))), None
    )
    if wanted is None or turn.records.procedure(talk.about) is None:
        return None
    name, part = wanted
    return pressed(turn, Press(name, f"{talk.about}/{part}".rstrip("/")), talk)


def pick(turn: Turn, said: Text, talk: Talk) -> Outcome | None:
    """A number of the list on the screen."""
    shown = talk.show or talk.fields
    number = words.place_in_list(said.text, len(shown)) if shown else None
    if number is None:
        return None
    if not talk.is_fresh(turn.now):
        return lists.fields(turn, talk).before(Reply(texts.LIST_FADED))
    if not 1 <= number <= len(shown):
        return ask(texts.PROCEDURE_NUMBER.format(last=len(shown)), step=TALKING, draft=talk.draft(turn.now))
    wanted = shown[number - 1]
    if not talk.show:
        return lists.of_field(turn, wanted, 0, talk)
    return picked(turn, wanted, talk)


# ---- answers -----------------------------------------------------------------------------------------------------


def show(turn: Turn, wanted: str, talk: Talk, also: Asked | None = None) -> Outcome:
    """The card of a procedure or a topic, and the part that was asked for when the card does not say it."""
    procedure = turn.records.procedure(wanted)
    before = "" if procedure else asking_on.spoken_of_before(turn, wanted, talk)
    kept = Talk(about=wanted, before=before, shown=True, rest=talk.rest, misses=talk.misses).draft(turn.now)
    if procedure and not procedure.is_current:
        return show_gone(turn, procedure, talk)
    if procedure:
        told = card_replies(turn.records, procedure, also)
        return Outcome(tuple(told), step=TALKING, draft=kept)
    topic = turn.records.topic(wanted)
    if topic:
        return Outcome(tuple(topic_replies(turn.records, topic)), step=TALKING, draft=kept)
    return misses.gone_now(turn, talk)


def picked(turn: Turn, wanted: str, talk: Talk) -> Outcome:
    """One of the list on the screen: just the short part that was asked before, and a way to the card; else the card."""
    procedure = turn.records.procedure(wanted)
    alone = talk.asked is not None and talk.asked.aspect in (ON_THE_CARD | {Aspect.PAPER})
    if talk.asked is None or not alone or procedure is None or not procedure.is_current:
        return show(turn, wanted, talk, talk.asked)
    return asking_on.tell(turn, talk.asked, Talk(about=wanted, rest=talk.rest), with_card=True)


def show_gone(turn: Turn, gone: Procedure, talk: Talk, near: tuple[str, ...] = ()) -> Outcome:
    """What an old procedure became, then what holds today."""
    today = successors(turn.records, gone)
    became = became_reply(turn.records, gone)
    if len(today) == 1:
        return show(turn, today[0].id, talk).before(became)
    if today:
        ids = [one.id for one in today]
        return lists.choose(turn, ids, talk, texts.PROCEDURE_CHOOSE_TODAY).before(became)
    topic = turn.records.topic(near[0]) if near else None
    if topic and names_thing(gone, (topic.name, *topic.aliases)):
        return show(turn, topic.id, replace(talk, rest=near[1:])).before(became)
    if near:
        return lists.choose(turn, near, talk, texts.PROCEDURE_NEAR).before(became)
    alone = replace(became, buttons=misses.UNSURE_BUTTONS[:2])
    return Outcome((alone,), step=TALKING, draft=Talk().draft(turn.now))


def _of_old(turn: Turn, question: str, found: Answer, talk: Talk) -> Outcome | None:
    """The answer to a question that names a procedure of old; None when there is nothing to explain."""
    gone = turn.records.bygone(question)
    if gone is None or (found.decision is Decision.DECLINE and gone.replaced_by):
        return None
    today = successors(turn.records, gone)
    near = tuple(one for one in lists.candidates_apart(turn.records, found.candidates) if one != gone.id)
    if found.decision is Decision.ANSWER and turn.records.topic(found.candidates[0].id):
        return None  # a topic such as “Còn dùng sổ hộ khẩu không” says itself what holds today
    if found.decision is Decision.ANSWER and today:
        best = turn.records.procedure(found.candidates[0].id)
        if best is None or best.family not in {one.family for one in today}:
            return None
        if is_same_name(gone, best) and "huyen" not in fold(question).split():
            return None
    return show_gone(turn, gone, replace(talk, rest=near[1:]), near)


FLOW = Flow(
    name="procedure",
    complete=True,
    begins=begins,
    begin=begin,
    steps={TALKING: {Text: go_on, Press: press_on, Sticker: small_talk.sticker}},
    lost=lambda turn: lists.fields(turn, Talk()),
    forgotten_after=FORGOTTEN_AFTER,
)
