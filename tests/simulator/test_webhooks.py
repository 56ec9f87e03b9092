"""Events: signed over the bytes that are sent, sent again unchanged, in order for one person."""

from __future__ import annotations

import hashlib

import requests

from simulator.webhooks import RETRY_WAITS_S, sign
from tests.simulator.conftest import APP_ID, GROUP, OA, OA_SECRET, Got, Receiver, Zalo, until

LONG_BODY = (
    '{"app_id":"1234567890123456789","sender":{"id":"4000000000000000001"},'
    '"recipient":{"id":"3000000000000000001"},"event_name":"user_send_text",'
    '"message":{"msg_id":"00aa11bb22cc33dd44ee","text":"Xin chào"},"timestamp":"1767225600000"}'
).encode()


def signature_of(got: Got) -> str:
    parts = APP_ID.encode() + got.raw + str(got.json["timestamp"]).encode() + OA_SECRET.encode()
    return "mac=" + hashlib.sha256(parts).hexdigest()


def test_the_signature_of_the_first_vector() -> None:
    assert len(LONG_BODY) == 232
    assert sign("1234567890123456789", LONG_BODY, "1767225600000", "demoOaSecretKey") == (
        "mac=6fad677ad1a08a9e67352533dd0a06f667c8f4fb3704f6006c8ca0cdb90a879c"
    )


def test_the_signature_of_the_second_vector() -> None:
    assert sign("123", b'{"a":1}', "1700000000000", "oasec") == (
        "mac=97c5601c00e0f79076389c216fad0b6883a1145a36620fa876b136143928f068"
    )


def test_what_a_resident_says_reaches_the_app_signed(zalo: Zalo, told: Receiver) -> None:
    said = zalo.says("Chào công an – ở đâu ạ?")
    [got] = told.wait_for("user_send_text")

    assert got.headers["x-zevent-signature"] == signature_of(got)
    assert got.headers["content-type"] == "application/json"
    assert "num_retry" not in got.headers
    assert got.json["app_id"] == APP_ID
    assert got.json["sender"] == {"id": zalo.user_id}
    assert got.json["recipient"] == {"id": OA}
    assert got.json["message"] == {"msg_id": said["message_id"], "text": "Chào công an – ở đâu ạ?"}
    assert got.json["timestamp"].isdecimal()
    assert len(got.json["timestamp"]) == 13
    assert len(zalo.user_id) == 19


def test_the_chat_shows_when_the_app_took_the_event(zalo: Zalo, told: Receiver) -> None:
    told.answers = [500]
    zalo.says()
    until(lambda: zalo.chat()[0]["delivered"], "the receipt")
    assert len(told.named("user_send_text")) == 2


def test_a_failed_event_is_sent_again_with_the_same_bytes_and_signature(zalo: Zalo, told: Receiver) -> None:
    told.answers = [500, 0, 403]
    zalo.says()
    first, *again = told.wait_for("user_send_text", 4)

    assert [one.raw for one in again] == [first.raw] * 3
    assert {one.headers["x-zevent-signature"] for one in again} == {first.headers["x-zevent-signature"]}
    assert "num_retry" not in first.headers
    assert [one.headers["num_retry"] for one in again] == ["1", "2", "3"]
    until(lambda: zalo.look("status")["webhook"]["pending"] == 0)
    assert zalo.look("status")["webhook"] == {
        "sent": 1,
        "failed": 3,
        "gave_up": 0,
        "pending": 0,
        "enabled": True,
    }


def test_the_waits_between_retries_are_those_of_the_platform() -> None:
    assert RETRY_WAITS_S == (30, 300, 900, 1800, 3600)


