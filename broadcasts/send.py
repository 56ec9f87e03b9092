"""Claims a few deliveries, sends them at the allowed pace, writes down what came of each."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from data import deliveries
from data.pace import Granted, take
from data.session import Database
from data.tables import Broadcast, Delivery
from domain.broadcasts import (
    VIETNAM,
    BroadcastStatus,
    DeliveryStatus,
    GiveUp,
    NobodyKnows,
    Retry,
    after_failure,
)
from domain.errors import OfficialAccountDown, QuotaUsedUp, SendError, SlowDown

log = structlog.get_logger()

CLAIMED = 5
"""Deliveries claimed at a time: a pause takes effect after at most so many."""
LEASE = timedelta(seconds=60)
SENDING_LEASE = timedelta(seconds=120)
"""Longer than a request may take, a token's renewal included: one still sending after it has a dead worker."""
ACCOUNT_DOWN_WAIT = timedelta(minutes=2)
SAME_FAULTS = 10
"""So many failures with one reason and nothing sent: the broadcast pauses itself and says why."""


class SendToGroup(Protocol):
    """Post `text` to one Zalo group of one OA; returns Zalo's message id. Raises the errors of domain.errors."""

    def __call__(self, oa_id: str, zalo_group_id: str, text: str) -> str | None: ...


class Sender:
    """`drain` sends what is due; any number of threads and processes may call it."""

    def __init__(
        self,
        database: Database,
        send_to_group: SendToGroup,
        *,
        clock: Callable[[], datetime],
        jitter: Callable[[], float] = random.random,
        watch: Callable[[str, str], None] = lambda channel, state: None,
    ) -> None:
        self._database = database
        self._send = send_to_group
        self._clock = clock
        self._jitter = jitter
        self._watch = watch

    def drain(self) -> int:
        """Send a few deliveries; returns how many were taken."""
        with self._database.transaction() as session:
            claimed = deliveries.claim_due(session, now=self._clock(), limit=CLAIMED, lease=LEASE)
        for row in claimed:
            self._take(row)
        return len(claimed)

    def _take(self, row: Delivery) -> None:
        assert row.oa_id is not None
        assert row.zalo_group_id is not None
        now = self._clock()
        with self._database.transaction() as session:
            pace = take(session, row.oa_id, 1, now, spread=True)
            if not isinstance(pace, Granted):
                deliveries.give_back(session, row, due_at=pace.at)
                return
            if not self._still_wanted(session, row):
                deliveries.give_back(session, row, due_at=now)
                return
            if not deliveries.begin_sending(session, row, now=now, lease=SENDING_LEASE):
                return
        try:
            message_id = self._send(row.oa_id, row.zalo_group_id, row.text)
        except OfficialAccountDown:
            due_at = self._clock() + ACCOUNT_DOWN_WAIT
            self._later(row, due_at, "OA chưa sẵn sàng: quản trị cần kết nối lại.", None)
        except QuotaUsedUp as error:
            self._later(row, _next_day(self._clock()), error.reason, error.code)
        except SendError as error:
            self._failed(row, error)
        else:
            with self._database.transaction() as session:
                deliveries.settle_sent(session, row, message_id=message_id, now=self._clock())
            self._watch("group", DeliveryStatus.SENT)

    def _still_wanted(self, session: Session, row: Delivery) -> bool:
        """A pause or a withdrawal between claim and send is obeyed."""
        return (
            session.scalar(select(Broadcast.status).where(Broadcast.id == row.broadcast_id))
            == BroadcastStatus.SENDING
        )

    def _later(self, row: Delivery, due_at: datetime, reason: str, code: int | None) -> None:
        with self._database.transaction() as session:
            deliveries.settle_retry(session, row, due_at=due_at, reason=reason, code=code)

    def _failed(self, row: Delivery, error: SendError) -> None:
        now = self._clock()
        tries = 1 if isinstance(error, SlowDown) else row.attempts  # being asked to wait is not a failed try
        end = after_failure(tries, error, now=now, jitter=self._jitter())
        log.warning("delivery_not_sent", delivery_id=row.id, code=error.code, error=type(error).__name__)
        with self._database.transaction() as session:
            match end:
                case Retry(at=at):
                    deliveries.settle_retry(session, row, due_at=at, reason=error.reason, code=error.code)
                case NobodyKnows(reason=reason):
                    deliveries.settle_unclear(session, row, reason=reason)
                    self._watch("group", DeliveryStatus.UNKNOWN)
                case GiveUp(reason=reason):
                    deliveries.settle_failed(session, row, reason=reason, code=error.code)
                    self._watch("group", DeliveryStatus.FAILED)
                    _pause_if_hopeless(session, row, now)


def _next_day(now: datetime) -> datetime:
    """Shortly after the next midnight in Vietnam, when allowances begin anew (aware)."""
    midnight = now.astimezone(VIETNAM).replace(hour=0, minute=5, second=0, microsecond=0)
    return midnight + timedelta(days=1)


def _pause_if_hopeless(session: Session, row: Delivery, now: datetime) -> None:
    """Many failures for one reason and not one success in this run: stop, and say so in words."""
    counts = deliveries.progress(session, row.broadcast_id, run_id=row.run_id)
    if counts[DeliveryStatus.SENT] or counts[DeliveryStatus.FAILED] < SAME_FAULTS:
        return
    reasons = session.scalars(
        select(Delivery.reason)
        .where(Delivery.run_id == row.run_id, Delivery.state == DeliveryStatus.FAILED)
        .distinct()
    ).all()
    broadcast = session.get(Broadcast, row.broadcast_id)
    if len(reasons) == 1 and broadcast is not None and broadcast.status == BroadcastStatus.SENDING:
        broadcast.status, broadcast.updated_at = BroadcastStatus.PAUSED, now
        broadcast.version += 1
        broadcast.pause_reason = (
            f"Hệ thống tự dừng: {counts[DeliveryStatus.FAILED]} nhóm đều lỗi như nhau ({reasons[0]}). "
            "Xin khắc phục rồi bấm “Tiếp tục”."
        )
