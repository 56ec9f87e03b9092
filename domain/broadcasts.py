"""Broadcasts: statuses and their moves, what becomes of a delivery that did not go through, quiet hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.errors import MoveRefused, SendError, SlowDown, TryAgainLater, Unclear
from domain.said import said

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class BroadcastStatus(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    WITHDRAWN = "withdrawn"


BROADCAST_MOVES: Mapping[BroadcastStatus, frozenset[BroadcastStatus]] = {
    BroadcastStatus.DRAFT: frozenset({BroadcastStatus.PROPOSED, BroadcastStatus.WITHDRAWN}),
    BroadcastStatus.PROPOSED: frozenset(
        {BroadcastStatus.DRAFT, BroadcastStatus.SCHEDULED, BroadcastStatus.WITHDRAWN}
    ),
    BroadcastStatus.SCHEDULED: frozenset(
        {BroadcastStatus.DRAFT, BroadcastStatus.SENDING, BroadcastStatus.PAUSED, BroadcastStatus.WITHDRAWN}
    ),
    BroadcastStatus.SENDING: frozenset(
        {
            BroadcastStatus.PAUSED,
            BroadcastStatus.DONE,
            BroadcastStatus.SCHEDULED,  # a repeating one waits for its next time
            BroadcastStatus.WITHDRAWN,
        }
    ),
    BroadcastStatus.PAUSED: frozenset(
        {
            BroadcastStatus.SCHEDULED,
            BroadcastStatus.SENDING,
            BroadcastStatus.DONE,  # its last delivery ended while it was paused
            BroadcastStatus.WITHDRAWN,
        }
    ),
    BroadcastStatus.DONE: frozenset({BroadcastStatus.SENDING}),  # an unclear delivery is sent again
    BroadcastStatus.WITHDRAWN: frozenset(),
}

BROADCAST_LABELS: Mapping[BroadcastStatus, str] = {
    BroadcastStatus.DRAFT: "Bản nháp",
    BroadcastStatus.PROPOSED: "Chờ duyệt",
    BroadcastStatus.SCHEDULED: "Đã lên lịch",
    BroadcastStatus.SENDING: "Đang gửi",
    BroadcastStatus.PAUSED: "Tạm dừng",
    BroadcastStatus.DONE: "Đã xong",
    BroadcastStatus.WITHDRAWN: "Đã rút",
}


def check_broadcast_move(old: BroadcastStatus, new: BroadcastStatus) -> None:
    """Raise MoveRefused unless the table allows old → new."""
    if new not in BROADCAST_MOVES[old]:
        raise MoveRefused(
            said(
                "Không thể chuyển từ “%(old)s” sang “%(new)s”.",
                old=said(BROADCAST_LABELS[old]),
                new=said(BROADCAST_LABELS[new]),
            )
        )


class DeliveryStatus(StrEnum):
    """One message on its way, to a group or to a citizen.

    claimed  a worker took it but has not yet begun: safe to give back
    sending  the request may have left: if the worker dies now, it becomes unknown
    held     Zalo lets nobody write now: kept for the citizen's next message
    """

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    HELD = "held"


DELIVERY_LABELS: Mapping[DeliveryStatus, str] = {
    DeliveryStatus.WAITING: "Chờ gửi",
    DeliveryStatus.CLAIMED: "Chờ gửi",
    DeliveryStatus.SENDING: "Đang gửi",
    DeliveryStatus.SENT: "Đã gửi",
    DeliveryStatus.FAILED: "Lỗi",
    DeliveryStatus.EXPIRED: "Hết hạn",
    DeliveryStatus.UNKNOWN: "Chưa rõ",
    DeliveryStatus.HELD: "Chờ người dân nhắn lại",
}

ENDED = frozenset(
    {DeliveryStatus.SENT, DeliveryStatus.FAILED, DeliveryStatus.EXPIRED, DeliveryStatus.UNKNOWN}
)


class ChannelKind(StrEnum):
    """How a group is reached: by API, through the unit's own OA, or by an officer's hand.

    training  only of deliveries: they have no address and are never handed to Zalo
    """

    GMF = "gmf"
    OA_PAGE = "oa_page"
    ASSISTED = "assisted"
    TRAINING = "training"


# ---- what becomes of a delivery that did not go through -------------------------------------------------

RETRY_WAITS: tuple[timedelta, ...] = (
    timedelta(seconds=2),
    timedelta(seconds=8),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
)
"""Waits after the 1st, 2nd … failed try; callers add jitter."""


@dataclass(frozen=True)
class Retry:
    """Try again at `at` (aware UTC)."""

    at: datetime


@dataclass(frozen=True)
class GiveUp:
    """It ends here; `reason` is for an officer to read."""

    reason: str


@dataclass(frozen=True)
class NobodyKnows:
    """It may have been sent: matched with an echo if one comes, else a person decides."""

    reason: str


def after_failure(
    tries: int, error: SendError, *, now: datetime, jitter: float = 0.0
) -> Retry | GiveUp | NobodyKnows:
    """Say what becomes of a delivery that did not go through.

    tries   sends made so far, this one included: 1, 2, 3 …
    now     aware UTC
    jitter  0.0 to 1.0: how much of an extra quarter of the wait is added, so that senders do not march in step
    Errors that are not TryAgainLater end it at once; SlowDown waits at least error.wait. Never raises.
    """
    if isinstance(error, Unclear):
        return NobodyKnows(reason=error.reason)
    if not isinstance(error, TryAgainLater) or tries > len(RETRY_WAITS):
        return GiveUp(reason=error.reason)
    wait = RETRY_WAITS[tries - 1] * (1 + jitter / 4)
    if isinstance(error, SlowDown):
        wait = max(wait, error.wait)
    return Retry(at=now + wait)


# ---- quiet hours ------------------------------------------------------------------------------------------

QUIET_FROM = time(21, 0)
QUIET_UNTIL = time(6, 30)


def in_quiet_hours(moment: datetime) -> bool:
    """Is this aware moment inside giờ không gửi, by the clock in Vietnam?"""
    at = moment.astimezone(VIETNAM).time()
    return at >= QUIET_FROM or at < QUIET_UNTIL


def out_of_quiet_hours(moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into (aware, same zone as given)."""
    if not in_quiet_hours(moment):
        return moment
    local = moment.astimezone(VIETNAM)
    day = local.date() if local.time() < QUIET_UNTIL else local.date() + timedelta(days=1)
    return datetime.combine(day, QUIET_UNTIL, tzinfo=VIETNAM).astimezone(moment.tzinfo)