def test_after_five_retries_the_webhook_is_switched_off_until_it_is_saved_again(
    zalo: Zalo, told: Receiver
) -> None:
    told.answers = [500] * 6
    zalo.says("một")
    until(lambda: not zalo.look("status")["webhook"]["enabled"], "switching off")
    assert [one.headers.get("num_retry") for one in told.got] == [None, "1", "2", "3", "4", "5"]

    zalo.says("hai")
    until(lambda: zalo.look("status")["webhook"]["pending"] == 0)
    assert len(told.got) == 6

    zalo.control("webhook", {"url": told.url})
    zalo.says("ba")
    until(
        lambda: any(one.json.get("message", {}).get("text") == "ba" for one in told.got if one.raw != b"{}")
    )


def test_other_answers_than_200_are_not_retried_when_that_is_switched_off(zalo: Zalo, told: Receiver) -> None:
    zalo.control("chaos", {"retry_on_status": False})
    told.answers = [500]
    zalo.says()
    until(lambda: zalo.look("status")["webhook"]["pending"] == 0 and told.got)
    assert len(told.got) == 1


def test_an_app_that_needs_more_than_two_seconds_gets_the_event_again(zalo: Zalo, told: Receiver) -> None:
    told.wait_s = 2.3
    zalo.says()
    until(lambda: told.got, "the first try")
    told.wait_s = 0.0
    first, second = told.wait_for("user_send_text", 2)
    assert second.at - first.at >= 1.9
    assert second.headers["num_retry"] == "1"


def test_saving_the_address_sends_an_unsigned_probe(zalo: Zalo, receiver: Receiver) -> None:
    zalo.control("webhook", {"url": receiver.url})
    [probe] = receiver.got
    assert probe.raw == b"{}"
    assert "x-zevent-signature" not in probe.headers


def test_an_address_that_does_not_answer_the_probe_with_200_is_not_saved(
    zalo: Zalo, receiver: Receiver
) -> None:
    receiver.answers = [401]
    zalo.control("webhook", {"url": receiver.url}, status=400)
    zalo.control("webhook", {"url": "http://127.0.0.1:1/nobody"}, status=400)
    zalo.control("webhook", {"url": "file:///etc/hostname"}, status=400)
    assert zalo.look("status")["webhook_url"] == ""


def test_events_of_one_person_keep_their_order(zalo: Zalo, told: Receiver) -> None:
    words = [f"câu {number}" for number in range(40)]
    for one in words:
        zalo.says(one)
    told.wait_for("user_send_text", 40)
    assert [one.json["message"]["text"] for one in told.named("user_send_text")] == words


def test_duplicate_chaos_sends_the_same_bytes_twice(zalo: Zalo, told: Receiver) -> None:
    zalo.control("chaos", {"duplicate": 1})
    zalo.says()
    first, second = told.wait_for("user_send_text", 2)
    assert first.raw == second.raw
    assert first.headers["x-zevent-signature"] == second.headers["x-zevent-signature"]


def test_reorder_chaos_lets_later_events_overtake(zalo: Zalo, told: Receiver) -> None:
    zalo.control("chaos", {"reorder": 1})
    zalo.says("một")
    zalo.control("chaos", {"reorder": 0})
    zalo.says("hai")
    told.wait_for("user_send_text", 2)
    assert [one.json["message"]["text"] for one in told.named("user_send_text")] == ["hai", "một"]


def test_paused_events_wait_and_then_come_in_order(zalo: Zalo, told: Receiver) -> None:
    zalo.control("chaos", {"paused": True})
    zalo.says("một")
    zalo.says("hai")
    assert zalo.look("status")["webhook"]["pending"] == 2
    assert told.got == []

    zalo.control("chaos", {"paused": False})
    told.wait_for("user_send_text", 2)
    assert [one.json["message"]["text"] for one in told.got] == ["một", "hai"]


def test_own_sends_come_back_as_echoes_with_the_id_of_the_answer(zalo: Zalo, told: Receiver) -> None:
    zalo.says()
    answer = zalo.send({"text": "Chào bạn"})
    [echo] = told.wait_for("oa_send_text")
    assert echo.json["message"] == {"msg_id": answer["data"]["message_id"], "text": "Chào bạn"}
    assert echo.json["sender"] == {"id": OA}
    assert echo.json["recipient"] == {"id": zalo.user_id}
    assert echo.headers["x-zevent-signature"] == signature_of(echo)


