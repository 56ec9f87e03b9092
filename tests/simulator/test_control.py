"""The control API: people, buttons, the clock, switches, and a clean stage."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.simulator.conftest import GROUP, OA, OTHER_OA, Receiver, Zalo, until

BUTTONS = [
    {"type": "oa.query.show", "title": "Hỏi thủ tục", "payload": "hỏi thủ tục"},
    {"type": "oa.query.hide", "title": "Nơi nộp", "payload": "#noi_nop"},
    {"type": "oa.open.url", "title": "Mở trang", "payload": {"url": "https://example.vn"}},
]


def with_buttons(zalo: Zalo) -> str:
    zalo.says()
    payload = {"buttons": BUTTONS}
    answer = zalo.send({"text": "Chọn", "attachment": {"type": "template", "payload": payload}})
    return str(answer["data"]["message_id"])


def press(zalo: Zalo, message_id: str, status: int = 200, **which: Any) -> Any:
    return zalo.control("residents/nguoi-dan-1/press", {"message_id": message_id, **which}, status=status)


def test_a_new_resident_has_a_19_digit_id_for_each_oa(zalo: Zalo) -> None:
    made = zalo.control("residents", {"name": "Bà cụ đầu ngõ"})
    assert set(made["user_ids"]) == {OA, OTHER_OA}
    assert all(len(one) == 19 and one.isdecimal() for one in made["user_ids"].values())
    every = [one for person in zalo.look("residents") for one in person["user_ids"].values()]
    assert len(set(every)) == len(every) == 8
    assert zalo.control("residents")["name"] == "Người dân 5"


def test_a_resident_is_found_by_key_or_id(zalo: Zalo) -> None:
    zalo.control(f"residents/{zalo.user_id}/say", {"text": "Tôi đây"})
    assert zalo.chat()[0]["text"] == "Tôi đây"
    assert zalo.http.post(f"{zalo.base}/control/residents/nobody/say", json={"text": "x"}).status_code == 404
    answer = zalo.http.post(
        f"{zalo.base}/control/residents/nguoi-dan-1/say", json={"text": "x", "oa_id": "7"}
    )
    assert answer.status_code == 404


def test_chats_of_two_oas_are_apart(zalo: Zalo) -> None:
    zalo.says("với tỉnh")
    zalo.control("residents/nguoi-dan-1/say", {"text": "với phường", "oa_id": OTHER_OA})
    zalo.control("residents/nguoi-dan-2/say", {"text": "người khác", "oa_id": OA})
    assert [message["text"] for message in zalo.chat()] == ["với tỉnh"]


def test_a_shown_button_is_said_aloud(zalo: Zalo, told: Receiver) -> None:
    message_id = with_buttons(zalo)
    assert press(zalo, message_id, index=0) == BUTTONS[0]
    said = told.wait_for("user_send_text", 2)[1].json["message"]
    assert said["text"] == "hỏi thủ tục"
    last = zalo.chat()[-1]
    assert (last["text"], last["hidden"]) == ("hỏi thủ tục", False)


def test_a_hidden_button_is_said_in_silence(zalo: Zalo, told: Receiver) -> None:
    message_id = with_buttons(zalo)
    press(zalo, message_id, title="Nơi nộp")
    assert told.wait_for("user_send_text", 2)[1].json["message"]["text"] == "#noi_nop"
    assert zalo.chat()[-1]["hidden"] is True


def test_a_link_button_tells_the_app_nothing(zalo: Zalo, told: Receiver) -> None:
    message_id = with_buttons(zalo)
    assert press(zalo, message_id, index=2)["payload"] == {"url": "https://example.vn"}
    assert len(zalo.chat()) == 2
    zalo.says("sau đó")
    assert told.wait_for("user_send_text", 2)[1].json["message"]["text"] == "sau đó"


def test_buttons_that_are_not_there(zalo: Zalo) -> None:
    message_id = with_buttons(zalo)
    for which in ({"index": 3}, {"index": -1}, {"title": "Bay lên"}, {"index": "x"}, {}):
        press(zalo, message_id, status=400, **which)
    press(zalo, "none", status=400, index=0)
    assert len(zalo.chat()) == 2


@pytest.mark.parametrize("text", ["", "   ", "a" * 5001])
def test_a_resident_cannot_say_nothing_nor_too_much(zalo: Zalo, text: str) -> None:
    zalo.control("residents/nguoi-dan-1/say", {"text": text}, status=400)
    assert zalo.chat() == []


@pytest.mark.parametrize("place", [{}, {"latitude": 91, "longitude": 0}, {"latitude": "x", "longitude": 1}])
def test_places_that_are_nowhere(zalo: Zalo, place: dict[str, Any]) -> None:
    zalo.control("residents/nguoi-dan-1/location", place, status=400)


def test_a_quote_is_passed_on(zalo: Zalo, told: Receiver) -> None:
    first = zalo.says("một")["message_id"]
    zalo.control("residents/nguoi-dan-1/say", {"text": "hai", "quote": first})
    assert told.wait_for("user_send_text", 2)[1].json["message"]["quote_msg_id"] == first


def test_waiting_for_the_answer_without_asking_again_and_again(zalo: Zalo) -> None:
    zalo.says()
    at = zalo.look("residents/nguoi-dan-1/chat", oa_id=OA)["at"]
    later = threading.Timer(0.3, lambda: zalo.send({"text": "Chào bạn"}))
    later.start()
    answer = zalo.look("residents/nguoi-dan-1/chat", oa_id=OA, since=at, wait=10)
    later.join()
    assert [message["text"] for message in answer["messages"]] == ["Chào bạn"]
    assert answer["count"] == 2


def test_what_was_seen_is_news_too(zalo: Zalo) -> None:
    zalo.says()
    zalo.send({"text": "Chào bạn"})
    at = zalo.look("residents/nguoi-dan-1/chat", oa_id=OA)["at"]
    zalo.control("residents/nguoi-dan-1/seen", {"oa_id": OA})
    [changed] = zalo.look("residents/nguoi-dan-1/chat", oa_id=OA, since=at, wait=5)["messages"]
    assert changed["seen"] is True


def test_after_leaves_out_the_beginning(zalo: Zalo) -> None:
    for text in ("một", "hai", "ba"):
        zalo.says(text)
    answer = zalo.look("residents/nguoi-dan-1/chat", oa_id=OA, after=2)
    assert [message["text"] for message in answer["messages"]] == ["ba"]


@pytest.mark.parametrize(
    "body",
    [
        {"flood": 1},
        {"duplicate": 2},
        {"duplicate": "often"},
        {"delay_ms": -1},
        {"down": "perhaps"},
        {"next_count": None},
    ],
)
def test_switches_that_make_no_sense_are_refused(zalo: Zalo, body: dict[str, Any]) -> None:
    before = zalo.look("chaos")
    assert "error" in zalo.control("chaos", body, status=400)
    assert zalo.look("chaos") == before


def test_a_reset_clears_the_stage_and_keeps_the_tokens(zalo: Zalo, told: Receiver) -> None:
    zalo.says()
    zalo.post({"text": "x"})
    zalo.control(f"groups/{GROUP}", {"status": "disabled"})
    zalo.control("residents/nguoi-dan-1/block", {"oa_id": OA})
    zalo.control("clock", {"advance_seconds": 3600})
    at = zalo.look("groups")["at"]
    zalo.control("chaos", {"paused": True, "duplicate": 1})
    zalo.says("chờ")
    zalo.control("reset")

    status = zalo.look("status")
    assert status["messages"] == {"chats": 0, "groups": 0}
    assert status["webhook"]["pending"] == 0
    assert status["offset_seconds"] == 0
    assert status["chaos"]["paused"] is False
    assert status["chaos"]["retry_on_status"] is True
    assert zalo.look("groups", since=at)["groups"][0]["count"] == 0
    assert zalo.look("residents/nguoi-dan-1/chat", oa_id=OA, since=at, wait=5)["count"] == 0

    told.got.clear()
    assert zalo.send({"text": "x"})["error"] == -232
    zalo.says("lại")
    assert zalo.send({"text": "x"})["error"] == 0
    assert zalo.post({"text": "x"})["error"] == 0
    until(lambda: zalo.look("status")["webhook"]["pending"] == 0)
    assert [got.json["message"]["text"] for got in told.named("user_send_text")] == ["lại"]


def test_a_new_oa_can_be_added_with_a_refresh_token(zalo: Zalo) -> None:
    made = zalo.control("oas", {"oa_id": "3000000000000000009", "name": "Công an xã"})
    assert "access_token" in zalo.tokens(refresh_token=made["refresh_token"])
    assert "3000000000000000009" in zalo.look("residents")[0]["user_ids"]
    zalo.control("oas", {"name": "no id"}, status=400)


def test_status_counts_without_waiting(zalo: Zalo, told: Receiver) -> None:
    zalo.says()
    told.wait_for("user_send_text")
    status = zalo.look("status")
    assert status["residents"] == 3
    assert status["groups"] == 2
    assert status["messages"] == {"chats": 1, "groups": 0}
    assert {oa["oa_id"] for oa in status["oas"]} == {OA, OTHER_OA}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", {"advance_seconds": "soon"}),
        ("clock", {"advance_seconds": 1e18}),
        ("rules", {"media_seconds": "x"}),
        (f"groups/{GROUP}", {"status": "sleepy"}),
    ],
)
def test_other_bad_input_is_refused(zalo: Zalo, path: str, body: dict[str, Any]) -> None:
    zalo.control(path, body, status=400)
    assert zalo.look("status")["offset_seconds"] == 0
