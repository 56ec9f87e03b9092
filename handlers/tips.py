"""Tips: what happened, where, photos and clips in any order, then one look and "Gửi"."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from domain.conversations import Flow, Handler, Outcome, Turn, ask, done
from domain.messages import Attachment, Button, Clip, Document, Photo, Place, Press, Reply, Text, Voice
from domain.tips import Draft, find_code
from domain.units import Unit
from domain.urgent import looks_like_tip
from handlers import buttons, texts, words

FILES_MAX = 30
"""Attachments of one tip."""


class Step(StrEnum):
    SUGGESTED = "tip.suggested"  # có phải tin báo không
    WHAT = "tip.what"  # sự việc
    WHERE = "tip.where"  # địa điểm
    READY = "tip.ready"  # xem lại, thêm ảnh, rồi bấm Gửi


# ---- beginning --------------------------------------------------------------------------------------------


def begins(turn: Turn) -> bool:
    said = turn.said
    if isinstance(said, Press):
        return said.button in {buttons.TIP_START, buttons.TIP_FROM_WORDS}
    if isinstance(said, Attachment | Place):
        return True
    if isinstance(said, Text) and len(said.text) <= 40 and find_code(said.text):
        return True
    return words.is_one_of(said, words.TIP)


def begin(turn: Turn) -> Outcome:
    said = turn.said
    if isinstance(said, Text) and (code := find_code(said.text)):
        return tell_status(turn, code)
    draft = turn.records.new_draft()
    if isinstance(said, Attachment):
        return take_file(_with(turn, draft), said).before(Reply(texts.TIP_WHAT))
    if isinstance(said, Place):
        return _take_point(_with(turn, draft), draft, said).before(Reply(texts.TIP_WHAT))
    return ask(texts.TIP_WHAT, step=Step.WHAT, draft=draft.as_json(), buttons=(STOP_BUTTON,))


def suggest(turn: Turn, text: str) -> Outcome:
    """The words sound like a tip: offer to take them, and keep them as its first words."""
    return _offer(replace(turn.records.new_draft(), what=text), texts.TIP_SUGGESTED)


def _offer(draft: Draft, text: str) -> Outcome:
    return ask(
        text,
        step=Step.SUGGESTED,
        draft=draft.as_json(),
        buttons=(
            buttons.press(texts.BUTTON_TIP_YES, buttons.TIP_FROM_WORDS),
            buttons.press(texts.BUTTON_TIP_NO, buttons.TIP_STOP),
        ),
    )


def begin_with_words(turn: Turn, first: str) -> Outcome:
    """Take the citizen's words as the beginning of a tip, and ask where."""
    assert isinstance(turn.said, Text)
    draft = replace(turn.records.new_draft(), what=turn.said.text)
    return ask(
        f"{first}\n\n{texts.TIP_WHERE}", step=Step.WHERE, draft=draft.as_json(), buttons=(STOP_BUTTON,)
    )


def tell_status(turn: Turn, code: str) -> Outcome:
    status = turn.records.tip_status(code)
    if status is None:
        return done(texts.TIP_STATUS_UNKNOWN, (buttons.TO_MENU,))
    more = (
        (buttons.press(texts.BUTTON_TIP_REPLY, buttons.TIP_REPLY, code),)
        if turn.records.is_own_tip(code)
        else ()
    )
    return done(texts.TIP_STATUS.format(code=code, status=status), (*more, buttons.TO_MENU))


# ---- the steps --------------------------------------------------------------------------------------------


def answer_suggestion(turn: Turn, said: Press) -> Outcome | None:
    draft = _draft(turn)
    if said.button == buttons.TIP_FROM_WORDS:
        return ask(texts.TIP_WHERE, step=Step.WHERE, draft=draft.as_json(), buttons=(STOP_BUTTON,))
    if said.button == buttons.TIP_STOP:
        return done(texts.PROCEDURE_ASK_SHORT, buttons.MENU_BUTTONS)
    return None


def take_yes_or_no(turn: Turn, said: Text) -> Outcome | None:
    if words.is_one_of(said, words.YES):
        return answer_suggestion(turn, Press(buttons.TIP_FROM_WORDS))
    if words.is_one_of(said, words.NO | words.STOP):
        return answer_suggestion(turn, Press(buttons.TIP_STOP))
    if looks_like_tip(said.text):
        draft = _draft(turn)
        return _offer(replace(draft, what=_joined(draft.what, said.text)), texts.TIP_SUGGESTED_MORE)
    return None


def take_what(turn: Turn, said: Text) -> Outcome:
    draft = _draft(turn)
    if words.is_one_of(said, words.STOP):
        return stop(turn)
    if words.is_one_of(said, words.TIP | words.DONE | words.EDIT):
        return repeat_question(turn)
    draft = replace(draft, what=_joined(draft.what, said.text))
    if draft.unit_id:
        return ready(turn, draft)
    return ask(texts.TIP_WHERE, step=Step.WHERE, draft=draft.as_json(), buttons=(STOP_BUTTON,))


