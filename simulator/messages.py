"""`/v3.0/oa/message/cs`: one message to one person, with the platform's order of checks (reference: README)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from simulator.errors import ZaloError
from simulator.gate import api
from simulator.webhooks import WebhookSender
from simulator.world import FREE_WINDOW, REPLY_WINDOW, Message, Oa, Resident, World

TEXT_MAX = 2000
BUTTONS_MAX = 5
TITLE_MAX = 100
PAYLOAD_MAX = 1000
FREE_REPLIES = 8
BUTTON_TYPES = {"oa.open.url", "oa.query.show", "oa.query.hide", "oa.open.sms", "oa.open.phone"}


def create_messages(world: World, webhooks: WebhookSender, *, base: str = "") -> Blueprint:
    blueprint = Blueprint("messages", __name__)

    @blueprint.post("/v3.0/oa/message/cs")
    @api(world, send=True)
    def consult(oa: Oa) -> dict[str, Any]:
        body = _body()
        message = read_message(world, body.get("message"), groups=False)
        user_id = _text_of(body.get("recipient"), "user_id")
        found = world.resident_of(user_id)
        if found is None or found[1] != oa.oa_id:
            raise ZaloError(-201, "user_id")
        resident = found[0]
        quota = _allowed(world, oa, resident)
        world.say(resident, oa.oa_id, message)
        _echo(webhooks, oa, user_id, message, base)
        _receive(world, webhooks, oa, user_id, message)
        data: dict[str, Any] = {
            "message_id": message.message_id,
            "user_id": user_id,
            "sent_time": str(message.at),
        }
        return {**data, "quota": quota} if quota else data

    @blueprint.post("/v3.0/oa/message/<any(transaction, promotion):kind>")
    def ended(kind: str) -> Response:
        @api(world)
        def gone(oa: Oa) -> None:
            raise ZaloError(-233, "ended 2026-03-01")

        return gone()

    @blueprint.post("/v3.0/oa/quota/message")
    @api(world)
    def quota_of(oa: Oa) -> dict[str, Any]:
        found = world.resident_of(str(_body().get("user_id", "")))
        if found is None:
            raise ZaloError(-201, "user_id")
        last = found[0].last_interaction.get(oa.oa_id)
        used = found[0].replies_used.get(oa.oa_id, 0)
        return {
            "last_interaction": str(int(last.timestamp() * 1000)) if last else "0",
            "cs_reply": {"remain": max(0, FREE_REPLIES - used), "total": FREE_REPLIES},
        }

    return blueprint


def read_message(world: World, value: Any, *, groups: bool) -> Message:
    """Check the shape and the limits of `message`. Raises ZaloError (-201, -210, -233, -100)."""
    if not isinstance(value, dict):
        raise ZaloError(-201, "message")
    text = value.get("text", "")
    if not isinstance(text, str):
        raise ZaloError(-201, "text")
    if len(text) > TEXT_MAX:
        raise ZaloError(-210, "text")
    attachment = value.get("attachment")
    if attachment is None:
        if not text.strip():
            raise ZaloError(-201, "text")
        return world.message("oa", text=text, quote=str(value.get("quote_message_id", "")))
    if not isinstance(attachment, dict) or not isinstance(attachment.get("payload"), dict):
        raise ZaloError(-201, "attachment")
    payload = attachment["payload"]
    if attachment.get("type") == "file":
        return _file(world, text, str(payload.get("token", "")))
    if attachment.get("type") != "template":
        raise ZaloError(-233)
    if payload.get("template_type") == "media":
        return _media(world, text, payload)
    if "buttons" in payload and not payload.get("template_type") and not groups:
        if not text.strip():
            raise ZaloError(-201, "text")
        return world.message("oa", text=text, kind="buttons", buttons=_buttons(payload["buttons"]))
    raise ZaloError(-233)


def _media(world: World, text: str, payload: dict[str, Any]) -> Message:
    elements = payload.get("elements")
    if not isinstance(elements, list) or len(elements) != 1 or not isinstance(elements[0], dict):
        raise ZaloError(-201, "elements")
    element = elements[0]
    kind = element.get("media_type")
    if kind not in {"image", "gif", "sticker"}:
        raise ZaloError(-233)
    if ("url" in element) == ("attachment_id" in element):
        raise ZaloError(-201, "url or attachment_id")
    if kind == "sticker" or "url" in element:
        shown = {
            "type": kind,
            "url": str(element.get("url", "")),
            "id": str(element.get("attachment_id", "")),
        }
    else:
        shown = {"type": kind, "url": _uploaded(world, str(element["attachment_id"]), kind)}
    return world.message("oa", text=text, kind=str(kind), attachments=[shown])


def _file(world: World, text: str, token: str) -> Message:
    url = _uploaded(world, token, "file")
    name = world.uploads[token].name
    return world.message(
        "oa", text=text, kind="file", attachments=[{"type": "file", "url": url, "name": name}]
    )


def _uploaded(world: World, token: str, kind: str) -> str:
    upload = world.uploads.get(token)
    if upload is None or upload.kind != kind or upload.until <= world.clock.now():
        raise ZaloError(-100)
    return f"/uploads/{token}"


def _buttons(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not value:
        raise ZaloError(-201, "buttons")
    if len(value) > BUTTONS_MAX:
        raise ZaloError(-210, "buttons")
    for button in value:
        if not isinstance(button, dict) or button.get("type") not in BUTTON_TYPES:
            raise ZaloError(-201, "type")
        title, payload = button.get("title"), button.get("payload")
        if not isinstance(title, str) or not title:
            raise ZaloError(-201, "title")
        if len(title) > TITLE_MAX:
            raise ZaloError(-210, "title")
        if str(button["type"]).startswith("oa.query"):
            if not isinstance(payload, str) or not payload:
                raise ZaloError(-201, "payload")
            if len(payload) > PAYLOAD_MAX:
                raise ZaloError(-210, "payload")
        elif not isinstance(payload, dict):
            raise ZaloError(-201, "payload")
    return value


def _allowed(world: World, oa: Oa, resident: Resident) -> dict[str, str] | None:
    """May the OA write to this person now? Returns the quota object, None for a charged message."""
    if resident.banned:
        raise ZaloError(-227)
    if oa.oa_id in resident.blocked:
        raise ZaloError(-244)
    last = resident.last_interaction.get(oa.oa_id)
    if last is None:
        raise ZaloError(-232)
    since = world.clock.now() - last
    if since > REPLY_WINDOW:
        raise ZaloError(-230)
    if since > FREE_WINDOW:
        return None
    with world.lock:
        used = resident.replies_used.get(oa.oa_id, 0) + 1
        if used > FREE_REPLIES and not world.free_unlimited:
            return None
        resident.replies_used[oa.oa_id] = used
    return {"quota_type": "reply", "remain": str(max(0, FREE_REPLIES - used)), "total": str(FREE_REPLIES)}


def _echo(webhooks: WebhookSender, oa: Oa, user_id: str, message: Message, base: str) -> None:
    """Every send comes back as an event of the OA."""
    names = {
        "text": "oa_send_text",
        "buttons": "oa_send_text",
        "image": "oa_send_image",
        "gif": "oa_send_gif",
    }
    name = names.get(message.kind, f"oa_send_{message.kind}")
    event = {
        "event_name": name,
        "sender": {"id": oa.oa_id},
        "recipient": {"id": user_id},
        "message": said_in_event(message, base),
    }
    webhooks.tell(event, about=f"echo:{user_id}")


def said_in_event(message: Message, base: str) -> dict[str, Any]:
    """The `message` of an echo. base: what links to uploads begin with."""
    body: dict[str, Any] = {"msg_id": message.message_id}
    if message.text:
        body["text"] = message.text
    if message.quote:
        body["quote_msg_id"] = message.quote
    if message.attachments:
        body["attachments"] = [
            {
                "type": one["type"],
                "payload": {"url": base + one["url"] if one["url"].startswith("/") else one["url"]},
            }
            for one in message.attachments
        ]
    return body


def _receive(world: World, webhooks: WebhookSender, oa: Oa, user_id: str, message: Message) -> None:
    event = {
        "event_name": "user_received_message",
        "sender": {"id": oa.oa_id},
        "recipient": {"id": user_id},
        "message": {"msg_id": message.message_id},
    }
    if world.app.webhook_url:
        webhooks.tell(event, about=f"echo:{user_id}")


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ZaloError(-201, "body")
    return body


def _text_of(value: Any, name: str) -> str:
    if not isinstance(value, dict) or not isinstance(value.get(name), str):
        raise ZaloError(-201, name)
    return str(value[name])
