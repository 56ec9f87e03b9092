"""`cs`: what goes out, and each refusal in the platform's order."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.conftest import OA, OTHER_OA, Receiver, Zalo

QUERY = {"type": "oa.query.show", "title": "Hỏi", "payload": "hỏi"}


def buttons(*given: Any, text: Any = "Chọn đi ạ") -> dict[str, Any]:
    return {"text": text, "attachment": {"type": "template", "payload": {"buttons": list(given)}}}


def media(**element: Any) -> dict[str, Any]:
    payload = {"template_type": "media", "elements": [{"media_type": "image", **element}]}
    return {"attachment": {"type": "template", "payload": payload}}


def test_a_text_reaches_the_chat_with_its_words(zalo: Zalo) -> None:
    zalo.says()
    answer = zalo.send({"text": "Chào bạn 🙂\ndòng hai"})
    assert answer["error"] == 0
    assert answer["data"]["user_id"] == zalo.user_id
    last = zalo.chat()[-1]
    assert (last["from"], last["text"]) == ("oa", "Chào bạn 🙂\ndòng hai")
    assert last["message_id"] == answer["data"]["message_id"]


def test_the_free_allowance_comes_as_strings(zalo: Zalo) -> None:
    zalo.says()
    assert zalo.send({"text": "một"})["data"]["quota"] == {"quota_type": "reply", "remain": "7", "total": "8"}
    assert zalo.send({"text": "hai"})["data"]["quota"]["remain"] == "6"
    zalo.says()
    assert zalo.send({"text": "ba"})["data"]["quota"]["remain"] == "7"


def test_a_charged_message_has_no_quota(zalo: Zalo) -> None:
    zalo.says()
    zalo.control("clock", {"advance_seconds": 49 * 3600})
    zalo.token = zalo.tokens()["access_token"]
    answer = zalo.send({"text": "một"})
    assert answer["error"] == 0
    assert "quota" not in answer["data"]


def test_the_ninth_message_is_charged_when_the_allowance_is_eight(zalo: Zalo) -> None:
    zalo.control("rules", {"free_unlimited": False})
    zalo.says()
    quotas = ["quota" in zalo.send({"text": "tin"})["data"] for _ in range(9)]
    assert quotas == [True] * 8 + [False]


def test_the_window_closes_seven_days_after_the_last_word(zalo: Zalo) -> None:
    assert zalo.send({"text": "chưa từng nhắn"})["error"] == -232
    zalo.says()
    zalo.control("clock", {"advance_seconds": 7 * 86400 - 60})
    zalo.token = zalo.tokens()["access_token"]
    assert zalo.send({"text": "còn mở"})["error"] == 0
    zalo.control("clock", {"advance_seconds": 120})
    assert zalo.send({"text": "đã đóng"})["error"] == -230
    zalo.says()
    assert zalo.send({"text": "mở lại"})["error"] == 0


def test_following_opens_the_window(zalo: Zalo) -> None:
    zalo.control("residents/nguoi-dan-1/follow", {"oa_id": OA})
    assert zalo.send({"text": "cảm ơn"})["error"] == 0


def test_words_to_one_oa_open_no_window_for_another(zalo: Zalo) -> None:
    zalo.says()
    other = zalo.world.residents["nguoi-dan-2"]
    assert zalo.send({"text": "x"}, other.user_ids[OA])["error"] == -232


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (None, -201),
        ({}, -201),
        ({"text": "   "}, -201),
        ({"text": 5}, -201),
        ({"text": "á" * 2000}, 0),
        ({"text": "á" * 2001}, -210),
        (buttons(QUERY), 0),
        (buttons(*[QUERY] * 5), 0),
        (buttons(*[QUERY] * 6), -210),
        (buttons(), -201),
        (buttons(QUERY, text=""), -201),
        (buttons({**QUERY, "title": "a" * 100}), 0),
        (buttons({**QUERY, "title": "a" * 101}), -210),
        (buttons({**QUERY, "title": ""}), -201),
        (buttons({**QUERY, "payload": "a" * 1001}), -210),
        (buttons({**QUERY, "payload": {"url": "x"}}), -201),
        (buttons({**QUERY, "type": "oa.dance"}), -201),
        (buttons({**QUERY, "type": "oa.open.url", "payload": {"url": "https://example.vn"}}), 0),
        (buttons({**QUERY, "type": "oa.open.url", "payload": "https://example.vn"}), -201),
        (media(url="https://example.vn/a.jpg"), 0),
        (media(), -201),
        (media(url="https://example.vn/a.jpg", attachment_id="x"), -201),
        (media(attachment_id="never uploaded"), -100),
        (media(media_type="hologram", url="x"), -233),
        ({"attachment": {"type": "file", "payload": {"token": "never uploaded"}}}, -100),
        ({"attachment": {"type": "spell", "payload": {}}}, -233),
        ({"attachment": "words"}, -201),
    ],
)
def test_shape_size_and_kind(zalo: Zalo, message: Any, code: int) -> None:
    zalo.says()
    answer = zalo.send(message)
    assert answer["error"] == code
    assert len(zalo.chat()) == (2 if code == 0 else 1)


def test_a_body_that_is_no_json_is_an_invalid_parameter(zalo: Zalo) -> None:
    for body in (b"{", b"[1]", b""):
        assert zalo.call("POST", "/v3.0/oa/message/cs", data=body).json()["error"] == -201


@pytest.mark.parametrize("user_id", ["", "4999999999999999999", 4000000000000000001, None])
def test_an_unknown_recipient_is_an_invalid_parameter(zalo: Zalo, user_id: Any) -> None:
    body = {"recipient": {"user_id": user_id}, "message": {"text": "x"}}
    assert zalo.call("POST", "/v3.0/oa/message/cs", json=body).json()["error"] == -201


def test_the_id_of_a_person_with_another_oa_is_unknown(zalo: Zalo) -> None:
    zalo.says()
    other = next(value for oa_id, value in zalo.resident.user_ids.items() if oa_id != OA)
    assert zalo.send({"text": "x"}, other)["error"] == -201


def test_checks_come_in_the_order_of_the_platform(zalo: Zalo) -> None:
    """Everything is wrong at once; mending one thing after the other shows the next refusal."""
    zalo.says()
    zalo.control("clock", {"advance_seconds": 8 * 86400})
    zalo.token = zalo.tokens()["access_token"]
    zalo.control("rules", {"app_active": False, "per_minute": 0})
    zalo.control(f"oas/{OA}", {"verified": False, "package": False, "granted": False})
    zalo.control("residents/nguoi-dan-1/ban", {"oa_id": OA})
    zalo.control("residents/nguoi-dan-1/block", {"oa_id": OA})
    body = {"text": ""}

    def code() -> int:
        return int(zalo.send(body)["error"])

    good, zalo.token = zalo.token, "wrong"
    assert code() == -216
    zalo.token = good
    assert code() == -209
    zalo.control("rules", {"app_active": True})
    assert code() == -32
    zalo.control("rules", {"per_minute": 4000})
    assert code() == -221
    zalo.control(f"oas/{OA}", {"verified": True})
    assert code() == -224
    zalo.control(f"oas/{OA}", {"package": True})
    assert code() == -223
    zalo.control(f"oas/{OA}", {"granted": True})
    assert code() == -201
    body["text"] = "Chào bạn"
    assert code() == -227
    zalo.control("residents/nguoi-dan-1/unban", {"oa_id": OA})
    assert code() == -244
    zalo.control("residents/nguoi-dan-1/unblock", {"oa_id": OA})
    assert code() == -230
    zalo.says()
    assert code() == 0


def next_minute(zalo: Zalo) -> None:
    """Put the platform's clock to the beginning of a minute."""
    zalo.control("clock", {"advance_seconds": 60 - zalo.world.clock.millis() % 60_000 / 1000})


