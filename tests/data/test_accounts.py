"""Official accounts: who they are, their sealed tokens, one refresher at a time, the circuit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from data import accounts
from data.sealing import CannotOpen, Sealer
from data.session import Database
from data.tables import OfficialAccount, Token

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
LEASE = timedelta(seconds=45)
OA, OTHER = "3000000000000000001", "3000000000000000002"


def later(**more: float) -> datetime:
    return NOW + timedelta(**more)


@pytest.fixture
def sealer() -> Sealer:
    return Sealer([b"k" * 32])


@pytest.fixture(autouse=True)
def two_accounts(database: Database, sealer: Sealer) -> None:
    with database.transaction() as session:
        accounts.add_account(session, oa_id=OA, name="Công an phường Bắc Giang", now=NOW)
        accounts.add_account(
            session, oa_id=OTHER, name="Công an xã Tân Yên", now=NOW, requests_per_minute=2000
        )
        store(session, sealer, OA, "1")


def store(session, sealer: Sealer, oa_id: str, n: str, replaces: int | None = None) -> bool:
    return accounts.store_pair(
        session,
        sealer,
        oa_id=oa_id,
        access_token=f"access-{n}",
        refresh_token=f"refresh-{n}",
        expires_in=timedelta(hours=25),
        now=NOW,
        replaces=replaces,
    )


def account(database: Database, oa_id: str = OA) -> accounts.Account:
    with database.reading() as session:
        return next(one for one in accounts.list_accounts(session) if one.oa_id == oa_id)


def test_accounts_are_listed_with_what_an_administrator_needs(database):
    with database.reading() as session:
        first, second = accounts.list_accounts(session)
        assert accounts.with_days_left(session, now=later(days=1.5)) == [(first, 88), (second, 0)]
        assert accounts.oa_ids(session) == {OA, OTHER}
    assert (first.oa_id, first.state, first.requests_per_minute) == (OA, "ok", 100)
    assert (first.access_expires_at, first.refresh_expires_at) == (later(hours=25), later(days=90))
    assert (second.requests_per_minute, second.access_expires_at) == (2000, None)


def test_adding_a_known_account_brings_it_up_to_date_and_keeps_the_rest(database):
    with database.transaction() as session:
        accounts.add_account(session, oa_id=OTHER, name="Tên mới", now=later(days=1))
    assert (account(database, OTHER).name, account(database, OTHER).requests_per_minute) == ("Tên mới", 2000)


def test_tokens_are_sealed_and_come_back(database, sealer):
    with database.reading() as session:
        kept = session.get_one(Token, OA)
        assert b"access-1" not in kept.access_sealed
        assert b"refresh-1" not in kept.refresh_sealed
        tokens = accounts.tokens_of(session, OA, sealer)
        assert tokens is not None
        assert accounts.tokens_of(session, OTHER, sealer) is None
        with pytest.raises(CannotOpen):
            accounts.tokens_of(session, OA, Sealer([b"x" * 32]))
    assert (tokens.access_token, tokens.refresh_token, tokens.version) == ("access-1", "refresh-1", 1)
    assert "access-1" not in repr(tokens)


def test_a_new_pair_takes_the_place_of_exactly_the_one_it_was_traded_for(database, sealer):
    with database.transaction() as session:
        assert store(session, sealer, OA, "2", replaces=1)
        assert not store(session, sealer, OA, "late", replaces=1)
        assert not store(session, sealer, OTHER, "?", replaces=1)
    with database.reading() as session:
        kept = accounts.tokens_of(session, OA, sealer)
        assert kept is not None
        assert kept.access_token == "access-2"
        assert accounts.tokens_of(session, OTHER, sealer) is None


def test_one_refresher_at_a_time_and_only_for_the_newest_pair(database, sealer):
    def lease(version: int, now: datetime) -> bool:
        with database.transaction() as session:
            return accounts.lease_refresh(session, OA, version=version, now=now, lease=LEASE)

    assert not lease(2, NOW)
    assert lease(1, NOW)
    assert not lease(1, later(seconds=44))
    assert lease(1, later(seconds=45))  # the first one died
    with database.transaction() as session:
        accounts.free_refresh(session, OA, version=1)
    assert lease(1, later(seconds=46))
    with database.transaction() as session:
        store(session, sealer, OA, "2", replaces=1)
    assert not lease(1, later(days=1))
    assert lease(2, later(seconds=47))


def test_an_account_goes_down_with_its_newest_pair_and_comes_up_with_a_new_one(database, sealer):
    with database.transaction() as session:
        store(session, sealer, OTHER, "other")
        assert not accounts.set_down(session, OA, version=0, reason="…")
        assert not accounts.is_down(session, OA)
        assert accounts.set_down(session, OA, version=1, reason="cần kết nối lại")
        assert accounts.is_down(session, OA)
        assert not accounts.is_down(session, OTHER)
    assert account(database).pause_reason == "cần kết nối lại"
    with database.transaction() as session:
        store(session, sealer, OA, "2")
        assert not accounts.is_down(session, OA)


# ---- the circuit ------------------------------------------------------------------------------------------


def paused(database: Database, now: datetime, oa_id: str = OA) -> datetime | None:
    with database.reading() as session:
        return accounts.paused_until(session, oa_id, now=now)


def fail(database: Database, now: datetime = NOW) -> datetime | None:
    with database.transaction() as session:
        return accounts.note_failure(session, OA, now=now, reason="Không kết nối được tới Zalo.")


def succeed(database: Database, now: datetime = NOW) -> None:
    with database.transaction() as session:
        accounts.note_success(session, OA, now=now)


def test_after_three_failures_in_a_row_the_account_rests_longer_and_longer(database):
    assert [fail(database) for _ in range(3)] == [None, None, later(seconds=5)]
    assert paused(database, later(seconds=4)) == later(seconds=5)
    assert paused(database, later(seconds=5)) is None
    assert paused(database, NOW, OTHER) is None
    assert [fail(database) for _ in range(6)][-1] == later(minutes=2)
    assert [fail(database) for _ in range(50)][-1] == later(minutes=2)


def test_a_success_closes_the_circuit(database):
    fail(database)
    fail(database)
    succeed(database)
    assert fail(database) is None
    fail(database)
    fail(database)
    succeed(database, later(seconds=6))
    assert account(database).paused_until is None
    assert account(database).pause_reason is None
    assert fail(database, later(seconds=7)) is None


def test_a_success_that_was_under_way_does_not_end_a_pause(database):
    with database.transaction() as session:
        accounts.pause(session, OA, until=later(seconds=50), reason="nhanh quá")
    succeed(database, later(seconds=1))
    assert paused(database, later(seconds=49)) == later(seconds=50)


def test_a_longer_pause_stays(database):
    with database.transaction() as session:
        accounts.pause(session, OA, until=later(seconds=50), reason="một")
        accounts.pause(session, OA, until=later(seconds=20), reason="hai")
    assert account(database).paused_until == later(seconds=50)
    assert account(database).pause_reason == "một"


def test_failures_of_an_account_nobody_knows_are_no_harm(database):
    with database.transaction() as session:
        assert accounts.note_failure(session, "77", now=NOW, reason="…") is None
        accounts.note_success(session, "77", now=NOW)
        assert session.query(OfficialAccount).count() == 2
