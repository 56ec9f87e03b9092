"""Monthly scores: the table of a month, why a unit stands where it stands, and how all of it is computed."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from console import trends
from console.access import allowed, may, officer
from console.desk import database, now, today
from console.forms import asked, length_fault, typed
from data import score_months, score_rules
from data.broadcast_reports import Month, month_of, read_month
from data.score_months import Scored
from data.tables import Officer
from data.tip_queue import EVERY_UNIT
from domain.errors import MoveRefused
from domain.pilots import compare_pilots
from domain.roles import Act
from domain.scores import (
    LABELS,
    Component,
    Mark,
    Share,
    UnitFacts,
    UnitScore,
    province_of,
    score,
)
from domain.surveys import SHOWN_FROM

pages = Blueprint("scores", __name__, url_prefix="/diem")

REASON_MAX = 500
MONTHS_SHOWN = 12


@dataclass(frozen=True)
class Row:
    """One unit in the table. answers None: fewer than SHOWN_FROM."""

    score: UnitScore
    facts: UnitFacts
    answers: int | None
    in_reach: bool

    @property
    def satisfaction(self) -> Mark | None:
        return self.score.marks.get(Component.SATISFACTION)


@pages.get("")
@allowed(Act.SEE_SCORES)
def show() -> ResponseReturnValue:
    return page_of(month_asked())


@pages.post("/dinh-chinh")
@allowed(Act.CORRECT_SCORES, fresh=True)
def correct() -> ResponseReturnValue:
    """Count a frozen month anew: a further edition with its reason; the one before stays.

    For inspectors of the province alone: the table is everybody's, and a unit does not correct its own place in it.
    """
    if not may_correct():
        abort(403)
    month, reason = read_month(request.form.get("thang", "")), typed("reason")
    if month is None:
        abort(400)
    if fault := length_fault(reason, most=REASON_MAX, what=_("lý do đính chính")):
        return page_of(month, fault=fault, reason=reason, code=422)
    try:
        with database().transaction() as writing:
            score_months.correct(writing, month, reason=reason, officer_id=officer().id, now=now())
    except MoveRefused as refused:
        return page_of(month, fault=str(refused), reason=reason, code=409)
    flash(_("Đã đính chính; bản trước vẫn được giữ."), "good")
    return redirect(url_for("scores.show", thang=str(month)))


@pages.get("/cach-tinh")
@allowed(Act.SEE_SCORES)
def explain() -> ResponseReturnValue:
    """The formula in words, with a worked example that is computed by the same functions as the real months."""
    formula = score_rules.formula_of(today())
    facts = example()
    province = province_of(facts, formula)
    scored = {one.unit_id: one for one in score(facts, formula)}
    return render_template(
        "pages/score_formula.html",
        formula=formula,
        labels=LABELS,
        facts=facts,
        scored=scored,
        province=province,
        satisfaction=Component.SATISFACTION,
        taken=Component.TAKEN,
        pilots=score_rules.pilots(),
    )


@pages.get("/<unit_id>")
@allowed(Act.SEE_SCORES)
def why(unit_id: str) -> ResponseReturnValue:
    """Each component of one unit with its cases; only for the unit itself and for the province."""
    if not in_reach(unit_id):
        abort(404)
    month = month_asked()
    with database().reading() as reading:
        scored = of_month(reading, month)
        facts, found = scored.facts.get(unit_id), scored.scores.get(unit_id)
        if facts is None or found is None:
            abort(404)
        past = score_months.months(reading, until=month, limit=MONTHS_SHOWN)
        heads = reading.scalars(select(Officer.name).where(Officer.id.in_(facts.heads))).all()
    return render_template(
        "pages/score_unit.html",
        month=month,
        scored=scored,
        facts=facts,
        score=found,
        heads=sorted(heads),
        labels=LABELS,
        plot=trends.plot(
            [
                (
                    f"{one.month.month}/{one.month.year}",
                    past_score.total,
                    past_score.low,
                    past_score.high,
                )
                for one in past
                if (past_score := one.scores.get(unit_id)) and past_score.marks
            ]
        ),
        shown_from=SHOWN_FROM,
        satisfaction=Component.SATISFACTION,
        tips=(Component.TAKEN, Component.CLOSED, Component.SETTLED),
    )


def page_of(
    month: Month, *, fault: str | None = None, reason: str = "", code: int = 200
) -> ResponseReturnValue:
    with database().reading() as reading:
        scored = of_month(reading, month)
        editions = score_months.editions(reading, month)
    rows = rows_of(scored)
    return (
        render_template(
            "pages/scores.html",
            month=month,
            scored=scored,
            editions=editions,
            rows=rows,
            ranked=[row for row in rows if row.score.rank is not None],
            unranked=[row for row in rows if row.score.rank is None],
            compared=compare_pilots(list(scored.facts.values()), min_answers=scored.formula.min_answers),
            example=score_rules.pilots().example,
            last=month_of(now()),
            fault=fault,
            reason=reason,
            shown_from=SHOWN_FROM,
        ),
        code,
    )


def of_month(session: Session, month: Month) -> Scored:
    """The frozen month; for one that is not frozen yet, how it stands."""
    return score_months.frozen(session, month) or score_months.as_it_stands(session, month, now=now())


def month_asked() -> Month:
    """The month of the address; without one the month before this one. Never a month to come."""
    this = month_of(now())
    month = read_month(asked("thang")) or this.previous
    return month if str(month) <= str(this) else this


def rows_of(scored: Scored) -> list[Row]:
    """The table: ranked ones first, by rank, then those without enough answers, by name."""
    rows = [
        Row(
            one,
            scored.facts[one.unit_id],
            shown_answers(len(scored.facts[one.unit_id].marks)),
            in_reach(one.unit_id),
        )
        for one in scored.scores.values()
    ]
    return sorted(rows, key=lambda row: (row.score.rank is None, row.score.rank or 0, row.facts.name))


def shown_answers(count: int) -> int | None:
    """How many answered; None ("ít hơn 5") where the number would say too much."""
    return None if 0 < count < SHOWN_FROM else count


def in_reach(unit_id: str) -> bool:
    reach = officer().unit_ids
    return reach is None or reach == EVERY_UNIT or unit_id in reach


def may_correct() -> bool:
    return may(Act.CORRECT_SCORES) and officer().unit_id is None


def example() -> list[UnitFacts]:
    """Made-up figures for the worked example: many answers, few answers, none."""
    many = (100.0,) * 30 + (50.0,) * 10
    middle = (75.0,) * 20 + (50.0,) * 20
    return [
        UnitFacts("A", _("Đơn vị A"), many, {Component.TAKEN: Share(18, 20)}),
        UnitFacts("B", _("Đơn vị B"), middle, {Component.TAKEN: Share(30, 40)}),
        UnitFacts("C", _("Đơn vị C"), (100.0, 100.0, 100.0), {Component.TAKEN: Share(2, 2)}),
    ]
