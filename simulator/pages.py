"""The pages people see: who am I, the chat, the wall of groups, the switches."""

from __future__ import annotations

import zlib
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, render_template, request, send_from_directory
from werkzeug.wrappers import Response

from simulator.errors import MESSAGES
from simulator.uploads import MediaShelf
from simulator.wording import API_SWITCHES, EVENT_SWITCHES, PHRASES, PLACES, WITHOUT_WORDS
from simulator.world import Message, Resident, World

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
TEASER = 60
"""Characters of the last message beside a resident's name."""


def create_pages(world: World, shelf: MediaShelf) -> Blueprint:
    blueprint = Blueprint("pages", __name__)

    @blueprint.get("/")
    def landing() -> str:
        with world.lock:
            people = [_person(world, resident) for resident in world.residents.values()]
        return render_template(
            "landing.html",
            page="landing",
            people=people,
            oas=list(world.oas.values()),
            groups=len(world.groups),
        )

    @blueprint.get("/chat/<key>")
    def chat(key: str) -> str:
        by_id = world.resident_of(key)
        resident = world.residents.get(key) or (by_id[0] if by_id else None) or abort(404)
        wanted = request.args.get("oa") or (by_id[1] if by_id else None) or next(iter(world.oas), "")
        oa = world.oas.get(wanted) or abort(404)
        return render_template(
            "chat.html",
            resident=resident,
            oa=oa,
            oas=list(world.oas.values()),
            residents=list(world.residents.values()),
            phrases=PHRASES,
            places=PLACES,
        )

    @blueprint.get("/wall")
    def wall() -> str:
        return render_template("wall.html", page="wall", total=len(world.groups))

    @blueprint.get("/control")
    def switches() -> str:
        return render_template(
            "control.html",
            page="control",
            chaos=world.chaos.as_json(),
            webhook_url=world.app.webhook_url,
            errors=sorted(MESSAGES.items(), reverse=True),
            event_switches=EVENT_SWITCHES,
            api_switches=API_SWITCHES,
            now=world.clock.now().astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y"),
            rules={
                "free_unlimited": world.free_unlimited,
                "app_active": world.app.active,
                "per_minute": world.app.per_minute,
                "media_seconds": shelf.lasts.total_seconds(),
            },
        )

    @blueprint.get("/stickers/<int:number>")
    def sticker(number: int) -> Response:
        return send_from_directory(blueprint.root_path, f"static/stickers/{number}.svg")

    return blueprint


def _person(world: World, resident: Resident) -> dict[str, Any]:
    talks = [messages for oa_id in world.oas if (messages := world.chats.get((resident.key, oa_id)))]
    last = max((messages[-1] for messages in talks), key=lambda message: message.at, default=None)
    return {
        "key": resident.key,
        "name": resident.name,
        "initials": "".join(word[0] for word in resident.name.split()[-2:]).upper() or "?",
        "hue": zlib.crc32(resident.key.encode()) % 360,
        "last": _teaser(last) if last else "",
        "unread": sum(m.sender == "oa" and not m.seen for messages in talks for m in messages),
    }


def _teaser(message: Message) -> str:
    words = " ".join(message.text.split()) or WITHOUT_WORDS.get(message.kind, "Tin nhắn")
    words = words if len(words) <= TEASER else words[: TEASER - 1] + "…"
    return ("Bạn: " if message.sender == "resident" else "") + words