def test_the_minute_of_an_oa_is_limited(zalo: Zalo) -> None:
    zalo.says()
    zalo.control(f"oas/{OA}", {"requests_per_minute": 3})
    next_minute(zalo)
    assert [zalo.send({"text": "x"})["error"] for _ in range(5)] == [0, 0, 0, -32, -32]
    assert len(zalo.chat()) == 1 + 3
    next_minute(zalo)
    assert zalo.send({"text": "x"})["error"] == 0


def test_the_minute_of_the_app_is_shared_by_its_oas(zalo: Zalo) -> None:
    other = zalo.tokens(refresh_token=zalo.refresh_token(OTHER_OA))["access_token"]
    zalo.control("rules", {"per_minute": 3})
    next_minute(zalo)
    tokens = [zalo.token, other, zalo.token, other, zalo.token]
    answers = [zalo.call("GET", "/v2.0/oa/getoa", token).json()["error"] for token in tokens]
    assert answers == [0, 0, 0, -32, -32]


def test_every_answer_tells_what_is_left_of_the_minute(zalo: Zalo) -> None:
    zalo.control("rules", {"per_minute": 2})
    next_minute(zalo)
    answers = [zalo.call("GET", "/v2.0/oa/getoa").headers for _ in range(3)]
    assert [one["X-RateLimit-Limit"] for one in answers] == ["2", "2", "2"]
    assert [one["X-RateLimit-Remain"] for one in answers] == ["1", "0", "0"]


def test_the_next_sends_can_be_told_to_fail(zalo: Zalo) -> None:
    zalo.says()
    zalo.control("chaos", {"next_error": -200, "next_count": 2})
    assert zalo.call("GET", "/v2.0/oa/getoa").json()["error"] == 0
    assert [zalo.send({"text": "x"})["error"] for _ in range(3)] == [-200, -200, 0]
    assert len(zalo.chat()) == 2


