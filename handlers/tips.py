"""Tips: what happened, where, photos and clips in any order and at any pace, then one look and "Gửi".

The parts: tip_notice (consent), tip_where (the place), tip_ready (the last look, sending), tip_status (by code).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from domain.conversations import Flow, Handler, Outcome, Turn, ask
from domain.media import FILES_MAX
from domain.messages import (
    Attachment,
    Button,
    Clip,
    Document,
    Link,
    Photo,
    Place,
    Press,
    Reply,
    Sticker,
    Text,
    Voice,
)
from domain.reports import asks_something
from domain.tips import Draft, find_code
from domain.urgent import looks_like_tip
from domain.vietnamese import fold
from handlers import buttons, texts, tip_notice, tip_photo, tip_ready, tip_status, tip_where, tip_words, words
from handlers.tip_ready import READY_BUTTONS, go_on, ready
from handlers.tip_steps import (
    STOP_BUTTON,
    Step,
    ask_where,
    draft_of,
    is_for_others,
    is_stop,
    joined,
    next_step,
    stop,
    wait_at,
    with_draft,
)

DETAIL_WORDS_MAX = 7
_DETAIL = re.compile(
    r"\b(?:hom|dem|toi|sang|chieu|trua|tuan|thang) (?:qua|nay|kia|truoc|roi)\b|\bluc \w+|\b\d{1,2} ?(?:h|gio)\b|\b(?:o|gan|tai|canh|dau|cuoi|trong|ngoai) \w+|"
    r"\b(?:dang|van|con|lai) (?:\w+ ){0,2}(?:danh|om|hat|mo|cai|chui|dap|pha|tu tap|choi|do)\b|\b(?:xa|phuong|thon|xom|ngo|duong|pho)\b"
)
"""When, where, that it goes on."""
KEPT_FOR = timedelta(hours=48)
"""A draft is tended by a recurring job (bot/drafts.py) long before this is over."""


# ---- beginning --------------------------------------------------------------------------------------------


def begins(turn: Turn) -> bool:
    said = turn.said
    if isinstance(said, Press):
        return said.button in {buttons.TIP_START, buttons.TIP_FROM_WORDS}
    if isinstance(said, Attachment | Place):
        return True
    return tip_status.asks(turn) or words.is_one_of(said, words.TIP)


def begin(turn: Turn) -> Outcome:
    said = turn.said
    if isinstance(said, Text) and tip_status.asks(turn):
        return tip_status.answer(turn, said)
    draft = first_draft(turn)
    if isinstance(said, Attachment):
        return take_file(with_draft(turn, draft), said).before(_first_words(turn))
    if isinstance(said, Place):
        return tip_where.take_point(with_draft(turn, draft), said).before(_first_words(turn))
    if not tip_notice.has_agreed(turn):
        return tip_notice.show(turn, draft)
    return wait_at(Step.WHAT, texts.TIP_WHAT, draft)


def first_draft(turn: Turn, what: str = "") -> Draft:
    """An empty draft; on a ward's own page it starts with that ward."""
    unit = turn.records.unit_of_account()
    return replace(turn.records.new_draft(), what=what, unit_id=unit.id if unit else "")


def _first_words(turn: Turn) -> Reply:
    """What is said before the answer to a photo or a place that came first."""
    if tip_notice.has_agreed(turn):
        return Reply(texts.TIP_WHAT)
    return Reply(texts.TIP_NOTICE, (tip_notice.AGREE_BUTTON,))


def suggest(turn: Turn, text: str) -> Outcome:
    """The words sound like a tip: offer to take them, and keep them as its first words."""
    return _offer(first_draft(turn, text), texts.TIP_SUGGESTED)


def ask_whether(turn: Turn, words_so_far: str, text: str, first: Button) -> Outcome:
    """The words may report something, or mean something else: asked before anything is begun."""
    return _offer(first_draft(turn, words_so_far), text, first)


def _offer(draft: Draft, text: str, *first: Button) -> Outcome:
    return ask(
        text,
        step=Step.SUGGESTED,
        draft=draft.as_json(),
        buttons=(
            *first,
            buttons.press(texts.BUTTON_TIP_YES, buttons.TIP_FROM_WORDS),
            buttons.press(texts.BUTTON_TIP_NO, buttons.TIP_STOP),
        ),
    )


def begin_with_words(turn: Turn, first: str) -> Outcome:
    """Take the citizen's words as the beginning of a tip, and ask for the rest."""
    assert isinstance(turn.said, Text)
    return go_on(turn, first_draft(turn, turn.said.text), f"{first}\n\n")


