"""A small Zalo on a loopback port that behaves: tokens that work once, errors in a 200 body, dropped lines.

`answers.append(...)` says how the next calls of the API go; when nothing is said they go well.
"""

from __future__ import annotations

import itertools
import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

APP_ID, APP_SECRET = "1234567890123456789", "app-secret"


@dataclass(frozen=True)
class Refuse:
    """An error in a 200 body."""

    code: int


@dataclass(frozen=True)
class Say:
    """An answer as it stands."""

    status: int
    body: str = ""
    kind: str = "text/html"


@dataclass(frozen=True)
class HangUp:
    """Take the request, do it (or not), then close the line without a word."""

    done: bool = True


@dataclass
class Call:
    """One request of the API."""

    path: str
    token: str
    body: Any
    headers: dict[str, str]


@dataclass
class FakeZalo:
    """Knows the right tokens, remembers what arrived."""

    answers: deque[Any] = field(default_factory=deque)
    calls: list[Call] = field(default_factory=list)
    refreshes: list[str] = field(default_factory=list)
    connections: int = 0
    access_token: str | None = None
    refresh_token: str | None = None
    reused: int = 0
    before_answer: Callable[[Call], None] = lambda call: None
    before_refresh: Callable[[], None] = lambda: None
    oauth_answers: deque[Any] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._tokens = itertools.count(1)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def new_pair(self) -> dict[str, str]:
        n = next(self._tokens)
        self.access_token, self.refresh_token = f"access-{n}", f"refresh-{n}"
        return {
            "access_token": self.access_token,
            "refresh_token": self.refresh_token,
            "expires_in": "90000",
        }

    @property
    def texts(self) -> list[tuple[str, str]]:
        """(to whom, words) of every message that was taken."""
        return [
            (next(iter(call.body["recipient"].values())), call.body["message"].get("text", ""))
            for call in self.calls
            if call.path.endswith("/message/cs") or call.path.endswith("/group/message")
        ]

    # -- answering ------------------------------------------------------------------------------------------

    def refresh(self, form: dict[str, list[str]], secret: str | None) -> Any:
        self.before_refresh()
        with self._lock:
            token = form.get("refresh_token", [""])[0]
            self.refreshes.append(token)
            if self.oauth_answers:
                return self.oauth_answers.popleft()
            if secret != APP_SECRET or form.get("app_id") != [APP_ID]:
                return _oauth_error(-14004)
            if token != self.refresh_token:
                self.reused += 1
                return _oauth_error(-14014)
            return self.new_pair()

    def answer(self, call: Call) -> Any:
        self.before_answer(call)
        with self._lock:
            if self.access_token is not None and call.token != self.access_token:
                return _error(-216)
            planned = self.answers.popleft() if self.answers else None
            if isinstance(planned, Refuse):
                return _error(planned.code)
            if isinstance(planned, Say) or (isinstance(planned, HangUp) and not planned.done):
                return planned
            self.calls.append(call)
            n = f"{next(self._ids):020x}"
            data = {"attachment_id": n, "token": n} if "/upload/" in call.path else {"message_id": n}
            return planned or {"data": data, "error": 0, "message": "Success"}


def _error(code: int) -> dict[str, Any]:
    return {"error": code, "message": "error"}


def _oauth_error(code: int) -> dict[str, Any]:
    return {"error": code, "error_name": "no", "error_reason": "", "error_description": "", "ref_doc": ""}


def _handler(zalo: FakeZalo) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            zalo.connections += 1

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            kind = self.headers.get("Content-Type", "")
            if self.path.startswith("/v4/oa/access_token"):
                return self._say(zalo.refresh(parse_qs(raw.decode()), self.headers.get("secret_key")))
            body: Any = raw
            if kind.startswith("application/json"):
                body = json.loads(raw)
            elif kind.startswith("multipart/"):
                whole = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + raw)
                (part,) = cast("list[Any]", whole.get_payload())
                body = {
                    "field": part.get_param("name", header="content-disposition"),
                    "name": part.get_filename(),
                    "content": part.get_payload(decode=True),
                }
            return self._api(body)

        def do_GET(self) -> None:
            self._api({key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()})

        def _api(self, body: Any) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            path = urlsplit(self.path).path
            self._say(zalo.answer(Call(path, headers.get("access_token", ""), body, headers)))

        def _say(self, answer: Any) -> None:
            if isinstance(answer, HangUp):
                self.close_connection = True
                return
            if not isinstance(answer, Say):
                answer = Say(200, json.dumps(answer), "application/json")
            raw = answer.body.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            return None

    return Handler
