"""A month of tips in numbers, small ones protected. There is no map with dots: a dot would stand on a house."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from console.access import allowed, officer
from console.desk import database
from console.filters import kind_label
from console.months import month_of_address
from data import tip_statistics, tips
from domain.broadcasts import VIETNAM
from domain.roles import Act
from domain.small_numbers import K, protected, protected_total

pages = Blueprint("tip_statistics", __name__)


@pages.get("/thong-ke-tin-bao")
@allowed(Act.SEE_STATISTICS)
def show() -> ResponseReturnValue:
    since, until = month_of_address()
    reach = officer().unit_ids
    with database().reading() as reading:
        kinds = tip_statistics.by_category(reading, unit_ids=reach, since=since, until=until)
        units = tip_statistics.by_unit(reading, unit_ids=reach, since=since, until=until)
        names = dict(tips.units_of_today(reading))
    shown_kinds, shown_units = protected(kinds), protected(units)
    return render_template(
        "pages/tip_statistics.html",
        total=protected_total(kinds),
        kinds=[(kind_label(key), shown_kinds[key]) for key in sorted(kinds, key=lambda one: kind_label(one))],
        units=[
            (names.get(key, key), shown_units[key])
            for key in sorted(units, key=lambda one: names.get(one, one))
        ],
        k=K,
        month=f"{since.astimezone(VIETNAM):%Y-%m}",
    )
