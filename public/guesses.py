"""Slows down whoever tries codes. Addresses are kept as hashes, in memory only, for a few minutes."""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

WRONG_MAX = 10
"""Codes that do not exist, per address and WINDOW; after that the page asks to wait."""
WINDOW = timedelta(minutes=10)
ADDRESSES_MAX = 10_000


class Guesses:
    """Counts wrong codes by address; `clock` gives aware UTC."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: dict[str, deque[datetime]] = {}

    def too_many(self, address: str) -> bool:
        with self._lock:
            return len(self._recent(_hash(address))) >= WRONG_MAX

    def wrong(self, address: str) -> None:
        with self._lock:
            if len(self._wrong) >= ADDRESSES_MAX:
                self._wrong.pop(next(iter(self._wrong)))
            self._recent(_hash(address), keep=True).append(self._clock())

    def _recent(self, key: str, *, keep: bool = False) -> deque[datetime]:
        found = self._wrong.get(key, deque())
        while found and found[0] <= self._clock() - WINDOW:
            found.popleft()
        if keep:
            self._wrong[key] = found
        return found


def _hash(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()
