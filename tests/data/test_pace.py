"""How fast Zalo may be asked: exact at the minute, shared by everybody, closed when nobody can count."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from data import pace
from data.pace import Granted, WaitUntil, room_at, take, time_for
from data.session import Database
from data.tables import OfficialAccount, RateWindow
from domain.errors import NotStored

MINUTE = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
NEXT = MINUTE + timedelta(minutes=1)
LAST = NEXT - timedelta(microseconds=1)
OA, OTHER = "3000000000000000001", "3000000000000000002"


@pytest.fixture(autouse=True)
def accounts(database: Database) -> None:
    with database.transaction() as session:
        session.add(OfficialAccount(oa_id=OA, name="A", requests_per_minute=10, created_at=MINUTE))
        session.add(OfficialAccount(oa_id=OTHER, name="B", requests_per_minute=10, created_at=MINUTE))
        session.add(RateWindow(scope=f"oa:{OA}", window_start=MINUTE - timedelta(minutes=1), used=10))
        session.add(RateWindow(scope="app", window_start=MINUTE - timedelta(minutes=1), used=4000))


def ask(
    database: Database, now: datetime = MINUTE, n: int = 1, oa_id: str = OA, **more
) -> Granted | WaitUntil:
    with database.transaction() as session:
        return take(session, oa_id, n, now, **more)


def used(database: Database, scope: str, start: datetime = MINUTE) -> int:
    with database.reading() as session:
        row = session.get(RateWindow, (scope, start))
        return row.used if row else 0


def test_exactly_the_limit_is_granted_up_to_the_last_moment_and_again_from_the_first_of_the_next(database):
    assert [ask(database, MINUTE) for _ in range(9)] == [Granted()] * 9
    assert ask(database, LAST) == Granted()
    assert ask(database, LAST) == WaitUntil(NEXT)
    assert ask(database, NEXT) == Granted()


def test_what_is_not_granted_is_not_counted(database):
    ask(database, n=8)
    assert ask(database, n=3) == WaitUntil(NEXT)
    assert used(database, f"oa:{OA}") == 8
    assert used(database, "app") == 8
    assert ask(database, n=2) == Granted()


def test_accounts_have_their_own_limit_and_share_the_apps(database):
    for n in range(10):
        assert ask(database, oa_id=OA, app_limit=15) == Granted(), n
    assert ask(database, oa_id=OA, app_limit=15) == WaitUntil(NEXT)
    for n in range(5):
        assert ask(database, oa_id=OTHER, app_limit=15) == Granted(), n
    assert ask(database, oa_id=OTHER, app_limit=15) == WaitUntil(NEXT)
    assert used(database, f"oa:{OTHER}") == 5
    assert used(database, "app") == 15


def test_when_the_account_has_no_room_the_apps_count_is_taken_back(database):
    ask(database, n=10)
    assert ask(database) == WaitUntil(NEXT)
    assert used(database, "app") == 10


def test_an_account_without_room_costs_the_app_nothing_however_much_of_it_others_used(database):
    """The app's count is held against the app's limit when it is taken back, not against the account's."""
    with database.transaction() as session:
        session.add(RateWindow(scope="app", window_start=MINUTE, used=3000))
    ask(database, n=10)
    for _ in range(5):
        assert ask(database) == WaitUntil(NEXT)
    assert used(database, "app") == 3010


def test_an_account_nobody_knows_gets_the_smallest_package(database):
    assert ask(database, oa_id="77", n=pace.OA_REQUESTS_PER_MINUTE) == Granted()
    assert ask(database, oa_id="77") == WaitUntil(NEXT)


@pytest.mark.parametrize("n", [0, -1, 11])
def test_what_can_never_be_granted_is_a_mistake(database, n):
    with pytest.raises(ValueError, match="never"):
        ask(database, n=n)


def test_nothing_counts_when_the_transaction_is_not_kept(database):
    def take_and_break() -> None:
        with database.transaction() as session:
            assert take(session, OA, 10, MINUTE) == Granted()
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        take_and_break()
    assert ask(database, n=10) == Granted()


def test_two_databases_sessions_together_get_no_more_than_one(database):
    """Two processes: each with an engine of its own."""
    second = Database(database.url)
    try:
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda n: ask((database, second)[n % 2]), range(24)))
    finally:
        second.close()
    assert answers.count(Granted()) == 10
    assert answers.count(WaitUntil(NEXT)) == 14
    assert used(database, f"oa:{OA}") == used(database, "app") == 10


def test_when_the_database_is_away_nothing_is_granted(tmp_path):
    away = Database(f"sqlite:///{tmp_path / 'no schema.db'}")
    try:
        with pytest.raises(NotStored):
            ask(away)
    finally:
        away.close()


def test_minutes_long_past_are_forgotten(database):
    ask(database)
    with database.transaction() as session:
        pace.forget_windows(session, older_than=MINUTE)
        assert session.query(RateWindow).count() == 2
    assert used(database, f"oa:{OA}") == 1


# ---- spreading ----------------------------------------------------------------------------------------------


def test_a_broadcast_leaves_room_for_answers_at_the_start_of_the_minute(database):
    assert ask(database, n=2, spread=True) == Granted()  # 10 a minute: a quarter of it at once
    assert ask(database, spread=True) == WaitUntil(MINUTE + timedelta(seconds=3))
    assert ask(database) == Granted()  # an answer does not wait
    assert ask(database, MINUTE + timedelta(seconds=3), spread=True) == WaitUntil(
        MINUTE + timedelta(seconds=9)
    )


def test_a_broadcast_gets_the_whole_minute_all_the_same(database):
    now, granted = MINUTE, 0
    while now < NEXT:
        answer = ask(database, now, spread=True)
        if isinstance(answer, Granted):
            granted += 1
        else:
            assert answer.at > now
            now = answer.at
    assert granted == 10
    assert ask(database, NEXT, spread=True) == Granted()


@pytest.mark.parametrize("limit", [1, 7, 10, 100, 2000, 4000])
def test_the_time_said_is_the_first_at_which_there_is_room(limit):
    for wanted in {1, 2, limit // 3 + 1, limit - 1, limit} - {0}:
        if wanted > limit:
            continue
        at = time_for(limit, wanted, spread=True)
        assert room_at(limit, at, spread=True) >= wanted
        if at > timedelta(0):
            assert room_at(limit, at - timedelta(seconds=1), spread=True) < wanted
    assert time_for(limit, limit + 1, spread=True) == timedelta(minutes=1)
    assert room_at(limit, timedelta(seconds=59.9), spread=True) == limit
    assert room_at(limit, timedelta(0), spread=False) == limit
