"""The first page: what there is to do now, for each role."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from console.access import allowed, may, officer
from console.desk import database
from data import tip_queue
from domain.roles import Act
from domain.tips import TipStatus

pages = Blueprint("home", __name__)

SHOWN = 5
MINE = (TipStatus.TAKEN, TipStatus.IN_PROGRESS, TipStatus.WAITING)


@pages.get("/")
@allowed()
def show() -> ResponseReturnValue:
    me = officer()
    given: dict[str, object] = {}
    with database().reading() as reading:
        if may(Act.SEE_TIPS):
            given["counts"] = tip_queue.count_by_status(reading, unit_ids=me.unit_ids)
            given["new"] = tip_queue.queue(
                reading, unit_ids=me.unit_ids, statuses=[TipStatus.NEW], oldest_first=True, limit=SHOWN
            )
            given["mine"] = tip_queue.queue(
                reading, unit_ids=me.unit_ids, statuses=MINE, taken_by=me.id, oldest_first=True, limit=SHOWN
            )
    return render_template("pages/home.html", **given)
