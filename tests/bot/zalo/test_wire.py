"""Over real sockets: did the request leave or not?"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from bot.zalo.client import ZaloClient
from bot.zalo.wire import NoAnswer, NotSent, Wire
from domain.errors import TryAgainLater, Unclear
from tests.bot.fake_zalo import FakeZalo, HangUp, Say

QUICK = (0.5, 0.5)


@contextmanager
def listening(handle: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that does what it likes with one connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _ = server.accept()
            with line:
                line.settimeout(5)
                handle(line)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(5)


def read_request(line: socket.socket) -> bytes:
    received = b""
    while b'"text"' not in received and b"\r\n\r\n" not in received:
        received += line.recv(65536)
    return received


def send(url: str, timeout: tuple[float, float] = QUICK) -> None:
    client = ZaloClient(url, url, "1", "s", timeout=timeout)
    try:
        client.send_text("token", "4000000000000000001", "Chào")
    finally:
        client.close()


def test_a_server_that_takes_the_request_and_hangs_up_leaves_us_in_doubt():
    got: list[bytes] = []
    with listening(lambda line: got.append(read_request(line))) as port, pytest.raises(Unclear):
        send(f"http://127.0.0.1:{port}")
    assert got[0].startswith(b"POST /v3.0/oa/message/cs")


def test_a_server_that_never_answers_leaves_us_in_doubt():
    over = threading.Event()

    def silent(line: socket.socket) -> None:
        read_request(line)
        over.wait(5)

    with listening(silent) as port:
        with pytest.raises(Unclear):
            send(f"http://127.0.0.1:{port}")
        over.set()


def test_an_answer_that_breaks_off_leaves_us_in_doubt():
    def half(line: socket.socket) -> None:
        read_request(line)
        line.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"error"')

    with listening(half) as port, pytest.raises(Unclear):
        send(f"http://127.0.0.1:{port}")


def test_an_answer_that_is_no_http_leaves_us_in_doubt():
    def babble(line: socket.socket) -> None:
        read_request(line)
        line.sendall(b"hello?\r\n\r\n")

    with listening(babble) as port, pytest.raises(Unclear):
        send(f"http://127.0.0.1:{port}")


def test_nobody_listens_so_nothing_left():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(TryAgainLater):
        send(f"http://127.0.0.1:{port}")


def test_a_name_nobody_knows_so_nothing_left():
    with pytest.raises(TryAgainLater):
        send("http://zalo.invalid")


@pytest.mark.parametrize("greeting", [b"", b"this is no TLS at all, only words\r\n"])
def test_tls_that_fails_before_the_request_so_nothing_left(greeting):
    def no_tls(line: socket.socket) -> None:
        line.recv(65536)
        line.sendall(greeting)

    with listening(no_tls) as port, pytest.raises(TryAgainLater):
        send(f"https://127.0.0.1:{port}")


def test_tls_that_never_answers_so_nothing_left():
    over = threading.Event()

    def silent(line: socket.socket) -> None:
        line.recv(65536)
        over.wait(5)

    with listening(silent) as port:
        with pytest.raises(TryAgainLater):
            send(f"https://127.0.0.1:{port}")
        over.set()


def test_a_token_that_is_no_header_does_not_leave(zalo: FakeZalo, client: ZaloClient):
    with pytest.raises(TryAgainLater):
        client.send_text("bad\r\ntoken", "1", "Chào")
    assert zalo.calls == []


def test_threads_share_lines_that_stay_open(zalo: FakeZalo, client: ZaloClient):
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda n: client.send_text("t", str(n), "Chào").message_id, range(40)))
    assert len(set(sent)) == 40
    assert zalo.connections <= 4


def test_cookies_and_netrc_stay_out(zalo: FakeZalo, client: ZaloClient, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    client.send_text("t", "1", "một")
    client.send_text("t", "1", "hai")
    for call in zalo.calls:
        assert "authorization" not in call.headers
        assert "cookie" not in call.headers


def test_the_wire_itself_tells_the_two_apart(zalo: FakeZalo):
    wire = Wire(timeout=QUICK)
    zalo.answers.extend([HangUp(), Say(200, '{"error": 0}')])
    with pytest.raises(NoAnswer):
        wire.ask("POST", f"{zalo.url}/x", headers={}, message={})
    assert wire.ask("POST", f"{zalo.url}/x", headers={}, message={}).body == {"error": 0}
    with pytest.raises(NotSent):
        wire.ask("POST", "http://127.0.0.1:1/x", headers={}, message={})
    wire.close()
