"""Months of scores, frozen: facts, formula and figures are kept together, so that anybody can compute them again.

A frozen month never changes. A correction counts anew from the rows of today and becomes a further edition with its
reason; the editions before stay to be compared with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data import audit, score_rules
from data.broadcast_reports import Month, month_of, read_month
from data.score_facts import collect
from data.score_rules import Pilots
from data.tables import ScoreMonth
from domain.broadcasts import VIETNAM
from domain.errors import MoveRefused
from domain.scores import Component, Formula, Mark, Share, UnitFacts, UnitScore, score


@dataclass(frozen=True)
class Scored:
    """One edition of a month as pages read it; frozen_at None: a look at a month that is not over."""

    month: Month
    formula: Formula
    facts: Mapping[str, UnitFacts]
    scores: Mapping[str, UnitScore]
    edition: int = 0
    frozen_at: datetime | None = None
    officer_id: int | None = None
    reason: str = ""
    mark: str = ""


# ---- looking ------------------------------------------------------------------------------------------------------


def frozen(session: Session, month: Month, *, edition: int | None = None) -> Scored | None:
    """The edition that holds (the newest), or a named one; None when the month is not frozen."""
    query = select(ScoreMonth).where(ScoreMonth.month == str(month))
    if edition is not None:
        query = query.where(ScoreMonth.edition == edition)
    row = session.scalar(query.order_by(ScoreMonth.edition.desc()).limit(1))
    return None if row is None else _scored(row)


def as_it_stands(session: Session, month: Month, *, now: datetime, pilots: Pilots | None = None) -> Scored:
    """What the month would be if it were frozen now; nothing is kept."""
    formula = score_rules.formula_of((month.ends - timedelta(days=1)).date())
    facts = collect(session, month, formula, pilots or score_rules.pilots(), now=now)
    return Scored(
        month,
        formula,
        {one.unit_id: one for one in facts},
        {one.unit_id: one for one in score(facts, formula)},
    )


def editions(session: Session, month: Month) -> list[ScoreMonth]:
    """All editions of a month, oldest first."""
    return list(
        session.scalars(select(ScoreMonth).where(ScoreMonth.month == str(month)).order_by(ScoreMonth.edition))
    )


def months(session: Session, *, until: Month | None = None, limit: int = 12) -> list[Scored]:
    """The newest editions of the last frozen months, oldest first."""
    newest = (
        select(ScoreMonth.month, func.max(ScoreMonth.edition).label("edition")).group_by(ScoreMonth.month)
    ).subquery()
    query = select(ScoreMonth).join(
        newest, (newest.c.month == ScoreMonth.month) & (newest.c.edition == ScoreMonth.edition)
    )
    if until is not None:
        query = query.where(ScoreMonth.month <= str(until))
    rows = session.scalars(query.order_by(ScoreMonth.month.desc()).limit(limit)).all()
    return [_scored(row) for row in reversed(rows)]


# ---- freezing -----------------------------------------------------------------------------------------------------


def freeze_due(session: Session, *, now: datetime, pilots: Pilots | None = None) -> Month | None:
    """Freeze the month before this one when its day has come and nobody did; which one it was. Harmless twice."""
    month = month_of(now).previous
    formula = score_rules.formula_of((month.ends - timedelta(days=1)).date())
    if now.astimezone(VIETNAM).day < formula.freeze_day or frozen(session, month) is not None:
        return None
    _keep(session, as_it_stands(session, month, now=now, pilots=pilots), 1, now=now)
    return month


def correct(
    session: Session,
    month: Month,
    *,
    reason: str,
    officer_id: int,
    now: datetime,
    pilots: Pilots | None = None,
) -> ScoreMonth:
    """Count a frozen month anew and keep it as a further edition. Raises MoveRefused: not frozen, no reason, or
    nothing would change.
    """
    before = frozen(session, month)
    if before is None:
        raise MoveRefused("Tháng này chưa chốt nên chưa cần đính chính.")
    if not reason:
        raise MoveRefused("Mời ghi lý do đính chính.")
    after = as_it_stands(session, month, now=now, pilots=pilots)
    if dict(after.facts) == dict(before.facts) and after.formula == before.formula:
        raise MoveRefused("Số liệu hiện nay đúng như đã chốt; không có gì để đính chính.")
    return _keep(session, after, before.edition + 1, officer_id=officer_id, reason=reason, now=now)


def _keep(
    session: Session,
    scored: Scored,
    edition: int,
    *,
    now: datetime,
    officer_id: int | None = None,
    reason: str = "",
) -> ScoreMonth:
    facts = {unit_id: _facts_json(one) for unit_id, one in scored.facts.items()}
    figures = figures_json(scored.scores)
    row = ScoreMonth(
        month=str(scored.month),
        edition=edition,
        formula=scored.formula.key,
        frozen_at=now,
        officer_id=officer_id,
        reason=reason,
        facts=facts,
        figures=figures,
        mark=_mark_of(str(scored.month), scored.formula.key, facts, figures),
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        officer_id=officer_id,
        action="scores.freeze" if edition == 1 else "scores.correct",
        subject=f"score_month:{row.id}",
        before=None,
        after={"month": row.month, "edition": edition, "sha256": row.mark, "reason": reason},
        now=now,
    )
    return row


# ---- computing again ----------------------------------------------------------------------------------------------


def verify(session: Session, month: Month | None = None) -> list[str]:
    """Compute every frozen month again from its kept facts with its own formula; one line for each difference."""
    query = select(ScoreMonth).order_by(ScoreMonth.month, ScoreMonth.edition)
    if month is not None:
        query = query.where(ScoreMonth.month == str(month))
    problems = []
    for row in session.scalars(query):
        name = f"{row.month}, edition {row.edition}"
        if row.mark != _mark_of(row.month, row.formula, row.facts, row.figures):
            problems.append(f"{name}: was changed after it was frozen")
        formula = score_rules.formula_named(row.formula)
        if formula is None:
            problems.append(f"{name}: its formula {row.formula!r} is no longer in formulas.toml")
            continue
        again = score([facts_of(unit_id, one) for unit_id, one in row.facts.items()], formula)
        if figures_json({one.unit_id: one for one in again}) != row.figures:
            problems.append(f"{name}: the kept facts give other figures")
    return problems


def _mark_of(month: str, formula: str, facts: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    written = json.dumps([month, formula, facts, figures], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


# ---- as JSON ------------------------------------------------------------------------------------------------------


def _scored(row: ScoreMonth) -> Scored:
    month = read_month(row.month)
    formula = score_rules.formula_named(row.formula)
    assert month is not None
    assert formula is not None, f"formula {row.formula!r} is no longer in formulas.toml"
    return Scored(
        month,
        formula,
        {unit_id: facts_of(unit_id, one) for unit_id, one in row.facts.items()},
        {unit_id: _score_of(unit_id, one) for unit_id, one in row.figures.items()},
        row.edition,
        row.frozen_at,
        row.officer_id,
        row.reason,
        row.mark,
    )


def _facts_json(one: UnitFacts) -> dict[str, Any]:
    return {
        "name": one.name,
        "marks": list(one.marks),
        "shares": {str(key): [share.good, share.all] for key, share in one.shares.items()},
        "ranked": one.ranked,
        "cases": {str(key): list(names) for key, names in one.cases.items()},
        "heads": list(one.heads),
        "pilot": one.pilot,
        "district": one.district,
    }


def facts_of(unit_id: str, kept: Mapping[str, Any]) -> UnitFacts:
    """The facts as they were kept."""
    return UnitFacts(
        unit_id=unit_id,
        name=kept["name"],
        marks=tuple(kept["marks"]),
        shares={Component(key): Share(*pair) for key, pair in kept["shares"].items()},
        ranked=kept["ranked"],
        cases={Component(key): tuple(names) for key, names in kept["cases"].items()},
        heads=tuple(kept["heads"]),
        pilot=kept["pilot"],
        district=kept["district"],
    )


def figures_json(scores: Mapping[str, UnitScore]) -> dict[str, Any]:
    """Figures as they are kept: plain numbers, rounded (domain.scores.DIGITS)."""
    return {
        unit_id: {
            "marks": {str(key): list(vars(mark).values()) for key, mark in one.marks.items()},
            "total": [one.total, one.low, one.high],
            "rank": [one.rank, one.best, one.worst],
        }
        for unit_id, one in scores.items()
    }


def _score_of(unit_id: str, kept: Mapping[str, Any]) -> UnitScore:
    marks = {Component(key): Mark(*values) for key, values in kept["marks"].items()}
    return UnitScore(unit_id, marks, *kept["total"], *kept["rank"])
