"""Switches that make the platform behave badly, one at a time or together."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field, fields
from typing import Any

SHARES = {"drop_after_accept", "error_500", "rate_limited", "duplicate", "reorder"}


@dataclass
class Chaos:
    """All off by default.

    delay_ms           every API call waits this long before it is answered
    drop_after_accept  share of sends (0 to 1) that are accepted and delivered, but never answered
    error_500          share of API calls answered with HTTP 500 and nothing done
    rate_limited       share of API calls answered with -32
    down               every API call breaks before it is read
    duplicate          share of webhook events that are delivered twice
    reorder            share of webhook events that are held back and overtaken
    paused             webhook events wait
    retry_on_status    an answer other than 200 is retried like a connection that failed
    retry_scale        factor on the waits between retries (tests use a small one)
    next_error         the next `next_count` sends fail with this number
    """

    delay_ms: int = 0
    drop_after_accept: float = 0.0
    error_500: float = 0.0
    rate_limited: float = 0.0
    down: bool = False
    duplicate: float = 0.0
    reorder: float = 0.0
    paused: bool = False
    retry_on_status: bool = True
    retry_scale: float = 1.0
    next_error: int = 0
    next_count: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def change(self, values: dict[str, Any]) -> None:
        """Set what is given. Raises ValueError for a name or a value that makes no sense (some may be set)."""
        known = {one.name for one in fields(self) if not one.name.startswith("_")}
        if unknown := values.keys() - known:
            raise ValueError(f"no such switch: {', '.join(sorted(unknown))}")
        for name, value in values.items():
            setattr(self, name, _checked(name, value, type(getattr(Chaos(), name))))

    def happens(self, share: float) -> bool:
        return share > 0 and random.random() < share  # noqa: S311  # chaos needs no secrecy

    def take_error(self) -> int:
        """The error number the next send has to fail with; 0: none."""
        with self._lock:
            if self.next_count <= 0:
                return 0
            self.next_count -= 1
            return self.next_error

    def calm(self) -> None:
        """Everything off again."""
        self.change(Chaos().as_json())

    def as_json(self) -> dict[str, Any]:
        return {one.name: getattr(self, one.name) for one in fields(self) if not one.name.startswith("_")}


def _checked(name: str, value: Any, wanted: type) -> Any:
    if wanted is bool:
        if value in (True, 1, "1", "true", "on"):
            return True
        if value in (False, 0, "", "0", "false", "off"):
            return False
        raise ValueError(f"{name} must be true or false")
    try:
        number = wanted(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number") from None
    if name in SHARES and not 0 <= number <= 1:
        raise ValueError(f"{name} must be between 0 and 1")
    if name != "next_error" and number < 0:
        raise ValueError(f"{name} must not be negative")
    return number
