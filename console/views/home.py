"""The first page: what there is to do now, for each role."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console import duties
from console.access import allowed, may, officer
from console.as_role import looked_through
from console.desk import database, now, today
from console.views.broadcast_fields import KINDS
from console.views.broadcasts import repeat_words
from data import broadcasts, complaints, handovers, kept_questions, learning, records, tip_queue
from domain.broadcasts import BroadcastStatus
from domain.learning import ChangeState, QuestionState
from domain.roles import Act

pages = Blueprint("home", __name__)

SHOWN = 5
WATCHED = (
    BroadcastStatus.PAUSED,
    BroadcastStatus.SENDING,
    BroadcastStatus.SCHEDULED,
)
"""Broadcasts somebody should look at, in this order; those that wait for a yes are among the duties."""
CLOCKED = frozenset(
    {
        Act.SEE_TIPS,
        Act.APPROVE_BROADCASTS,
        Act.SETTLE_UNKNOWN,
        Act.POST_ASSISTED,
        Act.DECIDE_IDENTITY,
        Act.DECIDE_UNSEAL,
        Act.WORK_COMPLAINTS,
        Act.SIFT_ANSWERS,
        Act.CHECK_UNITS,
        Act.SEE_HEALTH,
    }
)
"""Whoever may do any of these has a list of duties."""


@pages.get("/")
@allowed()
def show() -> ResponseReturnValue:
    me = officer()
    given: dict[str, object] = {}
    with database().reading() as reading:
        if may(Act.SEE_TIPS):
            given["counts"] = tip_queue.count_by_status(reading, unit_ids=me.unit_ids)
        if any(may(act) for act in CLOCKED):
            given["has_duties"] = True
            given["duties"] = duties.of_officer(reading)
            given["good"] = _good()
        if may(Act.WORK_TIPS) and looked_through() is None:
            given["waits"] = handovers.waiting(reading, officer_id=me.id, unit_id=me.unit_id, now=now())
        if may(Act.SEE_BROADCASTS):
            lists = {status: broadcasts.listed(reading, status=status, limit=SHOWN) for status in WATCHED}
            given["broadcast_lists"] = {status: lines for status, lines in lists.items() if lines}
        if may(Act.SEE_COMPLAINTS):
            count = complaints.open_count(reading, unit_ids=me.unit_ids)
            listed = may(Act.WORK_COMPLAINTS) and count <= duties.EACH
            given["open_complaints"] = 0 if listed else count
        if may(Act.EDIT_CATALOGUE):
            given["to_check"] = sum(bool(line.notes) for line in records.lines(reading, today()))
        if may(Act.TEACH):
            given["unsure"] = kept_questions.counts(reading)[QuestionState.OPEN]
            given["proposed"] = len(learning.changes(reading, states=[ChangeState.PROPOSED]))
    return render_template("pages/home.html", **given, kinds=KINDS, repeat_words=repeat_words)


def _good() -> str:
    """What an empty list means, said as the good thing it is."""
    if may(Act.SEE_TIPS):
        return str(_("Mọi tin báo đã có người tiếp nhận và xử lý. Tin mới sẽ hiện ở đây."))
    if may(Act.SEE_HEALTH):
        return str(_("Không có việc sắp xếp đơn vị nào chờ xác nhận, và không OA nào sắp hết hạn."))
    return str(_("Mọi tin tuyên truyền đã được duyệt và mọi lượt gửi đã rõ kết quả."))
