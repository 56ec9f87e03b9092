"""`/q/<code>`, `/bang/<board>[/<field>]`: from the poster on a wall to what holds today.

A code says unit, board and field; the address it leads to says them in the open, so that a page can be kept and shared,
and a reload is no scan. A scan is a count per unit, field and day; robots are left out roughly, nobody is remembered.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from data import board_codes, board_files, boards
from data.board_codes import Meaning
from domain.board_codes import WHOLE, is_code, near, spoken, tidy
from domain.boards import Board, Composition
from domain.errors import NotStored
from domain.families import core_name, short
from domain.procedures import Procedure
from domain.robots import looks_like_robot
from domain.units import Unit, UnitLevel
from public.chat import chat_now, chat_of
from public.desk import Known, database, desk, known, now, today
from public.finding import Entry, successors
from public.listing import field_of, lines, slug

pages = Blueprint("boards", __name__)
log = logging.getLogger(__name__)
HINTS_MAX = 3
CLOSED_TO_ROBOTS = ("/q/", "/Q/", "/console/", "/khao-sat/", "/tin-bao", "/tim")


@dataclass(frozen=True)
class Place:
    """A board as it hangs somewhere; `unit` None: no unit was named, the board as defined is shown."""

    board: Board
    unit: Unit | None
    composition: Composition
    survey: str | None

    def address(self, field: str = "") -> str:
        return _address(self.board.key, field, self.unit.code if self.unit else "")


# ---- short addresses ----------------------------------------------------------------------------------------------


@pages.get("/q")
def ask_code() -> ResponseReturnValue:
    return render_template("pages/code.html", letters=WHOLE)


@pages.post("/q")
def typed_code() -> ResponseReturnValue:
    return _follow(tidy(request.form.get("ma", "")), is_scan=False)


@pages.get("/q/<code>")
@pages.get("/Q/<code>")
def scan(code: str) -> ResponseReturnValue:
    return _follow(tidy(code), is_scan=True)


@pages.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """Robots may read everything but what is counted or about one person's matter."""
    lines = ("User-agent: *", *(f"Disallow: {path}" for path in CLOSED_TO_ROBOTS))
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def _follow(code: str, *, is_scan: bool) -> ResponseReturnValue:
    with database().reading() as session:
        found = board_codes.meaning(session, code) if is_code(code) else None
        hints = [] if found else board_codes.existing(session, near(code))[:HINTS_MAX]
        unit = board_codes.unit_today(session, found.unit_id, today()) if found else None
    if found is None or found.board not in board_files.shipped():
        page = render_template(
            "pages/code.html", letters=WHOLE, wrong=True, hints=[(one, spoken(one)) for one in hints]
        )
        return page, 404
    _count(found, is_scan)
    answer = redirect(_address(found.board, found.field, unit.code if unit else ""))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _address(key: str, field: str, unit_code: str) -> str:
    """Where a board, or a field of it, stands; the code of a unit is no secret and may be shared."""
    parts = {"field": slug(field)} if field else {}
    given: dict[str, Any] = {"key": key, **parts, **({"don-vi": unit_code} if unit_code else {})}
    return url_for("boards.of_field" if field else "boards.show", **given)


def _count(found: Meaning, is_scan: bool) -> None:
    """A typed code counts as a scan: the poster was read. A page is never kept back for a count."""
    ahead = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    if request.method != "GET" and is_scan:
        return
    if looks_like_robot(request.headers.get("User-Agent", ""), ahead):
        return
    try:
        with database().transaction() as session:
            board_codes.count_scan(session, found, now=now())
    except NotStored:
        log.warning("scan not counted")


# ---- boards ---------------------------------------------------------------------------------------------------------


@pages.get("/bang/<key>")
def show(key: str) -> ResponseReturnValue:
    place = _place(key)
    return render_template("pages/board.html", **_around(place))


@pages.get("/bang/<key>/<field>")
def of_field(key: str, field: str) -> ResponseReturnValue:
    place, wanted = _place(key), field_of(field)
    if wanted is None:
        abort(404)
    on_board = place.composition.get(wanted) or next(
        (one for one in place.board.fields if one.field == wanted), None
    )
    if on_board is None:  # a field that was taken off: its posters may still hang
        return redirect(place.address())
    level = place.board.level.value
    if place.board.lasts(today()):
        listed = lines(known(), wanted, level)
        old = []
    else:
        listed, old = [], _of_then(known(), wanted, level)
    return render_template(
        "pages/board_field.html",
        one=on_board,
        words=on_board.keyword or on_board.words,
        often=[line for line in listed if line.often],
        rare=[line for line in listed if not line.often],
        old=old,
        field=slug(wanted),
        **_around(place),
    )


def _around(place: Place) -> dict[str, object]:
    board = place.board
    after = board_files.shipped().get(board.replaced_by or "")
    if place.unit:
        with database().reading() as session:
            chat = chat_of(session, place.unit.id, known().province.id)
    else:
        chat = chat_now()
    return {
        "place": place,
        "board": board,
        "unit": place.unit,
        "composition": place.composition,
        "is_over": not board.lasts(today()),
        "after": after,
        "chat": chat,
        "asks_unit": place.unit is None and board.level is UnitLevel.COMMUNE and board.lasts(today()),
    }


def _place(key: str) -> Place:
    board = board_files.shipped().get(key)
    if board is None:
        abort(404)
    unit = _unit(request.args.get("don-vi", ""), board)
    if unit is None:
        return Place(board, None, board.composition, None)
    with database().reading() as session:
        found = boards.standing(session, unit.id, board)
    composition = found.published if found else board.composition
    return Place(board, unit, composition, desk().survey_code(unit.id))


def _unit(code: str, board: Board) -> Unit | None:
    """The unit of today with this code, if the board is one of its level."""
    unit = known().province if code == known().province.code else known().units.get(code)
    return unit if unit and unit.level is board.level else None


def _of_then(everything: Known, field: str, level: str) -> list[Entry]:
    """What this level handled in 2022, and where it leads today."""
    found: dict[str, Entry] = {}
    for one in everything.catalogue.procedures.values():
        if one.field == field and level in one.levels:
            today_is = [one] if one.is_current else successors(everything, one)
            name = short(core_name(one.name), 160)
            found.setdefault(one.family, Entry(name, f"/thu-tuc/{one.id}", _now_called(one, today_is)))
    return list(found.values())


def _now_called(one: Procedure, today_is: list[Procedure]) -> str:
    if one.is_current:
        return ""
    return "; ".join(short(core_name(new.name), 90) for new in today_is)
