"""What people answered: a unit's month in numbers of many; codes for its boards; and where spam is sifted."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.access import allowed, officer
from console.desk import database, desk, now
from console.forms import asked, length_fault, number, typed
from console.months import month_of_address
from console.views.scores import in_reach
from data import survey_answers, survey_codes, survey_results, survey_rules, tips
from domain.broadcasts import VIETNAM
from domain.errors import MoveRefused
from domain.roles import Act
from domain.surveys import ANSWER_LABELS, ANSWER_MOVES, COPY, FLOOD, LINK, SHOWN_FROM, AnswerState

pages = Blueprint("survey_results", __name__, url_prefix="/khao-sat")

REASON_MAX = 300
TONES = {
    AnswerState.COUNTED: "green",
    AnswerState.HELD: "gold",
    AnswerState.SPAM: "gray",
    AnswerState.DUPLICATE: "gray",
}


@pages.get("")
@allowed(Act.SEE_SCORES)
def show() -> ResponseReturnValue:
    """A month of a unit, or of the whole province for who sees every unit."""
    me = officer()
    unit_id = me.unit_id or asked("don-vi") or None
    if unit_id is not None and not in_reach(unit_id):
        abort(404)
    since, until = month_of_address()
    with database().reading() as reading:
        found = survey_results.results(
            reading, survey_rules.survey(), unit_id=unit_id, since=since, until=until
        )
        units = [] if me.unit_id else tips.units_of_today(reading)
        code = survey_codes.code_of(reading, unit_id) if unit_id else None
        name = tips.unit_name(reading, unit_id) if unit_id else _("Toàn tỉnh")
    return render_template(
        "pages/survey_results.html",
        results=found,
        units=units,
        unit_id=unit_id,
        unit=name,
        code=code,
        address=f"{desk().public_url or request.host_url.rstrip('/')}/khao-sat/{code}" if code else None,
        month=f"{since.astimezone(VIETNAM):%Y-%m}",
        shown_from=SHOWN_FROM,
    )


@pages.post("/ma")
@allowed(Act.SEE_SCORES)
def make_code() -> ResponseReturnValue:
    """The unit's code, made when it has none; it stays for good."""
    unit_id = officer().unit_id or request.form.get("unit_id", "")
    with database().transaction() as writing:
        if unit_id not in dict(tips.units_of_today(writing)) or not in_reach(unit_id):
            abort(404)
        survey_codes.of_unit(writing, unit_id, now=now())
    return redirect(f"{url_for('survey_results.show')}?don-vi={quote(unit_id)}")


@pages.get("/sang-loc")
@allowed(Act.SIFT_ANSWERS)
def sift() -> ResponseReturnValue:
    return _sift_page()


@pages.post("/sang-loc/<int:answer_id>")
@allowed(Act.SIFT_ANSWERS)
def decide(answer_id: int) -> ResponseReturnValue:
    words = typed("words")
    if officer().unit_id is not None:
        abort(404)
    if request.form.get("to") not in set(AnswerState):
        abort(400)
    if fault := length_fault(words, most=REASON_MAX, what=_("lý do")):
        return _sift_page(fault=fault, code=422)
    try:
        with database().transaction() as writing:
            survey_answers.sift(
                writing,
                answer_id,
                to=AnswerState(request.form["to"]),
                version=number("version"),
                words=words,
                officer_id=officer().id,
                now=now(),
            )
    except MoveRefused as refused:
        return _sift_page(fault=str(refused), code=409)
    flash(_("Đã ghi nhận; việc này được ghi sổ và có thể hoàn lại."), "good")
    return redirect(url_for("survey_results.sift"))


def _sift_page(*, fault: str | None = None, code: int = 200) -> ResponseReturnValue:
    """Inspectors of the province only: an answer of one unit is nobody else's business."""
    with database().reading() as reading:
        rows = survey_answers.to_sift(reading) if officer().unit_id is None else []
        names = {row.unit_id: tips.unit_name(reading, row.unit_id) for row in rows}
    return (
        render_template(
            "pages/survey_sift.html",
            rows=rows,
            names=names,
            ours={COPY, LINK, FLOOD},
            labels=ANSWER_LABELS,
            moves=ANSWER_MOVES,
            tones=TONES,
            fault=fault,
        ),
        code,
    )
