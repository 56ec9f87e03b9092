"""How long a door stays shut after wrong tries: longer each time, never for ever."""

from __future__ import annotations

from datetime import timedelta

ACCOUNT_TRIES = 5
"""Wrong passwords or codes in a row before an account has to wait."""
ADDRESS_TRIES = 20
"""The same for one network address, behind which a whole station may sit."""
FIRST_WAIT = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=2)
"""Short enough that nobody who guesses at an officer's account keeps the officer out for a shift."""
FORGOTTEN_AFTER = timedelta(hours=24)
"""Wrong tries of a network address count for a day."""


def wait_after(failures: int, *, tries: int) -> timedelta:
    """How long to wait after so many wrong tries in a row: nothing, then 15, 30, 60, 120 minutes."""
    if failures < tries:
        return timedelta(0)
    doubled = min(failures - tries, 10)
    return min(FIRST_WAIT * (1 << doubled), LONGEST_WAIT)
