"""A month of tips in numbers, small ones protected; the cases behind each; the same as an Excel file.

Months only: two periods that overlap could be taken from each other until a hidden number remains.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, lazy_pgettext
from sqlalchemy.orm import Session

from console.access import allowed, may, officer
from console.desk import database, now
from console.filters import kind_label
from console.language import translated
from console.months import month_of_address, year_up_to
from console.plots import Bar, Columns, Row, Series, bars, columns
from console.statistic_sheets import workbook
from data import answering_times, audit, tip_statistics
from data.tip_queue import EVERY_UNIT
from data.tip_rules import shipped
from data.tip_statistics import Cell, Figures
from domain.broadcasts import VIETNAM
from domain.roles import Act
from domain.said import Said
from domain.small_numbers import K, protected, protected_total

pages = Blueprint("tip_statistics", __name__)

UNSORTED = "-"
"""In an address: tips without a kind."""
WHOLE = Cell()
"""The total: every tip of the month."""
WEEKDAYS = (
    lazy_gettext("Thứ Hai"),
    lazy_gettext("Thứ Ba"),
    lazy_gettext("Thứ Tư"),
    lazy_gettext("Thứ Năm"),
    lazy_gettext("Thứ Sáu"),
    lazy_gettext("Thứ Bảy"),
    lazy_gettext("Chủ Nhật"),
)
STATISTIC_PAGES = (
    ("tip_statistics.show", lazy_gettext("Tin báo"), Act.SEE_STATISTICS),
    ("tip_map.show", lazy_gettext("Bản đồ"), Act.SEE_TIPS),
    ("time_statistics.answering", lazy_gettext("Thời gian xử lý"), Act.SEE_STATISTICS),
    ("time_statistics.questions", lazy_pgettext("several", "Câu hỏi"), Act.SEE_STATISTICS),
    ("time_statistics.sendings", lazy_gettext("Tuyên truyền"), Act.SEE_BROADCASTS),
)


@pages.app_template_global()
def statistic_pages() -> list[tuple[str, Any]]:
    """The parts of the statistics this officer may open."""
    return [(endpoint, label) for endpoint, label, act in STATISTIC_PAGES if may(act)]


@pages.get("/thong-ke-tin-bao")
@allowed(Act.SEE_STATISTICS)
def show() -> ResponseReturnValue:
    since, until = month_of_address()
    reach = officer().unit_ids
    year = year_up_to(since)
    with database().reading() as reading:
        found = tip_statistics.figures(reading, unit_ids=reach, since=since, until=until)
        months = tip_statistics.by_month(reading, unit_ids=reach, begins=year)
        names = unit_names(reading, found)
    month = month_text(since)
    shown = shown_figures(found, names)
    return render_template(
        "pages/tip_statistics.html",
        total=protected_total(found.kinds),
        total_link=_address({"thang": month}),
        kinds=_linked(shown["kinds"], "loai", month),
        units=_linked(shown["units"], "don-vi", month) if _several(reach) else [],
        hours=_hours(shown["hours"]),
        hour_links=_links(shown["hours"], "gio", month),
        weekdays=_weekdays(shown["weekdays"]),
        weekday_links=_links(shown["weekdays"], "thu", month),
        year=_year(year, months),
        year_links={f"{one:%m/%Y}": url_for(".show", thang=month_text(one)) for one in year[:-1]},
        k=K,
        month=month,
        whose=whose(),
        since=since,
    )


@pages.get("/thong-ke-tin-bao/tin")
@allowed(Act.SEE_STATISTICS)
def cases() -> ResponseReturnValue:
    """The tips behind one figure or the total, as far as this officer may see them; none behind a hidden one."""
    since, until = month_of_address()
    me = officer()
    cell = _cell_of_address()
    before = request.args.get("truoc", "")
    with database().reading() as reading:
        found = tip_statistics.figures(reading, unit_ids=me.unit_ids, since=since, until=until)
        names = unit_names(reading, found)
        if _count_of(cell, found, names) is None:
            abort(404)
        lines, next_id = tip_statistics.cases(
            reading,
            cell,
            unit_ids=me.unit_ids,
            since=since,
            until=until,
            before_id=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None,
        )
    return render_template(
        "pages/tip_cases.html",
        lines=lines,
        next=_address({**request.args.to_dict(), "truoc": next_id}) if next_id else None,
        words=_cell_words(cell, names),
        month=month_text(since),
        since=since,
    )


@pages.get("/thong-ke-tin-bao.xlsx")
@allowed(Act.SEE_STATISTICS, fresh=True)
def export() -> ResponseReturnValue:
    """What the page shows, hidden numbers hidden, with the filter and the moment on the first sheet; audited."""
    since, until = month_of_address()
    me = officer()
    year = year_up_to(since)
    with database().transaction() as writing:
        found = tip_statistics.figures(writing, unit_ids=me.unit_ids, since=since, until=until)
        months = tip_statistics.by_month(writing, unit_ids=me.unit_ids, begins=year)
        waited = answering_times.waited(writing, unit_ids=me.unit_ids, since=since, until=until)
        names = unit_names(writing, found)
        audit.record(
            writing,
            officer_id=me.id,
            action="statistics.export",
            subject=f"officer:{me.id}",
            before=None,
            after={"month": month_text(since)},
            now=now(),
        )
    return workbook(
        month=month_text(since),
        whose=whose(),
        by=me.name,
        at=now(),
        total=protected_total(found.kinds),
        shown=shown_figures(found, names),
        year=[(f"{one:%m/%Y}", hidden_month(count)) for one, count in zip(year, months, strict=False)],
        waited=waited,
    )


# ---- what is shown ------------------------------------------------------------------------------------------------

Shown = dict[str, list[tuple[Any, str, int | None]]]
"""Part → (key, label, count or None)."""


def shown_figures(found: Figures, names: Mapping[str, str]) -> Shown:
    """The same for the page, the file and the map."""
    kinds, units = protected(found.kinds), protected(found.units)
    hours = protected({hour: found.hours[hour] for hour in range(24)})
    days = protected({day: found.weekdays[day] for day in range(7)})
    return {
        "kinds": sorted(((key, kind_label(key), kinds[key]) for key in kinds), key=_most_first),
        "units": sorted(((key, names.get(key, key), units[key]) for key in units), key=_most_first),
        "hours": [(hour, _("%(hour)02d giờ", hour=hour), hours[hour]) for hour in range(24)],
        "weekdays": [(day, str(WEEKDAYS[day]), days[day]) for day in range(7)],
    }


def unit_names(session: Session, found: Figures) -> dict[str, str]:
    """Names stay as they are; what we say of a unit that is no more is in the reader's language."""
    names = tip_statistics.unit_names(session, found)
    return {unit_id: translated(name) if isinstance(name, Said) else name for unit_id, name in names.items()}


