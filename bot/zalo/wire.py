"""HTTP to Zalo: one answer, or the knowledge whether the request can have left.

That knowledge decides whether a message may be sent again, so a failure while connecting (name, TCP, proxy,
TLS) must never look like one after it. urllib3 tells most of them apart; TLS errors it does not, hence the
connection classes below.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any, cast

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

TIMEOUT = (3.05, 10.0)
"""Seconds to connect, and between two pieces of the answer."""


class NotSent(Exception):
    """No connection: the request has not left."""


class NoAnswer(Exception):
    """The request left, or may have; no whole answer came back."""


@dataclass(frozen=True)
class Answer:
    """`body` is the JSON object of the answer, None when it was something else."""

    status: int
    body: Mapping[str, Any] | None


class Wire:
    """Keep-alive connections to Zalo's hosts. Any number of threads may use one Wire.

    pool_size  connections kept open per host: as many as there are sending threads
    timeout    (connect, read) in seconds
    """

    def __init__(self, *, pool_size: int = 16, timeout: tuple[float, float] = TIMEOUT) -> None:
        self._timeout = timeout
        self._session = requests.Session()
        self._session.auth = _no_netrc
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, _Adapter(pool_connections=4, pool_maxsize=pool_size))

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        message: Mapping[str, Any] | None = None,
        file: tuple[str, bytes] | None = None,
    ) -> Answer:
        """One request, no redirects followed, nothing repeated.

        form, message, file  the body: form fields, JSON, or one multipart file (name, content)
        Raises NotSent, NoAnswer
        """
        try:
            response = self._session.request(
                method,
                url,
                headers=dict(headers),
                params=dict(params) if params else None,
                data=dict(form) if form else None,
                json=message,
                files={"file": file} if file else None,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise (NotSent if _never_left(error) else NoAnswer)(type(error).__name__) from None
        return Answer(response.status_code, _object(response))

    def close(self) -> None:
        self._session.close()


def _no_netrc(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Having an `auth` of its own keeps requests from adding what stands in ~/.netrc."""
    return request


def _never_left(error: requests.RequestException) -> bool:
    if isinstance(error, (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError)):
        return True
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidHeader)):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, ConnectTimeoutError)


def _object(response: requests.Response) -> Mapping[str, Any] | None:
    try:
        value = json.loads(response.content)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


# ---- connections that say what happened before the request ------------------------------------------------


@contextmanager
def _connecting(connection: HTTPConnection) -> Iterator[None]:
    """NewConnectionError is urllib3's word for "nothing has left"; TLS and proxy tunnels belong there too."""
    try:
        yield
    except ConnectTimeoutError:  # NewConnectionError is one of them
        raise
    except Exception as error:
        raise NewConnectionError(connection, f"{type(error).__name__} while connecting") from error


class _Http(HTTPConnection):
    def connect(self) -> None:
        with _connecting(self):
            super().connect()


class _Https(HTTPSConnection):
    def connect(self) -> None:
        with _connecting(self):
            super().connect()


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self._ours(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return self._ours(super().proxy_manager_for(proxy, **kwargs))

    @staticmethod
    def _ours(pools: Any) -> Any:
        cast("Any", pools).pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
        return pools
