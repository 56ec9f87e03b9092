"""Long polling: a question that is answered when there is something to say."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from flask import request

from simulator.world import World

WAIT_MAX_S = 25.0

Found = TypeVar("Found")


def since_of_request() -> int:
    """`since`: the count of changes the asker has already seen; 0 when it is missing or no number."""
    return max(0, request.args.get("since", default=0, type=int))


def is_stale(world: World, since: int) -> bool:
    """The stage was cleared, or the platform started anew, after the asker last looked."""
    return since < world.cleared_at or since > world.changes


def wait_for_news(world: World, look: Callable[[], list[Found] | None]) -> list[Found]:
    """What `look` finds, waiting up to `wait` seconds (of the query, at most WAIT_MAX_S) until it is not None.

    Call it with `world.news` held.
    """
    wait = request.args.get("wait", default=0.0, type=float)
    until = time.monotonic() + min(WAIT_MAX_S, wait if wait > 0 else 0.0)
    while (found := look()) is None and (left := until - time.monotonic()) > 0:
        world.news.wait(left)
    return found or []
