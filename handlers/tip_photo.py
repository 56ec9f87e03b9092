"""The place inside a photo is offered to the one who sent it: one tap for yes, one for no. Nobody else is shown it."""

from __future__ import annotations

from collections.abc import Sequence

from domain.conversations import Turn
from domain.messages import Press, Reply
from domain.tips import Draft, PhotoPlace
from domain.units import Unit
from handlers import buttons, texts


def offered(turn: Turn, draft: Draft) -> PhotoPlace | None:
    """The place that may be offered now; None when a place was given, when it was declined, or outside the province."""
    if draft.has_place or draft.not_there:
        return None
    place = turn.records.photo_place(draft)
    return place if place and turn.records.units_at(place.latitude, place.longitude) else None


def offer(place: PhotoPlace, units: Sequence[Unit]) -> Reply:
    """“Is it here?”; units: those of the place, one or (at a border) two."""
    names = texts.OR.join(unit.police_name for unit in units)
    return Reply(
        texts.TIP_PHOTO_PLACE.format(unit=names),
        (
            buttons.press(texts.BUTTON_PHOTO_PLACE, buttons.TIP_PHOTO_PLACE, str(place.file)),
            buttons.press(texts.BUTTON_NOT_THERE, buttons.TIP_NOT_THERE),
        ),
    )


def chosen(turn: Turn, draft: Draft, said: Press) -> PhotoPlace | None:
    """The place of the file the button speaks of; None when a place was given meanwhile."""
    if draft.has_place or not (said.value.isascii() and said.value.isdigit() and len(said.value) <= 4):
        return None
    return turn.records.photo_place(draft, int(said.value))
