"""Where it happened: a shared location, or a place in the citizen's own words."""

from __future__ import annotations

from dataclasses import replace

from domain.conversations import Outcome, Turn, ask
from domain.messages import Button, Place, Text
from domain.tips import Draft, PhotoPlace
from domain.units import Unit
from handlers import buttons, texts, tip_photo, words
from handlers.tip_ready import go_on
from handlers.tip_steps import STOP_BUTTON, Step, ask_where, draft_of, wait_at


def take_words(turn: Turn, draft: Draft, said: Text) -> Outcome:
    """A place in words: one unit, a few to choose from, or the province desk."""
    if words.is_one_of(said, words.NO):  # an offer after a warning, turned down
        return ask_where(turn, draft, texts.TIP_WHERE_NOT_NOW)
    found = turn.records.place_named(said.text)
    draft = replace(draft, place=said.text)
    if found.unit:
        return go_on(turn, replace(draft, unit_id=found.unit.id))
    if found.choices:
        choices = [(choice.label, choice.unit) for choice in found.choices]
        return _choose(turn, draft, texts.TIP_WHERE_CHOOSE, choices)
    return _unknown(turn, draft, texts.TIP_WHERE_UNKNOWN)


def take_point(turn: Turn, said: Place) -> Outcome:
    """A shared location, at any step."""
    draft = replace(draft_of(turn), latitude=said.latitude, longitude=said.longitude, unit_id="")
    units = turn.records.units_at(said.latitude, said.longitude)
    if len(units) == 1:
        draft = replace(draft, unit_id=units[0].id)
        if draft.what:
            return go_on(turn, draft)
        return wait_at(Step.WHAT, texts.TIP_KEPT_PLACE + texts.TIP_WHAT_AGAIN, draft)
    if units:
        return _choose(turn, draft, texts.TIP_WHERE_BORDER, [(unit.police_name, unit) for unit in units])
    return _unknown(turn, replace(draft, latitude=None, longitude=None), texts.TIP_WHERE_OUTSIDE)


def take_photo_place(turn: Turn, place: PhotoPlace) -> Outcome:
    """The citizen says that it happened where the photo was taken."""
    return take_point(turn, Place(place.latitude, place.longitude))


def not_there(turn: Turn, draft: Draft) -> Outcome:
    """It happened elsewhere: the place in the photo is not asked about again and stays sealed."""
    return ask_where(turn, replace(draft, not_there=True), texts.TIP_NOT_THERE + texts.TIP_WHERE)


def yes_or_no(turn: Turn, draft: Draft, said: Text) -> Outcome | None:
    """A typed answer to the offered place of a photo; None when it is none."""
    place = tip_photo.offered(turn, draft)
    if place is None:
        return None
    if words.is_one_of(said, words.YES):
        return take_photo_place(turn, place)
    return not_there(turn, draft) if words.is_one_of(said, words.NO) else None


def take_unit(turn: Turn, unit_id: str) -> Outcome | None:
    """A button with a unit; None when there is no such unit today."""
    unit = turn.records.unit(unit_id)
    return go_on(turn, replace(draft_of(turn), unit_id=unit.id)) if unit else None


def _choose(turn: Turn, draft: Draft, text: str, choices: list[tuple[str, Unit]]) -> Outcome:
    shown = tuple(buttons.press(label, buttons.TIP_UNIT, unit.id) for label, unit in choices[:3])
    return ask(
        text, step=Step.WHERE, draft=draft.as_json(), buttons=(*shown, _province_button(turn), STOP_BUTTON)
    )


def _unknown(turn: Turn, draft: Draft, text: str) -> Outcome:
    return ask(text, step=Step.WHERE, draft=draft.as_json(), buttons=(_province_button(turn), STOP_BUTTON))


def _province_button(turn: Turn) -> Button:
    return buttons.press(texts.BUTTON_PROVINCE_DESK, buttons.TIP_UNIT, turn.records.province_unit().id)
