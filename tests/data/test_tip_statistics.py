"""Figures on both databases: hours and months of Vietnam, waits in minutes, and the cases behind them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from data import answering_times, question_statistics, tip_map, tip_statistics
from data.answering_times import Span, Waited, shown, shown_total
from data.session import Database
from data.tables import QuestionLog, SuccessionRow, TipMessage, UnitRow
from data.tip_queue import EVERY_UNIT
from data.tip_statistics import Cell
from data.ward_shapes import drawing
from domain.broadcasts import VIETNAM
from domain.tips import TipStatus
from tests.console.world import PROVINCE, WARD_3, WARD_5, World

SINCE, UNTIL = datetime(2026, 11, 1, tzinfo=VIETNAM), datetime(2026, 12, 1, tzinfo=VIETNAM)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def at(world: World, hour: int, day: int = 20) -> timedelta:
    """The age of a tip that came at this hour in Vietnam."""
    return world.clock() - datetime(2026, 11, day, hour, 30, tzinfo=VIETNAM)


def test_hours_and_weekdays_are_those_of_vietnam(world: World) -> None:
    world.tip(age=at(world, 1))  # 18:30 UTC, the day before
    world.tip(age=at(world, 23, day=22))
    with world.database.reading() as session:
        found = tip_statistics.figures(session, unit_ids=None, since=SINCE, until=UNTIL)
    assert found.hours == Counter({1: 1, 23: 1})
    assert found.weekdays == Counter({4: 1, 6: 1}), "a Friday and a Sunday"


def test_a_month_begins_at_midnight_in_vietnam(world: World) -> None:
    world.tip(age=world.clock() - datetime(2026, 10, 31, 16, 59, tzinfo=UTC))
    world.tip(age=world.clock() - datetime(2026, 10, 31, 17, 0, tzinfo=UTC))
    with world.database.reading() as session:
        october = datetime(2026, 10, 1, tzinfo=VIETNAM)
        assert tip_statistics.by_month(session, unit_ids=None, begins=[october, SINCE, UNTIL]) == [1, 1]


def test_each_reach_counts_its_own_and_questions_are_no_tips(world: World) -> None:
    world.tip(category="drugs")
    world.tip(unit_id=WARD_5)
    world.tip(unit_id=PROVINCE, bypass=True, went_past=WARD_3)
    world.tip(kind="question")
    with world.database.reading() as session:
        totals = [
            tip_statistics.figures(session, unit_ids=reach, since=SINCE, until=UNTIL).total
            for reach in ((WARD_3,), EVERY_UNIT, None)
        ]
    assert totals == [1, 2, 3]


def test_the_cases_behind_a_figure_are_as_many_as_it_says(world: World) -> None:
    for hour in (1, 1, 8):
        world.tip(age=at(world, hour), category="drugs")
    world.tip(age=at(world, 8))
    given = {"unit_ids": (WARD_3,), "since": SINCE, "until": UNTIL}
    with world.database.reading() as session:
        for cell, count in (
            (Cell(category="drugs"), 3),
            (Cell(unsorted=True), 1),
            (Cell(hour=1), 2),
            (Cell(weekday=4), 4),
            (Cell(unit_id=WARD_3), 4),
            (Cell(unit_id=WARD_5), 0),
        ):
            lines, more = tip_statistics.cases(session, cell, **given)  # type: ignore[arg-type]
            assert (len(lines), more) == (count, None), cell


def test_waits_are_minutes_to_taking_first_answer_and_end(world: World) -> None:
    came = world.clock() - timedelta(hours=1)
    tip = world.tip(
        taken_at=came + timedelta(minutes=7, seconds=59), status=TipStatus.DONE, closed_at=world.clock()
    )
    world.tip()
    with world.database.transaction() as session:
        for minutes, officer in ((3, False), (20, True), (40, True)):
            session.add(
                TipMessage(
                    tip_id=tip, at=came + timedelta(minutes=minutes), from_officer=officer, text="Xin chào"
                )
            )
    with world.database.reading() as session:
        found = answering_times.waited(session, unit_ids=None, since=SINCE, until=UNTIL)
    assert {span: dict(told.all) for span, told in found.items()} == {
        Span.TAKEN: {7: 1},
        Span.ANSWERED: {20: 1},
        Span.CLOSED: {60: 1},
    }
    assert [sum(told.open.values()) for told in found.values()] == [1, 1, 1]


def test_questions_are_counted_by_day_and_month_and_what_was_no_question_is_not(world: World) -> None:
    with world.database.transaction() as session:
        for decision in ("answer", "answer", "choose", "decline", "urgent", "other"):
            session.add(
                QuestionLog(at=datetime(2026, 11, 19, 18, tzinfo=UTC), decision=decision, procedure_id=None)
            )
    with world.database.reading() as session:
        days = question_statistics.by_day(session, since=SINCE, until=UNTIL)
        months = question_statistics.by_month(session, begins=[SINCE, UNTIL])
    assert {str(day): dict(counts) for day, counts in days.items()} == {
        "2026-11-20": {"answer": 2, "choose": 1, "decline": 1}
    }
    assert months == [Counter({"answer": 2, "choose": 1, "decline": 1})]


def test_squares_count_what_has_a_place_and_a_polygon_follows_its_unit(world: World) -> None:
    for _ in range(3):
        world.tip()
    world.tip(unit_id=WARD_5)
    frame = drawing().frame
    with world.database.transaction() as session:
        found = tip_map.squares(
            session, unit_ids=None, unit_id=WARD_3, since=SINCE, until=UNTIL, frame=frame, metres=500
        )
        assert list(found.values()) == [3]
        assert tip_map.unit_of_ward(session, ["07210", "99999"]) == {"07210": WARD_3}
        session.get_one(UnitRow, WARD_3).valid_to = datetime(2026, 11, 2, tzinfo=VIETNAM).date()
        session.add(
            SuccessionRow(
                old_id=WARD_3, new_id=WARD_5, since=datetime(2026, 11, 2, tzinfo=VIETNAM).date(), evidence=""
            )
        )
        session.flush()
        assert tip_map.unit_of_ward(session, ["07210"]) == {"07210": WARD_5}


def test_no_table_of_waits_tells_what_the_months_table_hides() -> None:
    """Noise 6, all taken; drugs 2, none taken. The month hides both, and its total is 8: a noise of 6 would say 2."""
    told = Waited(minutes={"noise": Counter({5: 6})}, open=Counter({"drugs": 2}))
    counts = shown({Span.TAKEN: told})[Span.TAKEN]
    assert counts == {"noise": None}
    assert shown_total(told, counts) is None, "of a single kind the total says as much"


def test_kinds_that_the_month_shows_are_shown_where_the_span_allows() -> None:
    told = Waited(
        minutes={"noise": Counter({5: 6}), "drugs": Counter({9: 7}), "fraud": Counter({30: 5, 40: 4})}
    )
    counts = shown({Span.TAKEN: told})[Span.TAKEN]
    assert counts == {"noise": 6, "drugs": 7, "fraud": 9}
    assert shown_total(told, counts) == 22
