"""Claims a few deliveries, sends them at the allowed pace, writes down what came of each."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy.orm import Session

from data import accounts, deliveries, stops
from data.pace import Granted, take
from data.session import Database
from data.tables import Broadcast, Delivery
from domain.broadcasts import (
    VIETNAM,
    BroadcastStatus,
    ChannelKind,
    DeliveryStatus,
    GiveUp,
    NobodyKnows,
    Retry,
    after_failure,
    check_broadcast_move,
)
from domain.errors import OfficialAccountDown, QuotaUsedUp, SendError, SlowDown, WillNeverWork
from domain.posts import Article, Post, attached_from
from domain.reasons import STOPPED_BY_SHARE, STOPPED_IN_A_ROW
from domain.said import said
from domain.sending_times import earliest

log = structlog.get_logger()

CLAIMED = 5
"""Deliveries claimed at a time: a pause takes effect after at most so many."""
LEASE = timedelta(seconds=60)
SENDING_LEASE = timedelta(seconds=120)
"""Longer than a request may take, a token's renewal included: one still sending after it has a dead worker."""
ACCOUNT_DOWN_WAIT = timedelta(minutes=2)
SAME_FAULTS = 10
"""So many sends in a row that failed for one reason: the broadcast pauses itself and says why."""


SHARE, SHARE_OF = 0.3, 20
"""From SHARE_OF ended sends on, this share that failed for one reason pauses the broadcast too; looked at once in
SAME_FAULTS of them, so that an officer who lets it go on is not stopped at the very next one."""


class SendToGroup(Protocol):
    """Put `post` into one Zalo group of one OA; returns Zalo's message id. Raises the errors of domain.errors."""

    def __call__(self, oa_id: str, zalo_group_id: str, post: Post) -> str | None: ...


class SendToPage(Protocol):
    """Put an article before the followers of one OA; returns Zalo's message id. Raises the errors of domain.errors."""

    def __call__(self, oa_id: str, article: Article) -> str | None: ...


def no_pages(oa_id: str, article: Article) -> str | None:
    """For who sends to groups only."""
    raise WillNeverWork("Hệ thống này không gửi tới trang OA.")


