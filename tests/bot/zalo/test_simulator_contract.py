"""Our client against the make-believe Zalo over real HTTP: both were written from the same reference, apart."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

import pytest
from flask import Flask

from bot.zalo.client import ZaloClient
from bot.zalo.signature import HEADER, is_from_zalo
from bot.zalo.translate import is_probe, read_event
from data.replies import content_of
from domain.errors import (
    OfficialAccountDown,
    SlowDown,
    TokenRefused,
    TryAgainLater,
    Unclear,
    UploadAgain,
    WillNeverWork,
    WindowClosed,
)
from domain.messages import (
    Button,
    Clip,
    Echo,
    Erase,
    Event,
    Follow,
    Photo,
    Place,
    Press,
    Receipt,
    Text,
    Unfollow,
)
from simulator.residents import Phone
from simulator.serve import build_world, serve
from simulator.world import Resident, World

APP, APP_SECRET, OA_SECRET = "1234567890123456789", "app-secret", "oa-secret"
OA, GROUP = "3000000000000000001", "f0a1b2c3d4e5f6a7b8c9"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


@dataclass
class Inbox:
    """A webhook that checks and translates what comes, as ours does."""

    events: list[Event] = field(default_factory=list)
    probes: int = 0
    strangers: int = 0

    def __post_init__(self) -> None:
        inbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                header = self.headers.get(HEADER)
                if is_probe(raw, header):
                    inbox.probes += 1
                elif is_from_zalo(raw, header, app_id=APP, secret=OA_SECRET):
                    inbox.events.append(read_event(raw, oas={OA}))
                else:
                    inbox.strangers += 1
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return None

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhook/zalo"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def wait_for(self, wanted: Callable[[Event], bool]) -> Event:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            for event in list(self.events):
                if wanted(event):
                    return event
            time.sleep(0.01)
        raise AssertionError(f"no such event among {[event.name for event in self.events]}")


@dataclass
class Platform:
    world: World
    phone: Phone
    url: str

    @property
    def resident(self) -> Resident:
        return self.world.residents["nguoi-dan-1"]

    @property
    def user_id(self) -> str:
        return self.world.user_id(self.resident, OA)


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    inbox = Inbox()
    yield inbox
    inbox.close()


@pytest.fixture
def platform(inbox: Inbox, tmp_path: Path) -> Iterator[Platform]:
    world = build_world(
        {
            "app_id": APP,
            "app_secret": APP_SECRET,
            "oa_secret_key": OA_SECRET,
            "webhook_url": inbox.url,
            "oas": [{"oa_id": OA, "name": "Công an phường", "requests_per_minute": 2000}],
            "groups": [{"group_id": GROUP, "name": "Tổ dân phố 5", "oa_id": OA}],
            "residents": ["Người dân 1", "Người dân 2"],
        }
    )
    server = serve(world, host="127.0.0.1", port=0, folder=tmp_path / "media")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    app = cast("Flask", server.app)
    yield Platform(world, app.extensions["zalo-phone"], f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["zalo"].stop()


@pytest.fixture
def client(platform: Platform) -> Iterator[ZaloClient]:
    client = ZaloClient(platform.url, platform.url, APP, APP_SECRET, timeout=(2, 5))
    yield client
    client.close()


@pytest.fixture
def token(platform: Platform, client: ZaloClient) -> str:
    return client.refresh(platform.world.new_refresh_token(OA)).access_token


def test_a_refresh_token_works_once(platform, client):
    first = client.refresh(platform.world.new_refresh_token(OA))
    second = client.refresh(first.refresh_token)
    assert second.expires_in.total_seconds() == 90_000
    with pytest.raises(OfficialAccountDown, match="-14014"):
        client.refresh(first.refresh_token)
    assert client.oa_profile(second.access_token).oa_id == OA
    with pytest.raises(TokenRefused):
        client.oa_profile(first.access_token)


def test_what_a_citizen_does_arrives_signed_and_typed(platform, inbox):
    phone, resident = platform.phone, platform.resident
    phone.follow(resident, OA, True)
    phone.text(resident, OA, "Làm hộ chiếu cần giấy tờ gì?")
    phone.media(resident, OA, "image", PNG, name="1.png", mime="image/png", caption="Đống rác")
    phone.media(resident, OA, "video", b"clip", name="1.mp4", mime="video/mp4", caption="")
    phone.location(resident, OA, 21.2731, 106.1946)
    phone.follow(resident, OA, False)
    phone.withdraw(resident, OA)

    inbox.wait_for(lambda event: event.happened == Follow())
    asked = inbox.wait_for(lambda event: event.said == (Text("Làm hộ chiếu cần giấy tờ gì?"),))
    assert (asked.oa_id, asked.user_id, asked.app_id) == (OA, platform.user_id, APP)
    photo = inbox.wait_for(lambda event: bool(event.said) and isinstance(event.said[0], Photo)).said[0]
    assert photo.caption == "Đống rác"
    assert photo.link.startswith(platform.url)
    inbox.wait_for(lambda event: bool(event.said) and isinstance(event.said[0], Clip))
    inbox.wait_for(lambda event: event.said == (Place(21.2731, 106.1946),))
    inbox.wait_for(lambda event: event.happened == Unfollow())
    assert inbox.wait_for(lambda event: event.happened == Erase()).user_id == platform.user_id
    assert inbox.strangers == 0


def test_a_text_arrives_and_its_echo_has_our_fingerprint_and_the_answers_id(platform, client, token, inbox):
    platform.phone.text(platform.resident, OA, "Chào")
    buttons = [Button("Gửi", press=Press("tip.send", "7")), Button("Xem", url="https://a.example")]
    sent = client.send_text(token, platform.user_id, "Bạn chọn một mục:\nTin báo", buttons)

    echo = inbox.wait_for(lambda event: isinstance(event.happened, Echo))
    assert echo.happened == Echo(
        sent.message_id, platform.user_id, False, content_of("text", "Bạn chọn một mục:\nTin báo")
    )
    arrived = inbox.wait_for(lambda event: isinstance(event.happened, Receipt)).happened
    assert arrived.message_ids == (sent.message_id,)

    platform.phone.press(platform.resident, OA, sent.message_id, 0)
    inbox.wait_for(lambda event: event.said == (Press("tip.send", "7"),))
    platform.phone.see(platform.resident, OA)
    seen = inbox.wait_for(lambda event: isinstance(event.happened, Receipt) and event.happened.seen)
    assert sent.message_id in seen.happened.message_ids


def test_pictures_and_files(platform, client, token, inbox):
    platform.phone.text(platform.resident, OA, "Chào")
    picture = client.send_image(token, platform.user_id, client.upload_image(token, "1.png", PNG), "Ảnh mẫu")
    document = client.send_file(
        token, platform.user_id, client.upload_file(token, "don.pdf", b"%PDF-1.4 mau don")
    )
    echoes = {
        sent.message_id: inbox.wait_for(lambda event, sent=sent: event.message_id == sent.message_id).happened
        for sent in (picture, document)
    }
    assert echoes[picture.message_id].content == content_of("image", "Ảnh mẫu")
    assert echoes[document.message_id].content == content_of("file", "")
    with pytest.raises(UploadAgain):
        client.send_image(token, platform.user_id, "gone", "Ảnh")


def test_groups(platform, client, token, inbox):
    (group,) = client.groups_of_oa(token).groups
    assert (group.group_id, group.name, group.enabled) == (GROUP, "Tổ dân phố 5", True)
    sent = client.send_group_text(token, GROUP, "Chào bà con")
    assert platform.world.groups[GROUP].messages[-1].text == "Chào bà con"
    echo = inbox.wait_for(lambda event: isinstance(event.happened, Echo) and event.happened.group)
    assert echo.happened == Echo(sent.message_id, GROUP, True, content_of("text", "Chào bà con"))
    platform.world.groups[GROUP].oa_is_member = False
    with pytest.raises(WillNeverWork) as raised:
        client.send_group_text(token, GROUP, "Chào bà con")
    assert raised.value.code == -403


def test_a_citizen_who_never_wrote_cannot_be_written_to(platform, client, token):
    with pytest.raises(WindowClosed):
        client.send_text(token, platform.user_id, "Chào")


@pytest.mark.parametrize(
    ("chaos", "error", "delivered"),
    [
        ({"rate_limited": 1.0}, SlowDown, 0),
        ({"error_500": 1.0}, TryAgainLater, 0),
        ({"drop_after_accept": 1.0}, Unclear, 1),
        ({"down": True}, Unclear, 0),
        ({"next_error": -230, "next_count": 1}, WindowClosed, 0),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_chaos_is_told_apart(platform, client, token, chaos, error, delivered):
    platform.phone.text(platform.resident, OA, "Chào")
    platform.world.chaos.change(chaos)
    with pytest.raises(error) as raised:
        client.send_text(token, platform.user_id, "Trả lời")
    assert type(raised.value) is error
    chat = platform.world.chats[platform.resident.key, OA]
    assert [message.text for message in chat].count("Trả lời") == delivered


def test_the_probe_of_the_console_is_answered(platform, inbox):
    webhooks = platform.phone._webhooks
    assert webhooks.probe(inbox.url)
    assert inbox.probes == 1
    assert inbox.strangers == 0
