"""What was said, as the app may read it back; and how GETs of the platform carry their parameters."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, request

from simulator.errors import ZaloError
from simulator.gate import api
from simulator.world import Message, Oa, Resident, World

COUNT_MAX = 10
GROUP_COUNT_MAX = 50
TYPES = {"image": "photo", "gif": "GIF", "audio": "voice", "buttons": "text", "card": "link"}


def create_history(world: World) -> Blueprint:
    blueprint = Blueprint("history", __name__)

    @blueprint.get("/v2.0/oa/conversation")
    @api(world)
    def conversation(oa: Oa) -> list[dict[str, Any]]:
        wanted = data_of_request()
        found = world.resident_of(str(wanted.get("user_id", "")))
        if found is None or found[1] != oa.oa_id:
            raise ZaloError(-201, "user_id")
        offset, count = _few(wanted)
        with world.lock:
            newest = world.chats[found[0].key, oa.oa_id][::-1][offset : offset + count]
        return [_between(message, oa, found[0]) for message in newest]

    @blueprint.get("/v2.0/oa/listrecentchat")
    @api(world)
    def recent(oa: Oa) -> list[dict[str, Any]]:
        """The last message of each person, newest first."""
        offset, count = _few(data_of_request())
        with world.lock:
            last = [
                (chat[-1], world.residents[key])
                for (key, oa_id), chat in world.chats.items()
                if chat and oa_id == oa.oa_id
            ]
        last.sort(key=lambda pair: pair[0].at, reverse=True)
        return [_between(message, oa, resident) for message, resident in last[offset : offset + count]]

    return blueprint


def entry_of(message: Message) -> dict[str, Any]:
    """One message as the history shows it."""
    entry: dict[str, Any] = {
        "src": 0 if message.sender == "oa" else 1,
        "time": message.at,
        "type": TYPES.get(message.kind, message.kind),
        "message": message.text,
        "message_id": message.message_id,
    }
    if message.attachments:
        entry["url"] = message.attachments[0]["url"]
    return entry


def data_of_request() -> dict[str, Any]:
    """The `data` parameter: URL-encoded JSON. Raises ZaloError (-201)."""
    try:
        value = json.loads(request.args.get("data", ""))
    except ValueError:
        raise ZaloError(-201, "data") from None
    if not isinstance(value, dict):
        raise ZaloError(-201, "data")
    return value


def whole(values: dict[str, Any], name: str, default: int) -> int:
    """A number from 0 on. Raises ZaloError (-201)."""
    try:
        number = int(values.get(name, default))
    except (TypeError, ValueError):
        raise ZaloError(-201, name) from None
    if number < 0:
        raise ZaloError(-201, name)
    return number


def page_of_request() -> tuple[int, int]:
    """`offset` and `count` of a group call: plain parameters."""
    values = dict(request.args)
    return whole(values, "offset", 0), min(GROUP_COUNT_MAX, max(1, whole(values, "count", 5)))


def _few(wanted: dict[str, Any]) -> tuple[int, int]:
    count = whole(wanted, "count", COUNT_MAX)
    if count > COUNT_MAX:
        raise ZaloError(-210, "count")
    return whole(wanted, "offset", 0), count


def _between(message: Message, oa: Oa, resident: Resident) -> dict[str, Any]:
    ours, theirs = (oa.oa_id, oa.name), (resident.user_ids[oa.oa_id], resident.name)
    sender, receiver = (ours, theirs) if message.sender == "oa" else (theirs, ours)
    return {
        **entry_of(message),
        "from_id": sender[0],
        "from_display_name": sender[1],
        "from_avatar": "",
        "to_id": receiver[0],
        "to_display_name": receiver[1],
        "to_avatar": "",
    }
