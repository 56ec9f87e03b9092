"""Workers that die, answers that come too late, and what stands in the log."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import pytest
from structlog.testing import capture_logs

from bot.outbox import Outbox
from bot.zalo.client import ZaloClient
from data import outgoing
from domain.broadcasts import DeliveryStatus as S
from domain.errors import (
    NotStored,
)
from tests.bot.fake_zalo import HangUp, Refuse
from tests.bot.outbox.rows import (
    CITIZENS,
    drain,
    look,
    queue,
)


class Died(BaseException):
    """The worker is gone, as with SIGKILL: nothing after it runs."""


@pytest.mark.parametrize("sent", [True, False])
def test_a_worker_that_dies_while_sending_leaves_an_unknown_row(
    outbox, database, clock, zalo, sealer, tokens, sent
):
    (row_id,) = queue(database, clock, "lan", "Chào")

    class Dying:
        def send_text(self, *args: object) -> None:
            if sent:
                outbox._client.send_text(*args)
            raise Died

    with pytest.raises(Died):
        Outbox(database, cast("ZaloClient", Dying()), tokens, sealer, clock=clock).drain()
    assert look(database, row_id).state == S.SENDING
    clock.advance(seconds=61)
    assert outbox.sweep().unknown == 1
    assert look(database, row_id).state == S.UNKNOWN
    assert drain(outbox) == 0
    assert len(zalo.texts) == int(sent)


def test_rows_claimed_beside_a_broken_one_are_not_kept_waiting(outbox, database, clock, zalo, sealer, tokens):
    queue(database, clock, "lan", "Lan 1")
    queue(database, clock, "mai", "Mai 1")

    class Broken:
        def send_text(self, *args: object) -> None:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Outbox(database, cast("ZaloClient", Broken()), tokens, sealer, clock=clock).drain()
    assert drain(outbox) == 1
    assert zalo.texts == [(CITIZENS["mai"], "Mai 1")]


def test_a_claim_of_a_dead_worker_is_given_back(outbox, database, clock, zalo):
    queue(database, clock, "lan", "Lan 1")
    with database.transaction() as session:
        outgoing.claim_due(session, now=clock.now, limit=4, lease=timedelta(minutes=3))
    clock.advance(minutes=3)
    assert outbox.sweep().given_back == 1
    drain(outbox)
    assert len(zalo.texts) == 1


def test_what_came_of_a_send_is_told_to_the_database_more_than_once(outbox, database, clock, zalo):
    (row_id,) = queue(database, clock, "lan", "Chào")
    real, refused = database.transaction, iter([False, False, True, True, False])

    def sometimes():
        if next(refused, False):
            raise NotStored("locked")
        return real()

    outbox._database = type("Flaky", (), {"transaction": staticmethod(sometimes)})()
    assert outbox.drain() == 1
    assert look(database, row_id).state == S.SENT


def test_old_replies_end_instead_of_arriving_late(outbox, database, clock, zalo):
    (row_id,) = queue(database, clock, "lan", "Chào")
    clock.advance(days=8)
    assert drain(outbox) == 0
    assert outbox.sweep().expired == 1
    assert look(database, row_id).state == S.EXPIRED
    assert zalo.texts == []


def test_logs_carry_ids_of_rows_and_numbers_only(outbox, database, clock, zalo):
    queue(database, clock, "lan", "Tôi tố giác ông A", "Câu hai", "Câu ba")
    zalo.answers.extend([Refuse(-230), Refuse(-248), HangUp()])
    with capture_logs() as logs:
        drain(outbox)
    told = repr(logs)
    assert "outgoing_not_sent" in told
    for secret in (CITIZENS["lan"], "lan'", "tố giác", "Câu", "access-1", "refresh-1"):
        assert secret not in told
