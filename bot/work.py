"""Who does the work: threads of this process, each looking for one kind of work.

`wake` only makes them look sooner. They also look by themselves, so a lost wake-up costs a moment, never a
message; that is also how work left behind by a dead process is found.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from domain.errors import NotStored
from domain.work import Kind

log = structlog.get_logger()

REST_S = 1.0
"""How long a loop waits for a wake-up before it looks by itself."""
AFTER_FAULT_S = 2.0


@dataclass(frozen=True)
class Job:
    """`drain` takes what is due and returns how much there was; `threads` may do so side by side."""

    drain: Callable[[], int]
    threads: int = 1


class Workers:
    """The loops of this process."""

    def __init__(self, jobs: Mapping[Kind, Job], *, rest: float = REST_S) -> None:
        self._jobs = jobs
        self._rest = rest
        self._calls = {kind: _Call() for kind in jobs}
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        for kind, job in self._jobs.items():
            for number in range(job.threads):
                thread = threading.Thread(
                    target=self._loop, args=(kind, job), name=f"{kind}-{number}", daemon=True
                )
                thread.start()
                self._threads.append(thread)

    def wake(self, kind: Kind, key: str = "") -> None:
        """Somebody of this process should look at `kind` now. Kinds done elsewhere are nobody's here."""
        call = self._calls.get(kind)
        if call:
            call.ring()

    def stop(self, timeout: float = 15.0) -> None:
        """Finish what is in hand, then end."""
        self._stopping.set()
        for call in self._calls.values():
            call.ring_all()
        for thread in self._threads:
            thread.join(timeout)

    def _loop(self, kind: Kind, job: Job) -> None:
        call = self._calls[kind]
        while not self._stopping.is_set():
            try:
                more = job.drain() > 0
            except NotStored:
                log.warning("work_waits_for_database", kind=kind)
                more = False
                self._stopping.wait(AFTER_FAULT_S)
            except Exception:
                log.exception("work_failed", kind=kind)
                more = False
                self._stopping.wait(AFTER_FAULT_S)
            if not more and not self._stopping.is_set():
                call.wait(self._rest)


class _Call:
    """A bell that is not missed when it rings before somebody listens."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._rings = 0

    def ring(self) -> None:
        with self._condition:
            self._rings = min(self._rings + 1, 64)
            self._condition.notify()

    def ring_all(self) -> None:
        with self._condition:
            self._rings = 64
            self._condition.notify_all()

    def wait(self, timeout: float) -> None:
        with self._condition:
            if not self._rings:
                self._condition.wait(timeout)
            self._rings = max(0, self._rings - 1)
