"""The make-believe Zalo as a real HTTP server, an app's webhook that writes down what it gets, and one resident."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from simulator.serve import build_world, serve
from simulator.world import World

APP_ID, APP_SECRET, OA_SECRET = "1234567890123456789", "the app secret", "demoOaSecretKey"
OA, OTHER_OA = "3000000000000000001", "3000000000000000002"
GROUP, OTHER_GROUP = "f0a1b2c3d4e5f6a7b8c9", "f0a1b2c3d4e5f6a7b8d0"
DEADLINE_S = 10.0


def until(true: Callable[[], Any], what: str = "it") -> Any:
    """Look until it is so; fail when it is not within DEADLINE_S."""
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.005)
    raise AssertionError(f"{what} did not happen within {DEADLINE_S} s")


@dataclass
class Got:
    """One POST as it came in."""

    raw: bytes
    headers: dict[str, str]
    at: float = field(default_factory=time.monotonic)

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.raw))


class Receiver:
    """An app's webhook. `answers` are used up one by one, then 200; 0 closes the connection unanswered."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.answers: list[int] = []
        self.wait_s = 0.0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                receiver.got.append(Got(raw, {name.lower(): value for name, value in self.headers.items()}))
                status = receiver.answers.pop(0) if receiver.answers else 200
                time.sleep(receiver.wait_s)
                if status:
                    self.send_response(status)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhook/zalo"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def named(self, *names: str) -> list[Got]:
        return [one for one in list(self.got) if one.json.get("event_name") in names]

    def wait_for(self, name: str, count: int = 1) -> list[Got]:
        until(lambda: len(self.named(name)) >= count, f"{count} × {name}")
        return self.named(name)

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Zalo:
    """The platform as an app, a trainer and a resident see it."""

    def __init__(self, world: World, base: str) -> None:
        self.world, self.base = world, base
        self.http = requests.Session()
        self.http.trust_env = False
        self.resident = world.residents["nguoi-dan-1"]
        self.user_id = self.resident.user_ids[OA]
        self.token = self.tokens()["access_token"]

    def refresh_token(self, oa_id: str = OA) -> str:
        return str(self.control(f"oas/{oa_id}/refresh-token")["refresh_token"])

    def tokens(self, **form: str) -> dict[str, Any]:
        secret = form.pop("secret", APP_SECRET)
        body = {"grant_type": "refresh_token", "app_id": APP_ID, **form}
        if body["grant_type"] == "refresh_token" and "refresh_token" not in body:
            body["refresh_token"] = self.refresh_token()
        answer = self.http.post(f"{self.base}/v4/oa/access_token", data=body, headers={"secret_key": secret})
        assert answer.status_code == 200
        return dict(answer.json())

    def call(self, method: str, path: str, token: str | None = None, **rest: Any) -> requests.Response:
        headers = {"access_token": self.token if token is None else token}
        return self.http.request(method, self.base + path, headers=headers, timeout=10, **rest)

    def send(self, message: Any, user_id: str | None = None) -> dict[str, Any]:
        body = {"recipient": {"user_id": user_id or self.user_id}, "message": message}
        answer = self.call("POST", "/v3.0/oa/message/cs", json=body)
        assert answer.status_code == 200
        return dict(answer.json())

    def post(self, message: Any, group_id: str = GROUP) -> dict[str, Any]:
        body = {"recipient": {"group_id": group_id}, "message": message}
        return dict(self.call("POST", "/v3.0/oa/group/message", json=body).json())

    def upload(self, kind: str, name: str, content: bytes) -> dict[str, Any]:
        files = {"file": (name, content)}
        return dict(self.call("POST", f"/v2.0/oa/upload/{kind}", files=files).json())

    def control(self, path: str, body: Any = None, *, status: int = 200) -> Any:
        answer = self.http.post(f"{self.base}/control/{path}", json=body or {}, timeout=10)
        assert answer.status_code == status, answer.text
        return answer.json()

    def look(self, path: str, **query: Any) -> Any:
        answer = self.http.get(f"{self.base}/control/{path}", params=query, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def says(self, text: str = "Xin chào") -> Any:
        return self.control("residents/nguoi-dan-1/say", {"text": text, "oa_id": OA})

    def chat(self) -> list[dict[str, Any]]:
        return list(self.look("residents/nguoi-dan-1/chat", oa_id=OA)["messages"])


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def zalo(tmp_path: Path) -> Iterator[Zalo]:
    """Without a webhook; two OAs, two groups and three residents, of whom the tests mostly use the first."""
    world = build_world(
        {
            "app_id": APP_ID,
            "app_secret": APP_SECRET,
            "oa_secret_key": OA_SECRET,
            "oas": [{"oa_id": OA, "name": "Công an tỉnh"}, {"oa_id": OTHER_OA, "name": "Công an phường"}],
            "groups": [
                {"group_id": GROUP, "name": "Tổ dân phố 5", "oa_id": OA},
                {"group_id": OTHER_GROUP, "name": "Thôn Đông", "oa_id": OTHER_OA},
            ],
        }
    )
    server = serve(world, host="127.0.0.1", port=0, folder=tmp_path / "zalo")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    made = Zalo(world, f"http://127.0.0.1:{server.server_port}")
    yield made
    made.http.close()
    server.shutdown()
    thread.join()
    server.server_close()
    server.app.extensions["zalo"].stop()  # type: ignore[attr-defined]  # it is our Flask app


@pytest.fixture
def told(zalo: Zalo, receiver: Receiver) -> Receiver:
    """The webhook, saved the way an administrator saves it; the probe is forgotten."""
    zalo.control("webhook", {"url": receiver.url})
    zalo.control("chaos", {"retry_scale": 0.0005})
    receiver.got.clear()
    return receiver
