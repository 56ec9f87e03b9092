"""Webhooks out: what other systems may be told, how it is signed, when it is tried again.

The signature covers moment and bytes: `v1=` HMAC-SHA256 of `<seconds>.<body>` under the secret of the address.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from domain.said import said


class HookEvent(StrEnum):
    DOSSIER_STEP = "dossier.step"
    TIP_MOVED = "tip.moved"


EVENT_LABELS: Mapping[HookEvent, str] = {
    HookEvent.DOSSIER_STEP: "Hồ sơ sang bước mới",
    HookEvent.TIP_MOVED: "Tin báo đổi trạng thái",
}


class HookState(StrEnum):
    """Where one message to one address stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


STATE_LABELS: Mapping[HookState, str] = {
    HookState.WAITING: "Chờ gửi",
    HookState.SENT: "Đã nhận",
    HookState.FAILED: "Không gửi được",
}

NO_ANSWER = "Không kết nối được."


def answered(status: int) -> str:
    """Why a message has not been received, where the other side said something."""
    return said("Máy nhận trả lời %(status)d.", status=status)


WAITS = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
"""Before the second try, the third …; after the last the message has failed."""
SIGNATURE, TIMESTAMP, DELIVERY, EVENT = (
    "X-CauNoi-Signature",
    "X-CauNoi-Timestamp",
    "X-CauNoi-Delivery",
    "X-CauNoi-Event",
)
SECRET_BYTES = 32


def sign(secret: bytes, timestamp: int, body: bytes) -> str:
    """The signature of these bytes at that moment (Unix seconds)."""
    return "v1=" + hmac.new(secret, f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def wait_after(tries: int, jitter: float) -> timedelta | None:
    """How long to wait after this many tries (1, 2 …); None: no more. jitter: 0.0 to 1.0, up to a fifth more."""
    if tries > len(WAITS):
        return None
    return WAITS[tries - 1] * (1 + jitter / 5)
