"""The last look before sending: who gets it, what it says, what kind it is, and the citizen's consent."""

from __future__ import annotations

from dataclasses import replace

from domain.broadcasts import VIETNAM
from domain.conversations import Outcome, Turn, ask, done
from domain.messages import Text
from domain.screening import kinds_found
from domain.tip_kinds import sort_of
from domain.tips import Draft, FiledTip, TipSort
from handlers import buttons, texts, tip_notice
from handlers.tip_steps import STOP_BUTTON, Step, ask_where, draft_of, goes_past, next_step, wait_at

SEND = buttons.press(texts.BUTTON_SEND, buttons.TIP_SEND)
EDIT = buttons.press(texts.BUTTON_EDIT, buttons.TIP_EDIT)
EDIT_PLACE = buttons.press(texts.BUTTON_EDIT_PLACE, buttons.TIP_EDIT_PLACE)
PAST_UNIT = buttons.press(texts.BUTTON_PAST_UNIT, buttons.TIP_PAST_UNIT)
READY_BUTTONS = (SEND, EDIT, EDIT_PLACE, PAST_UNIT, STOP_BUTTON)
WORDS_SHOWN = 500
"""Characters of the citizen's words shown again in the summary; all of them are kept."""
PLACE_SHOWN = 120


def go_on(turn: Turn, draft: Draft, lead: str = "") -> Outcome:
    """Ask for what is still missing; when nothing is, show the whole."""
    match next_step(draft):
        case Step.WHAT:
            return wait_at(Step.WHAT, lead + texts.TIP_WHAT, draft)
        case Step.WHERE:
            return ask_where(turn, draft, lead + texts.TIP_WHERE)
    return ready(turn, draft, lead)


def ready(turn: Turn, draft: Draft, lead: str = "") -> Outcome:
    """Everything is there: show the addressee and the content before anything is sent."""
    past = goes_past(turn, draft)
    draft = replace(draft, shown=_addressee(turn, draft, past=past))
    offered = tuple(one for one in READY_BUTTONS if not (past and one is PAST_UNIT))
    return ask(
        lead + _summary(turn, draft, past=past), step=Step.READY, draft=draft.as_json(), buttons=offered
    )


def finish(turn: Turn, draft: Draft) -> Outcome:
    """“Xong”: send, or say what is missing."""
    files = turn.records.attachments(draft)
    if not draft.what and not files:
        return wait_at(Step.WHAT, texts.TIP_NEEDS_WORDS, draft)
    if not draft.unit_id:
        return ask_where(turn, draft)
    past = goes_past(turn, draft)
    if draft.shown != _addressee(turn, draft, past=past):
        return ready(turn, draft, texts.TIP_ADDRESSEE_CHANGED if draft.shown else "")
    if not tip_notice.has_agreed(turn):
        return tip_notice.ask_before_sending(draft)
    filed = turn.records.file_tip(replace(draft, past_unit=past))
    more = buttons.press(texts.BUTTON_TIP_MORE, buttons.TIP_REPLY, filed.code)
    return done(_received(filed, past=past), (more,))


def edit(draft: Draft) -> Outcome:
    return wait_at(Step.WHAT, texts.TIP_WHAT_EDIT, replace(draft, what="", category=""))


def edit_place(turn: Turn, draft: Draft) -> Outcome:
    return ask_where(turn, replace(draft, unit_id="", place="", latitude=None, longitude=None))


def choose_kind(turn: Turn, draft: Draft) -> Outcome:
    listed = "\n".join(f"{number}. {label}" for number, (_, label) in enumerate(turn.records.kinds(), 1))
    return wait_at(Step.KIND, texts.TIP_KIND_CHOOSE.format(kinds=listed), draft)


def take_kind(turn: Turn, said: Text) -> Outcome | None:
    """A number of the list; None when it is something else."""
    draft, kinds = draft_of(turn), turn.records.kinds()
    typed = said.text.strip(" .)#")
    if not typed.isdecimal() or len(typed) > 3:
        return None
    if not 1 <= int(typed) <= len(kinds):
        return wait_at(Step.KIND, texts.TIP_KIND_NUMBER.format(last=len(kinds)), draft)
    return go_on(turn, replace(draft, category=kinds[int(typed) - 1][0]))


# ---- wording ---------------------------------------------------------------------------------------------------


def _addressee(turn: Turn, draft: Draft, *, past: bool) -> str:
    if past:
        return texts.TIP_INSPECTORS
    return (turn.records.unit(draft.unit_id) or turn.records.province_unit()).police_name


def _summary(turn: Turn, draft: Draft, *, past: bool) -> str:
    unit = turn.records.unit(draft.unit_id) or turn.records.province_unit()
    count = turn.records.attachments(draft)
    place = _cut(draft.place, PLACE_SHOWN)
    if draft.latitude is not None:
        place = f"{place} ({texts.PLACE_SHARED})" if place else texts.PLACE_SHARED
    return texts.TIP_READY.format(
        unit=draft.shown,
        what=_cut(draft.what, WORDS_SHOWN) or texts.FILES_COUNT.format(count=count),
        place=place or unit.name,
        kind=_kind(turn, draft),
        files=texts.FILES_COUNT.format(count=count) if count else texts.FILES_NONE,
        notes=_notes(draft, unit.police_name, past=past),
    )


def _kind(turn: Turn, draft: Draft) -> str:
    key = draft.category or turn.records.suggest_kind(draft.what)
    label = dict(turn.records.kinds()).get(key or "")
    return texts.TIP_KIND_SHOWN.format(kind=label) if label else texts.TIP_KIND_UNKNOWN


def _notes(draft: Draft, unit: str, *, past: bool) -> str:
    notes = [texts.TIP_PAST_UNIT.format(unit=unit)] if past else []
    match sort_of(draft.what):
        case TipSort.DENUNCIATION:
            notes.append(texts.TIP_IS_DENUNCIATION)
        case TipSort.FEEDBACK:
            notes.append(texts.TIP_IS_FEEDBACK)
    if found := kinds_found(draft.what, draft.place):
        notes.append(texts.TIP_SAYS_WHO.format(kinds=", ".join(found)))
    return "".join(f"\n{note}\n" for note in notes)


def _received(filed: FiledTip, *, past: bool) -> str:
    unit = texts.TIP_INSPECTORS if past else filed.unit_name
    text = texts.TIP_RECEIVED.format(unit=unit, code=filed.code)
    if filed.attachments:
        text += texts.TIP_FILES_COMING.format(count=filed.attachments)
    if filed.held_until:
        text += texts.TIP_HELD.format(time=f"{filed.held_until.astimezone(VIETNAM):%H:%M}")
    return text


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"
