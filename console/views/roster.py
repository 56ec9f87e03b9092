"""Who is on duty: a unit's week, kept by its head, read by its officers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.access import allowed, may, officer
from console.desk import database, now, today
from console.forms import number
from console.language import translated
from console.views.broadcast_calendar import WEEKDAYS
from data import on_duty, shifts, tips
from domain.broadcasts import VIETNAM
from domain.errors import MoveRefused
from domain.roles import Act
from domain.shifts import USUAL, WEEK, Shift, gaps, in_words, monday_of, span, week_from

pages = Blueprint("roster", __name__)

YEARS = range(2020, 2101)
OTHER = "other"


@pages.get("/lich-truc")
@allowed(Act.SEE_ROSTER)
def show() -> ResponseReturnValue:
    return _page(_monday(request.args.get("tuan", "")))


@pages.post("/lich-truc")
@allowed(Act.KEEP_ROSTER)
def add() -> ResponseReturnValue:
    """Put one officer on duty on the chosen days of the week."""
    monday = _monday(request.form.get("tuan", ""))
    given = _given()
    fault = None
    try:
        spans = _spans(monday, given)
        with database().transaction() as writing:
            count = shifts.add(
                writing,
                unit_id=officer().unit_id,
                officer_id=number("officer"),
                spans=spans,
                by=officer().id,
                now=now(),
            )
    except MoveRefused as refused:
        fault = str(refused)
    if fault:
        return _page(monday, fault=fault, given=given, code=422)
    flash(_("Đã xếp %(count)d ca trực.", count=count), "good")
    return _back(monday)


@pages.post("/lich-truc/<int:shift_id>/xoa")
@allowed(Act.KEEP_ROSTER)
def remove(shift_id: int) -> ResponseReturnValue:
    monday = _monday(request.form.get("tuan", ""))
    try:
        with database().transaction() as writing:
            gone = shifts.remove(writing, shift_id, unit_id=officer().unit_id, by=officer().id, now=now())
    except MoveRefused as refused:
        return _page(monday, fault=str(refused), code=409)
    if gone is None:
        abort(404)
    when = in_words(gone.starts_at, gone.ends_at)
    flash(_("Đã bỏ ca %(when)s của %(name)s.", when=when, name=gone.officer), "good")
    return _back(monday)


@pages.post("/lich-truc/chep-tuan-truoc")
@allowed(Act.KEEP_ROSTER)
def copy() -> ResponseReturnValue:
    monday = _monday(request.form.get("tuan", ""))
    with database().transaction() as writing:
        written, left_out = shifts.copy_last_week(
            writing, unit_id=officer().unit_id, monday=monday, by=officer().id, now=now()
        )
    if written:
        said = _("Đã chép %(count)d ca từ tuần trước.", count=written)
        if left_out:
            said += " " + _(
                "Bỏ qua %(count)d ca đã có, đã qua hoặc của cán bộ không còn ở đơn vị.", count=left_out
            )
        flash(said, "good")
    else:
        flash(_("Không có ca nào của tuần trước để chép thêm."), "good")
    return _back(monday)


# ---- what was typed ---------------------------------------------------------------------------------------


def _monday(text: str) -> date:
    """The Monday of the week that holds this day; anything odd means this week."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return monday_of(today())
    return monday_of(day if day.year in YEARS else today())


def _given() -> dict[str, Any]:
    return {
        "officer": number("officer"),
        "days": request.form.getlist("days"),
        "shift": request.form.get("shift", "day"),
        "starts": request.form.get("starts", "")[:5],
        "ends": request.form.get("ends", "")[:5],
    }


def _spans(monday: date, given: dict[str, Any]) -> list[tuple[datetime, datetime]]:
    """The shifts that were asked for; MoveRefused says what is missing."""
    days = [day for day in _days(monday) if day.isoformat() in given["days"]]
    if not days:
        raise MoveRefused(_("Mời chọn ít nhất một ngày trong tuần."))
    if given["shift"] in USUAL:
        _label, starts, ends = USUAL[given["shift"]]
    else:
        try:
            starts, ends = time.fromisoformat(given["starts"]), time.fromisoformat(given["ends"])
        except ValueError:
            raise MoveRefused(_("Mời nhập giờ bắt đầu và giờ kết thúc của ca.")) from None
    return [span(day, starts, ends) for day in days]


def _days(monday: date) -> list[date]:
    return [monday + timedelta(days=number_of) for number_of in range(7)]


# ---- the page ---------------------------------------------------------------------------------------------


def _page(
    monday: date, *, fault: str | None = None, given: dict[str, Any] | None = None, code: int = 200
) -> ResponseReturnValue:
    unit_id = officer().unit_id
    with database().reading() as reading:
        kept = shifts.week(reading, unit_id, monday)
        has_roster = on_duty.has_roster(reading, unit_id, now=now())
        there = list(on_duty.names(reading, unit_id, now=now()).values())
        people = shifts.officers_of(reading, unit_id) if may(Act.KEEP_ROSTER) else []
        unit = tips.unit_name(reading, unit_id)
    return render_template(
        "pages/roster.html",
        unit=unit,
        monday=monday,
        this_week=monday == monday_of(today()),
        before=(monday - WEEK).isoformat(),
        after=(monday + WEEK).isoformat(),
        days=[_day(day, kept) for day in _days(monday)],
        has_shifts=bool(kept),
        has_roster=has_roster,
        there=there,
        people=people,
        keeps=may(Act.KEEP_ROSTER),
        usual=USUAL,
        other=OTHER,
        fault=fault,
        given=given or {"days": [], "shift": "day"},
        at=now(),
    ), code


def _day(day: date, kept: Sequence[Shift]) -> dict[str, Any]:
    """One column: the shifts that begin on this day, and when nobody is there."""
    begin, _end = week_from(day)
    end = begin + timedelta(days=1)
    free = gaps(kept, max(begin, now()), end) if end > now() else []
    return {
        "date": day,
        "name": f"{translated(WEEKDAYS[day.weekday()])}, {day:%d/%m}",
        "short": f"{translated(WEEKDAYS[day.weekday()])} {day:%d/%m}",
        "is_today": day == today(),
        "over": end <= now(),
        "shifts": [(one, _times(one)) for one in kept if one.starts_at.astimezone(VIETNAM).date() == day],
        "gaps": [_clock(start, until) for start, until in free] if kept else [],
    }


def _times(shift: Shift) -> str:
    begin, end = shift.starts_at.astimezone(VIETNAM), shift.ends_at.astimezone(VIETNAM)
    said = f"{begin:%H:%M}–{end:%H:%M}"
    return said if begin.date() == end.date() else _("%(times)s hôm sau", times=said)


def _clock(start: datetime, until: datetime) -> str:
    """“19:00–24:00” of one day."""
    begin, end = start.astimezone(VIETNAM), until.astimezone(VIETNAM)
    return f"{begin:%H:%M}–{'24:00' if end.date() > begin.date() else f'{end:%H:%M}'}"


def _back(monday: date) -> ResponseReturnValue:
    return redirect(url_for("roster.show", tuan=monday.isoformat()))
