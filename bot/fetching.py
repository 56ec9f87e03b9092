"""Fetching from strangers' links: only from hosts we named, only from addresses that are theirs to give.

The address is checked on the socket that is used, after the name was resolved, so a name that answers
differently the second time gains nothing. Redirects are followed by hand, to allowed hosts only.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from domain.errors import HouseError

REDIRECTS_MAX = 3
CHUNK = 64 * 1024
TIMEOUT = (3.05, 10.0)
"""Seconds to connect, and between two chunks."""
WHOLE_S = 120.0
"""Seconds for one file, first byte to last."""


class LinkForbidden(HouseError):
    """Not a host or an address that media may come from. Says nothing of the link."""


class LinkDead(HouseError):
    """The server says that the file is gone."""


class FetchFailed(HouseError):
    """The network or the server failed: worth another try."""


class _Forbidden(OSError):
    """Raised inside urllib3, where only OSError passes through as a failed connection."""


def _may(host: str, allowed: Sequence[str]) -> bool:
    host = host.lower().rstrip(".")
    return any(
        host == suffix or host.endswith("." + suffix) for suffix in (s.split(":")[0].lower() for s in allowed)
    )


def _is_literal(host: str, allowed: Sequence[str]) -> bool:
    """A loopback or private host may be used only where the setting lists exactly it (the demo does)."""
    return any(host == suffix.split(":")[0].lower() for suffix in allowed)


class _Adapter(HTTPAdapter):
    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = tuple(allowed)
        super().__init__(pool_maxsize=8)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        allowed = self._allowed

        def check(sock: socket.socket, host: str) -> socket.socket:
            address = ipaddress.ip_address(str(sock.getpeername()[0]).split("%")[0])
            if not address.is_global and not _is_literal(host, allowed):
                sock.close()
                raise _Forbidden("an address that is not public")
            return sock

        class PlainConnection(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return check(super()._new_conn(), self.host)

        class TlsConnection(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return check(super()._new_conn(), self.host)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = PlainConnection

        class TlsPool(HTTPSConnectionPool):
            ConnectionCls = TlsConnection

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}


class Fetcher:
    """`open(link)` gives the bytes in chunks. Thread-safe.

    allowed  host suffixes; a loopback or private address only where it is listed literally
    """

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = tuple(allowed)
        self._session = requests.Session()
        self._session.trust_env = False
        adapter = _Adapter(self._allowed)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    @contextmanager
    def open(self, link: str) -> Iterator[tuple[int | None, Iterator[bytes]]]:
        """Give (announced size or None, chunks). Raises LinkForbidden, LinkDead, FetchFailed."""
        response = self._get(link)
        try:
            announced = response.headers.get("Content-Length", "")
            yield (int(announced) if announced.isdecimal() else None), self._chunks(response)
        finally:
            response.close()

    def _get(self, link: str) -> requests.Response:
        for _ in range(REDIRECTS_MAX + 1):
            self._check(link)
            try:
                response = self._session.get(link, stream=True, timeout=TIMEOUT, allow_redirects=False)
            except requests.ConnectionError as error:
                if _caused_by_forbidden(error):
                    raise LinkForbidden("an address that is not public") from None
                raise FetchFailed("no connection") from None
            except requests.RequestException:
                raise FetchFailed("no answer") from None
            if response.is_redirect:
                link = urljoin(link, response.headers["Location"])
                response.close()
                continue
            if response.status_code in {401, 403, 404, 410}:
                response.close()
                raise LinkDead("gone")
            if response.status_code != 200:
                response.close()
                raise FetchFailed(f"status {response.status_code}")
            return response
        raise LinkForbidden("too many redirects")

    def _check(self, link: str) -> None:
        try:
            parts = urlsplit(link)
            host = parts.hostname or ""
            port = parts.port
        except ValueError:
            raise LinkForbidden("not a web address") from None
        if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
            raise LinkForbidden("not a web address")
        if not _may(host, self._allowed):
            raise LinkForbidden("a host that is not allowed")
        if port not in {None, 80, 443} and not _is_literal(host, self._allowed):
            raise LinkForbidden("a port that is not allowed")

    def _chunks(self, response: requests.Response) -> Iterator[bytes]:
        until = monotonic() + WHOLE_S
        try:
            for chunk in response.iter_content(CHUNK):
                if monotonic() > until:
                    raise FetchFailed("too slow")
                yield chunk
        except requests.RequestException:
            raise FetchFailed("the connection broke") from None


def _caused_by_forbidden(error: BaseException) -> bool:
    seen: BaseException | None = error
    for _ in range(10):
        if seen is None:
            return False
        if isinstance(seen, _Forbidden):
            return True
        reason = getattr(seen, "reason", None)
        inner = next((arg for arg in seen.args if isinstance(arg, BaseException)), None)
        seen = reason if isinstance(reason, BaseException) else inner or seen.__cause__ or seen.__context__
    return False