def test_receipts_have_the_oa_as_sender(zalo: Zalo, told: Receiver) -> None:
    zalo.says()
    answer = zalo.send({"text": "Chào bạn"})
    [received] = told.wait_for("user_received_message")
    assert received.json["sender"] == {"id": OA}
    assert received.json["message"] == {"msg_id": answer["data"]["message_id"]}

    zalo.control("residents/nguoi-dan-1/seen", {"oa_id": OA})
    [seen] = told.wait_for("user_seen_message")
    assert seen.json["recipient"] == {"id": zalo.user_id}
    assert seen.json["message"] == {"msg_ids": [answer["data"]["message_id"]]}

    zalo.control("residents/nguoi-dan-1/seen", {"oa_id": OA})
    zalo.says("nữa")
    told.wait_for("user_send_text", 2)
    assert len(told.named("user_seen_message")) == 1


def test_a_group_send_comes_back_as_an_echo_of_the_group(zalo: Zalo, told: Receiver) -> None:
    answer = zalo.post({"text": "Thông báo"})
    [echo] = told.wait_for("oa_send_group_text")
    assert echo.json["oa_id"] == OA
    assert echo.json["recipient"] == {"id": GROUP}
    assert echo.json["message"] == {"msg_id": answer["data"]["message_id"], "text": "Thông báo"}


def test_follow_has_neither_sender_nor_recipient(zalo: Zalo, told: Receiver) -> None:
    zalo.control("residents/nguoi-dan-1/follow", {"oa_id": OA})
    [got] = told.wait_for("follow")
    assert got.json["follower"] == {"id": zalo.user_id}
    assert got.json["oa_id"] == OA
    assert "sender" not in got.json
    assert "recipient" not in got.json

    zalo.control("residents/nguoi-dan-1/unfollow", {"oa_id": OA})
    assert told.wait_for("unfollow")[0].json["follower"] == {"id": zalo.user_id}


def test_a_resident_who_withdraws_is_told_to_the_app(zalo: Zalo, told: Receiver) -> None:
    zalo.control("residents/nguoi-dan-1/withdraw", {"oa_id": OA})
    [got] = told.wait_for("user_withdraw")
    assert got.json["user_id"] == zalo.user_id


def test_a_business_card_comes_as_a_link_with_json_in_a_string(zalo: Zalo, told: Receiver) -> None:
    zalo.control("residents/nguoi-dan-1/card", {"name": "Người quen", "phone": "84900000001"})
    [got] = told.wait_for("user_send_business_card")
    [attachment] = got.json["message"]["attachments"]
    assert attachment["type"] == "link"
    assert attachment["payload"]["description"] == '{"phone": "84900000001", "qrCodeUrl": ""}'


def test_the_form_has_its_phone_as_a_number(zalo: Zalo, told: Receiver) -> None:
    info = {"name": "Người dân 1", "phone": "84900000001", "address": "Thôn Đông"}
    zalo.control("residents/nguoi-dan-1/info", {"info": info})
    [got] = told.wait_for("user_submit_info")
    assert got.json["info"] == {**info, "phone": 84900000001}


def test_coordinates_are_strings(zalo: Zalo, told: Receiver) -> None:
    zalo.control("residents/nguoi-dan-1/location", {"latitude": 21.28861, "longitude": "106.22077"})
    [got] = told.wait_for("user_send_location")
    coordinates = got.json["message"]["attachments"][0]["payload"]["coordinates"]
    assert coordinates == {"latitude": "21.28861", "longitude": "106.22077"}


def test_the_sticker_of_an_event_can_be_fetched(zalo: Zalo, told: Receiver) -> None:
    zalo.control("residents/nguoi-dan-1/sticker", {"id": "3"})
    [got] = told.wait_for("user_send_sticker")
    answer = requests.get(got.json["message"]["attachments"][0]["payload"]["url"], timeout=5)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
