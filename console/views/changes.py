"""One proposed change: its replay, what would flip, apply or drop, and undo afterwards."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console import preview
from console.access import allowed, officer
from console.desk import database, desk, now, shelf
from console.forms import length_fault, number, typed
from console.views.learning import REASON_MAX, words
from data import learning
from data.replay import edition_mark
from data.tables import LearnedChange
from domain.errors import MoveRefused
from domain.learning import FLIP_LABELS, OWN_LABELS, WORSE, Flip, ReplayState
from domain.roles import Act
from domain.work import Kind

pages = Blueprint("changes", __name__, url_prefix="/hoc-hoi/de-xuat/<int:change_id>")


@pages.get("")
@allowed(Act.TEACH)
def show(change_id: int) -> ResponseReturnValue:
    return _page(change_id)


@pages.get("/chay-thu")
@allowed(Act.TEACH)
def progress(change_id: int) -> ResponseReturnValue:
    """The part of the page that shows the replay, for the page that looks again by itself."""
    return render_template("pages/change_part.html", **_opened(change_id))


@pages.post("/ap-dung")
@allowed(Act.TEACH)
def apply(change_id: int) -> ResponseReturnValue:
    edition = edition_mark(shelf().newest())
    stale = False
    try:
        with database().transaction() as writing:
            row = _found(writing.get(LearnedChange, change_id))
            if row.result and row.replay == ReplayState.DONE and row.result.get("edition") != edition:
                learning.replay_again(writing, change_id, version=number("version"))
                stale = True
            else:
                learning.apply(
                    writing,
                    change_id,
                    version=number("version"),
                    worse_seen=request.form.get("seen") == "1",
                    officer_id=officer().id,
                    now=now(),
                )
    except MoveRefused as refused:
        return _page(change_id, fault=str(refused), code=409)
    if stale:
        desk().wake(Kind.REPLAYS, "")
        fault = _(
            "Danh mục đã thay đổi sau lần chạy thử, nên hệ thống đang chạy thử lại. Mời xem kết quả mới rồi áp dụng."
        )
        return _page(change_id, fault=fault, code=409)
    shelf().newest()
    flash(_("Đã áp dụng. Bot dùng ngay thay đổi này; có thể hoàn tác bất cứ lúc nào."), "good")
    return redirect(url_for("changes.show", change_id=change_id))


@pages.post("/bo")
@allowed(Act.TEACH)
def drop(change_id: int) -> ResponseReturnValue:
    try:
        with database().transaction() as writing:
            _found(writing.get(LearnedChange, change_id))
            learning.drop(writing, change_id, version=number("version"), officer_id=officer().id, now=now())
    except MoveRefused as refused:
        return _page(change_id, fault=str(refused), code=409)
    flash(_("Đã bỏ đề xuất. Các câu hỏi trở lại danh sách."), "good")
    return redirect(url_for("learning.listing"))


@pages.post("/chay-lai")
@allowed(Act.TEACH)
def again(change_id: int) -> ResponseReturnValue:
    try:
        with database().transaction() as writing:
            _found(writing.get(LearnedChange, change_id))
            learning.replay_again(writing, change_id, version=number("version"))
    except MoveRefused as refused:
        return _page(change_id, fault=str(refused), code=409)
    desk().wake(Kind.REPLAYS, "")
    return redirect(url_for("changes.show", change_id=change_id))


@pages.post("/hoan-tac")
@allowed(Act.TEACH)
def undo(change_id: int) -> ResponseReturnValue:
    reason = typed("reason")
    if fault := length_fault(reason, most=REASON_MAX, what="lý do hoàn tác"):
        return _page(change_id, fault=fault, code=422)
    try:
        with database().transaction() as writing:
            _found(writing.get(LearnedChange, change_id))
            learning.undo(
                writing,
                change_id,
                version=number("version"),
                reason=reason,
                officer_id=officer().id,
                now=now(),
            )
    except MoveRefused as refused:
        return _page(change_id, fault=str(refused), code=409)
    shelf().newest()
    flash(_("Đã hoàn tác. Bot trả lời như trước khi có thay đổi này."), "good")
    return redirect(url_for("changes.show", change_id=change_id))


def _found(row: LearnedChange | None) -> LearnedChange:
    if row is None:
        abort(404)
    return row


def _page(change_id: int, *, fault: str | None = None, code: int = 200) -> ResponseReturnValue:
    return render_template("pages/change.html", **_opened(change_id), fault=fault), code


def _opened(change_id: int) -> dict[str, Any]:
    with database().reading() as reading:
        line = learning.change(reading, change_id)
        if line is None:
            abort(404)
        questions = learning.questions_of(reading, change_id)
    row = line.row
    known = shelf().current()
    counts = (row.result or {}).get("counts", {})
    return {
        "line": line,
        "row": row,
        "target": known.name_of(row.target or "") or (row.topic or {}).get("topic") or row.target,
        "is_record": (row.target or "") in known.procedures,
        "questions": questions,
        "messages": preview.messages_of_topic(row.topic) if row.topic else [],
        "flips": [(flip, FLIP_LABELS[flip], counts[flip]) for flip in Flip if counts.get(flip)],
        "worse": [flip for flip in Flip if flip in WORSE and counts.get(flip)],
        "worse_flips": WORSE,
        "own_labels": OWN_LABELS,
        "running": row.replay in {ReplayState.WAITING, ReplayState.RUNNING} and row.state == "proposed",
        "reason_max": REASON_MAX,
        **words(),
    }
