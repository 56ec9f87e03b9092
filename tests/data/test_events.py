"""The inbox: once each, in order for one citizen, side by side for different ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from data import events
from data.events import NewEvent
from data.session import Database
from data.tables import EventRow

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
LEASE = timedelta(seconds=30)


def event(key: str, citizen: str | None = "an", at: datetime = NOW) -> NewEvent:
    return NewEvent(key, "user_send_text", "oa", citizen, at, NOW, b"sealed")


def remember(database: Database, *new: NewEvent) -> None:
    with database.transaction() as session:
        events.remember(session, list(new))


def claim(database: Database, now: datetime = NOW, limit: int = 10) -> list[EventRow]:
    with database.transaction() as session:
        return events.claim_due(session, now=now, limit=limit, lease=LEASE)


def finish(database: Database, row: EventRow, now: datetime = NOW) -> bool:
    with database.transaction() as session:
        return events.finish(session, row, now=now)


def test_an_event_that_comes_five_times_is_kept_once(database: Database):
    remember(database, event("a"), event("a"))
    for _ in range(3):
        remember(database, event("a"))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(EventRow)) == 1


def test_one_citizen_is_served_one_event_at_a_time_others_meanwhile(database: Database):
    remember(database, event("a1"), event("a2"), event("b1", "binh"), event("nobody", None))
    assert [row.key for row in claim(database)] == ["a1", "b1", "nobody"]
    assert claim(database) == []


def test_the_next_event_comes_when_the_one_before_is_done(database: Database):
    remember(database, event("a1"), event("a2"))
    (first,) = claim(database)
    assert finish(database, first)
    assert [row.key for row in claim(database)] == ["a2"]


def test_what_came_late_but_was_said_earlier_goes_first(database: Database):
    remember(database, event("second", at=NOW), event("first", at=NOW - timedelta(seconds=5)))
    assert [row.key for row in claim(database)] == ["first"]


def test_an_earlier_event_that_arrives_while_a_later_one_is_worked_on_waits(database: Database):
    remember(database, event("later"))
    (taken,) = claim(database)
    remember(database, event("earlier", at=NOW - timedelta(minutes=1)))
    assert claim(database) == []
    finish(database, taken)
    assert [row.key for row in claim(database)] == ["earlier"]


def test_an_event_of_a_dead_worker_is_taken_again_when_its_lease_ends(database: Database):
    remember(database, event("a"))
    claim(database)
    assert claim(database, NOW + LEASE - timedelta(seconds=1)) == []
    (again,) = claim(database, NOW + LEASE)
    assert again.attempts == 2


def test_the_slower_of_two_workers_must_undo_its_effects(database: Database):
    remember(database, event("a"))
    (slow,) = claim(database)
    (fast,) = claim(database, NOW + LEASE)
    assert finish(database, fast)
    assert not finish(database, slow)


def test_an_event_put_back_waits_and_holds_up_only_its_own_citizen(database: Database):
    remember(database, event("a1"), event("a2"), event("b1", "binh"))
    rows = {row.key: row for row in claim(database)}
    with database.transaction() as session:
        assert events.put_back(session, rows["a1"], run_at=NOW + timedelta(minutes=1), error="KeyError")
    finish(database, rows["b1"])
    assert claim(database) == []
    assert [row.key for row in claim(database, NOW + timedelta(minutes=1))] == ["a1"]


def test_a_thousand_events_of_one_citizen_do_not_delay_another(database: Database):
    remember(database, *(event(f"a{n}") for n in range(1000)), event("b", "binh"))
    assert {row.key for row in claim(database, limit=2)} == {"a0", "b"}


def test_old_bodies_are_forgotten_new_ones_and_open_ones_stay(database: Database):
    remember(database, event("old"), event("new", "binh"), event("open", "cuc"))
    old, new, _ = claim(database)
    finish(database, old, NOW - timedelta(days=20))
    finish(database, new, NOW)
    with database.transaction() as session:
        assert events.forget_bodies(session, older_than=NOW - timedelta(days=14)) == 1
    with database.reading() as session:
        kept = {row.key: row.body_sealed for row in session.scalars(select(EventRow))}
    assert kept == {"old": None, "new": b"sealed", "open": b"sealed"}
