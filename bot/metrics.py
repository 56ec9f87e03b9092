"""Numbers for `/metrics`: how much, how fast, how often it failed. Labels are kinds and states, never people."""

from __future__ import annotations

import re

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0)


class Metrics:
    """One registry of its own, so that tests do not share numbers."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._webhook = Histogram(
            "caunoi_webhook_seconds",
            "Webhook calls by status",
            ["status"],
            buckets=FAST,
            registry=self.registry,
        )
        self._handled = Histogram(
            "caunoi_event_seconds", "Events handled, by kind", ["kind"], buckets=FAST, registry=self.registry
        )
        self._failed = Counter(
            "caunoi_event_failures", "Events that failed once", ["kind"], registry=self.registry
        )
        self._media = Counter(
            "caunoi_media", "Attachments settled, by state", ["state"], registry=self.registry
        )
        self._sent = Counter(
            "caunoi_sends",
            "Messages by channel and what became of them",
            ["channel", "state"],
            registry=self.registry,
        )

    def webhook(self, status: int, seconds: float) -> None:
        self._webhook.labels(str(status)).observe(seconds)

    def event_handled(self, kind: str, seconds: float) -> None:
        self._handled.labels(_known(kind)).observe(seconds)

    def event_failed(self, kind: str) -> None:
        self._failed.labels(_known(kind)).inc()

    def media(self, state: str) -> None:
        self._media.labels(state).inc()

    def sent(self, channel: str, state: str) -> None:
        """channel: reply or group; state: a delivery status."""
        self._sent.labels(channel, state).inc()

    def text(self) -> bytes:
        """Prometheus' text form."""
        return generate_latest(self.registry)


_EVENT_NAME = re.compile(r"(user|oa|anonymous)_[a-z_]{3,40}|(un)?follow|[a-z_]{3,30}_group")


def _known(kind: str) -> str:
    """Event names come from outside: what does not look like one is `other`, so that labels stay few."""
    return kind if _EVENT_NAME.fullmatch(kind) else "other"
