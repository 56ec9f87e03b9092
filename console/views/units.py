"""Units with their days, and the wizard by which units become another one."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from console.access import allowed, may, officer
from console.desk import database, now, today
from console.forms import asked, typed
from data import group_registry, unit_changes, units
from data.tables import Officer, UnitChange
from data.unit_changes import BadChange
from domain.errors import MoveRefused
from domain.roles import Act
from domain.unit_changes import KINDS, STATE_LABELS, ChangeState, NewUnit
from domain.vietnamese import fold

pages = Blueprint("units", __name__)

TONES = {
    ChangeState.PROPOSED: "gold",
    ChangeState.AGREED: "blue",
    ChangeState.APPLIED: "green",
    ChangeState.UNDONE: "gray",
    ChangeState.DROPPED: "gray",
}
VIEWS = ("hom-nay", "da-het", "tat-ca")


@pages.get("/don-vi")
@allowed(Act.MANAGE_UNITS, Act.CHECK_UNITS)
def listing() -> ResponseReturnValue:
    words, view = asked("q"), request.args.get("xem", "hom-nay")
    view = view if view in VIEWS else "hom-nay"
    with database().reading() as reading:
        lines = units.listed(reading, words=words, standing=view)
        changes = list(reading.scalars(select(UnitChange).order_by(UnitChange.id.desc()).limit(20)))
        names = units.names(reading, {one for row in changes for one in (*row.old_ids, row.new_id)})
    return render_template(
        "pages/units.html",
        lines=lines,
        changes=[_change(row, names) for row in changes],
        q=words,
        view=view,
        manages=may(Act.MANAGE_UNITS),
    )


@pages.get("/don-vi/sap-xep")
@allowed(Act.MANAGE_UNITS)
def form() -> ResponseReturnValue:
    return _form({"old_ids": request.args.getlist("don-vi"), "kind": "phường"})


@pages.post("/don-vi/sap-xep")
@allowed(Act.MANAGE_UNITS)
def propose() -> ResponseReturnValue:
    """Write it down for the second look; nothing moves yet."""
    given: dict[str, Any] = {
        "old_ids": request.form.getlist("old_ids"),
        "into": request.form.get("into", "new"),
        "existing_id": request.form.get("existing_id", ""),
        "code": typed("code"),
        "kind": request.form.get("kind", ""),
        "short_name": typed("short_name"),
        "since": request.form.get("since", ""),
        "basis": typed("basis"),
    }
    existing = given["existing_id"] if given["into"] == "existing" else None
    try:
        since = date.fromisoformat(given["since"])
    except ValueError:
        return _form(given, faults=[_("Mời chọn ngày có hiệu lực.")], code=422)
    if given["into"] == "existing" and not existing:
        return _form(given, faults=[_("Mời chọn đơn vị nhận.")], code=422)
    try:
        with database().transaction() as writing:
            row = unit_changes.propose(
                writing,
                old_ids=given["old_ids"],
                existing_id=existing,
                new=NewUnit(given["code"], given["kind"], given["short_name"]),
                since=since,
                basis=given["basis"],
                officer_id=officer().id,
                now=now(),
            )
            change_id = row.id
    except BadChange as refused:
        return _form(given, faults=refused.faults, code=422)
    flash(_("Đã lập. Mời một đồng chí khác xem và xác nhận; từ nay đến lúc đó chưa có gì thay đổi."), "good")
    return redirect(url_for("units.show", unit_change_id=change_id))


@pages.get("/don-vi/sap-xep/<int:unit_change_id>")
@allowed(Act.MANAGE_UNITS, Act.CHECK_UNITS)
def show(unit_change_id: int) -> ResponseReturnValue:
    return _page(unit_change_id)


@pages.post("/don-vi/sap-xep/<int:unit_change_id>/xac-nhan")
@allowed(Act.CHECK_UNITS, fresh=True)
def agree(unit_change_id: int) -> ResponseReturnValue:
    """The second look; when its day is here already it holds at once.

    An inspector of one ward has no second look at what changes in others.
    """
    if not _may_check():
        abort(403)
    try:
        with database().transaction() as writing:
            row = unit_changes.agree(writing, unit_change_id, officer_id=officer().id, now=now())
            moved = None
            if row.since <= today():
                moved = unit_changes.apply(writing, unit_change_id, officer_id=officer().id, now=now())
    except MoveRefused as refused:
        return _page(unit_change_id, fault=str(refused), code=409)
    if moved is None:
        flash(_("Đã xác nhận. Đến ngày có hiệu lực hệ thống tự áp dụng."), "good")
    else:
        flash(_("Đã xác nhận và áp dụng; %(count)d mục đã theo sang đơn vị mới.", count=moved), "good")
    return redirect(url_for("units.show", unit_change_id=unit_change_id))


@pages.post("/don-vi/sap-xep/<int:unit_change_id>/ap-dung")
@allowed(Act.MANAGE_UNITS, fresh=True)
def apply(unit_change_id: int) -> ResponseReturnValue:
    """For one whose day has come and whose hindrance is out of the way."""
    try:
        with database().transaction() as writing:
            moved = unit_changes.apply(writing, unit_change_id, officer_id=officer().id, now=now())
    except MoveRefused as refused:
        return _page(unit_change_id, fault=str(refused), code=409)
    flash(_("Đã áp dụng; %(count)d mục đã theo sang đơn vị mới.", count=moved), "good")
    return redirect(url_for("units.show", unit_change_id=unit_change_id))


@pages.post("/don-vi/sap-xep/<int:unit_change_id>/bo")
@allowed(Act.MANAGE_UNITS)
def drop(unit_change_id: int) -> ResponseReturnValue:
    try:
        with database().transaction() as writing:
            unit_changes.drop(writing, unit_change_id, officer_id=officer().id, now=now())
    except MoveRefused as refused:
        return _page(unit_change_id, fault=str(refused), code=409)
    flash(_("Đã bỏ việc sắp xếp. Không có gì thay đổi."), "good")
    return redirect(url_for("units.listing"))


@pages.post("/don-vi/sap-xep/<int:unit_change_id>/hoan-tac")
@allowed(Act.MANAGE_UNITS, fresh=True)
def undo(unit_change_id: int) -> ResponseReturnValue:
    try:
        with database().transaction() as writing:
            back, away = unit_changes.undo(writing, unit_change_id, officer_id=officer().id, now=now())
    except MoveRefused as refused:
        return _page(unit_change_id, fault=str(refused), code=409)
    words = _("Đã hoàn tác; %(count)d mục đã trở về đơn vị cũ.", count=back)
    if away:
        words += " " + _("%(count)d mục đã được chuyển nơi khác từ trước nên giữ nguyên.", count=away)
    flash(words, "good")
    return redirect(url_for("units.show", unit_change_id=unit_change_id))


# ---- pages --------------------------------------------------------------------------------------------------------


def _form(given: dict[str, Any], *, faults: list[str] | None = None, code: int = 200) -> ResponseReturnValue:
    with database().reading() as reading:
        communes = units.communes_of_today(reading)
    return render_template(
        "pages/unit_change_form.html",
        communes=[(one.id, one.name, fold(one.name)) for one in communes],
        given=given,
        kinds=KINDS,
        faults=faults or [],
    ), code


def _page(unit_change_id: int, *, fault: str | None = None, code: int = 200) -> ResponseReturnValue:
    me = officer()
    with database().reading() as reading:
        row = reading.get(UnitChange, unit_change_id)
        if row is None:
            abort(404)
        names = units.names(reading, {*row.old_ids, row.new_id})
        state = ChangeState(row.state)
        coming = state in {ChangeState.PROPOSED, ChangeState.AGREED}
        given = {
            "change": _change(row, names),
            "row": row,
            "going": unit_changes.going(reading, row.old_ids) if coming else [],
            "groups_outside": group_registry.outside(reading, row.old_ids, on=row.since) if coming else [],
            "moved": [] if coming else unit_changes.moved_rows(reading, row.id),
            "against": unit_changes.contradictions(reading, row) if state is ChangeState.APPLIED else [],
            "people": {
                one: reading.get(Officer, one)
                for one in (row.author_id, row.checked_by, row.undone_by)
                if one is not None
            },
        }
    return render_template(
        "pages/unit_change.html",
        **given,
        state=state,
        old_names=[(one, names.get(one, one)) for one in row.old_ids],
        may_check=_may_check() and row.author_id != me.id,
        manages=me.may(Act.MANAGE_UNITS),
        is_due=row.since <= today(),
        fault=fault,
    ), code


def _change(row: UnitChange, names: dict[str, str]) -> dict[str, Any]:
    state = ChangeState(row.state)
    new = row.new_unit["name"] if row.new_unit else names.get(row.new_id, row.new_id)
    return {
        "id": row.id,
        "words": _(
            "%(old)s thành %(new)s từ ngày %(day)s",
            old=_all_of([names.get(one, one) for one in row.old_ids]),
            new=new,
            day=f"{row.since:%d/%m/%Y}",
        ),
        "new": new,
        "state": state,
        "label": STATE_LABELS[state],
        "tone": TONES[state],
        "fault": row.fault,
    }


def _all_of(names: list[str]) -> str:
    """“A, B và C”."""
    return (
        _("%(first)s và %(last)s", first=", ".join(names[:-1]), last=names[-1])
        if names[1:]
        else "".join(names)
    )


def _may_check() -> bool:
    return may(Act.CHECK_UNITS) and (may(Act.MANAGE_UNITS) or officer().unit_id is None)
