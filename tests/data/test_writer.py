"""Everybody learns in time what became of their own row, kept together with others or alone."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from data.writer import GroupWriter, SingleWriter
from domain.errors import NotStored


class Disk:
    """Remembers batches; refuses rows called "bad"; can be held to let rows gather."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.open = threading.Event()
        self.open.set()
        self.entered = threading.Event()
        self.ended = threading.Semaphore(0)

    def write(self, rows: Sequence[str]) -> None:
        self.entered.set()
        self.open.wait(10)
        if "bad" in rows:
            raise ValueError("a row that cannot be kept")
        if "away" in rows:
            raise NotStored("the database went away")
        self.batches.append(list(rows))
        self.ended.release()


def test_rows_that_come_together_are_written_together():
    disk = Disk()
    writer = GroupWriter(disk.write)
    disk.open.clear()
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(writer.submit, "first", patience=10)
        assert disk.entered.wait(10)
        rest = [pool.submit(writer.submit, f"row {n}", patience=10) for n in range(8)]
        while writer._queue.qsize() < 8:
            pass
        disk.open.set()
        for future in [first, *rest]:
            future.result(10)
    writer.close()
    assert disk.batches[0] == ["first"]
    assert sorted(disk.batches[1]) == sorted(f"row {n}" for n in range(8))


def test_one_bad_row_does_not_fail_its_neighbours():
    disk = Disk()
    writer = GroupWriter(disk.write)
    disk.open.clear()
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(writer.submit, "first", patience=10)
        assert disk.entered.wait(10)
        rest = {row: pool.submit(writer.submit, row, patience=10) for row in ("good", "bad", "fine")}
        while writer._queue.qsize() < 3:
            pass
        disk.open.set()
        first.result(10)
        rest["good"].result(10)
        rest["fine"].result(10)
        with pytest.raises(NotStored):
            rest["bad"].result(10)
    writer.close()
    assert sorted(row for batch in disk.batches for row in batch) == ["fine", "first", "good"]


def test_a_database_that_is_away_fails_the_batch_without_trying_each_row():
    disk = Disk()
    writer = GroupWriter(disk.write)
    with pytest.raises(NotStored):
        writer.submit("away")
    writer.submit("back again")
    writer.close()
    assert disk.batches == [["back again"]]


def test_a_commit_that_takes_too_long_is_not_acknowledged():
    disk = Disk()
    disk.open.clear()
    writer = GroupWriter(disk.write)
    with pytest.raises(NotStored, match="too long"):
        writer.submit("slow", patience=0.01)
    disk.open.set()
    writer.close()


def test_a_closed_writer_takes_nothing():
    writer = GroupWriter(Disk().write)
    writer.close()
    with pytest.raises(NotStored, match="closed"):
        writer.submit("late")


# ---- a row at a time ----------------------------------------------------------------------------------------


def alone(disk: Disk) -> SingleWriter[str]:
    return SingleWriter(lambda row: disk.write([row]), threads=2)


def test_alone_every_row_has_a_transaction_of_its_own_and_its_own_fault():
    disk = Disk()
    writer = alone(disk)
    writer.submit("good")
    with pytest.raises(NotStored):
        writer.submit("away")
    with pytest.raises(ValueError, match="cannot be kept"):
        writer.submit("bad")
    writer.submit("fine")
    writer.close()
    assert disk.batches == [["good"], ["fine"]]


def test_alone_a_database_that_hangs_holds_no_request_and_is_used_again_when_it_is_back():
    disk = Disk()
    disk.open.clear()
    writer = alone(disk)
    for row, patience in (
        ("one", 0.5),
        ("two", 0.5),
        ("behind", 0.01),
        ("behind", 0.01),
    ):  # two threads, four rows
        with pytest.raises(NotStored, match="too long"):
            writer.submit(row, patience=patience)  # the first two long enough for their threads to have begun
    disk.open.set()
    writer.submit("three", patience=10)
    assert all(disk.ended.acquire(timeout=10) for _ in range(3))
    writer.close()
    kept = sorted(row for batch in disk.batches for row in batch)
    assert kept == ["one", "three", "two"], "what had not begun was left to come again"


def test_alone_a_closed_writer_takes_nothing():
    writer = alone(Disk())
    writer.close()
    with pytest.raises(NotStored, match="closed"):
        writer.submit("late")