def take_where(turn: Turn, said: Text) -> Outcome:
    draft = _draft(turn)
    if words.is_one_of(said, words.STOP):
        return stop(turn)
    if words.is_one_of(said, words.DONE):
        return repeat_question(turn)
    found = turn.records.place_named(said.text)
    draft = replace(draft, place=said.text)
    if found.unit:
        return ready(turn, replace(draft, unit_id=found.unit.id))
    if found.choices:
        return ask(
            texts.TIP_WHERE_CHOOSE,
            step=Step.WHERE,
            draft=draft.as_json(),
            buttons=_unit_buttons(turn, [(choice.label, choice.unit) for choice in found.choices]),
        )
    return ask(
        texts.TIP_WHERE_UNKNOWN,
        step=Step.WHERE,
        draft=draft.as_json(),
        buttons=(_province_button(turn), STOP_BUTTON),
    )


def take_point(turn: Turn, said: Place) -> Outcome:
    return _take_point(turn, _draft(turn), said)


def _take_point(turn: Turn, draft: Draft, said: Place) -> Outcome:
    draft = replace(draft, latitude=said.latitude, longitude=said.longitude, unit_id="")
    units = turn.records.units_at(said.latitude, said.longitude)
    if len(units) == 1:
        draft = replace(draft, unit_id=units[0].id)
        if draft.what:
            return ready(turn, draft)
        return ask(
            texts.TIP_KEPT_PLACE + texts.TIP_WHAT_AGAIN,
            step=Step.WHAT,
            draft=draft.as_json(),
            buttons=(STOP_BUTTON,),
        )
    if units:
        choices = [(unit.police_name, unit) for unit in units]
        return ask(
            texts.TIP_WHERE_BORDER,
            step=Step.WHERE,
            draft=draft.as_json(),
            buttons=_unit_buttons(turn, choices),
        )
    outside = replace(draft, latitude=None, longitude=None)
    return ask(
        texts.TIP_WHERE_OUTSIDE,
        step=Step.WHERE,
        draft=outside.as_json(),
        buttons=(_province_button(turn), STOP_BUTTON),
    )


def choose_unit(turn: Turn, said: Press) -> Outcome | None:
    draft = _draft(turn)
    match said.button:
        case buttons.TIP_UNIT:
            unit = turn.records.unit(said.value)
            if unit is None:
                return repeat_question(turn)
            draft = replace(draft, unit_id=unit.id)
            if not draft.what:
                return ask(
                    texts.TIP_WHAT_AGAIN, step=Step.WHAT, draft=draft.as_json(), buttons=(STOP_BUTTON,)
                )
            return ready(turn, draft)
        case buttons.TIP_STOP:
            return stop(turn)
        case buttons.TIP_START:
            return repeat_question(turn)
    return None


def take_file(turn: Turn, said: Attachment) -> Outcome:
    """A photo, clip, voice or file, at any step; its caption joins the words."""
    draft = _draft(turn)
    if turn.records.attachments(draft) >= FILES_MAX:
        return ask(texts.TIP_TOO_MANY_FILES.format(limit=FILES_MAX), step=_step(draft), draft=draft.as_json())
    count = turn.records.keep_attachment(draft, said)
    if said.caption:
        draft = replace(draft, what=_joined(draft.what, said.caption))
    step = _step(draft)
    text = {
        Step.WHAT: texts.TIP_KEPT_FILE_WHAT,
        Step.WHERE: texts.TIP_KEPT_FILE_WHERE,
        Step.READY: texts.TIP_KEPT_FILE,
    }[step]
    offered = READY_BUTTONS if step is Step.READY else (STOP_BUTTON,)
    return ask(text.format(count=count), step=step, draft=draft.as_json(), buttons=offered)


def add_or_send(turn: Turn, said: Text) -> Outcome:
    draft = _draft(turn)
    if words.is_one_of(said, words.STOP):
        return stop(turn)
    if words.is_one_of(said, words.DONE | words.YES):
        return send(turn, draft)
    if words.is_one_of(said, words.EDIT):
        return edit(turn, draft)
    draft = replace(draft, what=_joined(draft.what, said.text))
    return ask(texts.TIP_ADDED_WORDS, step=Step.READY, draft=draft.as_json(), buttons=READY_BUTTONS)


def send_or_stop(turn: Turn, said: Press) -> Outcome | None:
    draft = _draft(turn)
    match said.button:
        case buttons.TIP_SEND:
            return send(turn, draft)
        case buttons.TIP_STOP:
            return stop(turn)
        case buttons.TIP_EDIT:
            return edit(turn, draft)
        case buttons.TIP_EDIT_PLACE:
            draft = replace(draft, unit_id="", place="", latitude=None, longitude=None)
            return ask(texts.TIP_WHERE, step=Step.WHERE, draft=draft.as_json(), buttons=(STOP_BUTTON,))
        case buttons.TIP_START | buttons.TIP_UNIT:
            return ready(turn, draft)
    return None


# ---- ends ---------------------------------------------------------------------------------------------------


def ready(turn: Turn, draft: Draft) -> Outcome:
    """Everything is there: show the addressee and the content before anything is sent."""
    return ask(_summary(turn, draft), step=Step.READY, draft=draft.as_json(), buttons=READY_BUTTONS)


