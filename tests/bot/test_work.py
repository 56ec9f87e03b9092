"""The loops of one process: nobody's fault stops another, a bell that rang is not missed, and they end in peace."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot import work
from bot.work import Job, Workers
from domain.errors import NotStored
from domain.work import Kind

PATIENCE_S = 20.0
FOR_EVER = 3600.0


@contextmanager
def working(jobs: dict[Kind, Job], *, rest: float = 0.01) -> Iterator[Workers]:
    workers = Workers(jobs, rest=rest)
    workers.start()
    try:
        yield workers
    finally:
        workers.stop()


class Shop:
    """Work that is told what to do, and says when it was looked for so many times."""

    def __init__(self, *faults: Exception, holds: bool = False) -> None:
        self._faults = list(faults)
        self._gate = threading.Event()
        if not holds:
            self._gate.set()
        self._looked = threading.Condition()
        self.looks = 0
        self.done = 0

    def drain(self) -> int:
        with self._looked:
            self.looks += 1
            self._looked.notify_all()
        if self._faults:
            raise self._faults.pop(0)
        self._gate.wait(PATIENCE_S)
        self.done += 1
        return 0

    def lets_go(self) -> None:
        self._gate.set()

    def was_looked_at(self, times: int) -> bool:
        with self._looked:
            return self._looked.wait_for(lambda: self.looks >= times, PATIENCE_S)


@pytest.mark.parametrize("fault", [NotStored("the database is away"), RuntimeError("a bug")])
def test_after_a_fault_it_looks_again_and_the_others_went_on_meanwhile(
    fault: Exception, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(work, "AFTER_FAULT_S", 0.01)
    broken, well = Shop(fault, fault), Shop()
    with working({Kind.INBOX: Job(broken.drain), Kind.OUTBOX: Job(well.drain)}):
        assert well.was_looked_at(3)
        assert broken.was_looked_at(4)


def test_whoever_is_woken_looks_at_once_and_the_others_rest_on():
    inbox, outbox = Shop(), Shop()
    with working({Kind.INBOX: Job(inbox.drain), Kind.OUTBOX: Job(outbox.drain)}, rest=FOR_EVER) as workers:
        assert inbox.was_looked_at(1)
        assert outbox.was_looked_at(1)
        workers.wake(Kind.INBOX)
        assert inbox.was_looked_at(2)
        workers.wake(Kind.MEDIA)  # nobody here does that
        assert outbox.looks == 1


def test_a_bell_that_rings_while_all_hands_are_full_is_heard_afterwards():
    shop = Shop(holds=True)
    with working({Kind.INBOX: Job(shop.drain)}, rest=FOR_EVER) as workers:
        assert shop.was_looked_at(1)
        workers.wake(Kind.INBOX)
        shop.lets_go()
        assert shop.was_looked_at(2)


def test_stopping_finishes_what_is_in_hand():
    shop = Shop(holds=True)
    workers = Workers({Kind.INBOX: Job(shop.drain, threads=2)}, rest=FOR_EVER)
    workers.start()
    assert shop.was_looked_at(2), "as many side by side as there are threads"
    ending = threading.Thread(target=workers.stop)
    ending.start()
    shop.lets_go()
    ending.join(PATIENCE_S)
    assert not ending.is_alive()
    assert (shop.looks, shop.done) == (2, 2)
