"""The map of a month: wards by shade, circles or squares, with the numbers of the statistics beside it.

It is drawn by the server from our own polygons: no tiles, no foreign map, no network. Colours: ColorBrewer YlGnBu
(five classes, colour-blind safe); what is too few is hatched, so that it is told from nothing without any colour.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from console.access import allowed, may, officer
from console.desk import database
from console.filters import number
from console.months import month_of_address
from console.views.tip_statistics import month_text, shown_figures, unit_names, whose
from data import tip_map, tip_statistics
from data.ward_shapes import WIDTH, Drawing, closer, drawing
from domain.heat import GRID_FROM, breaks, shade
from domain.roles import Act
from domain.small_numbers import K

pages = Blueprint("tip_map", __name__)

SQUARE_OF_PROVINCE_M, SQUARE_OF_WARD_M = 3000.0, 500.0
LOOKS = {
    "mau": lazy_gettext("Tô màu"),
    "cum": lazy_gettext("Cụm"),
    "luoi": lazy_gettext("Lưới ô"),
}
CIRCLE_LEAST, CIRCLE_MOST = 13.0, 34.0
"""Radius of a circle, in units of the drawing."""


@pages.get("/ban-do-tin-bao")
@allowed(Act.SEE_TIPS, Act.SEE_STATISTICS)
def show() -> ResponseReturnValue:
    """An officer of a unit sees that unit; of the province, every ward, and one of them when chosen."""
    since, until = month_of_address()
    me = officer()
    wanted = me.unit_id or request.args.get("don-vi", "")
    with database().reading() as reading:
        found = tip_statistics.figures(reading, unit_ids=me.unit_ids, since=since, until=until)
        names = unit_names(reading, found)
        whole = drawing()
        unit_of = tip_map.unit_of_ward(reading, [ward.code for ward in whole.wards])
        one = closer([code for code, unit_id in unit_of.items() if unit_id == wanted]) if wanted else None
        if wanted and not me.unit_id and wanted not in names:
            abort(404)
        picture = one or whole
        look = request.args.get("kieu", "mau")
        look = "luoi" if one else look if look in LOOKS else "mau"
        raw = (
            tip_map.squares(
                reading,
                unit_ids=me.unit_ids,
                unit_id=wanted or None,
                since=since,
                until=until,
                frame=picture.frame,
                metres=SQUARE_OF_WARD_M if one else SQUARE_OF_PROVINCE_M,
            )
            if look == "luoi" and (one or not wanted)
            else None
        )
    counts = {unit_id: count for unit_id, _label, count in shown_figures(found, names)["units"]}
    side = picture.frame.units(SQUARE_OF_WARD_M if one else SQUARE_OF_PROVINCE_M)
    month = month_text(since)
    lines = _lines(counts, names, wanted, month)
    firsts = breaks(counts.values())
    return render_template(
        "pages/tip_map.html",
        drawing=picture,
        areas=_areas(picture, unit_of, counts, names, firsts, month) if not wanted else [],
        ward=one,
        wanted=names.get(wanted, wanted),
        whose=names.get(wanted, wanted) or whose(),
        missing=bool(wanted and one is None),
        own=bool(me.unit_id),
        squares=_squares(raw or {}, side),
        legend=_legend(firsts) if look != "luoi" else _grid_legend(),
        steps=_steps(raw or {}),
        look=look,
        looks={} if wanted else LOOKS,
        lines=lines,
        square_m=int(SQUARE_OF_WARD_M if one else SQUARE_OF_PROVINCE_M),
        width=WIDTH,
        k=K,
        month=month,
        since=since,
        opens=may(Act.SEE_STATISTICS),
        queue=url_for("tips.queue", unit=None if me.unit_id else wanted or None)
        if wanted and may(Act.SEE_TIPS)
        else None,
    )


def _areas(
    picture: Drawing,
    unit_of: Mapping[str, str],
    counts: Mapping[str, int | None],
    names: Mapping[str, str],
    firsts: tuple[int, ...],
    month: str,
) -> list[dict[str, Any]]:
    """Each ward with its shade, the words for its number and, for circles, a radius."""
    most = max((count or 0 for count in counts.values()), default=0) or 1
    seen: set[str] = set()
    areas = []
    for ward in picture.wards:
        unit_id = unit_of.get(ward.code)
        count = counts.get(unit_id, 0) if unit_id else 0
        words = _("ít, không nêu") if count is None else _("%(count)s tin", count=number(count))
        areas.append(
            {
                "ward": ward,
                "tone": "few" if count is None else shade(count, firsts),
                "words": f"{names.get(unit_id or '', ward.name)}: {words}",
                "count": count,
                "radius": round(
                    CIRCLE_LEAST + (CIRCLE_MOST - CIRCLE_LEAST) * math.sqrt((count or 0) / most), 1
                ),
                "first": unit_id not in seen,
                "href": _ward_address(unit_id, month) if unit_id else None,
            }
        )
        seen.add(unit_id or "")
    return areas


def _of_unit(unit_id: str, month: str) -> dict[str, Any]:
    return {"thang": month, "don-vi": unit_id}


def _ward_address(unit_id: str, month: str) -> str:
    return url_for(".show", **_of_unit(unit_id, month))


def _lines(
    counts: Mapping[str, int | None], names: Mapping[str, str], wanted: str, month: str
) -> list[dict[str, Any]]:
    """The table beside the map; every unit that has a tip, the most first, hidden ones by name."""
    lines = [
        {
            "name": names.get(unit_id, unit_id),
            "count": count,
            "map": _ward_address(unit_id, month) if unit_id in names else None,
            "cases": url_for("tip_statistics.cases", **_of_unit(unit_id, month)),
        }
        for unit_id, count in counts.items()
        if not wanted or unit_id == wanted
    ]
    return sorted(lines, key=lambda line: (-(line["count"] or 0), line["name"]))


def _squares(raw: Mapping[tuple[int, int], int], side: float) -> list[dict[str, Any]]:
    """Squares with enough tips, by step; the others are not drawn at all, so that none can be told from empty."""
    return [
        {
            "x": round(column * side, 1),
            "y": round(row * side, 1),
            "side": round(side, 1),
            "tone": shade(count, GRID_FROM),
            "words": _step_words(shade(count, GRID_FROM)),
        }
        for (column, row), count in sorted(raw.items())
        if count >= K
    ]


def _steps(raw: Mapping[tuple[int, int], int]) -> list[tuple[str, int]]:
    """Step → how many squares, the highest first: the table of the grid."""
    tones = [shade(count, GRID_FROM) for count in raw.values() if count >= K]
    return [(_step_words(tone), tones.count(tone)) for tone in range(len(GRID_FROM), 0, -1) if tone in tones]


def _step_words(tone: int) -> str:
    least = GRID_FROM[tone - 1]
    if tone == len(GRID_FROM):
        return str(_("từ %(least)d tin trở lên", least=least))
    return str(_("%(least)d đến %(most)d tin", least=least, most=GRID_FROM[tone] - 1))


def _legend(firsts: tuple[int, ...]) -> list[tuple[str | int, str]]:
    found: list[tuple[str | int, str]] = [(0, _("chưa có tin")), ("few", _("ít, không nêu"))]
    for at, least in enumerate(firsts, 1):
        if at == len(firsts):
            found.append((at, _("từ %(least)s", least=number(least))))
        elif firsts[at] - 1 == least:
            found.append((at, number(least)))
        else:
            found.append((at, _("%(least)s đến %(most)s", least=number(least), most=number(firsts[at] - 1))))
    return found


def _grid_legend() -> list[tuple[str | int, str]]:
    return [(tone, _step_words(tone)) for tone in range(1, len(GRID_FROM) + 1)]
