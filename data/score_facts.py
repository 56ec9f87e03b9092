"""What is counted of a month, unit by unit, from the rows as they are now.

Every duty is counted in the month its due moment falls in, so that a month is whole when it ends. What goes past a
unit to the inspectors is never counted with that unit. Questions, spam, duplicates and tips never sent are left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.broadcast_reports import Month
from data.score_rules import Pilots
from data.tables import (
    Broadcast,
    Complaint,
    Delivery,
    GroupRow,
    Officer,
    ProcedureRow,
    SuccessionRow,
    SurveyAnswer,
    Tip,
    TipMove,
    UnitRow,
)
from data.tip_endings import REOPENED
from data.tips import police_name
from domain.broadcasts import ChannelKind, DeliveryStatus
from domain.complaints import ComplaintStatus
from domain.roles import Role
from domain.scores import Component, Formula, Share, UnitFacts
from domain.surveys import AnswerState
from domain.tips import TipSort, TipStatus
from domain.units import UnitLevel

CASES_MAX = 200
"""Cases named for each unit and component; all are counted."""
_NOT_COUNTED = (TipStatus.SPAM, TipStatus.DUPLICATE, TipStatus.HELD)


class Tally:
    """Counts good and all cases by unit and component, and names those that were not good."""

    def __init__(self) -> None:
        self._shares: dict[tuple[str, Component], Counter[bool]] = defaultdict(Counter)
        self._named: dict[tuple[str, Component], list[str]] = defaultdict(list)

    def add(self, unit_id: str, component: Component, good: bool, name: str) -> None:
        key = (unit_id, component)
        self._shares[key][good] += 1
        if not good and len(self._named[key]) < CASES_MAX:
            self._named[key].append(name)

    def shares(self, unit_id: str, components: Iterable[Component]) -> dict[Component, Share]:
        found = {one: self._shares.get((unit_id, one), Counter()) for one in components}
        return {one: Share(counts[True], counts.total()) for one, counts in found.items()}

    def cases(self, unit_id: str) -> dict[Component, tuple[str, ...]]:
        return {key[1]: tuple(sorted(names)) for key, names in self._named.items() if key[0] == unit_id}


def collect(
    session: Session, month: Month, formula: Formula, pilots: Pilots, *, now: datetime
) -> list[UnitFacts]:
    """The facts of every unit that answered at the end of the month, as far as they are known at `now`."""
    units = _units(session, month)
    tally = Tally()
    _taken_and_closed(session, month, tally, now)
    _settled(session, month, tally)
    _complaints(session, month, tally, now)
    _posted(session, month, formula, tally, now)
    _catalogue(session, month, formula, units, tally)
    marks = _marks(session, month)
    heads, districts = _heads(session), _districts(session)
    everywhere = [one for one in Component if one not in {Component.SATISFACTION, Component.CATALOGUE}]
    found = []
    for unit in units:
        applies = [*everywhere, *([Component.CATALOGUE] if unit.code in formula.care_units else [])]
        found.append(
            UnitFacts(
                unit_id=unit.id,
                name=police_name(unit.name),
                marks=tuple(sorted(marks.get(unit.id, ()))),
                shares=tally.shares(unit.id, applies),
                ranked=unit.level == UnitLevel.COMMUNE,
                cases=tally.cases(unit.id),
                heads=tuple(sorted(heads.get(unit.id, ()))),
                pilot=unit.code in pilots.codes and month.ends.date() > pilots.since,
                district=districts.get(unit.id, ""),
            )
        )
    return found


def _units(session: Session, month: Month) -> list[UnitRow]:
    last = (month.ends - timedelta(days=1)).date()
    rows = session.scalars(
        select(UnitRow).where(
            UnitRow.level.in_([UnitLevel.COMMUNE, UnitLevel.PROVINCE]), UnitRow.valid_from <= last
        )
    )
    return sorted(
        (row for row in rows if row.valid_to is None or row.valid_to > last), key=lambda row: row.id
    )


def _marks(session: Session, month: Month) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    rows = session.execute(
        select(SurveyAnswer.unit_id, SurveyAnswer.mark).where(
            SurveyAnswer.at >= month.begins,
            SurveyAnswer.at < month.ends,
            SurveyAnswer.state == AnswerState.COUNTED,
            SurveyAnswer.mark.is_not(None),
        )
    )
    for unit_id, mark in rows:
        if mark is not None:
            found[unit_id].append(round(mark, 4))
    return found


def _taken_and_closed(session: Session, month: Month, tally: Tally, now: datetime) -> None:
    kept = (Tip.bypass.is_(False), Tip.unfinished.is_(False), Tip.kind != TipSort.QUESTION)
    for component, due, done in (
        (Component.TAKEN, Tip.take_due_at, Tip.taken_at),
        (Component.CLOSED, Tip.close_due_at, Tip.closed_at),
    ):
        rows = session.execute(
            select(Tip.unit_id, Tip.code, due, done).where(
                *kept, due >= month.begins, due < month.ends, Tip.status.not_in(_NOT_COUNTED)
            )
        )
        for unit_id, code, due_at, done_at in rows:
            if due_at is None or (done_at is None and due_at > now):
                continue
            tally.add(unit_id, component, done_at is not None and done_at <= due_at, code)


def _settled(session: Session, month: Month, tally: Tally) -> None:
    """Of the tips ended in the month: which ones did their reporters not have to open again?"""
    rows = session.execute(
        select(Tip.unit_id, Tip.code, TipMove.tip_id)
        .join(TipMove, TipMove.tip_id == Tip.id)
        .where(
            Tip.bypass.is_(False),
            Tip.kind != TipSort.QUESTION,
            TipMove.after == TipStatus.DONE,
            TipMove.at >= month.begins,
            TipMove.at < month.ends,
        )
        .distinct()
    ).all()
    opened = set(
        session.scalars(select(TipMove.tip_id).where(TipMove.move == REOPENED, TipMove.at >= month.begins))
    )
    for unit_id, code, tip_id in rows:
        tally.add(unit_id, Component.SETTLED, tip_id not in opened, code)


def _complaints(session: Session, month: Month, tally: Tally, now: datetime) -> None:
    rows = session.scalars(
        select(Complaint).where(
            Complaint.past_unit.is_(False),
            Complaint.status != ComplaintStatus.SPAM,
            Complaint.answer_due_at >= month.begins,
            Complaint.answer_due_at < month.ends,
        )
    )
    for row in rows:
        if row.answered_at is None and row.answer_due_at > now:
            continue
        good = row.answered_at is not None and row.answered_at <= row.answer_due_at
        tally.add(row.unit_id, Component.COMPLAINTS, good, row.code)


def _posted(session: Session, month: Month, formula: Formula, tally: Tally, now: datetime) -> None:
    hours = timedelta(hours=formula.post_hours)
    rows = session.execute(
        select(Delivery, GroupRow.unit_id, GroupRow.name)
        .join(GroupRow, GroupRow.code == Delivery.group_code)
        .join(Broadcast, Broadcast.id == Delivery.broadcast_id)
        .where(
            Delivery.channel == ChannelKind.ASSISTED,
            Delivery.part == 0,
            Broadcast.training.is_(False),
            Delivery.due_at >= month.begins - hours,
            Delivery.due_at < month.ends - hours,
            Delivery.state.in_([DeliveryStatus.SENT, DeliveryStatus.EXPIRED, DeliveryStatus.WAITING]),
        )
    )
    for row, unit_id, group in rows:
        by = row.due_at + hours
        if row.sent_at is None and by > now:
            continue
        tally.add(unit_id, Component.POSTED, row.sent_at is not None and row.sent_at <= by, group)


def _catalogue(session: Session, month: Month, formula: Formula, units: list[UnitRow], tally: Tally) -> None:
    carers = [unit.id for unit in units if unit.code in formula.care_units]
    if not carers:
        return
    oldest = month
    for _ in range(formula.care_months):
        oldest = oldest.previous
    rows = session.execute(
        select(ProcedureRow.name, ProcedureRow.checked).where(ProcedureRow.status == "current")
    )
    for name, checked in rows:
        good = (checked or "")[:7] >= str(oldest)
        for unit_id in carers:
            tally.add(unit_id, Component.CATALOGUE, good, name)


def _heads(session: Session) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for officer in session.scalars(
        select(Officer).where(Officer.active.is_(True), Officer.unit_id.is_not(None))
    ):
        if Role.UNIT_HEAD in {role.name for role in officer.roles}:
            found[str(officer.unit_id)].append(officer.id)
    return found


def _districts(session: Session) -> dict[str, str]:
    """Unit → code of the old district that most of its former communes belonged to."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    rows = session.execute(
        select(SuccessionRow.new_id, UnitRow.district_code)
        .join(UnitRow, UnitRow.id == SuccessionRow.old_id)
        .where(UnitRow.district_code.is_not(None))
    )
    for new_id, district in rows:
        counts[new_id][str(district)] += 1
    return {unit: min(found, key=lambda one: (-found[one], one)) for unit, found in counts.items()}
