"""What goes out in the two weeks to come, day by day, and where too much comes together."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from console.access import allowed
from console.desk import database, now
from console.language import translated
from data import calendar, walls
from data.tables import GroupRow
from domain.broadcasts import VIETNAM
from domain.roles import Act
from domain.sending_times import WEEKLY_CAP, Coming, conflicts, is_quiet

pages = Blueprint("broadcast_calendar", __name__)

DAYS = 14
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


@pages.get("/tuyen-truyen/lich")
@allowed(Act.SEE_BROADCASTS)
def show() -> ResponseReturnValue:
    today = now().astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    with database().reading() as reading:
        coming = calendar.coming(reading, now=now(), until=today + timedelta(days=DAYS))
        week = walls.sent_in_week(reading, now=now())
        full = [code for code, count in week.items() if count >= WEEKLY_CAP]
        names = [row.name for code in full if (row := reading.get(GroupRow, code))]
    by_day: dict[str, list[Coming]] = {}
    for one in coming:
        by_day.setdefault(one.at.astimezone(VIETNAM).strftime("%Y-%m-%d"), []).append(one)
    days = [
        (f"{translated(WEEKDAYS[day.weekday()])}, {day:%d/%m}", by_day.get(f"{day:%Y-%m-%d}", []))
        for day in (today + timedelta(days=number) for number in range(DAYS))
    ]
    return render_template(
        "pages/broadcast_calendar.html",
        days=days,
        clashes=conflicts(coming),
        full=sorted(names),
        cap=WEEKLY_CAP,
        is_quiet=is_quiet,
    )
