"""What all parts of the tip flow share: its steps, the draft, the buttons that stand everywhere."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from domain.conflicts import accuses_police, wants_past_unit
from domain.conversations import Outcome, Turn, ask, done
from domain.messages import Press, Text
from domain.tips import Draft
from handlers import buttons, texts, tip_photo, words


class Step(StrEnum):
    SUGGESTED = "tip.suggested"  # có phải tin báo không
    NOTICE = "tip.notice"  # đọc thông báo, đồng ý
    WHAT = "tip.what"  # sự việc
    WHERE = "tip.where"  # địa điểm
    READY = "tip.ready"  # xem lại, thêm ảnh, rồi bấm Gửi
    KIND = "tip.kind"  # chọn loại việc
    AGREE = "tip.agree"  # đồng ý rồi gửi


STOP_BUTTON = buttons.press(texts.BUTTON_STOP, buttons.TIP_STOP)


def draft_of(turn: Turn) -> Draft:
    return Draft.from_json(turn.draft) if turn.draft else turn.records.new_draft()


def with_draft(turn: Turn, draft: Draft) -> Turn:
    return replace(turn, draft=draft.as_json())


def next_step(draft: Draft) -> Step:
    """What is still missing."""
    if not draft.what:
        return Step.WHAT
    return Step.READY if draft.unit_id else Step.WHERE


def joined(words_so_far: str, more: str) -> str:
    return f"{words_so_far}\n{more}" if words_so_far else more


def goes_past(turn: Turn, draft: Draft) -> bool:
    """Must the unit of the place not read it: it accuses police, names an officer, or the citizen says so?"""
    said = f"{draft.what}\n{draft.place}"
    return (
        draft.past_unit or accuses_police(said) or wants_past_unit(said) or turn.records.names_officer(said)
    )


def wait_at(step: Step, text: str, draft: Draft) -> Outcome:
    """Say `text` and wait at `step` with the one button that is always there."""
    return ask(text, step=step, draft=draft.as_json(), buttons=(STOP_BUTTON,))


def is_for_others(turn: Turn, said: Text) -> bool:
    """In the middle of a tip: a way to the menu, or a plain question about a procedure. It is answered, and the
    tip goes on; everything else belongs to the tip.
    """
    if any(words.is_one_of(said, which) for which in (words.MENU, words.HELP, words.OFFICER, words.WITHDRAW)):
        return True
    return words.asks_about_papers(said.text) and turn.records.search(said.text).decision == "answer"


def stop(turn: Turn) -> Outcome:
    turn.records.drop_draft(draft_of(turn))
    return done(texts.TIP_DROPPED, buttons.MENU_BUTTONS)


def is_stop(said: Text | Press) -> bool:
    if isinstance(said, Press):
        return said.button == buttons.TIP_STOP
    return words.is_one_of(said, words.STOP)


def ask_where(turn: Turn, draft: Draft, text: str = texts.TIP_WHERE) -> Outcome:
    """Where was it? The commune of the citizen's last tip is offered, and the place inside a photo they sent."""
    known = turn.records.last_unit()
    ward = (buttons.press(known.police_name, buttons.TIP_UNIT, known.id),) if known else ()
    if place := tip_photo.offered(turn, draft):
        there = tip_photo.offer(place, turn.records.units_at(place.latitude, place.longitude))
        lead = text.removesuffix(texts.TIP_WHERE).removesuffix(texts.TIP_WHERE_AGAIN)
        ward = (*there.buttons, *ward)
        text = lead + there.text
    return ask(text, step=Step.WHERE, draft=draft.as_json(), buttons=(*ward, STOP_BUTTON))
