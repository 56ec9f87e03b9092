"""Files of broadcasts at Zalo: up once for each OA, used again, anew when Zalo forgot them."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import BinaryIO

import pytest

from bot.group_sender import GroupSender
from bot.uploads import GONE, SomebodyUploads, Uploads
from bot.zalo.client import ZaloClient
from bot.zalo.tokens import Tokens
from data import leases
from data.broadcast_media import UPLOAD_GOOD_FOR
from data.sealing import Sealer
from data.session import Database
from data.tables import RateWindow
from domain.errors import SlowDown, TryAgainLater, Unclear, WillNeverWork
from domain.posts import Attached, AttachedKind, Post
from tests.bot.connected import connect
from tests.bot.fake_zalo import FakeZalo, HangUp, Refuse, Say
from tests.conftest import Clock

OA, OTHER_OA = "3000000000000000001", "3000000000000000002"
PICTURE = Attached("2026/11/24/1", AttachedKind.IMAGE, "anh.jpg", 10, "a" * 64)
PAPER = Attached("2026/11/24/2", AttachedKind.FILE, "thong bao.pdf", 10, "b" * 64)
LOST = Attached("2026/11/24/3", AttachedKind.IMAGE, "mat.jpg", 10, "c" * 64)
FILES = {PICTURE.key: b"\xff\xd8\xff picture", PAPER.key: b"%PDF document"}


def open_media(key: str) -> BinaryIO:
    if key not in FILES:
        raise FileNotFoundError(key)
    return io.BytesIO(FILES[key])


@pytest.fixture(autouse=True)
def house(database: Database, sealer: Sealer, zalo: FakeZalo, clock: Clock) -> None:
    connect(database, sealer, zalo, OA, OTHER_OA, now=clock.now)


@pytest.fixture
def groups(database: Database, client: ZaloClient, sealer: Sealer, clock: Clock) -> GroupSender:
    tokens = Tokens(database, client, sealer, clock=clock, sleep=lambda seconds: None)
    uploads = Uploads(database, client, open_media, clock=clock)
    return GroupSender(database, client, tokens, uploads, clock=clock)


def paths(zalo: FakeZalo) -> list[str]:
    return [call.path.rpartition("/oa/")[2] for call in zalo.calls]


def test_a_picture_goes_up_once_for_an_oa_and_then_to_every_group(groups: GroupSender, zalo: FakeZalo):
    for number in range(3):
        groups.send(OA, f"g{number}", Post("Tìm cháu An", PICTURE))
    groups.send(OTHER_OA, "g9", Post("Tìm cháu An", PICTURE))
    assert paths(zalo) == ["upload/image", *["group/message"] * 3, "upload/image", "group/message"]
    message = zalo.calls[1].body["message"]
    assert message["text"] == "Tìm cháu An"
    assert message["attachment"]["payload"]["elements"][0]["attachment_id"]


def test_a_file_goes_as_a_message_of_its_own_under_its_name(groups: GroupSender, zalo: FakeZalo):
    groups.send(OA, "g1", Post("", PAPER))
    assert paths(zalo) == ["upload/file", "group/message"]
    assert zalo.calls[0].body["name"] == "thong bao.pdf"
    assert zalo.calls[1].body["message"]["attachment"]["type"] == "file"


def test_an_id_that_zalo_forgot_is_uploaded_anew_and_sent_once(groups: GroupSender, zalo: FakeZalo):
    groups.send(OA, "g1", Post("Một", PICTURE))
    zalo.answers.append(Refuse(-100))
    groups.send(OA, "g2", Post("Một", PICTURE))
    assert paths(zalo) == ["upload/image", "group/message", "upload/image", "group/message"]
    assert [group for group, _ in zalo.texts] == ["g1", "g2"]


def test_before_the_id_grows_old_it_is_made_anew(groups: GroupSender, zalo: FakeZalo, clock: Clock):
    groups.send(OA, "g1", Post("Một", PICTURE))
    clock.advance(seconds=UPLOAD_GOOD_FOR.total_seconds())
    groups.send(OA, "g2", Post("Một", PICTURE))
    assert paths(zalo).count("upload/image") == 2


def test_two_that_come_together_upload_once_and_the_other_waits(
    groups: GroupSender, database: Database, zalo: FakeZalo, clock: Clock
):
    with database.transaction() as session:
        leases.hold(
            session, f"upload:{OA}:{PICTURE.sha256}", "another", now=clock.now, ttl=timedelta(seconds=60)
        )
    with pytest.raises(SomebodyUploads):
        groups.send(OA, "g1", Post("Một", PICTURE))
    assert zalo.calls == []
    groups.send(OA, "g1", Post("Chỉ có chữ"))  # the account itself does not rest
    clock.advance(seconds=61)  # the other died over it
    with ThreadPoolExecutor(4) as pool:
        ends = list(pool.map(lambda n: _end(groups, f"g{n}"), range(4)))
    assert paths(zalo).count("upload/image") == 1
    assert "sent" in ends
    assert set(ends) <= {"sent", "waits"}


def _end(groups: GroupSender, group: str) -> str:
    try:
        groups.send(OA, group, Post("Một", PICTURE))
    except SomebodyUploads:
        return "waits"
    return "sent"


@pytest.mark.parametrize(
    ("answer", "error"), [(Say(503), TryAgainLater), (HangUp(), TryAgainLater), (Refuse(-32), SlowDown)]
)
def test_an_upload_that_fails_sent_nothing_so_it_is_never_unclear(
    groups: GroupSender, zalo: FakeZalo, answer, error
):
    zalo.answers.append(answer)
    with pytest.raises(error) as raised:
        groups.send(OA, "g1", Post("Một", PICTURE))
    assert not isinstance(raised.value, Unclear)
    assert zalo.texts == []


def test_a_file_that_is_gone_is_said_and_not_tried_again(groups: GroupSender, zalo: FakeZalo):
    with pytest.raises(WillNeverWork, match="không còn trên máy chủ"):
        groups.send(OA, "g1", Post("Một", LOST))
    assert GONE.startswith("Tệp")
    assert zalo.calls == []


def test_an_upload_counts_for_the_pace(groups: GroupSender, database: Database):
    groups.send(OA, "g1", Post("Một", PICTURE))
    with database.reading() as session:
        used = {row.scope: row.used for row in session.query(RateWindow)}
    assert used == {"app": 1, f"oa:{OA}": 1}, "the send itself was counted by its caller"
