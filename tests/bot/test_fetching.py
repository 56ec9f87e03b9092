"""Fetching strangers' links: named hosts only, no private addresses, no way round by redirects."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.fetching import Fetcher, FetchFailed, LinkDead, LinkForbidden, _is_public


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path
        if path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", path.removeprefix("/to/"))
            self.end_headers()
        elif path == "/broken":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"only this")
            self.close_connection = True
        elif path == "/photo":
            self.send_response(200)
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"photo")
        else:
            self.send_response(int(path[1:]))
            self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def fetch(link: str, allowed: tuple[str, ...], **limits: float) -> bytes:
    fetcher = Fetcher(allowed, **limits)  # type: ignore[arg-type]  # only whole_s is given
    with fetcher.open(link) as (_, chunks):
        return b"".join(chunks)


def test_a_file_of_an_allowed_host_is_fetched(port: int):
    assert fetch(f"http://127.0.0.1:{port}/photo", ("127.0.0.1",)) == b"photo"


@pytest.mark.parametrize(
    "link",
    [
        "http://evil.example/x.jpg",
        "http://zdn.vn.evil.example/x.jpg",
        "http://notzdn.vn/x.jpg",
        "ftp://a.zdn.vn/x",
        "file:///etc/passwd",
        "http://user@a.zdn.vn/x",
        "http://a.zdn.vn:8080/x",
        "http://[",
        "",
        "javascript:alert(1)",
    ],
)
def test_anything_but_an_allowed_host_on_its_usual_port_is_forbidden(link: str):
    with pytest.raises(LinkForbidden):
        fetch(link, ("zdn.vn",))


def test_an_allowed_name_that_leads_to_this_machine_is_forbidden(port: int, monkeypatch: pytest.MonkeyPatch):
    """The name is allowed, the address behind it is not public: seen on the socket that is used."""
    real = socket.getaddrinfo

    def resolve(host: str, *args: Any, **kwargs: Any) -> Any:
        return real("127.0.0.1" if host == "media.zdn.vn" else host, port, *args[1:], **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(LinkForbidden):
        fetch("http://media.zdn.vn/photo", ("zdn.vn",))


def test_a_redirect_is_followed_within_allowed_hosts_only(port: int):
    here = f"http://127.0.0.1:{port}"
    assert fetch(f"{here}/to/{here}/photo", ("127.0.0.1",)) == b"photo"
    with pytest.raises(LinkForbidden):
        fetch(f"{here}/to/http://evil.example/x", ("127.0.0.1",))
    with pytest.raises(LinkForbidden):
        fetch(f"{here}/to/{here}/to/{here}/to/{here}/to/{here}/to/{here}/photo", ("127.0.0.1",))


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_link_that_is_gone_is_dead(port: int, status: int):
    with pytest.raises(LinkDead):
        fetch(f"http://127.0.0.1:{port}/{status}", ("127.0.0.1",))


def test_faults_of_the_server_or_the_network_are_worth_another_try(port: int):
    for path in ("/500", "/503", "/broken"):
        with pytest.raises(FetchFailed):
            fetch(f"http://127.0.0.1:{port}{path}", ("127.0.0.1",))
    with pytest.raises(FetchFailed):
        fetch("http://127.0.0.1:1/photo", ("127.0.0.1",))


def test_errors_never_quote_the_link(port: int):
    for path in ("/404", "/500"):
        with pytest.raises((LinkDead, FetchFailed)) as caught:
            fetch(f"http://127.0.0.1:{port}{path}?secret-token", ("127.0.0.1",))
        assert "secret" not in str(caught.value)


# ---- addresses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.5",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "ff02::1",
    ],
)
def test_addresses_that_are_not_of_the_open_internet(address: str):
    assert _is_public(address) is False


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_addresses_that_are(address: str):
    assert _is_public(address) is True


def test_a_name_that_answers_differently_the_second_time_gains_nothing(
    port: int, monkeypatch: pytest.MonkeyPatch
):
    """Rebinding: the first answer is public, every later one is this machine. Only the first is ever used."""
    answers = iter(["203.0.113.7"])
    asked: list[tuple[str, int]] = []

    def resolve(host: str, *_: Any, **__: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers, "127.0.0.1"), port))]

    def connect(address: tuple[str, int], **_: Any) -> socket.socket:
        asked.append(address)
        raise OSError("nobody there")

    monkeypatch.setattr("bot.fetching._is_public", lambda address: address == "203.0.113.7")
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(FetchFailed):
        fetch("http://media.zdn.vn/photo", ("zdn.vn",))
    assert asked == [("203.0.113.7", port)]


def test_of_several_addresses_the_private_ones_are_not_even_asked(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    def resolve(host: str, *_: Any, **__: Any) -> Any:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 80))
            for one in ("10.0.0.1", "8.8.8.8", "127.0.0.1")
        ]

    def connect(address: tuple[str, int], **_: Any) -> socket.socket:
        asked.append(address[0])
        raise OSError("nobody there")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(FetchFailed):
        fetch("http://media.zdn.vn/photo", ("zdn.vn",))
    assert asked == ["8.8.8.8"]


# ---- hostile servers ----------------------------------------------------------------------------------------


class Hostile:
    """A server that says what it is told to, one piece after the other, until the other side goes away."""

    def __init__(self, pieces: Callable[[], Iterator[bytes]]) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._pieces = pieces
        self.sent = 0
        self.gone = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def link(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/x"

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            caller, _ = self._socket.accept()
            with caller:
                caller.recv(4096)
                for piece in self._pieces():
                    caller.sendall(piece)
                    self.sent += len(piece)
                    if self.gone.wait(0.01 if len(piece) < 10 else 0):
                        break

    def close(self) -> None:
        self.gone.set()
        self._socket.close()
        self._thread.join(5)


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[Hostile]:
    hostile = Hostile(request.param)
    yield hostile
    hostile.close()


def _head(*lines: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + b"".join(line + b"\r\n" for line in lines) + b"\r\n"


def _headers_byte_by_byte() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n"
    while True:
        yield b"X"


def _headers_without_end() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n"
    while True:
        yield b"X-Y: " + b"z" * 1000 + b"\r\n"


def _body_byte_by_byte() -> Iterator[bytes]:
    yield _head(b"Content-Length: 1000000")
    while True:
        yield b"x"


def _silence() -> Iterator[bytes]:
    yield b"H"
    while True:
        yield b""


def _body_without_end() -> Iterator[bytes]:
    yield _head()
    while True:
        yield b"x" * 65536


def _too_few_bytes() -> Iterator[bytes]:
    yield _head(b"Content-Length: 5000") + b"x" * 100


def _packed() -> Iterator[bytes]:
    packed = gzip.compress(b"\0" * (100 << 20))
    yield _head(b"Content-Encoding: gzip", b"Content-Length: %d" % len(packed)) + packed


def _not_http() -> Iterator[bytes]:
    yield b"220 mail ready\r\n"


@pytest.mark.parametrize(
    "server",
    [
        _headers_byte_by_byte,
        _headers_without_end,
        _body_byte_by_byte,
        _silence,
        _too_few_bytes,
        _packed,
        _not_http,
    ],
    indirect=True,
)
def test_a_hostile_server_costs_its_time_at_most(server: Hostile):
    began = time.monotonic()
    with pytest.raises(FetchFailed):
        fetch(server.link, ("127.0.0.1",), whole_s=0.4)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("server", [_body_without_end], indirect=True)
def test_an_endless_stream_is_left_where_the_reader_stops(server: Hostile):
    with Fetcher(("127.0.0.1",)).open(server.link) as (announced, chunks):
        assert announced is None
        assert sum(len(next(chunks)) for _ in range(5)) <= 5 * 65536
    server.gone.wait(0.2)
    assert server.sent < 20 << 20


@pytest.mark.parametrize("server", [_body_without_end], indirect=True)
def test_an_endless_stream_ends_with_the_clock_at_the_latest(server: Hostile):
    with pytest.raises(FetchFailed), Fetcher(("127.0.0.1",), whole_s=0.3).open(server.link) as (_, chunks):
        for _ in chunks:
            pass


@pytest.mark.parametrize(
    "server", [lambda: iter([_head(b"Content-Length: 5") + b"photo and much more"])], indirect=True
)
def test_what_comes_after_the_announced_length_is_not_read(server: Hostile):
    assert fetch(server.link, ("127.0.0.1",)) == b"photo"


@pytest.mark.parametrize(
    ("server", "size"),
    [
        (lambda: iter([_head(b"Content-Length: 4294967296")]), 4 << 30),
        (lambda: iter([_head(b"Content-Length: 99999999999999999999999") + b"x"]), None),
    ],
    indirect=["server"],
)
def test_an_announced_size_is_told_before_a_byte_is_read(server: Hostile, size: int | None):
    with Fetcher(("127.0.0.1",)).open(server.link) as (announced, _):
        assert announced == size
