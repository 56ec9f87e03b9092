"""`/control/residents…`: make people talk, and read what they were told."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from simulator.control import body_of_request, refuse
from simulator.residents import Phone
from simulator.waiting import is_stale, since_of_request, wait_for_news
from simulator.world import Message, Resident, World

KINDS = {"image", "video", "audio", "gif", "file"}
NAME_MAX = 60
TEXT_MAX = 5000


def create_resident_control(world: World, phone: Phone) -> Blueprint:
    blueprint = Blueprint("control_residents", __name__, url_prefix="/control/residents")

    @blueprint.get("")
    def residents() -> Response:
        return jsonify([_shown(resident) for resident in list(world.residents.values())])

    @blueprint.post("")
    def add() -> Response:
        return jsonify(_shown(world.add_resident(str(body_of_request().get("name", "")).strip()[:NAME_MAX])))

    @blueprint.post("/<key>/say")
    def say(key: str) -> Response:
        body = body_of_request()
        text = str(body.get("text", ""))
        if not text.strip() or len(text) > TEXT_MAX:
            return refuse(f"text must have 1 to {TEXT_MAX} characters")
        sent = phone.text(_resident(key), _oa(body), text, quote=str(body.get("quote", "")))
        return jsonify(sent.as_json())

    @blueprint.post("/<key>/send")
    def send(key: str) -> Response:
        """One message per file. kind (of KINDS), caption, oa_id; then either multipart with one or more
        `file`, or JSON with `files`: [{name, mime, base64}]."""
        body = body_of_request() if request.is_json else dict(request.form)
        kind = str(body.get("kind", "image"))
        try:
            files = list(_files(body))
        except (KeyError, TypeError, AttributeError, binascii.Error):
            return refuse("files must be a list of {name, mime, base64}")
        if kind not in KINDS or not files:
            return refuse("kind must be one of image, video, audio, gif, file; and a file is needed")
        resident, oa_id = _resident(key), _oa(body)
        caption = str(body.get("caption", ""))
        sent = [
            phone.media(
                resident, oa_id, kind, content, name=name, mime=mime, caption="" if number else caption
            )
            for number, (name, mime, content) in enumerate(files)
        ]
        return jsonify([message.as_json() for message in sent])

    @blueprint.post("/<key>/location")
    def location(key: str) -> Response:
        body = body_of_request()
        try:
            latitude, longitude = float(body["latitude"]), float(body["longitude"])
        except (KeyError, TypeError, ValueError):
            return refuse("latitude and longitude must be numbers")
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            return refuse("no such place on earth")
        return jsonify(phone.location(_resident(key), _oa(body), latitude, longitude).as_json())

    @blueprint.post("/<key>/sticker")
    def sticker(key: str) -> Response:
        body = body_of_request()
        return jsonify(phone.sticker(_resident(key), _oa(body), str(body.get("id", "1"))).as_json())

    @blueprint.post("/<key>/card")
    def card(key: str) -> Response:
        body = body_of_request()
        name, number = str(body.get("name", "Người quen")), str(body.get("phone", "84900000001"))
        return jsonify(phone.card(_resident(key), _oa(body), name, number).as_json())

    @blueprint.post("/<key>/info")
    def info(key: str) -> Response:
        """The form of the platform filled in: `info` with name, phone, address …"""
        body = body_of_request()
        given = body.get("info")
        phone.information(_resident(key), _oa(body), given if isinstance(given, dict) else {})
        return jsonify({})

    @blueprint.post("/<key>/press")
    def press(key: str) -> Response:
        """Press a button under message `message_id`: by `index` (from 0) or by `title`."""
        body = body_of_request()
        try:
            button = body["title"] if "title" in body else int(body["index"])
            pressed = phone.press(_resident(key), _oa(body), str(body["message_id"]), button)
        except (KeyError, TypeError, ValueError):
            return refuse("message_id and index (or title) are needed")
        except LookupError as error:
            return refuse(str(error))
        return jsonify(pressed)

    @blueprint.post("/<key>/<any(follow, unfollow, withdraw, seen, block, unblock, ban, unban):act>")
    def act(key: str, act: str) -> Response:
        resident, oa_id = _resident(key), _oa(body_of_request())
        match act:
            case "withdraw":
                phone.withdraw(resident, oa_id)
            case "seen":
                phone.see(resident, oa_id)
            case "block":
                resident.blocked.add(oa_id)
            case "unblock":
                resident.blocked.discard(oa_id)
            case "ban" | "unban":
                resident.banned = act == "ban"
            case _:
                phone.follow(resident, oa_id, act == "follow")
        world.touch()
        return jsonify(_shown(resident))

    @blueprint.get("/<key>/chat")
    def chat(key: str) -> Response:
        """The chat with `oa_id`, oldest first.

        after  leave out so many from the beginning
        since  only messages that are new or different after that number (`at` of an earlier answer)
        wait   with since: seconds to wait for one
        """
        talk = (_resident(key).key, _oa(dict(request.args)))
        after = max(0, request.args.get("after", default=0, type=int))
        since = since_of_request()

        def look() -> list[Message] | None:
            """From `after` on; only what changed, unless the asker has to begin anew."""
            messages = world.chats[talk][after:]
            if not since or is_stale(world, since):
                return messages
            return [message for message in messages if message.changed > since] or None

        with world.news:
            shown = [message.as_json() for message in wait_for_news(world, look)]
            return jsonify({"count": len(world.chats[talk]), "at": world.changes, "messages": shown})

    def _resident(key: str) -> Resident:
        """By key, or by one of the resident's ids."""
        found = world.residents.get(key)
        if found is None and (by_id := world.resident_of(key)):
            found = by_id[0]
        return found or abort(404)

    def _oa(body: dict[str, Any]) -> str:
        oa_id = str(body.get("oa_id") or next(iter(world.oas), ""))
        return oa_id if oa_id in world.oas else abort(404)

    return blueprint


def _files(body: dict[str, Any]) -> Iterator[tuple[str, str, bytes]]:
    """Name, media type and content of each file of the request."""
    if request.is_json:
        for one in body["files"]:
            mime = str(one.get("mime", "application/octet-stream"))
            yield str(one.get("name", "tệp")), mime, base64.b64decode(one["base64"], validate=True)
        return
    for file in request.files.getlist("file"):
        yield file.filename or "tệp", file.mimetype or "application/octet-stream", file.read()


def _shown(resident: Resident) -> dict[str, Any]:
    return {
        "key": resident.key,
        "name": resident.name,
        "user_ids": resident.user_ids,
        "follows": sorted(resident.follows),
    }
