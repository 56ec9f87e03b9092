"""The first page: what there is to do now, for each role."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from console.access import allowed, may, officer
from console.desk import database, today
from console.views import assisted
from console.views.broadcast_fields import KINDS
from console.views.broadcasts import repeat_words
from data import broadcasts, complaints, kept_questions, learning, records, tip_queue
from domain.broadcasts import BroadcastStatus
from domain.learning import ChangeState, QuestionState
from domain.roles import Act
from domain.tips import OPEN, TipStatus

pages = Blueprint("home", __name__)

SHOWN = 5
WATCHED = (
    BroadcastStatus.PROPOSED,
    BroadcastStatus.PAUSED,
    BroadcastStatus.SENDING,
    BroadcastStatus.SCHEDULED,
)
"""Broadcasts somebody should look at, in this order."""
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
            given["late"] = tip_queue.queue(
                reading, unit_ids=me.unit_ids, statuses=OPEN, escalated=True, oldest_first=True, limit=SHOWN
            )
        if may(Act.SEE_BROADCASTS):
            lists = {status: broadcasts.listed(reading, status=status, limit=SHOWN) for status in WATCHED}
            given["broadcast_counts"] = broadcasts.counts(reading)
            given["broadcast_lists"] = {status: lines for status, lines in lists.items() if lines}
        if may(Act.POST_ASSISTED):
            given["to_post"] = len(assisted.waiting(reading))
        if may(Act.SEE_COMPLAINTS):
            given["open_complaints"] = complaints.open_count(reading, unit_ids=me.unit_ids)
        if may(Act.EDIT_CATALOGUE):
            given["to_check"] = sum(bool(line.notes) for line in records.lines(reading, today()))
        if may(Act.TEACH):
            given["unsure"] = kept_questions.counts(reading)[QuestionState.OPEN]
            given["proposed"] = len(learning.changes(reading, states=[ChangeState.PROPOSED]))
    return render_template("pages/home.html", **given, kinds=KINDS, repeat_words=repeat_words)
