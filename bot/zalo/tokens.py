"""The OA's tokens: cached, renewed ahead of time, and renewed by one only.

A refresh token works once. So one refresher among all threads (a lock) and all processes (a lease on the row)
trades it, and the new pair is stored before anybody uses it; the others wait and read the row.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot.zalo.answers import TokenPair
from bot.zalo.client import ZaloClient
from data import accounts
from data.accounts import OaTokens
from data.sealing import Sealer
from data.session import Database
from domain.errors import NotStored, OfficialAccountDown, SendError, TryAgainLater

log = structlog.get_logger()

AHEAD = timedelta(minutes=30)
"""A token that has less than this to live is renewed."""
LEASE = timedelta(seconds=45)
"""Longer than a refresh and its storing can take."""
POLL = 0.1
"""Seconds between two looks while another process refreshes."""
STORE_WAITS = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds: a new pair that is not stored is a lost OA, so storing it is tried for a while."""
AGAIN_AFTER = timedelta(minutes=1)
"""After a renewal ahead of time failed, the old token is used for this long before the next try."""

_NOT_CONNECTED = "Trang Zalo chưa được kết nối; quản trị viên cần kết nối lại."
_LATER = "Chưa làm mới được mã truy cập của trang; sẽ thử lại."


@dataclass(frozen=True)
class _Unstored:
    pair: TokenPair
    old: OaTokens


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Tokens:
    """One per process; any number of threads and processes."""

    def __init__(
        self,
        database: Database,
        client: ZaloClient,
        sealer: Sealer,
        *,
        clock: Callable[[], datetime] = _utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._database = database
        self._client = client
        self._sealer = sealer
        self._clock = clock
        self._sleep = sleep
        self._held: dict[str, OaTokens] = {}
        self._unstored: dict[str, _Unstored] = {}
        self._not_before: dict[str, datetime] = {}
        self._guard = threading.Lock()
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def access_token(self, oa_id: str, now: datetime | None = None) -> str:
        """A token that should be good. Raises OfficialAccountDown, TryAgainLater, NotStored."""
        now = now or self._clock()
        held = self._held.get(oa_id)
        if held is not None and held.access_expires_at - AHEAD > now:
            return held.access_token
        stored = self._stored(oa_id)
        if stored.access_expires_at - AHEAD > now:
            return stored.access_token
        if stored.access_expires_at > now and self._not_before.get(oa_id, now) > now:
            return stored.access_token
        try:
            return self._renewed(oa_id, stored.version)
        except TryAgainLater:
            self._not_before[oa_id] = now + AGAIN_AFTER
            if stored.access_expires_at > now:
                return stored.access_token
            raise

    def refused(self, oa_id: str, token: str) -> str:
        """Zalo did not accept `token`: a better one, already renewed by somebody or renewed now.

        Raises OfficialAccountDown, TryAgainLater, NotStored
        """
        self._held.pop(oa_id, None)
        stored = self._stored(oa_id)
        if stored.access_token != token:
            return stored.access_token
        return self._renewed(oa_id, stored.version)

    def renew(self, oa_id: str) -> datetime:
        """Trade the pair for a new one now, on an administrator's word, also for an OA that is down.

        Returns until when the new access token is good. Raises as `refused`.
        """
        with self._database.reading() as session:
            stored = accounts.tokens_of(session, oa_id, self._sealer)
        if stored is None:
            raise OfficialAccountDown(_NOT_CONNECTED)
        self._renewed(oa_id, stored.version, although_down=True)
        return self._stored(oa_id).access_expires_at

    def connect(
        self,
        oa_id: str,
        *,
        name: str,
        refresh_token: str,
        unit_id: str | None = None,
        requests_per_minute: int | None = None,
    ) -> datetime:
        """Add an OA (or connect a known one again): the refresh token is traded at once, the new pair kept.

        Returns until when the access token is good.
        Raises OfficialAccountDown when Zalo refuses it, TryAgainLater, Unclear, NotStored
        """
        pair = self._client.refresh(refresh_token)
        now = self._clock()

        def keep(session: Session) -> None:
            accounts.add_account(
                session,
                oa_id=oa_id,
                name=name,
                now=now,
                unit_id=unit_id,
                requests_per_minute=requests_per_minute,
            )
            accounts.store_pair(
                session,
                self._sealer,
                oa_id=oa_id,
                access_token=pair.access_token,
                refresh_token=pair.refresh_token or refresh_token,
                expires_in=pair.expires_in,
                now=now,
            )

        self._keep_trying(oa_id, keep)
        self._held.pop(oa_id, None)
        log.info("official_account_connected", oa_id=oa_id)
        return now + pair.expires_in

    # -- inside ---------------------------------------------------------------------------------------------

    def _stored(self, oa_id: str, *, although_down: bool = False) -> OaTokens:
        """The pair as the row has it. Raises OfficialAccountDown."""
        unstored = self._unstored.get(oa_id)
        if unstored is not None:
            self._store(oa_id, unstored)
        with self._database.reading() as session:
            stored = accounts.tokens_of(session, oa_id, self._sealer)
            if stored is None or (accounts.is_down(session, oa_id) and not although_down):
                raise OfficialAccountDown(_NOT_CONNECTED)
        self._held[oa_id] = stored
        return stored

    def _renewed(self, oa_id: str, version: int, *, although_down: bool = False) -> str:
        """The access token that follows pair number `version`."""
        with self._guard:
            lock = self._locks[oa_id]
        with lock:
            give_up = time.monotonic() + 2 * LEASE.total_seconds()
            while True:
                stored = self._stored(oa_id, although_down=although_down)
                if stored.version != version:
                    return stored.access_token
                with self._database.transaction() as session:
                    mine = accounts.lease_refresh(
                        session, oa_id, version=version, now=self._clock(), lease=LEASE
                    )
                if mine:
                    return self._refresh(oa_id, stored)
                if time.monotonic() > give_up:
                    raise TryAgainLater(_LATER)
                self._sleep(POLL)

    def _refresh(self, oa_id: str, stored: OaTokens) -> str:
        """The lease is ours: trade, store, free."""
        try:
            pair = self._client.refresh(stored.refresh_token)
        except OfficialAccountDown as error:
            with self._database.transaction() as session:
                down = accounts.set_down(session, oa_id, version=stored.version, reason=_NOT_CONNECTED)
            if not down:
                return self._stored(oa_id).access_token
            self._held.pop(oa_id, None)
            log.error("official_account_down", oa_id=oa_id, code=str(error).rpartition(" ")[2])
            raise
        except SendError as error:
            with self._database.transaction() as session:
                accounts.free_refresh(session, oa_id, version=stored.version)
            log.warning("token_not_renewed", oa_id=oa_id, error=type(error).__name__)
            raise TryAgainLater(_LATER) from None
        self._held.pop(oa_id, None)
        self._unstored[oa_id] = _Unstored(pair, stored)
        self._store(oa_id, self._unstored[oa_id])
        return self._stored(oa_id).access_token

    def _store(self, oa_id: str, unstored: _Unstored) -> None:
        """Keep the new pair. What cannot be kept now stays in mind for the next call."""
        pair = unstored.pair

        def keep(session: Session) -> None:
            accounts.store_pair(
                session,
                self._sealer,
                oa_id=oa_id,
                access_token=pair.access_token,
                refresh_token=pair.refresh_token or unstored.old.refresh_token,
                expires_in=pair.expires_in,
                now=self._clock(),
                replaces=unstored.old.version,
            )

        self._keep_trying(oa_id, keep)
        self._unstored.pop(oa_id, None)
        log.info("token_renewed", oa_id=oa_id)

    def _keep_trying(self, oa_id: str, keep: Callable[[Session], None]) -> None:
        for wait in (*STORE_WAITS, None):
            try:
                with self._database.transaction() as session:
                    keep(session)
                return
            except NotStored:
                log.error("token_pair_not_stored", oa_id=oa_id, last=wait is None)
                if wait is None:
                    raise
                self._sleep(wait)
