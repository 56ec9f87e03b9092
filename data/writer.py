"""Keeping a row while a request waits for it, and never longer than that request may wait.

Group commit: one thread writes what many requests brought, in one transaction, then wakes them all. Measured on
SQLite with synchronous=FULL: twice the requests and a twentieth of the tail of a transaction per request
(docs/decisions/0003). PostgreSQL groups commits by itself: there every row keeps its own transaction, and only the
waiting is bounded.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from domain.errors import NotStored

T = TypeVar("T")

BATCH_MAX = 256
QUEUE_MAX = 4_096
"""Rows that may wait; beyond it the sender is told to come again."""
PATIENCE_S = 1.2
"""Longest a request waits for its commit: Zalo gives up after 2 s."""


class _Waiting(Generic[T]):
    """A row and the request that waits for it. A bare lock is several times cheaper than an Event."""

    __slots__ = ("error", "row", "settled")

    def __init__(self, row: T) -> None:
        self.row = row
        self.error: BaseException | None = None
        self.settled = threading.Lock()
        self.settled.acquire()


class GroupWriter(Generic[T]):
    """`submit(row)` returns when the row is on disk.

    write  keeps a batch in one transaction; called from one thread only
    """

    def __init__(self, write: Callable[[Sequence[T]], None], *, name: str = "group-writer") -> None:
        self._write = write
        self._queue: queue.Queue[_Waiting[T] | None] = queue.Queue(maxsize=QUEUE_MAX)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._closed = False
        self._thread.start()

    def submit(self, row: T, *, patience: float = PATIENCE_S) -> None:
        """Keep `row`. Raises NotStored when it cannot be kept in time; it may then be kept all the same, so
        rows must be safe to submit again.
        """
        waiting = _Waiting(row)
        if self._closed:
            raise NotStored("the writer is closed")
        try:
            self._queue.put_nowait(waiting)
        except queue.Full:
            raise NotStored("too many rows are waiting") from None
        if not waiting.settled.acquire(timeout=patience):
            raise NotStored("the commit took too long")
        if waiting.error is not None:
            raise NotStored("the database did not take it") from waiting.error

    def close(self) -> None:
        """Write what waits, then end."""
        self._closed = True
        self._queue.put(None)
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while True:
            first = self._queue.get()
            if first is None:
                return
            batch, ended = [first], False
            while len(batch) < BATCH_MAX:
                try:
                    more = self._queue.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    ended = True
                    break
                batch.append(more)
            self._keep(batch)
            if ended:
                return

    def _keep(self, batch: list[_Waiting[T]]) -> None:
        try:
            self._write([waiting.row for waiting in batch])
        except BaseException as error:
            if len(batch) == 1 or isinstance(error, NotStored):
                for waiting in batch:
                    waiting.error = error
            else:  # one bad row must not fail its neighbours
                for waiting in batch:
                    self._keep([waiting])
                return
        for waiting in batch:
            waiting.settled.release()


class SingleWriter(Generic[T]):
    """`submit(row)` returns when the row is on disk: a transaction for each row, as many side by side as `threads`.

    The request waits beside the transaction, not in it: a database that is away, locked or slow to connect holds a
    thread of ours for as long as it likes, and the request no longer than its patience.
    """

    def __init__(self, write: Callable[[T], None], *, threads: int, name: str = "writer") -> None:
        self._write = write
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)

    def submit(self, row: T, *, patience: float = PATIENCE_S) -> None:
        """Keep `row`. Raises NotStored as GroupWriter.submit does, with the same caution."""
        try:
            keeping = self._pool.submit(self._write, row)
        except RuntimeError:
            raise NotStored("the writer is closed") from None
        try:
            keeping.result(patience)
        except TimeoutError:
            keeping.cancel()  # if it has not begun, it need not: whoever brought it comes again
            raise NotStored("the commit took too long") from None

    def close(self) -> None:
        """Take nothing more; what has begun is finished by its thread."""
        self._pool.shutdown(wait=False, cancel_futures=True)
