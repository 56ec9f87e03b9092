"""Every door to Zalo: what leaves, what an answer means, which error comes of which failure."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import responses
from responses import matchers

from bot.zalo.answers import GroupPage, OaProfile, Quota, Sent, TokenPair, ZaloGroup
from bot.zalo.client import ZaloClient
from bot.zalo.codes import TABLE
from domain.errors import (
    OfficialAccountDown,
    QuotaUsedUp,
    SendError,
    SlowDown,
    TokenRefused,
    TryAgainLater,
    Unclear,
    UploadAgain,
    WillNeverWork,
    WindowClosed,
)
from domain.messages import Button, Press

API, OAUTH = "https://openapi.test", "https://oauth.test"
USER, GROUP, TOKEN = "4000000000000000001", "f0a1b2c3d4e5f6a7b8c9", "AT-demo"
CS = f"{API}/v3.0/oa/message/cs"
GROUP_MESSAGE = f"{API}/v3.0/oa/group/message"
ACCESS = f"{OAUTH}/v4/oa/access_token"
NOW = datetime(2026, 11, 24, 3, 0, 10, tzinfo=UTC)


@pytest.fixture
def client() -> Iterator[ZaloClient]:
    client = ZaloClient(API, OAUTH, "123", "app-secret", clock=lambda: NOW)
    yield client
    client.close()


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as http:
        yield http


def good(**data: object) -> dict[str, Any]:
    return {"data": data, "error": 0, "message": "Success"}


CALLS = {
    "send_text": (lambda c: c.send_text(TOKEN, USER, "Chào"), "POST", CS, True),
    "send_image": (lambda c: c.send_image(TOKEN, USER, "att1", "Ảnh"), "POST", CS, True),
    "send_file": (lambda c: c.send_file(TOKEN, USER, "tok1"), "POST", CS, True),
    "send_group_text": (lambda c: c.send_group_text(TOKEN, GROUP, "Chào"), "POST", GROUP_MESSAGE, True),
    "send_group_image": (lambda c: c.send_group_image(TOKEN, GROUP, "att1"), "POST", GROUP_MESSAGE, True),
    "send_group_file": (lambda c: c.send_group_file(TOKEN, GROUP, "tok1"), "POST", GROUP_MESSAGE, True),
    "upload_image": (
        lambda c: c.upload_image(TOKEN, "a.jpg", b"x"),
        "POST",
        f"{API}/v2.0/oa/upload/image",
        False,
    ),
    "upload_gif": (lambda c: c.upload_gif(TOKEN, "a.gif", b"x"), "POST", f"{API}/v2.0/oa/upload/gif", False),
    "upload_file": (
        lambda c: c.upload_file(TOKEN, "a.pdf", b"x"),
        "POST",
        f"{API}/v2.0/oa/upload/file",
        False,
    ),
    "groups_of_oa": (lambda c: c.groups_of_oa(TOKEN), "GET", f"{API}/v3.0/oa/group/getgroupsofoa", False),
    "oa_profile": (lambda c: c.oa_profile(TOKEN), "GET", f"{API}/v2.0/oa/getoa", False),
}
EVERY_CALL = pytest.mark.parametrize(("call", "method", "url", "once"), CALLS.values(), ids=CALLS)
EVERY_SEND = pytest.mark.parametrize(
    ("call", "method", "url"),
    [c[:3] for c in CALLS.values() if c[3]],
    ids=[n for n, c in CALLS.items() if c[3]],
)


# ---- what leaves --------------------------------------------------------------------------------------------


def sent_body(http: responses.RequestsMock) -> Any:
    return json.loads(http.calls[-1].request.body or b"")


def test_a_text(client, http):
    http.post(CS, json=good(message_id="11bb", user_id=USER))
    decomposed = unicodedata.normalize("NFD", "Chào bạn, giấy tờ gồm…")

    assert client.send_text(TOKEN, USER, decomposed) == Sent("11bb")

    assert sent_body(http) == {"recipient": {"user_id": USER}, "message": {"text": "Chào bạn, giấy tờ gồm…"}}
    assert http.calls[0].request.headers["access_token"] == TOKEN
    assert "Authorization" not in http.calls[0].request.headers


def test_a_text_with_buttons(client, http):
    http.post(CS, json=good(message_id="1"))
    client.send_text(
        TOKEN,
        USER,
        "Chọn",
        [
            Button("Gửi", press=Press("tip.send")),
            Button("Hộ chiếu", press=Press("procedure", "1.001")),
            Button("Cổng dịch vụ công", url="https://dichvucong.example/a"),
            Button("Gọi 113", phone="113"),
            Button("x" * 150, phone="+84 912 345 678"),
        ],
    )
    assert sent_body(http)["message"]["attachment"] == {
        "type": "template",
        "payload": {
            "buttons": [
                {"title": "Gửi", "type": "oa.query.hide", "payload": "#tip.send"},
                {"title": "Hộ chiếu", "type": "oa.query.hide", "payload": "#procedure:1.001"},
                {
                    "title": "Cổng dịch vụ công",
                    "type": "oa.open.url",
                    "payload": {"url": "https://dichvucong.example/a"},
                },
                {"title": "Gọi 113", "type": "oa.open.phone", "payload": {"phone_code": "113"}},
                {"title": "x" * 100, "type": "oa.open.phone", "payload": {"phone_code": "84912345678"}},
            ]
        },
    }


def test_a_number_that_begins_with_zero_is_dialled_with_84(client, http):
    http.post(CS, json=good(message_id="1"))
    client.send_text(TOKEN, USER, "Gọi", [Button("Trực ban", phone="0204 3 855 123")])
    (button,) = sent_body(http)["message"]["attachment"]["payload"]["buttons"]
    assert button["payload"] == {"phone_code": "842043855123"}


def test_a_quote_that_zalo_does_not_take_is_left_out(client, http):
    http.post(CS, json={"error": -201, "message": "quote_message_id is invalid"})
    http.post(CS, json=good(message_id="2"))

    assert client.send_text(TOKEN, USER, "Vâng", quote="ab12").message_id == "2"

    first, second = (json.loads(call.request.body)["message"] for call in http.calls)
    assert first == {"text": "Vâng", "quote_message_id": "ab12"}
    assert second == {"text": "Vâng"}


def test_other_refusals_of_a_quoted_text_are_not_repeated(client, http):
    http.post(CS, json={"error": -248, "message": "…"})
    with pytest.raises(WillNeverWork):
        client.send_text(TOKEN, USER, "Vâng", quote="ab12")
    assert len(http.calls) == 1


def test_pictures_and_files(client, http):
    http.post(CS, json=good(message_id="1"))
    client.send_image(TOKEN, USER, "att1", "Ảnh mẫu")
    assert sent_body(http)["message"] == {
        "text": "Ảnh mẫu",
        "attachment": {
            "type": "template",
            "payload": {
                "template_type": "media",
                "elements": [{"media_type": "image", "attachment_id": "att1"}],
            },
        },
    }
    client.send_image(TOKEN, USER, "att1")
    assert "text" not in sent_body(http)["message"]
    client.send_file(TOKEN, USER, "tok1")
    assert sent_body(http)["message"] == {"attachment": {"type": "file", "payload": {"token": "tok1"}}}


def test_a_group_message(client, http):
    http.post(GROUP_MESSAGE, json=good(message_id="aa00", group_id=GROUP))
    assert client.send_group_text(TOKEN, GROUP, "Chào bà con") == Sent("aa00")
    assert sent_body(http) == {"recipient": {"group_id": GROUP}, "message": {"text": "Chào bà con"}}


@pytest.mark.parametrize(
    ("kind", "member"),
    [("image", "attachment_id"), ("gif", "attachment_id"), ("gif", "token"), ("file", "token")],
)
def test_uploads(client, http, kind, member):
    http.post(
        f"{API}/v2.0/oa/upload/{kind}",
        json=good(**{member: "up1"}),
        match=[matchers.multipart_matcher({"file": ("mẫu.pdf", b"content")})],
    )
    assert getattr(client, f"upload_{kind}")(TOKEN, "mẫu.pdf", b"content") == "up1"


@pytest.mark.parametrize(("kind", "most"), [("image", 1 << 20), ("gif", 5 << 20), ("file", 5 << 20)])
def test_uploads_of_a_wrong_size_do_not_leave(client, http, kind, most):
    for content in (b"", b"x" * (most + 1)):
        with pytest.raises(WillNeverWork):
            getattr(client, f"upload_{kind}")(TOKEN, "a", content)


def test_an_upload_without_an_id_is_tried_again(client, http):
    http.post(f"{API}/v2.0/oa/upload/image", json=good())
    with pytest.raises(TryAgainLater):
        client.upload_image(TOKEN, "a.jpg", b"x")


@pytest.mark.parametrize(
    "send",
    [
        lambda c: c.send_text(TOKEN, USER, ""),
        lambda c: c.send_text(TOKEN, USER, " \n"),
        lambda c: c.send_text(TOKEN, USER, "a" * 2001),
        lambda c: c.send_group_text(TOKEN, GROUP, "a" * 2001),
        lambda c: c.send_image(TOKEN, USER, "att", "a" * 2001),
        lambda c: c.send_text(TOKEN, USER, "a", [Button("b", url="https://a.example")] * 6),
        lambda c: c.send_text(TOKEN, USER, "a", [Button("b", press=Press("b", "x" * 1000))]),
    ],
)
def test_what_breaks_zalos_limits_does_not_leave(client, http, send):
    with pytest.raises(WillNeverWork):
        send(client)


def test_the_longest_text_leaves(client, http):
    http.post(CS, json=good(message_id="1"))
    assert client.send_text(TOKEN, USER, "ế" * 2000).message_id == "1"


# ---- what an answer means -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "sent"),
    [
        (
            {"message_id": "1", "quota": {"quota_type": "reply", "remain": "7", "total": "8"}},
            Sent("1", Quota("reply", 7, 8)),
        ),
        ({"message_id": "1", "quota": {"remain": 3}}, Sent("1", Quota("", 3, None))),
        (
            {"message_id": "1", "quota": {"quota_type": "sub_quota", "remain": "many"}},
            Sent("1", Quota("sub_quota", None, None)),
        ),
        ({"message_id": 1234567890123456789}, Sent("1234567890123456789")),
        ({"message_id": "1", "sent_time": "1767225600000"}, Sent("1")),
        ({}, Sent(None)),
        ({"message_id": None, "quota": []}, Sent(None)),
    ],
)
def test_numbers_come_as_text_or_not_at_all(client, http, data, sent):
    http.post(CS, json=good(**data))
    assert client.send_text(TOKEN, USER, "a") == sent


@pytest.mark.parametrize("body", [{"error": 0}, {"error": "0", "data": None}, {"data": {"message_id": "1"}}])
def test_success_may_say_little(client, http, body):
    http.post(CS, json=body)
    assert client.send_text(TOKEN, USER, "a").message_id in (None, "1")


def test_groups_of_an_oa(client, http):
    http.get(
        f"{API}/v3.0/oa/group/getgroupsofoa",
        json=good(
            total=3,
            groups=[
                {
                    "group_id": GROUP,
                    "name": "Tổ dân phố 5",
                    "group_link": "https://zalo.me/g/a",
                    "total_member": "12",
                    "status": "enabled",
                },
                {"group_id": 77, "status": "disabled"},
                "broken",
            ],
        ),
        match=[matchers.query_param_matcher({"offset": "5", "count": "2"})],
    )
    assert client.groups_of_oa(TOKEN, offset=5, count=2) == GroupPage(
        (
            ZaloGroup(GROUP, "Tổ dân phố 5", "https://zalo.me/g/a", 12, True),
            ZaloGroup("77", "", "", None, False),
        ),
        3,
    )


@pytest.mark.parametrize("member", ["oaid", "oa_id"])
def test_the_profile_calls_its_id_by_two_names(client, http, member):
    profile = {
        member: "3000000000000000001",
        "name": "Công an phường",
        "is_verified": True,
        "package_name": "Toàn diện",
    }
    http.get(f"{API}/v2.0/oa/getoa", json=good(**profile))
    assert client.oa_profile(TOKEN) == OaProfile("3000000000000000001", "Công an phường", True, "Toàn diện")


# ---- failures: every class of error, through every door -------------------------------------------------------


@EVERY_CALL
@pytest.mark.parametrize(
    ("code", "error"),
    [
        (-32, SlowDown),
        (-100, UploadAgain),
        (-200, TryAgainLater),
        (-201, WillNeverWork),
        (-211, QuotaUsedUp),
        (-216, TokenRefused),
        (-220, TokenRefused),
        (-230, WindowClosed),
        (-234, SlowDown),
        (-403, WillNeverWork),
        ("-230", WindowClosed),
        (-987654, TryAgainLater),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 404, 500])
def test_errors_in_the_body_whatever_the_status(client, http, call, method, url, once, code, error, status):
    http.add(method, url, json={"error": code, "message": "text nobody reads"}, status=status)
    with pytest.raises(error) as raised:
        call(client)
    assert type(raised.value) is error
    assert "text nobody reads" not in str(raised.value)


@pytest.mark.parametrize("code", TABLE)
def test_every_number_of_the_table_is_raised(client, http, code):
    http.post(CS, json={"error": code, "message": ""})
    with pytest.raises(TABLE[code].kind) as raised:
        client.send_text(TOKEN, USER, "a")
    assert str(raised.value) == TABLE[code].words


def test_too_fast_says_how_long(client, http):
    http.post(CS, json={"error": -32})
    with pytest.raises(SlowDown) as raised:
        client.send_text(TOKEN, USER, "a")
    assert raised.value.wait == timedelta(seconds=51)


@EVERY_CALL
@pytest.mark.parametrize("status", [301, 302, 400, 401, 403, 404, 408, 500, 502, 503, 520])
def test_turned_away_without_zalos_words_is_tried_again(client, http, call, method, url, once, status):
    http.add(
        method, url, body="<html>no</html>", status=status, headers={"Location": "https://elsewhere.test/"}
    )
    with pytest.raises(TryAgainLater) as raised:
        call(client)
    assert raised.value.code is None
    assert len(http.calls) == 1  # no redirect was followed, nothing repeated


@EVERY_CALL
def test_429_makes_everybody_wait(client, http, call, method, url, once):
    http.add(method, url, body="slow", status=429)
    with pytest.raises(SlowDown):
        call(client)


@EVERY_CALL
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (504, "timeout"),
        (200, "<html>"),
        (200, "[]"),
        (200, ""),
        (200, '{"message": "?"}'),
        (200, '{"error": 0'),
        (504, '{"error": 0}'),
        (200, "[" * 100_000),
    ],
)
def test_an_answer_nobody_can_read_is_unclear_for_a_send(client, http, call, method, url, once, status, body):
    http.add(method, url, body=body, status=status)
    with pytest.raises(Unclear if once else TryAgainLater):
        call(client)


@EVERY_CALL
@pytest.mark.parametrize(
    "error",
    [requests.ReadTimeout(), requests.ConnectionError("reset"), requests.exceptions.ChunkedEncodingError()],
)
def test_a_line_that_breaks_after_the_request_left_is_unclear_for_a_send(
    client, http, call, method, url, once, error
):
    http.add(method, url, body=error)
    with pytest.raises(Unclear if once else TryAgainLater):
        call(client)


@EVERY_CALL
@pytest.mark.parametrize("error", [requests.ConnectTimeout(), requests.exceptions.ProxyError()])
def test_no_connection_is_tried_again(client, http, call, method, url, once, error):
    http.add(method, url, body=error)
    with pytest.raises(TryAgainLater):
        call(client)


@EVERY_SEND
def test_no_error_carries_words_ids_or_tokens(client, http, call, method, url):
    for answer in (
        {"json": {"error": -201, "message": f"{USER} Chào"}},
        {"body": requests.ReadTimeout(f"{TOKEN} {USER}")},
    ):
        http.add(method, url, **answer)
        with pytest.raises(SendError) as raised:
            call(client)
        told = f"{raised.value!r} {raised.value.__cause__!r}"
        assert not any(secret in told for secret in (USER, GROUP, TOKEN, "Chào"))


# ---- tokens -------------------------------------------------------------------------------------------------


def test_refreshing(client, http):
    http.post(
        ACCESS,
        json={"access_token": "AT-2", "refresh_token": "RT-2", "expires_in": "90000"},
        match=[
            matchers.header_matcher({"secret_key": "app-secret"}),
            matchers.urlencoded_params_matcher(
                {"grant_type": "refresh_token", "refresh_token": "RT-1", "app_id": "123"}
            ),
        ],
    )
    pair = client.refresh("RT-1")
    assert pair == TokenPair("AT-2", "RT-2", timedelta(hours=25))
    assert "AT-2" not in repr(pair)


@pytest.mark.parametrize(
    ("body", "pair"),
    [
        (
            {"access_token": "A", "refresh_token": "R", "expires_in": 3600},
            TokenPair("A", "R", timedelta(hours=1)),
        ),
        ({"access_token": "A", "refresh_token": "R"}, TokenPair("A", "R", timedelta(hours=25))),
        (
            {"access_token": "A", "refresh_token": "R", "expires_in": "soon"},
            TokenPair("A", "R", timedelta(hours=25)),
        ),
        ({"access_token": "A"}, TokenPair("A", "", timedelta(hours=25))),
    ],
)
def test_a_pair_may_say_less(client, http, body, pair):
    http.post(ACCESS, json=body)
    assert client.refresh("RT-1") == pair


@pytest.mark.parametrize("code", [-14002, -14004, -14014, -14018, -14020, -1])
def test_an_oauth_error_has_no_message_and_takes_the_account_down(client, http, code):
    http.post(
        ACCESS, json={"error": code, "error_name": "Invalid refresh token.", "error_description": "RT-1"}
    )
    with pytest.raises(OfficialAccountDown) as raised:
        client.refresh("RT-1")
    assert str(raised.value) == f"Zalo OAuth {code}"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"json": {"error": -32}}, SlowDown),
        ({"body": "busy", "status": 503}, TryAgainLater),
        ({"json": {"error": -14014}, "status": 502}, TryAgainLater),
        ({"body": requests.ConnectTimeout()}, TryAgainLater),
        ({"body": requests.ReadTimeout()}, Unclear),
        ({"body": "<html>"}, Unclear),
        ({"json": {}}, Unclear),
        ({"json": {"access_token": ""}}, Unclear),
        ({"body": "oops", "status": 500}, TryAgainLater),
        ({"body": "oops", "status": 504}, Unclear),
    ],
)
def test_a_refresh_that_fails_otherwise_leaves_the_account_up(client, http, answer, error):
    http.post(ACCESS, **answer)
    with pytest.raises(error):
        client.refresh("RT-1")
