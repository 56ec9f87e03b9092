"""One holder at a time; a late one is replaced."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from data import leases
from data.session import Database
from tests.conftest import Clock

TTL = timedelta(seconds=15)


def hold(database: Database, holder: str, clock: Clock, name: str = "scheduler") -> bool:
    with database.transaction() as session:
        return leases.hold(session, name, holder, now=clock(), ttl=TTL)


def test_the_first_holds_it_and_renews_it_the_second_waits(database: Database, clock: Clock):
    assert hold(database, "a", clock)
    assert hold(database, "another thing", clock, name="something else")
    for _ in range(5):
        clock.advance(seconds=10)
        assert hold(database, "a", clock)
        assert not hold(database, "b", clock)


def test_a_holder_that_died_is_replaced_when_its_lease_ends_not_before(database: Database, clock: Clock):
    hold(database, "a", clock)
    clock.advance(seconds=14)
    assert not hold(database, "b", clock)
    clock.advance(seconds=1)
    assert hold(database, "b", clock)
    assert not hold(database, "a", clock), "the dead one came back: too late"


def test_one_that_is_given_back_is_free_at_once(database: Database, clock: Clock):
    hold(database, "a", clock)
    with database.transaction() as session:
        leases.let_go(session, "scheduler", "b")
        leases.let_go(session, "scheduler", "a")
    assert hold(database, "b", clock)


def test_of_many_who_reach_for_it_at_once_one_gets_it(database: Database, clock: Clock):
    for _ in range(5):
        all_there = threading.Barrier(5)

        def reach(holder: str, all_there: threading.Barrier = all_there) -> bool:
            all_there.wait(10)
            return hold(database, holder, clock)

        with ThreadPoolExecutor(5) as pool:
            got = [one.result() for one in [pool.submit(reach, holder) for holder in "abcde"]]
        assert sum(got) == 1
        clock.advance(seconds=15)