def test_a_dropped_answer_means_accepted_and_delivered_all_the_same(zalo: Zalo, told: Receiver) -> None:
    import requests

    zalo.says()
    zalo.control("chaos", {"drop_after_accept": 1})
    with pytest.raises(requests.ConnectionError):
        zalo.send({"text": "tới rồi"})
    assert zalo.chat()[-1]["text"] == "tới rồi"
    [echo] = told.wait_for("oa_send_text")
    assert echo.json["message"]["msg_id"] == zalo.chat()[-1]["message_id"]


def test_when_the_api_is_down_nothing_happens(zalo: Zalo) -> None:
    import requests

    zalo.says()
    token = zalo.refresh_token()
    zalo.control("chaos", {"down": True})
    with pytest.raises(requests.ConnectionError):
        zalo.send({"text": "không tới"})
    with pytest.raises(requests.ConnectionError):
        zalo.tokens(refresh_token=token)
    zalo.control("chaos", {"down": False})
    assert len(zalo.chat()) == 1
    assert "access_token" in zalo.tokens(refresh_token=token)


def test_a_500_does_nothing_and_says_nothing_in_json(zalo: Zalo) -> None:
    zalo.says()
    zalo.control("chaos", {"error_500": 1})
    body = {"recipient": {"user_id": zalo.user_id}, "message": {"text": "x"}}
    answer = zalo.call("POST", "/v3.0/oa/message/cs", json=body)
    assert answer.status_code == 500
    assert "json" not in answer.headers["Content-Type"]
    assert len(zalo.chat()) == 1


def test_a_rate_limit_can_be_thrown_in(zalo: Zalo) -> None:
    zalo.says()
    zalo.control("chaos", {"rate_limited": 1})
    assert zalo.send({"text": "x"})["error"] == -32
    assert len(zalo.chat()) == 1


def test_a_slow_platform_answers_late(zalo: Zalo) -> None:
    zalo.control("chaos", {"delay_ms": 300})
    answer = zalo.call("GET", "/v2.0/oa/getoa")
    assert answer.json()["error"] == 0
    assert answer.elapsed.total_seconds() >= 0.3


def test_quota_numbers_of_a_person(zalo: Zalo) -> None:
    zalo.says()
    zalo.send({"text": "x"})
    data = zalo.call("POST", "/v3.0/oa/quota/message", json={"user_id": zalo.user_id}).json()["data"]
    assert data["cs_reply"] == {"remain": 7, "total": 8}
    assert isinstance(data["last_interaction"], str)


@pytest.mark.parametrize("path", ["/v3.0/oa/message/transaction", "/v3.0/oa/message/promotion"])
def test_ended_kinds_of_message_are_refused(zalo: Zalo, path: str) -> None:
    zalo.says()
    body = {"recipient": {"user_id": zalo.user_id}, "message": {"text": "x"}}
    assert zalo.call("POST", path, json=body).json()["error"] == -233
    assert len(zalo.chat()) == 1


def test_the_second_version_is_closed(zalo: Zalo) -> None:
    assert zalo.call("POST", "/v2.0/oa/message", json={}).json()["error"] == -240


def test_an_incomplete_path_is_404_with_a_json_error(zalo: Zalo) -> None:
    answer = zalo.call("POST", "/v3.0/oa/message", json={})
    assert answer.status_code == 404
    assert answer.json()["error"] == 404


def test_history_is_newest_first_and_by_whom(zalo: Zalo) -> None:
    zalo.says("một")
    zalo.send({"text": "hai"})
    data = f'{{"user_id":"{zalo.user_id}","offset":0,"count":10}}'
    entries = zalo.call("GET", "/v2.0/oa/conversation", params={"data": data}).json()["data"]
    assert [(entry["src"], entry["message"]) for entry in entries] == [(0, "hai"), (1, "một")]
    assert entries[1]["from_id"] == zalo.user_id
    recent = zalo.call("GET", "/v2.0/oa/listrecentchat", params={"data": '{"offset":0,"count":5}'}).json()
    assert [entry["message"] for entry in recent["data"]] == ["hai"]
    for wrong in ("", "[]", '{"user_id":"1"}', '{"offset":"x"}'):
        assert zalo.call("GET", "/v2.0/oa/conversation", params={"data": wrong}).json()["error"] == -201


def test_people_are_shown_to_the_oa_with_its_own_id_for_them(zalo: Zalo) -> None:
    data = f'{{"user_id":"{zalo.user_id}"}}'
    detail = zalo.call("GET", "/v3.0/oa/user/detail", params={"data": data}).json()["data"]
    assert (detail["user_id"], detail["display_name"]) == (zalo.user_id, "Người dân 1")
    listed = zalo.call("GET", "/v3.0/oa/user/getlist", params={"data": '{"offset":0,"count":2}'}).json()
    assert listed["data"]["total"] == 3
    assert listed["data"]["users"][0] == {"user_id": zalo.user_id}
    assert zalo.call("GET", "/v3.0/oa/user/getlist", params={"data": '{"count":"x"}'}).json()["error"] == -201
