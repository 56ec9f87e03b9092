"""The kinds of work that go on by themselves. A wake-up carries a kind and ids only; it may be lost or
repeated without harm, because the rows are the truth and every worker also looks by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Kind(StrEnum):
    INBOX = "inbox"
    OUTBOX = "outbox"
    MEDIA = "media"
    CLEANING = "cleaning"
    DELIVERIES = "deliveries"
    REPLAYS = "replays"
    HOOKS = "hooks"


Wake = Callable[[Kind, str], None]
"""`wake(kind, key)`: somebody should look at this kind of work now; key "" = anything due."""


def wake_nobody(kind: Kind, key: str = "") -> None:
    """For places where a worker's own look is soon enough."""
