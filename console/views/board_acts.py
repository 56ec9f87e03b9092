"""Composing a board: draft, published, back to an earlier one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.access import allowed, officer
from console.desk import database, now
from console.forms import number, typed
from console.views.boards import board_of, page, unit_board
from data import boards
from data.boards import BadBoard, ChangedMeanwhile
from domain.boards import Board, BoardField, Composition, Language, blank_field, ordered
from domain.procedures import FIELDS
from domain.roles import Act

pages = Blueprint("board_acts", __name__)
TEXT_MAX = 200
"""Characters of a field that are read; the rules of the trade (domain/boards.py) are tighter and say so."""


@pages.post("/bang/<board_key>/<unit_code>")
@allowed(Act.EDIT_BOARDS)
def save(board_key: str, unit_code: str) -> ResponseReturnValue:
    """Keep the draft, and publish it when `then` says so; nothing is half done."""
    board, wanted, version = board_of(board_key), _composed(board_of(board_key)), number("version")
    then_publish = request.form.get("then") == "publish"
    try:
        with database().transaction() as writing:
            found = unit_board(writing, board, unit_code)
            boards.save(
                writing, found.unit_id, board, wanted, version=version, officer_id=officer().id, now=now()
            )
            if then_publish:
                boards.publish(
                    writing,
                    found.unit_id,
                    board,
                    version=version + 1,
                    officer_id=officer().id,
                    now=now(),
                )
    except BadBoard as refused:
        return page(board_key, unit_code, typed=wanted, faults=refused.faults, code=422)
    except ChangedMeanwhile as refused:
        return page(board_key, unit_code, typed=wanted, faults=[str(refused)], code=409)
    if then_publish:
        flash(_("Đã công bố. Trang và bản in sau này theo nội dung mới; bảng đã treo vẫn dùng được."), "good")
    else:
        flash(_("Đã lưu bản nháp. Người dân chưa thấy cho đến khi công bố."), "good")
    return redirect(url_for("boards.show", board_key=board_key, unit_code=unit_code))


@pages.post("/bang/<board_key>/<unit_code>/lay-lai")
@allowed(Act.EDIT_BOARDS)
def undo(board_key: str, unit_code: str) -> ResponseReturnValue:
    """Bring an earlier step back as the draft."""
    board = board_of(board_key)
    try:
        with database().transaction() as writing:
            found = unit_board(writing, board, unit_code)
            boards.undo(
                writing,
                found.unit_id,
                board,
                number("step"),
                version=number("version"),
                officer_id=officer().id,
                now=now(),
            )
    except BadBoard as refused:
        return page(board_key, unit_code, faults=refused.faults, code=422)
    except ChangedMeanwhile as refused:
        return page(board_key, unit_code, faults=[str(refused)], code=409)
    flash(_("Đã lấy lại thành bản nháp. Bấm “Lưu và công bố” để người dân thấy."), "good")
    return redirect(url_for("boards.show", board_key=board_key, unit_code=unit_code))


def _composed(board: Board) -> Composition:
    """What the form says, in the order of its numbers; equal numbers keep the order of the form."""
    chosen = [key for key in request.form.getlist("on") if key in FIELDS]
    known = {one.field: one for one in board.fields}
    fields, places = {}, {}
    for key in chosen:
        first = known.get(key) or blank_field(key)
        fields[key] = BoardField(
            key,
            label=_line(f"label_{key}") or first.label,
            label_en=_line(f"label_en_{key}"),
            words=_line(f"words_{key}") or first.words,
            keyword=_line(f"keyword_{key}"),
        )
        places[key] = number(f"place_{key}")
    english = Language.ENGLISH in request.form.getlist("languages")
    return Composition(
        ordered(fields, places),
        (Language.VIETNAMESE, Language.ENGLISH) if english else (Language.VIETNAMESE,),
        hotline=_line("hotline"),
        note=_line("note"),
    )


def _line(name: str) -> str:
    return " ".join(typed(name).split())[:TEXT_MAX]
