"""The refresh token works once: one refresher among all threads and processes, stored before it is used."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.zalo import tokens as tokens_module
from bot.zalo.client import ZaloClient
from bot.zalo.tokens import Tokens
from data import accounts
from data.sealing import Sealer
from data.session import Database
from data.tables import OfficialAccount, Token
from domain.errors import NotStored, OfficialAccountDown, TokenRefused, TryAgainLater
from tests.bot.fake_zalo import FakeZalo, HangUp, Say
from tests.conftest import Clock

OA, OTHER = "3000000000000000001", "3000000000000000002"


@pytest.fixture(autouse=True)
def connected(database: Database, sealer: Sealer, zalo: FakeZalo, clock: Clock) -> None:
    """Two accounts; the first is connected to the fake Zalo, the second to something else."""
    pair = zalo.new_pair()
    with database.transaction() as session:
        for oa_id, tokens in ((OA, pair), (OTHER, {"access_token": "other-a", "refresh_token": "other-r"})):
            accounts.add_account(session, oa_id=oa_id, name="Công an phường", now=clock.now)
            accounts.store_pair(
                session,
                sealer,
                oa_id=oa_id,
                access_token=tokens["access_token"],
                refresh_token=tokens["refresh_token"],
                expires_in=timedelta(hours=25),
                now=clock.now,
            )


@pytest.fixture
def tokens(database: Database, client: ZaloClient, sealer: Sealer, clock: Clock) -> Tokens:
    return Tokens(database, client, sealer, clock=clock)


@pytest.fixture
def other_process(database: Database, client: ZaloClient, sealer: Sealer, clock: Clock) -> Iterator[Tokens]:
    """The same database through an engine of its own, and nothing else in common."""
    own = Database(database.url)
    yield Tokens(own, client, sealer, clock=clock)
    own.close()


def version(database: Database, oa_id: str = OA) -> int:
    with database.reading() as session:
        return session.get_one(Token, oa_id).version


def refresh_token(database: Database, sealer: Sealer, oa_id: str) -> str:
    with database.reading() as session:
        kept = accounts.tokens_of(session, oa_id, sealer)
    assert kept is not None
    return kept.refresh_token


def state(database: Database, oa_id: str = OA) -> str:
    with database.reading() as session:
        return session.get_one(OfficialAccount, oa_id).state


def test_a_good_token_is_used_without_asking_anybody(tokens, zalo, database):
    assert tokens.access_token(OA) == "access-1"
    with database.transaction() as session:
        session.execute(text("DELETE FROM tokens"))
    assert tokens.access_token(OA) == "access-1"  # from memory
    assert zalo.refreshes == []


def test_it_is_renewed_ahead_of_its_end(tokens, zalo, clock, database):
    clock.advance(hours=24, minutes=29)
    assert tokens.access_token(OA) == "access-1"
    clock.advance(minutes=1)
    assert tokens.access_token(OA) == "access-2"
    assert zalo.refreshes == ["refresh-1"]
    assert (version(database), version(database, OTHER)) == (2, 1)
    assert tokens.access_token(OA) == "access-2"
    assert zalo.refreshes == ["refresh-1"]


def test_a_refused_token_is_renewed_once_and_the_new_pair_is_used_next_time(tokens, zalo):
    zalo.new_pair()  # somebody at Zalo made the old one void, the refresh token with it
    zalo.refresh_token = "refresh-1"
    assert tokens.refused(OA, "access-1") == zalo.access_token
    assert tokens.access_token(OA) == zalo.access_token
    assert tokens.refused(OA, "access-1") == zalo.access_token  # a thread that is late
    assert zalo.refreshes == ["refresh-1"]


def test_many_threads_and_two_processes_refresh_exactly_once(tokens, other_process, zalo):
    everybody_is_here = threading.Barrier(8)

    def come(n: int) -> str:
        everybody_is_here.wait(10)
        whose: Tokens = (tokens, other_process)[n % 2]
        return whose.refused(OA, "access-1")

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(come, range(8))) == {"access-2"}
    assert zalo.refreshes == ["refresh-1"]
    assert zalo.reused == 0


def test_the_same_when_the_token_runs_out_by_itself(tokens, other_process, zalo, clock):
    clock.advance(hours=26)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda n: (tokens, other_process)[n % 2].access_token(OA), range(8))) == {
            "access-2"
        }
    assert zalo.refreshes == ["refresh-1"]


def test_nobody_gets_the_new_token_before_it_is_stored(tokens, other_process, zalo, database):
    """While the first one holds the lease and Zalo has answered, the others still wait."""
    in_zalo, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        in_zalo.set()
        assert go_on.wait(10)

    zalo.before_refresh = hold
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(tokens.refused, OA, "access-1")
        assert in_zalo.wait(10)
        second = pool.submit(other_process.refused, OA, "access-1")
        assert version(database) == 1
        assert not second.done()
        go_on.set()
        assert (first.result(10), second.result(10)) == ("access-2", "access-2")
    assert version(database) == 2


def test_when_the_refresher_dies_the_next_one_takes_over_after_its_lease(tokens, zalo, database, clock):
    with database.transaction() as session:
        assert accounts.lease_refresh(session, OA, version=1, now=clock.now, lease=tokens_module.LEASE)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(tokens.refused, OA, "access-1")
        assert not waiting.done()
        clock.advance(seconds=46)
        assert waiting.result(10) == "access-2"


def test_a_refresh_token_zalo_refuses_takes_the_account_down_with_an_alarm(
    tokens, other_process, zalo, database
):
    zalo.refresh_token = "something else"
    with capture_logs() as logs, pytest.raises(OfficialAccountDown):
        tokens.refused(OA, "access-1")
    assert state(database) == "down"
    assert state(database, OTHER) == "ok"
    alarms = [log for log in logs if log["log_level"] == "error"]
    assert alarms == [{"event": "official_account_down", "log_level": "error", "oa_id": OA, "code": "-14014"}]
    for everybody in (tokens, other_process):
        with pytest.raises(OfficialAccountDown):
            everybody.access_token(OA)
        with pytest.raises(OfficialAccountDown):
            everybody.refused(OA, "access-1")
    assert zalo.refreshes == ["refresh-1"]
    assert "refresh-1" not in repr(logs)
    assert "access-1" not in repr(logs)


def test_a_pair_that_somebody_else_has_replaced_meanwhile_takes_nothing_down(
    tokens, zalo, database, sealer, clock
):
    def somebody_connects() -> None:
        zalo.before_refresh = lambda: None
        pair = zalo.new_pair()
        with database.transaction() as session:
            accounts.store_pair(
                session, sealer, oa_id=OA, now=clock.now, expires_in=timedelta(hours=25),
                access_token=pair["access_token"], refresh_token=pair["refresh_token"],
            )  # fmt: skip

    zalo.before_refresh = somebody_connects
    assert tokens.refused(OA, "access-1") == "access-2"
    assert state(database) == "ok"


@pytest.mark.parametrize("trouble", [Say(503, "busy"), Say(500, "oops"), HangUp()])
def test_a_line_that_fails_frees_the_lease_and_the_next_one_may_try(tokens, zalo, database, trouble):
    zalo.oauth_answers.append(trouble)
    with pytest.raises(TryAgainLater):
        tokens.refused(OA, "access-1")
    assert state(database) == "ok"
    with database.reading() as session:
        assert session.get_one(Token, OA).lease_until is None
    assert tokens.refused(OA, "access-1") == "access-2"


def test_while_renewing_ahead_fails_the_old_token_serves_and_zalo_is_not_pestered(tokens, zalo, clock):
    clock.advance(hours=24, minutes=45)
    zalo.oauth_answers.extend([Say(503), Say(503)])
    assert [tokens.access_token(OA) for _ in range(5)] == ["access-1"] * 5
    assert len(zalo.refreshes) == 1
    clock.advance(minutes=1)
    tokens.access_token(OA)
    assert len(zalo.refreshes) == 2
    clock.advance(minutes=1)
    assert tokens.access_token(OA) == "access-2"


def test_when_it_has_run_out_nobody_can_send(tokens, zalo, clock):
    clock.advance(hours=26)
    zalo.oauth_answers.append(Say(503))
    with pytest.raises(TryAgainLater):
        tokens.access_token(OA)


def test_a_new_pair_is_stored_as_soon_as_the_database_is_back(database, client, sealer, clock, zalo):
    waits: list[float] = []
    away = Away(database)
    tokens = Tokens(cast("Database", away), client, sealer, clock=clock, sleep=waits.append)
    zalo.before_refresh = lambda: setattr(away, "gone", 3)

    assert tokens.refused(OA, "access-1") == "access-2"
    assert waits == list(tokens_module.STORE_WAITS[:3])
    assert version(database) == 2


def test_a_new_pair_that_could_not_be_stored_is_kept_in_mind_and_not_used_before(
    database, client, sealer, clock, zalo
):
    away = Away(database)
    tokens = Tokens(cast("Database", away), client, sealer, clock=clock, sleep=lambda seconds: None)
    zalo.before_refresh = lambda: setattr(away, "gone", 1000)
    with pytest.raises(NotStored):
        tokens.refused(OA, "access-1")
    with pytest.raises(NotStored):
        tokens.access_token(OA)
    away.gone = 0
    assert tokens.access_token(OA) == "access-2"
    assert version(database) == 2
    assert zalo.refreshes == ["refresh-1"]


class Away:
    """A database whose next `gone` transactions are not taken."""

    def __init__(self, real: Database) -> None:
        self._real = real
        self.gone = 0

    def transaction(self):
        if self.gone > 0:
            self.gone -= 1
            raise NotStored("away")
        return self._real.transaction()

    def reading(self):
        return self._real.reading()


def test_a_refresh_answer_without_a_refresh_token_keeps_the_old_one(tokens, zalo, database, sealer):
    zalo.oauth_answers.append({"access_token": "access-x", "expires_in": "90000"})
    assert tokens.refused(OA, "access-1") == "access-x"
    assert refresh_token(database, sealer, OA) == "refresh-1"


# ---- an administrator -----------------------------------------------------------------------------------


def test_connecting_an_account_trades_the_refresh_token_at_once(tokens, zalo, database, sealer, clock):
    zalo.new_pair()
    until = tokens.connect("77", name="Công an xã mới", refresh_token="refresh-2", requests_per_minute=2000)
    assert until == clock.now + timedelta(hours=25)
    assert tokens.access_token("77") == "access-3"
    with database.reading() as session:
        account = next(one for one in accounts.list_accounts(session) if one.oa_id == "77")
        assert (account.name, account.state, account.requests_per_minute) == ("Công an xã mới", "ok", 2000)
    assert refresh_token(database, sealer, "77") == "refresh-3"


def test_connecting_with_a_token_zalo_refuses_adds_nothing(tokens, database):
    with pytest.raises(OfficialAccountDown):
        tokens.connect("77", name="Công an xã mới", refresh_token="wrong")
    with database.reading() as session:
        assert "77" not in accounts.oa_ids(session)


def test_connecting_an_account_that_is_down_brings_it_up(tokens, zalo, database):
    with database.transaction() as session:
        accounts.set_down(session, OA, version=1, reason="…")
    tokens.connect(OA, name="Công an phường", refresh_token="refresh-1")
    assert state(database) == "ok"
    assert tokens.access_token(OA) == "access-2"


def test_renewing_by_hand(tokens, zalo, database, clock):
    assert tokens.renew(OA) == clock.now + timedelta(hours=25)
    assert tokens.access_token(OA) == "access-2"
    with database.transaction() as session:
        accounts.set_down(session, OA, version=2, reason="…")
    tokens.renew(OA)
    assert state(database) == "ok"


@pytest.mark.parametrize("call", ["access_token", "renew"])
def test_an_account_that_was_never_connected_is_down(tokens, database, clock, call):
    with database.transaction() as session:
        accounts.add_account(session, oa_id="77", name="Chưa kết nối", now=clock.now)
    with pytest.raises(OfficialAccountDown):
        getattr(tokens, call)("77")


def test_end_to_end_with_a_refused_send(tokens, client, zalo):
    zalo.access_token = "void"
    token = tokens.access_token(OA)
    with pytest.raises(TokenRefused):
        client.send_text(token, "4000000000000000001", "Chào")
    began = time.monotonic()
    assert client.send_text(tokens.refused(OA, token), "4000000000000000001", "Chào").message_id
    assert time.monotonic() - began < 5
