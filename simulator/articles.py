"""`/v2.0/article/…` and the broadcast of an article to the followers of an OA (`/v2.0/oa/message`)."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from simulator.errors import ZaloError
from simulator.gate import api
from simulator.world import Article, Broadcast, Oa, Resident, World

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = (time(6), time(22))
"""Broadcasts are taken between these, by the clock in Vietnam."""
LIMITS = {"title": 150, "author": 50, "description": 300}
BLOCKS = {"text": "content", "image": "url", "video": "url", "product": "id"}


def create_articles(world: World) -> Blueprint:
    blueprint = Blueprint("articles", __name__)

    @blueprint.post("/v2.0/article/create")
    @api(world, send=True)
    def create(oa: Oa) -> dict[str, str]:
        body = _checked(_body())
        now = world.clock.now()
        made = Article(
            secrets.token_hex(9), oa.oa_id, secrets.token_urlsafe(24), body, now, now + world.article_takes
        )
        with world.lock:
            world.articles[made.article_id] = made
            world.touch()
        return {"token": made.token}

    @blueprint.post("/v2.0/article/verify")
    @api(world)
    def verify(oa: Oa) -> dict[str, str]:
        token = _body().get("token")
        found = [one for one in _of(world, oa) if one.token == token]
        if not found:
            raise ZaloError(-201, "token")
        if found[0].ready_at > world.clock.now():
            raise ZaloError(-214)
        return {"id": found[0].article_id}

    @blueprint.post("/v2.0/article/remove")
    @api(world)
    def remove(oa: Oa) -> None:
        article = _find(world, oa, _body().get("id"))
        with world.lock:
            del world.articles[article.article_id]

    @blueprint.get("/v2.0/article/getslice")
    @api(world)
    def listed(oa: Oa) -> dict[str, Any]:
        offset, limit = request.args.get("offset", 0, int), min(10, request.args.get("limit", 10, int))
        own = sorted(_of(world, oa), key=lambda one: one.made_at, reverse=True)
        return {"medias": [_line(one) for one in own[offset : offset + limit]], "total": len(own)}

    @blueprint.get("/v2.0/article/getdetail")
    @api(world)
    def detail(oa: Oa) -> dict[str, Any]:
        article = _find(world, oa, request.args.get("id"))
        return {**article.body, "id": article.article_id}

    @blueprint.post("/v2.0/oa/message")
    @api(world, send=True)
    def broadcast(oa: Oa) -> dict[str, str]:
        """Only broadcasts are left of this version; a follower gets one a day from an OA."""
        body = _body()
        target = (body.get("recipient") or {}).get("target")
        if not isinstance(target, dict):
            raise ZaloError(-240)
        article = _find(world, oa, _attached(body))
        now = world.clock.now()
        if not DAY[0] <= now.astimezone(VIETNAM).time() < DAY[1]:
            raise ZaloError(-234)
        with world.lock:
            reached = [one for one in world.residents.values() if _may_get(world, oa, one)]
            sent = Broadcast(
                secrets.token_hex(10),
                oa.oa_id,
                article.article_id,
                world.clock.millis(),
                [one.key for one in reached],
            )
            world.broadcasts.append(sent)
        for resident in reached:
            words = f"{article.body['title']}\n{article.body.get('description', '')}"
            link = {"type": "link", "url": f"https://zalo.me/{oa.oa_id}/{article.article_id}"}
            world.say(resident, oa.oa_id, world.message("oa", text=words, kind="link", attachments=[link]))
        return {"message_id": sent.message_id}

    @blueprint.get("/control/pages")
    def pages() -> ResponseReturnValue:
        """What was sent to followers, for people who train and for tests."""
        with world.lock:
            return jsonify(
                [
                    {
                        "oa_id": one.oa_id,
                        "at": one.at,
                        "reached": len(one.reached),
                        "article": world.articles[one.article_id].body
                        if one.article_id in world.articles
                        else None,
                    }
                    for one in world.broadcasts
                ]
            )

    return blueprint


def _may_get(world: World, oa: Oa, resident: Resident) -> bool:
    if oa.oa_id not in resident.follows or oa.oa_id in resident.blocked:
        return False
    today = world.clock.now().astimezone(VIETNAM).date()
    return not any(
        one.oa_id == oa.oa_id
        and resident.key in one.reached
        and _moment(one.at).astimezone(VIETNAM).date() == today
        for one in world.broadcasts
    )


def _checked(body: dict[str, Any]) -> dict[str, Any]:
    for name, most in LIMITS.items():
        value = body.get(name)
        if not isinstance(value, str) or not value.strip():
            raise ZaloError(-201, name)
        if len(value) > most:
            raise ZaloError(-210, name)
    cover = body.get("cover")
    if not isinstance(cover, dict) or not str(cover.get("photo_url", "")).startswith(("http://", "https://")):
        raise ZaloError(-201, "cover")
    blocks = body.get("body")
    if not isinstance(blocks, list) or not blocks:
        raise ZaloError(-201, "body")
    for block in blocks:
        if not isinstance(block, dict) or not block.get(BLOCKS.get(str(block.get("type")), "")):
            raise ZaloError(-201, "body")
    return body


def _attached(body: dict[str, Any]) -> Any:
    payload = ((body.get("message") or {}).get("attachment") or {}).get("payload") or {}
    elements = payload.get("elements")
    if payload.get("template_type") != "media" or not isinstance(elements, list) or len(elements) != 1:
        raise ZaloError(-201, "elements")
    if elements[0].get("media_type") != "article":
        raise ZaloError(-233)
    return elements[0].get("attachment_id")


def _of(world: World, oa: Oa) -> list[Article]:
    with world.lock:
        return [one for one in world.articles.values() if one.oa_id == oa.oa_id]


def _find(world: World, oa: Oa, article_id: Any) -> Article:
    article = world.articles.get(article_id) if isinstance(article_id, str) else None
    if article is None or article.oa_id != oa.oa_id:
        raise ZaloError(-201, "id")
    return article


def _line(article: Article) -> dict[str, Any]:
    return {
        "id": article.article_id,
        "type": "normal",
        "title": article.body["title"],
        "status": article.body.get("status", "hide"),
        "create_date": int(article.made_at.timestamp() * 1000),
        "link_view": f"https://zalo.me/{article.oa_id}/{article.article_id}",
    }


def _moment(millis: int) -> datetime:
    return datetime.fromtimestamp(millis / 1000, UTC)


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ZaloError(-201, "body")
    return body
