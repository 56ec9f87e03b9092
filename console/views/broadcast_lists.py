"""Lists of groups that officers keep, to be chosen as an audience again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.access import allowed, officer
from console.desk import database, now, today
from console.forms import typed
from data import audiences
from data.ward_shapes import drawing
from domain.errors import MoveRefused
from domain.roles import Act

pages = Blueprint("broadcast_lists", __name__)


@pages.get("/tuyen-truyen/danh-sach")
@allowed(Act.WRITE_BROADCASTS)
def listing() -> ResponseReturnValue:
    return _page()


@pages.post("/tuyen-truyen/danh-sach")
@allowed(Act.WRITE_BROADCASTS)
def keep() -> ResponseReturnValue:
    """A new list, or another content for one of the same number."""
    number = request.form.get("list", "")
    try:
        with database().transaction() as writing:
            audiences.keep_list(
                writing,
                list_id=int(number) if number.isascii() and number.isdigit() else None,
                name=typed("name"),
                codes=request.form.getlist("groups"),
                officer_id=officer().id,
                now=now(),
            )
    except MoveRefused as refused:
        return _page(fault=str(refused), code=409)
    except ValueError as refused:
        return _page(fault=str(refused), code=422)
    flash(_("Đã lưu danh sách."), "good")
    return redirect(url_for("broadcast_lists.listing"))


@pages.post("/tuyen-truyen/danh-sach/<int:list_id>/xoa")
@allowed(Act.WRITE_BROADCASTS)
def drop(list_id: int) -> ResponseReturnValue:
    try:
        with database().transaction() as writing:
            audiences.drop_list(writing, list_id, officer_id=officer().id, now=now())
    except MoveRefused as refused:
        return _page(fault=str(refused), code=409)
    flash(_("Đã xóa danh sách. Tin đã duyệt vẫn giữ các nhóm của mình."), "good")
    return redirect(url_for("broadcast_lists.listing"))


def _page(*, fault: str | None = None, code: int = 200) -> ResponseReturnValue:
    opened = request.args.get("mo", "")
    with database().reading() as reading:
        lists = audiences.lists(reading)
        groups = audiences.choosable(reading, on=today())
    chosen = next((one for one in lists if str(one.id) == opened), None)
    return render_template(
        "pages/broadcast_lists.html",
        lists=lists,
        chosen=chosen,
        name=typed("name") or (chosen.name if chosen else ""),
        codes=set(request.form.getlist("groups") or (chosen.codes if chosen else ())),
        groups=groups,
        fault=fault,
        name_max=audiences.LIST_NAME_MAX,
        drawing=drawing(),
    ), code
