"""Many tips at once are slowed, never dropped: the first of an account always passes, urgent ones too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(hours=1)
OWN_MAX = 4
"""Tips of one account within WINDOW that pass at once."""
UNIT_MAX = 60
"""Tips of one unit within WINDOW, from when on only the first one of an account passes at once."""
STEP = timedelta(minutes=5)
WAIT_MAX = timedelta(hours=6)
"""No tip waits longer than this."""


@dataclass(frozen=True)
class Lately:
    """Tips filed within WINDOW before this one: by the same account, and to the same unit."""

    own: int = 0
    unit: int = 0


def held_until(lately: Lately, *, urgent: bool, now: datetime) -> datetime | None:
    """When this tip joins the queue; None = at once."""
    if urgent or lately.own == 0:
        return None
    over = lately.own - OWN_MAX + 1
    if lately.unit >= UNIT_MAX:
        over = max(over, lately.own)
    return now + min(over * STEP, WAIT_MAX) if over > 0 else None
