"""Do the official pages of the catalogue still open? A few links a minute are asked, at night.

Each run is short, so that the other jobs and the end of the program need not wait for a slow portal. Only public hosts
are asked: names are resolved once and the connection goes to what was found (bot/fetching.py), every redirect anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

import requests

from bot.fetching import LinkForbidden, guarded_session
from data import link_checks
from data.session import Database
from domain.broken_links import Fault
from domain.hook_targets import is_inside

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
NIGHT = range(5)
"""Hours in Vietnam."""
BATCH = 10
RUN_S = 8.0
"""No further link is begun in a run after so long."""
TIMEOUT = 10.0
READ_MAX = 4096
REDIRECTS_MAX = 5
HOST_RESTS_S = 1.0


class LinkCheck:
    """`run` asks a few links that were not asked tonight, and keeps what came of it.

    a_night        so many links are asked in one night; 0: none
    known_as       our own address, told to whoever is asked
    private_hosts  hosts that may be asked though they are private
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], datetime],
        a_night: int,
        known_as: str,
        private_hosts: Sequence[str] = (),
        ticks: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._database = database
        self._clock = clock
        self._a_night = a_night
        self._headers = {"User-Agent": f"CauNoi (+{known_as})"}
        self._private = tuple(private_hosts)
        self._ticks = ticks
        self._pause = pause
        self._asked: dict[str, float] = {}

    def run(self) -> None:
        now = self._clock()
        local = now.astimezone(VIETNAM)
        if not self._a_night or local.hour not in NIGHT:
            return
        today = local.date()
        with self._database.reading() as session:
            due = link_checks.due(session, today=today, now=now, a_night=self._a_night, limit=BATCH)
        begun = self._ticks()
        for url in due:
            if self._ticks() - begun >= RUN_S:
                break
            what = self._ask(url)
            with self._database.transaction() as session:
                link_checks.keep(session, url, what, ok=what.startswith("2"), today=today, now=self._clock())
        if not due:
            self._tidy()

    def _tidy(self) -> None:
        self._asked.clear()
        with self._database.transaction() as session:
            link_checks.forget_unused(session, today=self._clock().astimezone(VIETNAM).date())

    def _ask(self, url: str) -> str:
        """The number of the answer, or a Fault."""
        try:
            with guarded_session(self._private, TIMEOUT) as session:
                session.headers.update(self._headers)
                return self._follow(session, url)
        except LinkForbidden:
            return Fault.REFUSED
        except requests.Timeout:
            return Fault.TIMEOUT
        except requests.exceptions.SSLError:
            return Fault.CERTIFICATE
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            return Fault.CONNECTION
        except requests.RequestException:
            return Fault.REFUSED

    def _follow(self, session: requests.Session, url: str) -> str:
        for _ in range(REDIRECTS_MAX + 1):
            self._wait_for(self._host_of(url))
            with session.get(url, stream=True, timeout=TIMEOUT, allow_redirects=False) as answer:
                if not answer.is_redirect:
                    next(answer.iter_content(READ_MAX), b"")  # a page that breaks off has not come
                    return str(answer.status_code)
                url = urljoin(url, answer.headers["Location"])
        return Fault.REDIRECTS

    def _host_of(self, url: str) -> str:
        """The host, when it may be asked. Raises LinkForbidden."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").rstrip("."), parts.port
        except ValueError:
            raise LinkForbidden("not a web address") from None
        if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
            raise LinkForbidden("not a web address")
        if host not in self._private and (port not in {None, 80, 443, 8443} or is_inside(host)):
            raise LinkForbidden("a host or a port that is not public")
        return host

    def _wait_for(self, host: str) -> None:
        """One host is asked at most once in HOST_RESTS_S."""
        since = self._ticks() - self._asked.get(host, float("-inf"))
        if since < HOST_RESTS_S:
            self._pause(HOST_RESTS_S - since)
        self._asked[host] = self._ticks()
