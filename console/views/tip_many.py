"""One act on the tips ticked in the queue, and its undo."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from console.access import allowed, may, officer
from console.desk import database, now
from console.filters import number as written
from console.forms import length_fault, number, typed
from console.language import translated
from console.sought import sought_now
from console.views.tips import REASON_MAX
from data import tip_many
from data.tip_many import MOST, Came, Chosen, Many
from domain.errors import MoveRefused, NotAllowed
from domain.roles import Act

pages = Blueprint("tip_many", __name__, url_prefix="/tin-bao/nhieu-tin")

UNDO = "hoan-tac"
"""In the session: the act that this officer may still take back."""
SHOWN = 3
"""Refusals named one by one; the rest is counted."""


@pages.post("")
@allowed(Act.WORK_TIPS)
def act() -> ResponseReturnValue:
    """Take, call spam or hand over every ticked tip that allows it; say what came of each kind."""
    back = redirect(sought_now().address())
    if request.form.get("do") not in set(Many):
        abort(400)
    many, me, words = Many(request.form["do"]), officer(), typed("words")
    if many is Many.HAND_OVER and not may(Act.HAND_OVER):
        raise NotAllowed("hand over many tips")
    chosen = _chosen()
    fault = None if chosen else _("Mời đánh dấu ít nhất một tin trong danh sách.")
    if fault is None and many is not Many.TAKE:
        fault = length_fault(words, most=REASON_MAX, what="lý do")
    if fault is None and many is Many.HAND_OVER and not request.form.get("to_unit"):
        fault = _("Mời chọn đơn vị nhận.")
    if fault is not None:
        flash(fault, "warn")
        return back
    with database().transaction() as writing:
        tip_many.forget_old(writing, now=now())
        came = tip_many.act_on_many(
            writing,
            chosen,
            many,
            unit_ids=me.unit_ids,
            officer_id=me.id,
            now=now(),
            words=words,
            to_unit=request.form.get("to_unit", ""),
            as_head=may(Act.HAND_OVER),
        )
    session[UNDO] = came.undo_id
    _say(came, many)
    return back


@pages.post("/hoan-tac")
@allowed(Act.WORK_TIPS)
def undo() -> ResponseReturnValue:
    try:
        with database().transaction() as writing:
            came = tip_many.undo(writing, number("act"), officer_id=officer().id, now=now())
    except MoveRefused as refused:
        flash(translated(refused), "warn")
    else:
        _say(came, None)
    session.pop(UNDO, None)
    return redirect(sought_now().address() if request.args else url_for("tips.queue"))


def _chosen() -> list[Chosen]:
    """The ticked rows, as “number.version”; an odd one is no row."""
    found = []
    for text in request.form.getlist("tip")[:MOST]:
        tip_id, _dot, version = text.partition(".")
        if (
            tip_id.isascii()
            and tip_id.isdigit()
            and version.isascii()
            and version.isdigit()
            and len(text) < 20
        ):
            found.append(Chosen(int(tip_id), int(version)))
    return found


def _say(came: Came, many: Many | None) -> None:
    if came.done:
        flash(_done(many, came.done), "good")
    for code, why in came.refused[:SHOWN]:
        flash(f"{code}: {translated(why)}", "warn")
    if len(came.refused) > SHOWN:
        flash(_("Còn %(count)s tin khác chưa làm được.", count=written(len(came.refused) - SHOWN)), "warn")
    if not came.done and not came.refused:
        flash(_("Không có tin nào được thay đổi."), "warn")


def _done(many: Many | None, tips_done: int) -> str:
    """What became of so many tips; `many` is None for taking the last act back."""
    count = written(tips_done)
    match many:
        case Many.TAKE:
            return str(
                ngettext("Đã tiếp nhận %(count)s tin.", "Đã tiếp nhận %(count)s tin.", tips_done, count=count)
            )
        case Many.SPAM:
            return str(
                ngettext(
                    "Đã chuyển vào tin rác %(count)s tin.",
                    "Đã chuyển vào tin rác %(count)s tin.",
                    tips_done,
                    count=count,
                )
            )
        case Many.HAND_OVER:
            return str(
                ngettext("Đã chuyển %(count)s tin.", "Đã chuyển %(count)s tin.", tips_done, count=count)
            )
        case None:
            return str(
                ngettext("Đã hoàn tác %(count)s tin.", "Đã hoàn tác %(count)s tin.", tips_done, count=count)
            )
