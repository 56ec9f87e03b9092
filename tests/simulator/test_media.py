"""Links that die, uploads with limits, and files that are shown but never run."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
import requests

import simulator
from tests.simulator.conftest import OA, Receiver, Zalo

SAMPLES = Path(simulator.__file__).parent / "static" / "samples"
PHOTO = (SAMPLES / "via-he.jpg").read_bytes()
CLIP = (SAMPLES / "clip-duong-pho.mp4").read_bytes()
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 50
PDF = b"%PDF-1.7 make-believe"


def send(zalo: Zalo, kind: str, *files: tuple[str, bytes, str], **form: str) -> requests.Response:
    return zalo.http.post(
        f"{zalo.base}/control/residents/nguoi-dan-1/send",
        data={"kind": kind, "oa_id": OA, **form},
        files=[("file", one) for one in files],
    )


def fetch(link: str) -> requests.Response:
    return requests.get(link, timeout=5)


def attachment(got: Any) -> dict[str, Any]:
    [one] = got.json["message"]["attachments"]
    return dict(one)


def test_a_photo_comes_with_a_link_to_its_very_bytes(zalo: Zalo, told: Receiver) -> None:
    assert send(zalo, "image", ("a.jpg", PHOTO, "image/jpeg"), caption="Ở đây ạ").status_code == 200
    [got] = told.wait_for("user_send_image")
    assert got.json["message"]["text"] == "Ở đây ạ"
    payload = attachment(got)["payload"]
    assert set(payload) == {"url", "thumbnail"}
    answer = fetch(payload["url"])
    assert answer.content == PHOTO
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Length"] == str(len(PHOTO))


def test_several_photos_are_several_messages_in_order(zalo: Zalo, told: Receiver) -> None:
    send(
        zalo, "image", ("1.jpg", PHOTO, "image/jpeg"), ("2.png", PNG, "image/png"), caption="hai ảnh"
    ).raise_for_status()
    first, second = told.wait_for("user_send_image", 2)
    assert first.json["message"]["text"] == "hai ảnh"
    assert "text" not in second.json["message"]
    assert fetch(attachment(second)["payload"]["url"]).content == PNG


def test_a_clip_can_be_fetched_in_parts(zalo: Zalo, told: Receiver) -> None:
    send(zalo, "video", ("c.mp4", CLIP, "video/mp4")).raise_for_status()
    [got] = told.wait_for("user_send_video")
    assert set(attachment(got)["payload"]) == {"url", "thumbnail", "description"}
    link = attachment(got)["payload"]["url"]
    part = requests.get(link, headers={"Range": "bytes=100-199"}, timeout=5)
    assert part.status_code == 206
    assert part.content == CLIP[100:200]


def test_a_file_comes_with_its_name_size_and_checksum(zalo: Zalo, told: Receiver) -> None:
    send(zalo, "file", ("đơn trình báo.pdf", PDF, "application/pdf")).raise_for_status()
    [got] = told.wait_for("user_send_file")
    payload = attachment(got)["payload"]
    assert payload["name"] == "đơn trình báo.pdf"
    assert payload["size"] == str(len(PDF))
    assert payload["type"] == "pdf"
    assert payload["checksum"] == hashlib.md5(PDF).hexdigest()


def test_files_can_also_be_given_as_base64(zalo: Zalo, told: Receiver) -> None:
    given = {"name": "v.m4a", "mime": "audio/mp4", "base64": base64.b64encode(b"sound").decode()}
    zalo.control("residents/nguoi-dan-1/send", {"kind": "audio", "files": [given]})
    [got] = told.wait_for("user_send_audio")
    assert fetch(attachment(got)["payload"]["url"]).content == b"sound"
    for wrong in ([{"name": "x"}], "words", [7], [{"base64": "***"}], []):
        zalo.control("residents/nguoi-dan-1/send", {"kind": "audio", "files": wrong}, status=400)
    zalo.control("residents/nguoi-dan-1/send", {"kind": "spell", "files": [given]}, status=400)


def test_a_link_dies_after_its_time_but_the_senders_phone_still_has_it(zalo: Zalo, told: Receiver) -> None:
    zalo.control("rules", {"media_seconds": 60})
    send(zalo, "image", ("a.jpg", PHOTO, "image/jpeg")).raise_for_status()
    link = attachment(told.wait_for("user_send_image")[0])["payload"]["url"]
    zalo.control("clock", {"advance_seconds": 59})
    assert fetch(link).status_code == 200
    zalo.control("clock", {"advance_seconds": 2})
    assert fetch(link).status_code == 404
    assert fetch(zalo.base + zalo.chat()[-1]["attachments"][0]["view"]).content == PHOTO


def test_all_links_can_be_made_to_die_now(zalo: Zalo, told: Receiver) -> None:
    send(zalo, "image", ("a.jpg", PHOTO, "image/jpeg")).raise_for_status()
    link = attachment(told.wait_for("user_send_image")[0])["payload"]["url"]
    zalo.control("chaos", {"media_expire": True})
    assert fetch(link).status_code == 404
    send(zalo, "image", ("b.jpg", PHOTO, "image/jpeg")).raise_for_status()
    assert fetch(attachment(told.wait_for("user_send_image", 2)[1])["payload"]["url"]).status_code == 200


def test_a_page_sent_as_a_file_is_never_run(zalo: Zalo) -> None:
    send(zalo, "file", ("x.html", b"<script>alert(1)</script>", "text/html")).raise_for_status()
    shown = zalo.chat()[-1]["attachments"][0]
    for path in (shown["url"], shown["view"]):
        headers = fetch(zalo.base + path).headers
        assert headers["Content-Security-Policy"].startswith("sandbox")
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_made_up_link_leads_nowhere(zalo: Zalo) -> None:
    for path in ("/media/none", "/media/..%2f..%2fetc%2fpasswd", "/uploads/none", "/shown/none"):
        assert fetch(zalo.base + path).status_code == 404


@pytest.mark.parametrize(
    ("kind", "name", "content", "code"),
    [
        ("image", "a.jpg", PHOTO, 0),
        ("image", "a.png", PNG, 0),
        ("image", "a.gif", b"GIF89a...", -201),
        ("image", "a.jpg", b"not a picture", -201),
        ("image", "a.jpg", b"\xff\xd8\xff" + b"0" * ((1 << 20) - 3), 0),
        ("image", "a.jpg", b"\xff\xd8\xff" + b"0" * ((1 << 20) - 2), -210),
        ("gif", "a.gif", b"GIF89a...", 0),
        ("gif", "a.gif", PHOTO, -201),
        ("gif", "a.gif", b"GIF8" + b"0" * (5 << 20), -210),
        ("file", "a.pdf", PDF, 0),
        ("file", "a.docx", b"PK\x03\x04 make-believe", 0),
        ("file", "a.xlsx", b"PK\x03\x04 make-believe", -201),
        ("file", "a.pdf", b"words", -201),
        ("file", "a.pdf", b"%PDF" + b"0" * (5 << 20), -210),
    ],
)
def test_what_an_oa_may_upload(zalo: Zalo, kind: str, name: str, content: bytes, code: int) -> None:
    answer = zalo.upload(kind, name, content)
    assert answer["error"] == code
    if code == 0:
        assert list(answer["data"]) == ["token" if kind == "file" else "attachment_id"]


def test_an_upload_without_a_file_is_an_invalid_parameter(zalo: Zalo) -> None:
    assert zalo.call("POST", "/v2.0/oa/upload/image", data={"x": "y"}).json()["error"] == -201


def picture(attachment_id: str) -> dict[str, Any]:
    element = {"media_type": "image", "attachment_id": attachment_id}
    payload = {"template_type": "media", "elements": [element]}
    return {"text": "Sơ đồ", "attachment": {"type": "template", "payload": payload}}


def test_an_uploaded_picture_is_seen_in_the_chat_and_in_the_echo(zalo: Zalo, told: Receiver) -> None:
    zalo.says()
    attachment_id = zalo.upload("image", "so-do.png", PNG)["data"]["attachment_id"]
    assert zalo.send(picture(attachment_id))["error"] == 0
    shown = zalo.chat()[-1]
    assert (shown["kind"], shown["text"]) == ("image", "Sơ đồ")
    assert fetch(zalo.base + shown["attachments"][0]["url"]).content == PNG
    [echo] = told.wait_for("oa_send_image")
    assert fetch(attachment(echo)["payload"]["url"]).content == PNG


def test_an_upload_lives_seven_days(zalo: Zalo) -> None:
    attachment_id = zalo.upload("image", "a.png", PNG)["data"]["attachment_id"]
    token = zalo.upload("file", "a.pdf", PDF)["data"]["token"]
    zalo.control("clock", {"advance_seconds": 7 * 86400 + 1})
    zalo.token = zalo.tokens()["access_token"]
    zalo.says()
    assert zalo.send(picture(attachment_id))["error"] == -100
    assert zalo.send({"attachment": {"type": "file", "payload": {"token": token}}})["error"] == -100


def test_a_picture_is_no_file_and_a_file_no_picture(zalo: Zalo) -> None:
    zalo.says()
    attachment_id = zalo.upload("image", "a.png", PNG)["data"]["attachment_id"]
    token = zalo.upload("file", "a.pdf", PDF)["data"]["token"]
    assert zalo.send(picture(token))["error"] == -100
    assert zalo.send({"attachment": {"type": "file", "payload": {"token": attachment_id}}})["error"] == -100
    assert zalo.send({"attachment": {"type": "file", "payload": {"token": token}}})["error"] == 0
    assert zalo.chat()[-1]["attachments"][0]["name"] == "a.pdf"


def test_a_group_gets_pictures_too(zalo: Zalo) -> None:
    attachment_id = zalo.upload("image", "a.png", PNG)["data"]["attachment_id"]
    assert zalo.post(picture(attachment_id))["error"] == 0
