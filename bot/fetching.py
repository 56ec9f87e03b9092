"""Fetching from strangers' links: only from hosts we named, only from addresses that are theirs to give.

A name is resolved once, its addresses are looked at, and the connection goes to one of those: a name that answers
differently the second time gains nothing. Redirects are followed by hand, to allowed hosts only. Each fetch has one
clock for all of it.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError

from domain.errors import HouseError
from domain.media import FETCH_MAX

REDIRECTS_MAX = 3
CHUNK = 64 * 1024
TIMEOUT = (3.05, 10.0)
"""Seconds to connect, and between two chunks."""


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


class _Watch:
    """Ends a fetch when its time is up, whatever it waits for: a server that sends a byte now and then, too."""

    def __init__(self, seconds: float) -> None:
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self.over = False
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def watch(self, sock: socket.socket) -> None:
        """Our own handle on the connection: TLS will take `sock` itself away."""
        with self._lock:
            self._sockets.append(socket.socket(fileno=os.dup(sock.fileno())))

    def stop(self) -> None:
        self._timer.cancel()
        with self._lock:
            for sock in self._sockets:
                sock.close()
            self._sockets.clear()

    def _end(self) -> None:
        with self._lock:
            self.over = True
            for sock in self._sockets:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)


def _is_public(address: str) -> bool:
    """An address of the open Internet, and not one that only wraps another (IPv4 inside IPv6)."""
    found = ipaddress.ip_address(address.split("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
        if inner is not None:
            found = inner
    return found.is_global and not found.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class _Adapter(HTTPAdapter):
    """Connects to addresses it has looked at: the name is resolved once, the connection goes to what was found."""

    def __init__(self, allowed: Sequence[str], watch: _Watch) -> None:
        self._allowed = tuple(allowed)
        self._watch = watch
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        connect = self._connect

        class PlainConnection(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return connect(self)

        class TlsConnection(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return connect(self)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = PlainConnection

        class TlsPool(HTTPSConnectionPool):
            ConnectionCls = TlsConnection

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}

    def _connect(self, connection: HTTPConnection) -> socket.socket:
        """The first address that answers, of those that may be asked. TLS still checks the host's name."""
        try:
            found = socket.getaddrinfo(connection.host, connection.port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise NewConnectionError(connection, "no such host") from error
        addresses = list(dict.fromkeys((str(one[4][0]), int(one[4][1])) for one in found))
        literal = _is_literal(connection.host, self._allowed)
        may = [one for one in addresses if literal or _is_public(one[0])]
        if not may:
            raise _Forbidden("an address that is not public")
        fault: OSError | None = None
        for address in may:
            try:
                sock = socket.create_connection(address, timeout=connection.timeout)
            except OSError as error:
                fault = error
                continue
            self._watch.watch(sock)
            return sock
        raise NewConnectionError(connection, "no connection") from fault


class Fetcher:
    """`open(link)` gives the bytes in chunks. Thread-safe: every fetch has a connection of its own.

    allowed  host suffixes; a loopback or private address only where it is listed literally
    timeout  seconds to connect, and between two pieces
    whole_s  seconds for one file, from looking its host up to its last byte
    """

    def __init__(
        self,
        allowed: Sequence[str],
        *,
        timeout: tuple[float, float] = TIMEOUT,
        whole_s: float = FETCH_MAX.total_seconds(),
    ) -> None:
        self._allowed = tuple(allowed)
        self._timeout = timeout
        self._whole_s = whole_s

    @contextmanager
    def open(self, link: str) -> Iterator[tuple[int | None, Iterator[bytes]]]:
        """Give (announced size or None, chunks). Raises LinkForbidden, LinkDead, FetchFailed."""
        watch = _Watch(self._whole_s)
        session = requests.Session()
        session.trust_env = False
        session.headers.update({"Accept-Encoding": "identity", "Connection": "close"})
        adapter = _Adapter(self._allowed, watch)
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        try:
            response = self._get(session, link)
            try:
                announced = response.headers.get("Content-Length", "")
                size = int(announced) if announced.isdecimal() and len(announced) < 20 else None
                yield size, self._chunks(response, watch)
            finally:
                response.close()
        finally:
            watch.stop()
            session.close()

    def _get(self, session: requests.Session, link: str) -> requests.Response:
        for _ in range(REDIRECTS_MAX + 1):
            self._check(link)
            try:
                response = session.get(link, stream=True, timeout=self._timeout, allow_redirects=False)
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

    def _chunks(self, response: requests.Response, watch: _Watch) -> Iterator[bytes]:
        """The bytes as they are sent: nothing is unpacked on the way, so nothing can swell."""
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise FetchFailed("packed, though we asked for it as it is")
        try:
            yield from response.raw.stream(CHUNK, decode_content=False)
        except (requests.RequestException, HTTPError, OSError):
            raise FetchFailed("the connection broke") from None
        if watch.over:
            raise FetchFailed("too slow")


@contextmanager
def guarded_session(private_hosts: Sequence[str], whole_s: float) -> Iterator[requests.Session]:
    """A session that connects to public addresses only, and to hosts of `private_hosts`; closed when its time is up.

    A connection that is forbidden raises LinkForbidden; other faults are those of requests.
    """
    watch = _Watch(whole_s)
    session = requests.Session()
    session.trust_env = False
    session.headers.update({"Accept-Encoding": "identity", "Connection": "close"})
    adapter = _Adapter(tuple(private_hosts), watch)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    try:
        yield session
    except requests.ConnectionError as error:
        if _caused_by_forbidden(error):
            raise LinkForbidden("an address that is not public") from None
        raise
    finally:
        watch.stop()
        session.close()


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
