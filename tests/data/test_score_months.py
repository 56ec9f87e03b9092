"""A month is counted by its due moments, frozen once, computed again to the same figures, corrected in the open."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from data import audit, score_months, score_rules
from data.broadcast_reports import Month
from data.score_rules import Pilots
from data.session import Database
from data.tables import (
    Complaint,
    Delivery,
    ScoreMonth,
    SuccessionRow,
    SurveyAnswer,
    Tip,
    TipMove,
    UnitRow,
)
from domain.broadcasts import DeliveryStatus
from domain.complaints import ComplaintStatus
from domain.errors import MoveRefused
from domain.roles import Role
from domain.scores import Component, Share, UnitFacts
from domain.tips import TipStatus
from tests.console.world import PROVINCE, WARD_3, WARD_5, World

OCTOBER = Month(2026, 10)
IN_OCTOBER = datetime(2026, 10, 15, 3, 0, tzinfo=UTC)
FREEZE = datetime(2026, 11, 5, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PILOTS = Pilots(date(2026, 7, 1), {"213": ("Thành phố Bắc Giang", ("07210", "99999"))})


@pytest.fixture
def world(sqlite_database: Database) -> World:
    return World(sqlite_database)


def answers(
    session: Session, unit_id: str, *marks: float, at: datetime = IN_OCTOBER, state: str = "counted"
) -> None:
    for mark in marks:
        session.add(
            SurveyAnswer(
                unit_id=unit_id, at=at, edition="2026-07", channel="web", given={}, mark=mark, state=state
            )
        )


def tip(world: World, *, took: timedelta | None, closed: timedelta | None, **more: Any) -> int:
    """A tip whose clocks both run out in October; `took`, `closed`: how long before its due moment."""
    return world.tip(
        take_due_at=IN_OCTOBER,
        close_due_at=IN_OCTOBER,
        taken_at=None if took is None else IN_OCTOBER - took,
        closed_at=None if closed is None else IN_OCTOBER - closed,
        status=TipStatus.DONE,
        **more,
    )


def facts(session: Session, unit_id: str = WARD_3) -> UnitFacts:
    found = score_months.as_it_stands(session, OCTOBER, now=FREEZE, pilots=PILOTS)
    return found.facts[unit_id]


def test_formulas_and_pilots_that_are_shipped_have_no_fault() -> None:
    assert score_rules.check() == []
    assert len(score_rules.pilots().codes) == 20


def test_each_component_is_counted_in_the_month_its_due_moment_falls_in(world: World) -> None:
    good = tip(world, took=HOUR, closed=HOUR)
    tip(world, took=-HOUR, closed=None)
    tip(world, took=None, closed=-HOUR, bypass=True)
    tip(world, took=HOUR, closed=HOUR, unit_id=WARD_5)
    author = world.officer(Role.BROADCASTER, unit_id=None)
    head = world.officer(Role.UNIT_HEAD)
    broadcast = world.broadcast(author)
    posted, late = world.delivery(broadcast), world.delivery(broadcast, group="BG-2", name="Nhóm hai")
    with world.database.transaction() as session:
        answers(session, WARD_3, 75.0, 100.0)
        answers(session, WARD_3, 0.0, state="spam")
        answers(session, WARD_3, 0.0, at=IN_OCTOBER + timedelta(days=30))
        for number, after in ((posted, HOUR), (late, 9 * HOUR)):
            session.execute(
                update(Delivery)
                .where(Delivery.id == number)
                .values(due_at=IN_OCTOBER, sent_at=IN_OCTOBER + after, state=DeliveryStatus.SENT)
            )
        session.add(TipMove(tip_id=good, at=IN_OCTOBER, move="status", before="taken", after=TipStatus.DONE))
        for code, answered in (("PA-1", IN_OCTOBER), ("PA-2", None)):
            session.add(complaint(code, answered))
        session.add(complaint("PA-3", None, past_unit=True))
    with world.database.reading() as session:
        seen = facts(session)
        assert seen.marks == (75.0, 100.0)
        assert seen.shares == {
            Component.TAKEN: Share(1, 2),
            Component.CLOSED: Share(1, 2),
            Component.SETTLED: Share(1, 1),
            Component.COMPLAINTS: Share(1, 2),
            Component.POSTED: Share(1, 2),
        }
        late_tip = session.scalars(select(Tip.code).where(Tip.taken_at > IN_OCTOBER)).one()
        assert seen.cases[Component.TAKEN] == (late_tip,)
        assert seen.cases[Component.COMPLAINTS] == ("PA-2",)
        assert seen.cases[Component.POSTED] == ("Nhóm hai",)
        assert (seen.heads, seen.ranked) == ((head,), True)
        assert facts(session, WARD_5).shares[Component.TAKEN] == Share(1, 1)


def test_a_tip_that_its_reporter_opened_again_counts_against_its_unit(world: World) -> None:
    number = tip(world, took=HOUR, closed=HOUR)
    with world.database.transaction() as session:
        session.add(
            TipMove(tip_id=number, at=IN_OCTOBER, move="status", before="taken", after=TipStatus.DONE)
        )
        session.add(TipMove(tip_id=number, at=IN_OCTOBER + HOUR, move="reopened", before="done", after="new"))
        session.flush()
        assert facts(session).shares[Component.SETTLED] == Share(0, 1)


def test_the_catalogue_counts_for_those_who_care_for_it(world: World) -> None:
    world.record("1.1", checked="2026-05")
    world.record("1.2", checked="2024-01")
    with world.database.reading() as session:
        assert facts(session, PROVINCE).shares[Component.CATALOGUE] == Share(1, 2)
        assert not facts(session, PROVINCE).ranked
        assert Component.CATALOGUE not in facts(session).shares


def test_pilots_and_old_districts_are_known_from_the_list_and_the_succession(world: World) -> None:
    with world.database.transaction() as session:
        old = UnitRow(
            id="07201@2022-01-01", code="07201", name="Phường Thọ Xương", short_name="Thọ Xương", kind="phường",
            level="commune", district_code="213", province="Bắc Giang", valid_from=date(2022, 1, 1),
            valid_to=date(2025, 7, 1),
        )  # fmt: skip
        session.add(old)
        session.flush()
        session.add(SuccessionRow(old_id=old.id, new_id=WARD_3, since=date(2025, 7, 1), evidence="A"))
        session.flush()
        assert (facts(session).pilot, facts(session).district) == (True, "213")
        assert (facts(session, WARD_5).pilot, facts(session, WARD_5).district) == (False, "")
        assert old.id not in score_months.as_it_stands(session, OCTOBER, now=FREEZE, pilots=PILOTS).facts


def test_a_month_is_frozen_once_on_its_day_and_stays_as_it_was(database: Database) -> None:
    world = World(database)
    tip(world, took=HOUR, closed=-HOUR)
    with world.database.transaction() as session:
        answers(session, WARD_3, *[75.0] * 12, 100 / 3)
        answers(session, WARD_5, *[50.0] * 12)
        assert score_months.freeze_due(session, now=FREEZE - timedelta(days=1)) is None
        assert score_months.freeze_due(session, now=FREEZE) == OCTOBER
        assert score_months.freeze_due(session, now=FREEZE) is None
    with world.database.transaction() as session:
        before = score_months.frozen(session, OCTOBER)
        assert before is not None
        assert (before.scores[WARD_3].rank, before.scores[WARD_5].rank) == (1, 2)
        # the rows that were counted go, as tips do when their term is over
        session.execute(delete(SurveyAnswer))
        session.execute(delete(TipMove))
        session.execute(delete(Tip))
        assert score_months.frozen(session, OCTOBER) == before
        assert score_months.verify(session) == [], "the kept facts give the same figures"
        [one] = audit.listed(session, limit=5)
        assert (one.action, one.after and one.after["sha256"]) == ("scores.freeze", before.mark)


def test_whoever_changes_a_frozen_month_is_noticed(world: World) -> None:
    with world.database.transaction() as session:
        answers(session, WARD_3, *[75.0] * 12)
        score_months.freeze_due(session, now=FREEZE)
        row = session.scalars(select(ScoreMonth)).one()
        row.figures = {**row.figures, WARD_3: {**row.figures[WARD_3], "total": [99.0, 98.0, 100.0]}}
        session.flush()
        assert [line.split(": ")[1] for line in score_months.verify(session)] == [
            "was changed after it was frozen",
            "the kept facts give other figures",
        ]


def test_a_correction_is_a_further_edition_with_its_reason(world: World) -> None:
    inspector = world.officer(Role.INSPECTOR, unit_id=None)

    def correct(session: Session, reason: str = "Một câu trả lời là rác") -> ScoreMonth:
        return score_months.correct(session, OCTOBER, reason=reason, officer_id=inspector, now=FREEZE + HOUR)

    with world.database.transaction() as session:
        answers(session, WARD_3, *[75.0] * 12, 0.0)
        with pytest.raises(MoveRefused, match="chưa chốt"):
            correct(session)
        score_months.freeze_due(session, now=FREEZE)
        with pytest.raises(MoveRefused, match="không có gì"):
            correct(session)
        session.execute(update(SurveyAnswer).where(SurveyAnswer.mark == 0.0).values(state="spam"))
        with pytest.raises(MoveRefused, match="lý do"):
            correct(session, "")
        correct(session)
        kept = score_months.editions(session, OCTOBER)
        assert [(row.edition, row.reason) for row in kept] == [(1, ""), (2, "Một câu trả lời là rác")]
        held = score_months.frozen(session, OCTOBER)
        first = score_months.frozen(session, OCTOBER, edition=1)
        assert held is not None
        assert first is not None
        assert len(held.facts[WARD_3].marks) == len(first.facts[WARD_3].marks) - 1
        assert [one.edition for one in score_months.months(session)] == [2]
        assert audit.listed(session, limit=1)[0].action == "scores.correct"
        assert score_months.verify(session) == []


def complaint(code: str, answered: datetime | None, *, past_unit: bool = False) -> Complaint:
    return Complaint(
        code=code,
        unit_id=WARD_3,
        source="survey",
        bad={},
        past_unit=past_unit,
        status=ComplaintStatus.ANSWERED if answered else ComplaintStatus.NEW,
        created_at=IN_OCTOBER - 9 * HOUR,
        look_due_at=IN_OCTOBER,
        answer_due_at=IN_OCTOBER,
        answered_at=answered,
        updated_at=IN_OCTOBER,
    )
