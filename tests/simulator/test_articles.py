"""Articles of a page, and their broadcast to those who follow it."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.store import Store
from simulator.uploads import MediaShelf
from simulator.world import World
from tests.simulator.conftest import OA, Zalo

ARTICLE = {
    "type": "normal",
    "title": "Tìm cháu An",
    "author": "Công an",
    "cover": {"cover_type": "photo", "photo_url": "https://example.vn/an.jpg", "status": "show"},
    "description": "Cháu An, 6 tuổi",
    "body": [{"type": "text", "content": "Ai thấy cháu, xin gọi 113."}],
}


@pytest.fixture(autouse=True)
def noon(zalo: Zalo) -> None:
    """In Vietnam; a little token time is used up, no more."""
    at = zalo.world.clock.now()
    zalo.control("clock", {"advance_seconds": (5 - at.hour) * 3600})


def made(zalo: Zalo, **changed: Any) -> dict[str, Any]:
    return dict(zalo.call("POST", "/v2.0/article/create", json={**ARTICLE, **changed}).json())


def verified(zalo: Zalo, token: str) -> dict[str, Any]:
    return dict(zalo.call("POST", "/v2.0/article/verify", json={"token": token}).json())


def article_id(zalo: Zalo) -> str:
    token = made(zalo)["data"]["token"]
    return str(verified(zalo, token)["data"]["id"])


def broadcast(zalo: Zalo, one: str) -> dict[str, Any]:
    elements = [{"media_type": "article", "attachment_id": one}]
    body = {
        "recipient": {"target": {"gender": "0"}},
        "message": {
            "attachment": {"type": "template", "payload": {"template_type": "media", "elements": elements}}
        },
    }
    return dict(zalo.call("POST", "/v2.0/oa/message", json=body).json())


def test_an_article_is_ready_after_a_while_and_listed(zalo: Zalo):
    zalo.control("rules", {"article_seconds": 60})
    token = made(zalo)["data"]["token"]
    assert verified(zalo, token)["error"] == -214
    zalo.control("clock", {"advance_seconds": 60})
    one = verified(zalo, token)["data"]["id"]
    listed = zalo.call("GET", "/v2.0/article/getslice", params={"offset": 0, "limit": 10, "type": "normal"})
    assert [line["id"] for line in listed.json()["data"]["medias"]] == [one]
    assert (
        zalo.call("GET", "/v2.0/article/getdetail", params={"id": one}).json()["data"]["title"]
        == "Tìm cháu An"
    )


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"title": ""}, -201),
        ({"title": "a" * 151}, -210),
        ({"description": "a" * 301}, -210),
        ({"cover": {}}, -201),
        ({"body": []}, -201),
        ({"body": [{"type": "text"}]}, -201),
    ],
)
def test_what_zalo_does_not_take_is_refused(zalo: Zalo, changed: dict[str, Any], error: int):
    assert made(zalo, **changed)["error"] == error


def test_followers_get_it_once_a_day_and_others_never(zalo: Zalo):
    one = article_id(zalo)
    broadcast(zalo, one)
    assert zalo.chat() == []
    zalo.control("residents/nguoi-dan-1/follow", {"oa_id": OA})
    broadcast(zalo, one)
    broadcast(zalo, one)
    assert [message["text"] for message in zalo.chat()] == ["Tìm cháu An\nCháu An, 6 tuổi"]
    assert [line["reached"] for line in zalo.look("pages")] == [0, 1, 0]


def test_by_night_and_without_an_article_nothing_is_sent(zalo: Zalo):
    assert broadcast(zalo, "unknown")["error"] == -201
    one = article_id(zalo)
    zalo.control("clock", {"advance_seconds": 11 * 3600})  # 23:00
    assert broadcast(zalo, one)["error"] == -234
    assert zalo.look("pages") == []


def test_articles_and_broadcasts_are_there_again_after_a_restart(zalo: Zalo, tmp_path: Any):
    one = article_id(zalo)
    broadcast(zalo, one)
    Store(zalo.world, MediaShelf(zalo.world, tmp_path), tmp_path).save()
    again = World(zalo.world.app)
    assert Store(again, MediaShelf(again, tmp_path), tmp_path).load()
    assert again.articles == zalo.world.articles
    assert again.broadcasts == zalo.world.broadcasts