def go_on_privately(turn: Turn, draft: Draft, lead: str) -> Outcome:
    """A tip that began elsewhere (in a group): the notice first, then what is missing."""
    if tip_notice.has_agreed(turn):
        return go_on(turn, draft, lead)
    return tip_notice.show(turn, draft).before(Reply(lead.strip()))


# ---- an offer ---------------------------------------------------------------------------------------------


def answer_suggestion(turn: Turn, said: Press) -> Outcome | None:
    if said.button == buttons.TIP_FROM_WORDS:
        return go_on(turn, draft_of(turn))
    if said.button == buttons.TIP_STOP:
        return Outcome((Reply(texts.PROCEDURE_ASK_SHORT, buttons.MENU_BUTTONS),))
    return None


def take_yes_or_no(turn: Turn, said: Text) -> Outcome | None:
    if words.is_one_of(said, words.YES):
        return answer_suggestion(turn, Press(buttons.TIP_FROM_WORDS))
    if words.is_one_of(said, words.NO | words.STOP):
        return answer_suggestion(turn, Press(buttons.TIP_STOP))
    if looks_like_tip(said.text) or _adds_a_detail(turn, said):
        draft = draft_of(turn)
        return _offer(replace(draft, what=joined(draft.what, said.text)), texts.TIP_SUGGESTED_MORE)
    return None


def _adds_a_detail(turn: Turn, said: Text) -> bool:
    """“Hôm qua”, “ở đầu xóm”: a few words right after what was told, which ask nothing and name no procedure."""
    told = said.text.split()
    if not told or len(told) > DETAIL_WORDS_MAX or asks_something(said.text) or is_for_others(turn, said):
        return False
    commands = (
        words.GREETINGS
        | words.THANKS
        | words.TIP
        | words.DONE
        | words.SURVEY
        | words.DOSSIER
        | words.PROCEDURES
    )
    if words.is_one_of(said, commands) or words.is_call(said) or words.wants_officer(said):
        return False
    return bool(_DETAIL.search(fold(said.text))) and turn.records.search(said.text).decision != "answer"


# ---- what may come at any step ----------------------------------------------------------------------------


def take_text(turn: Turn, said: Text) -> Outcome | None:
    """Words: a command, a question that is not for the tip (None), or a part of it."""
    draft, step = draft_of(turn), turn.step
    if is_stop(said):
        return stop(turn)
    if step in {Step.NOTICE, Step.AGREE} and words.is_one_of(said, words.YES):
        return _agreed(turn, draft)
    if tip_notice.agrees(said) and (step == Step.AGREE or not tip_notice.has_agreed(turn)):
        return _agreed(turn, draft)
    if step == Step.WHERE and (answered := tip_where.yes_or_no(turn, draft, said)):
        return answered
    if words.is_one_of(said, words.DONE) or (step == Step.READY and words.is_one_of(said, words.YES)):
        return tip_ready.finish(turn, draft)
    if words.is_one_of(said, words.EDIT):
        return tip_ready.edit(draft) if draft.what else repeat_question(turn)
    if words.is_one_of(said, words.ADD):
        return wait_at(next_step(draft), texts.TIP_ADD_MORE, draft)
    if words.is_one_of(said, words.KIND) and draft.what:
        return tip_ready.choose_kind(turn, draft)
    if words.is_one_of(said, words.TIP | words.GREETINGS | words.THANKS) or (
        not draft.what and words.is_call(said)
    ):
        return repeat_question(turn)
    if len(said.text) <= tip_status.BARE_MAX and (code := find_code(said.text)):
        return repeat_question(turn).before(*tip_status.tell(turn, code).replies)
    if step == Step.KIND and (chosen := tip_ready.take_kind(turn, said)):
        return chosen
    if is_for_others(turn, said):
        return None
    if not draft.what and tip_words.is_no_tip(said.text):
        text = texts.TIP_NOT_MEANT if turn.records.attachments(draft) else texts.PROCEDURE_ASK_SHORT
        return replace(stop(turn), replies=(Reply(text, buttons.MENU_BUTTONS),))
    if draft.what and (answer := tip_words.asked_about_tip(said.text)):
        offered = READY_BUTTONS if step == Step.READY else (STOP_BUTTON,)
        text = texts.TIP_ASKED_ABOUT.format(answer=answer)
        return ask(text, step=str(step), draft=draft.as_json(), buttons=offered)
    return _part_of_the_tip(turn, draft, said)


def _part_of_the_tip(turn: Turn, draft: Draft, said: Text) -> Outcome:
    if turn.step == Step.WHERE:
        return tip_where.take_words(turn, draft, said)
    before = next_step(draft)
    draft = replace(draft, what=joined(draft.what, said.text))
    if before is Step.READY and turn.step in {Step.READY, Step.AGREE, Step.KIND}:
        return ask(texts.TIP_ADDED_WORDS, step=Step.READY, draft=draft.as_json(), buttons=READY_BUTTONS)
    return go_on(turn, draft)