class Sender:
    """`drain` sends what is due; any number of threads and processes may call it."""

    def __init__(
        self,
        database: Database,
        send_to_group: SendToGroup,
        *,
        clock: Callable[[], datetime],
        send_to_page: SendToPage = no_pages,
        jitter: Callable[[], float] = random.random,
        watch: Callable[[str, str], None] = lambda channel, state: None,
    ) -> None:
        self._database = database
        self._send = send_to_group
        self._send_to_page = send_to_page
        self._clock = clock
        self._jitter = jitter
        self._watch = watch
        self._app_rests_until: datetime | None = None
        self._resting: dict[str, datetime] = {}  # OAs that may not send before; a hint, the database decides

    def drain(self) -> int:
        """Send a few deliveries; returns how many were taken. 0: nothing may be sent now."""
        now = self._clock()
        if self._app_rests_until is not None and now < self._app_rests_until:
            return 0
        resting = [oa_id for oa_id, until in list(self._resting.items()) if until > now]
        with self._database.transaction() as session:
            claimed = deliveries.claim_due(session, now=now, limit=CLAIMED, lease=LEASE, not_of=resting)
        not_begun = [row for row in claimed if not self._take_unless_resting(row)]
        if not_begun:
            with self._database.transaction() as session:
                for row in not_begun:
                    deliveries.give_back(session, row, due_at=row.due_at, reason=row.reason)
        return len(claimed)

    def _take_unless_resting(self, row: Delivery) -> bool:
        """False: its OA began to rest while this handful was sent; the row is still only claimed."""
        if row.oa_id is not None and self._resting.get(row.oa_id, self._clock()) > self._clock():
            return False
        self._take(row)
        return True

    def _take(self, row: Delivery) -> None:
        if row.channel == ChannelKind.TRAINING:
            self._pretend(row)
            return
        assert row.oa_id is not None
        if not self._begin(row, row.oa_id):
            return
        try:
            message_id = self._hand_over(row, row.oa_id)
        except OfficialAccountDown:
            due_at = self._clock() + ACCOUNT_DOWN_WAIT
            self._resting[row.oa_id] = due_at
            self._later(row, due_at, "OA chưa sẵn sàng: quản trị cần kết nối lại.", None)
        except QuotaUsedUp as error:
            self._later(row, _next_day(self._clock()), error.reason, error.code)
        except SendError as error:
            self._failed(row, error)
        else:
            with self._database.transaction() as session:
                deliveries.settle_sent(session, row, message_id=message_id, now=self._clock())
            self._watch("group", DeliveryStatus.SENT)

    def _hand_over(self, row: Delivery, oa_id: str) -> str | None:
        if row.channel == ChannelKind.OA_PAGE:
            return self._send_to_page(oa_id, self._article(row))
        assert row.zalo_group_id is not None
        return self._send(
            oa_id, row.zalo_group_id, Post(row.text, attached_from(row.media) if row.media else None)
        )

    def _article(self, row: Delivery) -> Article:
        """What was approved: nobody can change a broadcast that has a run."""
        with self._database.reading() as session:
            broadcast = session.get_one(Broadcast, row.broadcast_id)
            media = tuple(attached_from(one) for one in broadcast.media or ())
            return Article(broadcast.title, row.text, media)

    def _pretend(self, row: Delivery) -> None:
        """Training: everything but the sending. There is no address on the row, and the sender is not asked."""
        now = self._clock()
        with self._database.transaction() as session:
            if self._hold_off(session, row, now) is not None:
                deliveries.give_back(session, row, due_at=row.due_at, reason=row.reason)
            elif deliveries.begin_sending(session, row, now=now, lease=SENDING_LEASE):
                deliveries.settle_sent(session, row, message_id=None, now=now)

    def _begin(self, row: Delivery, oa_id: str) -> bool:
        """Committed right before the request: still wanted, in time, at the allowed pace."""
        now = self._clock()
        with self._database.transaction() as session:
            resting = accounts.paused_until(session, oa_id, now=now) or self._resting.get(oa_id, now)
            due_at = self._hold_off(session, row, now)
            if due_at is not None or resting > now:
                deliveries.give_back(session, row, due_at=due_at or row.due_at, reason=row.reason)
                if resting > now:
                    self._resting[oa_id] = resting
                return False
            pace = take(session, oa_id, 1, now, spread=True, group=row.zalo_group_id)
            if isinstance(pace, Granted):
                return deliveries.begin_sending(session, row, now=now, lease=SENDING_LEASE)
            busy_group = pace.scope.startswith("group:")
            due_at = pace.at if busy_group else row.due_at  # one group's own limit must not hold the others
            deliveries.give_back(session, row, due_at=due_at, reason=row.reason)
        if pace.scope == "app":
            self._app_rests_until = pace.at
        if not busy_group:
            self._resting[oa_id] = pace.at
        return False

    def _hold_off(self, session: Session, row: Delivery, now: datetime) -> datetime | None:
        """When to look again, if it must not go now; None: go. What changed between claim and send is obeyed:
        a pause, a withdrawal, the stop button, quiet hours that began, a lifetime that ended.
        """
        broadcast = session.get(Broadcast, row.broadcast_id)
        if broadcast is None or broadcast.status != BroadcastStatus.SENDING:
            return row.due_at
        if stops.standing(session) is not None or (row.expires_at is not None and row.expires_at <= now):
            return row.due_at
        allowed = earliest(ChannelKind(row.channel), now, any_hour=broadcast.urgent or broadcast.quiet_ok)
        return allowed if allowed > now else None

    def _later(self, row: Delivery, due_at: datetime, reason: str, code: int | None) -> None:
        with self._database.transaction() as session:
            deliveries.settle_retry(session, row, due_at=due_at, reason=reason, code=code, counts=False)

    def _failed(self, row: Delivery, error: SendError) -> None:
        now = self._clock()
        asked_to_wait = isinstance(error, SlowDown)
        end = after_failure(1 if asked_to_wait else row.attempts, error, now=now, jitter=self._jitter())
        log.warning("delivery_not_sent", delivery_id=row.id, code=error.code, error=type(error).__name__)
        match end:
            case Retry(at=at):
                if asked_to_wait and row.oa_id:
                    self._resting[row.oa_id] = at
                with self._database.transaction() as session:
                    deliveries.settle_retry(
                        session,
                        row,
                        due_at=at,
                        reason=error.reason,
                        code=error.code,
                        counts=not asked_to_wait,
                    )
            case NobodyKnows(reason=reason):
                with self._database.transaction() as session:
                    deliveries.settle_unclear(session, row, reason=reason)
                self._watch("group", DeliveryStatus.UNKNOWN)
            case GiveUp(reason=reason):
                with self._database.transaction() as session:
                    broadcast = session.get(Broadcast, row.broadcast_id, with_for_update=True)
                    if deliveries.settle_failed(session, row, reason=reason, code=error.code):
                        _pause_if_hopeless(session, broadcast, row, reason, now)
                self._watch("group", DeliveryStatus.FAILED)


def _next_day(now: datetime) -> datetime:
    """Shortly after the next midnight in Vietnam, when allowances begin anew (aware)."""
    midnight = now.astimezone(VIETNAM).replace(hour=0, minute=5, second=0, microsecond=0)
    return midnight + timedelta(days=1)


def _pause_if_hopeless(
    session: Session, broadcast: Broadcast | None, row: Delivery, reason: str, now: datetime
) -> None:
    """Many sends in a row that failed for one reason: stop, and say so in words. Again after as many more."""
    if broadcast is None or broadcast.status != BroadcastStatus.SENDING:
        return
    failures = deliveries.failures_in_a_row(session, row.run_id, reason=reason)
    why = said(STOPPED_IN_A_ROW, failed=failures, reason=reason)
    if failures == 0 or failures % SAME_FAULTS:
        failed, ended = deliveries.share_of_failure(session, row.run_id, reason=reason)
        if ended < SHARE_OF or failed % SAME_FAULTS or failed < SHARE * ended:
            return
        why = said(STOPPED_BY_SHARE, failed=failed, ended=ended, reason=reason)
    check_broadcast_move(BroadcastStatus.SENDING, BroadcastStatus.PAUSED)
    broadcast.status, broadcast.updated_at = BroadcastStatus.PAUSED, now
    broadcast.version += 1
    broadcast.pause_reason = why
