"""The platform's clock: the real one, moved by an offset that the control API sets."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta


class Clock:
    """Aware UTC; `advance` moves it so that windows close and tokens expire without waiting."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            return datetime.now(UTC) + self._offset

    def millis(self) -> int:
        return int(self.now().timestamp() * 1000)

    def advance(self, by: timedelta) -> timedelta:
        """Move on (or back) and return the whole offset."""
        with self._lock:
            self._offset += by
            return self._offset

    @property
    def offset(self) -> timedelta:
        """How far this clock is ahead of the real one."""
        with self._lock:
            return self._offset
