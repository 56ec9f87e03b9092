"""Fetching strangers' links: named hosts only, no private addresses, no way round by redirects."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.fetching import Fetcher, FetchFailed, LinkDead, LinkForbidden


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


def fetch(link: str, allowed: tuple[str, ...]) -> bytes:
    fetcher = Fetcher(allowed)
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
