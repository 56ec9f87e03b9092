"""What fetching and cleaning have in common: one file of a tip in hand at a time, in any number of threads."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from bot.metrics import Metrics
from data import attachments
from data.media import MediaStore
from data.sealing import Sealer
from data.session import Database
from data.tables import AttachmentRow
from domain.tips import AttachmentState
from domain.work import Wake

log = structlog.get_logger()


class AttachmentWork(ABC):
    """`drain` takes one file that waits in `STATES`; any number of threads and processes may call it.

    LEASE  so long the file is this worker's; longer than one file can take
    WAITS  before the second try, the third …
    """

    STATES: Sequence[AttachmentState]
    LEASE: timedelta
    WAITS: Sequence[timedelta]

    def __init__(
        self,
        database: Database,
        store: MediaStore,
        sealer: Sealer,
        *,
        clock: Callable[[], datetime],
        wake: Wake,
        metrics: Metrics,
    ) -> None:
        self._database = database
        self._store = store
        self._sealer = sealer
        self._clock = clock
        self._wake = wake
        self._metrics = metrics

    def drain(self) -> int:
        with self._database.transaction() as session:
            claimed = attachments.claim_due(
                session, now=self._clock(), limit=1, lease=self.LEASE, states=self.STATES
            )
        for row in claimed:
            self._take(row)
        return len(claimed)

    @abstractmethod
    def _take(self, row: AttachmentRow) -> None:
        """Do the work on this file and write down what came of it."""

    def _try_later(self, row: AttachmentRow, error: Exception) -> None:
        """Give the file back for another try."""
        log.info("media_later", attachment_id=row.id, attempt=row.attempts, error=type(error).__name__)
        wait = self.WAITS[min(row.attempts, len(self.WAITS)) - 1]
        with self._database.transaction() as session:
            attachments.try_later(session, row, due_at=self._clock() + wait)