def _most_first(line: tuple[Any, str, int | None]) -> tuple[int, str]:
    """Hidden ones last and by name: their order would tell."""
    return (-(line[2] or 0), line[1])


def hidden_month(count: int) -> int | None:
    """Months have no total to be taken from: each is hidden for itself alone."""
    return None if 0 < count < K else count


def _several(reach: tuple[str, ...] | None) -> bool:
    """More than one unit in reach?"""
    return reach is None or reach == EVERY_UNIT or len(reach) > 1


def whose() -> str:
    """Of whom the figures are: a unit, or everybody."""
    me = officer()
    return me.unit_name if me.unit_id is not None else _("Toàn tỉnh")


def month_text(first: datetime) -> str:
    return f"{first.astimezone(VIETNAM):%Y-%m}"


def _linked(lines: list[tuple[Any, str, int | None]], name: str, month: str) -> list[Bar]:
    return bars(
        [
            Row(label, count, _address({"thang": month, name: UNSORTED if key is None else key}))
            for key, label, count in lines
        ]
    )


def _address(parts: dict[str, Any]) -> str:
    return url_for(".cases", **parts)


def _links(lines: list[tuple[Any, str, int | None]], name: str, month: str) -> dict[str, str]:
    return {label: _address({"thang": month, name: key}) for key, label, count in lines if count}


def _hours(lines: list[tuple[Any, str, int | None]]) -> Columns:
    return columns(
        [label for _key, label, _count in lines],
        [Series(_("Số tin"), 1, [count for _key, _label, count in lines])],
        hidden_words=_("ít, không nêu"),
        every=4,
    )


def _weekdays(lines: list[tuple[Any, str, int | None]]) -> Columns:
    return columns(
        [label for _key, label, _count in lines],
        [Series(_("Số tin"), 1, [count for _key, _label, count in lines])],
        hidden_words=_("ít, không nêu"),
    )


def _year(begins: list[datetime], counts: list[int]) -> Columns:
    return columns(
        [f"{one:%m/%Y}" for one in begins[:-1]],
        [Series(_("Số tin"), 1, [hidden_month(count) for count in counts])],
        hidden_words=_("ít, không nêu"),
        every=2,
    )


# ---- the cases behind a figure --------------------------------------------------------------------------------------


def _cell_of_address() -> Cell:
    """What the address asks for; 404 for what no figure has. One part at most: a figure is never of two."""
    kind, unit = request.args.get("loai"), request.args.get("don-vi")
    hour, day = request.args.get("gio"), request.args.get("thu")
    if sum(part is not None for part in (kind, unit, hour, day)) > 1:
        abort(404)
    if kind is not None and kind != UNSORTED and kind not in shipped().kinds.kinds:
        abort(404)
    return Cell(
        category=None if kind == UNSORTED else kind,
        unsorted=kind == UNSORTED,
        unit_id=unit,
        hour=_below(24, hour),
        weekday=_below(7, day),
    )


def _below(most: int, text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 3 and int(text) < most):
        abort(404)
    return int(text)


def _count_of(cell: Cell, found: Figures, names: Mapping[str, str]) -> int | None:
    """The figure as it is shown; None: hidden, or there is none."""
    if cell == WHOLE:
        return protected_total(found.kinds)
    shown = shown_figures(found, names)
    if cell.hour is not None:
        part, key = "hours", cell.hour
    elif cell.weekday is not None:
        part, key = "weekdays", cell.weekday
    elif cell.unit_id is not None:
        part, key = "units", cell.unit_id  # type: ignore[assignment]
    else:
        part, key = "kinds", cell.category  # type: ignore[assignment]
    return next((count for one, _label, count in shown[part] if one == key), None)


def _cell_words(cell: Cell, names: Mapping[str, str]) -> str:
    if cell == WHOLE:
        return str(_("Tất cả tin trong tháng"))
    if cell.hour is not None:
        return str(_("đến từ %(hour)d giờ đến trước %(next)d giờ", hour=cell.hour, next=cell.hour + 1))
    if cell.weekday is not None:
        return str(_("đến vào %(day)s", day=str(WEEKDAYS[cell.weekday])))
    if cell.unit_id is not None:
        return names.get(cell.unit_id, cell.unit_id)
    return kind_label(cell.category)
