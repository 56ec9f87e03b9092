"""The end of a shift: the sheet being written, the ones that are kept, taking one over."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.access import allowed, officer
from console.desk import database, now
from console.filters import number as written
from console.forms import typed
from console.language import translated
from data import handovers, tips
from domain.errors import MoveRefused
from domain.roles import Act

pages = Blueprint("shifts", __name__, url_prefix="/ban-giao")


@pages.get("")
@allowed(Act.WORK_TIPS)
def current() -> ResponseReturnValue:
    """What would be handed over now, and the sheets of this desk that are kept."""
    return _current()


def _current(*, fault: str | None = None, note: str = "", code: int = 200) -> ResponseReturnValue:
    me = officer()
    with database().reading() as reading:
        sheet = handovers.draft(
            reading,
            officer_id=me.id,
            officer_name=me.name,
            unit_id=me.unit_id,
            unit_ids=me.unit_ids,
            now=now(),
        )
        looked_through = me.unit_ids == ()
        kept = [] if looked_through else handovers.listed(reading, unit_id=me.unit_id)
        waits = (
            None
            if looked_through
            else handovers.waiting(reading, officer_id=me.id, unit_id=me.unit_id, now=now())
        )
    return render_template(
        "pages/shift_current.html",
        sheet=sheet,
        kept=kept,
        waits=waits,
        listed=handovers.LISTED,
        note_max=handovers.NOTE_MAX,
        fault=fault,
        note=note,
    ), code


@pages.post("")
@allowed(Act.WORK_TIPS)
def hand_over() -> ResponseReturnValue:
    """Keep the sheet as it stands at this moment, with the note."""
    me, note = officer(), typed("note")
    if len(note) > handovers.NOTE_MAX:
        over = _(
            "Ghi chú dài hơn mức cho phép %(count)s ký tự. Mời rút gọn.",
            count=written(len(note) - handovers.NOTE_MAX),
        )
        return _current(fault=over, note=note, code=422)
    with database().transaction() as writing:
        sheet = handovers.draft(
            writing,
            officer_id=me.id,
            officer_name=me.name,
            unit_id=me.unit_id,
            unit_ids=me.unit_ids,
            now=now(),
        )
        number = handovers.hand_over(writing, sheet, note=note, now=now())
    flash(_("Đã lưu sổ bàn giao. Đồng chí nhận ca thấy sổ này ngay ở trang chính."), "good")
    return redirect(url_for("shifts.show", sheet_id=number))


@pages.get("/<int:sheet_id>")
@allowed(Act.WORK_TIPS)
def show(sheet_id: int) -> ResponseReturnValue:
    me = officer()
    with database().reading() as reading:
        sheet = handovers.read(reading, sheet_id, unit_id=me.unit_id, unit_ids=me.unit_ids)
        if sheet is None or me.unit_ids == ():
            abort(404)
        desk_name = tips.unit_name(reading, sheet.unit_id)
    return render_template(
        "pages/shift_sheet.html", sheet=sheet, listed=handovers.LISTED, desk_name=desk_name
    )


@pages.post("/<int:sheet_id>/nhan-ca")
@allowed(Act.WORK_TIPS)
def take_over(sheet_id: int) -> ResponseReturnValue:
    """One press: the sheet and the tips its writer had open are the next officer's."""
    me = officer()
    with database().reading() as reading:
        if handovers.read(reading, sheet_id, unit_id=me.unit_id, unit_ids=me.unit_ids) is None:
            abort(404)
    try:
        with database().transaction() as writing:
            moved = handovers.take_over(writing, sheet_id, officer_id=me.id, unit_id=me.unit_id, now=now())
    except MoveRefused as refused:
        flash(translated(refused), "warn")
    else:
        flash(
            _("Đã nhận ca, cùng %(count)s tin đang xử lý dở.", count=written(moved))
            if moved
            else _("Đã nhận ca."),
            "good",
        )
    home = request.form.get("back") == "home"
    return redirect(url_for("home.show") if home else url_for("shifts.show", sheet_id=sheet_id))
