"""Tells other systems of changes: takes due messages, signs and posts them, writes down what came of each.

Addresses are https and public; a loopback or private one only where WEBHOOK_PRIVATE_HOSTS lists it literally. Names
are resolved once and the connection goes to what was found (bot/fetching.py); redirects are not followed.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import requests
import structlog

from bot.fetching import LinkForbidden, guarded_session
from data import hooks
from data.hooks import Claimed
from data.sealing import CannotOpen, Sealer
from data.session import Database
from domain.hook_targets import BadTarget, check_target
from domain.hooks import (
    DELIVERY,
    EVENT,
    NO_ANSWER,
    SIGNATURE,
    TIMESTAMP,
    HookState,
    answered,
    sign,
    wait_after,
)

log = structlog.get_logger()

BATCH = 4
LEASE = timedelta(minutes=2)
TIMEOUT = (3.05, 10.0)
"""Seconds to connect, and for the answer."""
WHOLE_S = 20.0


class Hooks:
    """`drain` tells what is due; any number of threads and processes may call it."""

    def __init__(
        self,
        database: Database,
        sealer: Sealer,
        *,
        clock: Callable[[], datetime],
        private_hosts: Sequence[str] = (),
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._database = database
        self._sealer = sealer
        self._clock = clock
        self._private = tuple(private_hosts)
        self._jitter = jitter

    def drain(self) -> int:
        """Take a few messages that are due and post them; returns how many."""
        with self._database.transaction() as session:
            claimed = hooks.claim_due(session, now=self._clock(), limit=BATCH, lease=LEASE)
        for one in claimed:
            status, fault, for_good = self._post(one)
            self._settle(one, status, fault, for_good=for_good)
        return len(claimed)

    def _post(self, one: Claimed) -> tuple[int | None, str | None, bool]:
        """(HTTP status, what went wrong in words for an officer, is it no use to try again?)"""
        try:
            secret = self._sealer.open(one.secret_sealed, purpose=hooks.PURPOSE)
            check_target(one.url, self._private)
        except CannotOpen:
            return None, "Không mở được khóa ký: thiếu DATA_KEY.", False
        except BadTarget as refused:
            return None, str(refused), True
        moment = int(self._clock().timestamp())
        body = _body(one)
        sent = {
            "Content-Type": "application/json",
            DELIVERY: str(one.id),
            EVENT: one.event,
            TIMESTAMP: str(moment),
            SIGNATURE: sign(secret, moment, body),
        }
        try:
            with guarded_session(self._private, WHOLE_S) as session:
                answer = session.post(
                    one.url, data=body, headers=sent, timeout=TIMEOUT, allow_redirects=False, stream=True
                )
                answer.close()
        except LinkForbidden:
            return None, "Địa chỉ dẫn vào mạng nội bộ; không được phép gửi.", True
        except requests.RequestException:
            return None, NO_ANSWER, False
        if 200 <= answer.status_code < 300:
            return answer.status_code, None, False
        gone = answer.status_code == 410
        return answer.status_code, answered(answer.status_code), gone

    def _settle(self, one: Claimed, status: int | None, fault: str | None, *, for_good: bool) -> None:
        now = self._clock()
        wait = None if fault is None or for_good else wait_after(one.attempts, self._jitter())
        state = HookState.SENT if fault is None else HookState.WAITING if wait else HookState.FAILED
        with self._database.transaction() as session:
            hooks.settle(
                session,
                one,
                state=state,
                status=status,
                reason=fault,
                again_at=now + wait if wait else None,
                now=now,
            )
        if fault is not None:
            log.info("hook_not_told", delivery_id=one.id, state=state, code=status, attempt=one.attempts)


def _body(one: Claimed) -> bytes:
    """The same bytes at every try: who receives it twice tells by `id`."""
    said = {"id": one.id, "event": one.event, "at": one.created_at.isoformat(), "data": dict(one.body)}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