def take_link(turn: Turn, said: Link) -> Outcome | None:
    """A web link belongs to the words."""
    return take_text(turn, Text(said.url))


def press(turn: Turn, said: Press) -> Outcome | None:
    draft = draft_of(turn)
    match said.button:
        case buttons.TIP_AGREE:
            return _agreed(turn, draft)
        case buttons.TIP_SEND:
            return tip_ready.finish(turn, draft)
        case buttons.TIP_STOP:
            return stop(turn)
        case buttons.TIP_EDIT:
            return tip_ready.edit(draft)
        case buttons.TIP_EDIT_PLACE:
            return tip_ready.edit_place(turn, draft)
        case buttons.TIP_PHOTO_PLACE:
            place = tip_photo.chosen(turn, draft, said)
            return tip_where.take_photo_place(turn, place) if place else repeat_question(turn)
        case buttons.TIP_NOT_THERE:
            return tip_where.not_there(turn, draft)
        case buttons.TIP_PAST_UNIT:
            return go_on(turn, replace(draft, past_unit=True))
        case buttons.TIP_UNIT:
            return tip_where.take_unit(turn, said.value) or repeat_question(turn)
        case buttons.TIP_WITHDRAW:
            return tip_notice.decide(turn, said)
        case buttons.TIP_START:
            return repeat_question(turn)
    return None


def _agreed(turn: Turn, draft: Draft) -> Outcome:
    """The consent is given; where it was all that was missing, the tip is sent."""
    tip_notice.agree(turn)
    if turn.step == Step.AGREE:
        return tip_ready.finish(turn, draft)
    return go_on(turn, draft, texts.TIP_AGREED)


def take_file(turn: Turn, said: Attachment) -> Outcome:
    """A photo, clip, voice or file, at any step; its caption joins the words."""
    draft = draft_of(turn)
    if turn.records.attachments(draft) >= FILES_MAX:
        text = texts.TIP_TOO_MANY_FILES.format(limit=FILES_MAX)
        return ask(text, step=next_step(draft), draft=draft.as_json())
    count = turn.records.keep_attachment(draft, said)
    if said.caption:
        draft = replace(draft, what=joined(draft.what, said.caption))
    step = next_step(draft)
    text = {
        Step.WHAT: texts.TIP_KEPT_FILE_WHAT,
        Step.WHERE: texts.TIP_KEPT_FILE_WHERE,
        Step.READY: texts.TIP_KEPT_FILE,
    }[step]
    offered = READY_BUTTONS if step is Step.READY else (STOP_BUTTON,)
    return ask(text.format(count=count), step=step, draft=draft.as_json(), buttons=offered)


def repeat_question(turn: Turn) -> Outcome:
    """Anything the step does not take: this step's question again, nothing lost."""
    draft = draft_of(turn)
    match turn.step:
        case Step.READY:
            return ready(turn, draft)
        case Step.WHERE:
            return ask_where(turn, draft, texts.TIP_WHERE_AGAIN)
        case Step.NOTICE:
            return tip_notice.show(turn, draft)
        case Step.AGREE:
            return tip_notice.ask_before_sending(draft)
        case Step.KIND:
            return tip_ready.choose_kind(turn, draft)
        case _:
            return wait_at(Step.WHAT, texts.TIP_WHAT_AGAIN, draft)


def take_sticker(turn: Turn, said: Sticker) -> Outcome:
    """A sticker says nothing about the matter: the question again, and nothing is lost."""
    return repeat_question(turn)


_FILES: dict[type, Handler] = {Photo: take_file, Clip: take_file, Voice: take_file, Document: take_file}
_ANYTHING: dict[type, Handler] = {
    Text: take_text,
    Link: take_link,
    Place: tip_where.take_point,
    Press: press,
    Sticker: take_sticker,
    **_FILES,
}

FLOW = Flow(
    name="tip",
    begins=begins,
    begin=begin,
    steps=dict.fromkeys((Step.NOTICE, Step.WHAT, Step.WHERE, Step.READY, Step.KIND, Step.AGREE), _ANYTHING),
    lost=repeat_question,
    forgotten_after=KEPT_FOR,
    holds=True,
)

OFFER = Flow(
    name="tip_offer",
    begins=lambda turn: False,  # other flows hand over to it
    begin=begin,
    steps={
        Step.SUGGESTED: {
            Press: answer_suggestion,
            Text: take_yes_or_no,
            Place: tip_where.take_point,
            **_FILES,
        }
    },
    lost=repeat_question,
    forgotten_after=timedelta(hours=24),
)
"""An offer to take words as a tip. Unlike a tip it does not hold: who asks something else gets an answer."""
