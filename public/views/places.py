"""`/noi-nop`: which police of today answers for a place somebody typed, and where it is on our own map.

The place travels in the body of a POST; our script keeps the answer on the device, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from data import board_files, boards
from data.ward_pictures import SIZE, WardPicture, picture
from domain.units import Unit
from domain.vietnamese import nfc
from public.desk import database, known, today

pages = Blueprint("places", __name__)
TYPED_MAX = 120


@dataclass(frozen=True)
class Office:
    """The police of a ward, the drawing of its area, where its board is, and the hotline it gives there."""

    unit: Unit
    picture: WardPicture | None
    board: str = ""
    hotline: str = ""


@pages.get("/noi-nop")
def ask() -> ResponseReturnValue:
    return _page()


@pages.post("/noi-nop")
def tell() -> ResponseReturnValue:
    """One unit, or up to three to choose from (`code`), or a sentence that asks for other words."""
    code, typed = request.form.get("code", ""), nfc(request.form.get("place", "").strip()[:TYPED_MAX])
    if code in known().units:
        return _page(office=_office(known().units[code]), typed=typed)
    if not typed:
        return _page(asked=True, status=422)
    answer = known().places.find(typed)
    if answer.unit and answer.unit.code in known().units:
        return _page(office=_office(answer.unit), typed=typed)
    return _page(choices=answer.choices, typed=typed, asked=True)


def _office(unit: Unit) -> Office:
    board = next(
        (one for one in board_files.shipped().values() if one.level is unit.level and one.lasts(today())),
        None,
    )
    if board is None:
        return Office(unit, picture(unit.code))
    with database().reading() as session:
        found = boards.standing(session, unit.id, board)
    hotline = found.published.hotline if found else ""
    return Office(unit, picture(unit.code), f"/bang/{board.key}?don-vi={unit.code}", hotline)


def _page(status: int = 200, **given: object) -> ResponseReturnValue:
    part = "X-Part" in request.headers
    page = render_template("components/office.html" if part else "pages/office.html", size=SIZE, **given)
    return page, 200 if part else status