def send(turn: Turn, draft: Draft) -> Outcome:
    if not draft.what and not turn.records.attachments(draft):
        return ask(texts.TIP_NEEDS_WORDS, step=Step.WHAT, draft=draft.as_json(), buttons=(STOP_BUTTON,))
    tip = turn.records.file_tip(draft)
    text = texts.TIP_RECEIVED.format(unit=tip.unit_name, code=tip.code)
    if tip.attachments:
        text += texts.TIP_FILES_COMING.format(count=tip.attachments)
    return done(text)


def edit(turn: Turn, draft: Draft) -> Outcome:
    again = replace(draft, what="")
    return ask(texts.TIP_WHAT_EDIT, step=Step.WHAT, draft=again.as_json(), buttons=(STOP_BUTTON,))


def stop(turn: Turn) -> Outcome:
    turn.records.drop_draft(_draft(turn))
    return done(texts.TIP_DROPPED, buttons.MENU_BUTTONS)


def repeat_question(turn: Turn) -> Outcome:
    """Anything the step does not take: this step's question again, nothing lost."""
    draft = _draft(turn)
    match turn.step:
        case Step.READY:
            return ready(turn, draft)
        case Step.WHERE:
            return ask(texts.TIP_WHERE_AGAIN, step=Step.WHERE, draft=draft.as_json(), buttons=(STOP_BUTTON,))
        case _:
            return ask(texts.TIP_WHAT_AGAIN, step=Step.WHAT, draft=draft.as_json(), buttons=(STOP_BUTTON,))


# ---- small things ---------------------------------------------------------------------------------------------

STOP_BUTTON = buttons.press(texts.BUTTON_STOP, buttons.TIP_STOP)
READY_BUTTONS = (
    buttons.press(texts.BUTTON_SEND, buttons.TIP_SEND),
    buttons.press(texts.BUTTON_EDIT, buttons.TIP_EDIT),
    buttons.press(texts.BUTTON_EDIT_PLACE, buttons.TIP_EDIT_PLACE),
    STOP_BUTTON,
)
_SHOWN_MAX = 900
"""Characters of the citizen's words shown again in the summary; all of them are kept."""


def _draft(turn: Turn) -> Draft:
    return Draft.from_json(turn.draft) if turn.draft else turn.records.new_draft()


def _with(turn: Turn, draft: Draft) -> Turn:
    return replace(turn, draft=draft.as_json())


def _step(draft: Draft) -> Step:
    if not draft.what:
        return Step.WHAT
    return Step.READY if draft.unit_id else Step.WHERE


def _joined(words_so_far: str, more: str) -> str:
    return f"{words_so_far}\n{more}" if words_so_far else more


def _summary(turn: Turn, draft: Draft) -> str:
    unit = turn.records.unit(draft.unit_id) or turn.records.province_unit()
    count = turn.records.attachments(draft)
    what = draft.what if len(draft.what) <= _SHOWN_MAX else draft.what[:_SHOWN_MAX].rsplit(" ", 1)[0] + " …"
    place = draft.place if len(draft.place) <= 200 else draft.place[:200] + "…"
    if draft.latitude is not None:
        place = f"{place} ({texts.PLACE_SHARED})" if place else texts.PLACE_SHARED
    return texts.TIP_READY.format(
        unit=unit.police_name,
        what=what,
        place=place or unit.name,
        files=texts.FILES_COUNT.format(count=count) if count else texts.FILES_NONE,
    )


def _unit_buttons(turn: Turn, choices: list[tuple[str, Unit]]) -> tuple[Button, ...]:
    shown = tuple(buttons.press(label, buttons.TIP_UNIT, unit.id) for label, unit in choices[:3])
    return (*shown, _province_button(turn), STOP_BUTTON)


def _province_button(turn: Turn) -> Button:
    return buttons.press(texts.BUTTON_PROVINCE_DESK, buttons.TIP_UNIT, turn.records.province_unit().id)


_FILES: dict[type, Handler] = {Photo: take_file, Clip: take_file, Voice: take_file, Document: take_file}

FLOW = Flow(
    name="tip",
    begins=begins,
    begin=begin,
    steps={
        Step.WHAT: {Text: take_what, Place: take_point, Press: choose_unit, **_FILES},
        Step.WHERE: {Text: take_where, Place: take_point, Press: choose_unit, **_FILES},
        Step.READY: {Text: add_or_send, Place: take_point, Press: send_or_stop, **_FILES},
    },
    lost=repeat_question,
    forgotten_after=timedelta(hours=24),
    holds=True,
)

OFFER = Flow(
    name="tip_offer",
    begins=lambda turn: False,  # other flows hand over to it
    begin=begin,
    steps={Step.SUGGESTED: {Press: answer_suggestion, Text: take_yes_or_no, Place: take_point, **_FILES}},
    lost=repeat_question,
    forgotten_after=timedelta(hours=24),
)
"""An offer to take words as a tip. Unlike a tip it does not hold: who asks something else gets an answer."""
