"""What a resident does: each act changes the chat and tells the app, as the phone would."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from simulator.uploads import MediaShelf
from simulator.webhooks import WebhookSender
from simulator.world import Group, Message, Resident, World


class Phone:
    """The make-believe phone of every resident."""

    def __init__(self, world: World, webhooks: WebhookSender, shelf: MediaShelf) -> None:
        self._world = world
        self._webhooks = webhooks
        self._shelf = shelf
        self.base = ""

    def text(
        self, resident: Resident, oa_id: str, text: str, *, quote: str = "", hidden: bool = False
    ) -> Message:
        """Words; `hidden` ones come from a button and are not shown in the chat."""
        message = self._world.message("resident", text=text, quote=quote, hidden=hidden)
        return self._say(resident, oa_id, message, "user_send_text")

    def media(
        self,
        resident: Resident,
        oa_id: str,
        kind: str,
        content: bytes,
        *,
        name: str,
        mime: str,
        caption: str = "",
    ) -> Message:
        """A photo, clip, voice message, GIF or file. kind: image, video, audio, gif, file."""
        link = self._shelf.keep(content, name=name, mime=mime)
        view = link.replace("/media/", "/shown/")
        shown = {"type": kind, "url": link, "view": view, "name": name, "size": len(content)}
        message = self._world.message("resident", text=caption, kind=kind, attachments=[shown])
        url = self.base + link
        payload: dict[str, Any] = {"url": url}
        if kind in {"image", "gif", "video"}:
            payload["thumbnail"] = url
        if kind == "video":
            payload["description"] = ""
        if kind == "file":
            payload |= {
                "name": name,
                "size": str(len(content)),
                "type": name.rpartition(".")[2],
                "checksum": hashlib.md5(content, usedforsecurity=False).hexdigest(),
            }
        return self._say(
            resident, oa_id, message, f"user_send_{kind}", attachments=[{"type": kind, "payload": payload}]
        )

    def location(self, resident: Resident, oa_id: str, latitude: float, longitude: float) -> Message:
        place = {"latitude": str(latitude), "longitude": str(longitude)}
        shown = {"type": "location", "url": "", "coordinates": place}
        message = self._world.message("resident", kind="location", attachments=[shown])
        sent = [{"type": "location", "payload": {"coordinates": place}}]
        return self._say(resident, oa_id, message, "user_send_location", attachments=sent)

    def sticker(self, resident: Resident, oa_id: str, sticker: str) -> Message:
        shown = {"type": "sticker", "url": "", "id": sticker}
        message = self._world.message("resident", kind="sticker", attachments=[shown])
        sent = [{"type": "sticker", "payload": {"url": f"{self.base}/stickers/{sticker}", "id": sticker}}]
        return self._say(resident, oa_id, message, "user_send_sticker", attachments=sent)

    def card(self, resident: Resident, oa_id: str, name: str, phone: str) -> Message:
        """A business card: it comes as a link whose description is JSON in a string."""
        shown = {"type": "card", "url": "", "name": name, "phone": phone}
        message = self._world.message("resident", kind="card", attachments=[shown])
        inside = json.dumps({"phone": phone, "qrCodeUrl": ""}, ensure_ascii=False)
        payload = {"url": "www.zaloapp.com", "thumbnail": "", "description": inside}
        sent = [{"type": "link", "payload": payload}]
        return self._say(resident, oa_id, message, "user_send_business_card", attachments=sent)

    def information(self, resident: Resident, oa_id: str, info: dict[str, Any]) -> None:
        """The form with name, phone and address was filled in; the platform sends the phone as a number."""
        user_id = self._world.user_id(resident, oa_id)
        with self._world.lock:
            self._world.interacted(resident, oa_id)
        phone = str(info.get("phone", ""))
        event = {
            "event_name": "user_submit_info",
            "sender": {"id": user_id},
            "recipient": {"id": oa_id},
            "info": {**info, "phone": int(phone) if phone.isdecimal() else phone},
        }
        self._webhooks.tell(event, about=user_id)

    def in_group(self, resident: Resident, group: Group, text: str, *, quote: str = "") -> Message:
        """A member writes in a group; `quote`: the number of the message they reply to."""
        message = self._world.post(group, self._world.message("member", text=text))
        user_id = self._world.user_id(resident, group.oa_id)
        event = {
            "event_name": "user_send_group_text",
            "oa_id": group.oa_id,
            "sender": {"id": user_id},
            "recipient": {"id": group.group_id},
            "message": {
                "msg_id": message.message_id,
                "text": text,
                **({"quote_msg_id": quote} if quote else {}),
            },
            "user_id_by_app": _by_app(user_id),
        }
        self._webhooks.tell(event, about=group.group_id, taken=lambda: self._world.delivered(message))
        return message

    def press(self, resident: Resident, oa_id: str, message_id: str, button: int | str) -> dict[str, Any]:
        """Press a button (its number from 0, or its title) under a message of the OA; return the button.

        Raises LookupError when there is none such.
        """
        with self._world.lock:
            chat = self._world.chats[resident.key, oa_id]
            under = next((m for m in chat if m.message_id == message_id and m.sender == "oa"), None)
        buttons = under.buttons if under else []
        if isinstance(button, int):
            found = buttons[button] if 0 <= button < len(buttons) else None
        else:
            found = next((one for one in buttons if one["title"] == button), None)
        if found is None:
            raise LookupError("no such button")
        if str(found["type"]).startswith("oa.query"):
            self.text(resident, oa_id, found["payload"], hidden=found["type"] == "oa.query.hide")
        return found

    def follow(self, resident: Resident, oa_id: str, yes: bool) -> None:
        with self._world.lock:
            (resident.follows.add if yes else resident.follows.discard)(oa_id)
            if yes:
                self._world.interacted(resident, oa_id)
        user_id = self._world.user_id(resident, oa_id)
        event = {
            "oa_id": oa_id,
            "event_name": "follow" if yes else "unfollow",
            "source": "oa_profile",
            "follower": {"id": user_id},
            "user_id_by_app": _by_app(user_id),
        }
        self._webhooks.tell(event, about=user_id)

    def withdraw(self, resident: Resident, oa_id: str) -> None:
        """The resident asks that their data be erased."""
        user_id = self._world.user_id(resident, oa_id)
        event = {
            "event_name": "user_withdraw",
            "oa_id": oa_id,
            "user_id": user_id,
            "user_id_by_app": _by_app(user_id),
        }
        self._webhooks.tell(event, about=user_id)

    def see(self, resident: Resident, oa_id: str) -> None:
        """The chat was opened: everything in it is read."""
        with self._world.lock:
            unread = [m for m in self._world.chats[resident.key, oa_id] if m.sender == "oa" and not m.seen]
            for message in unread:
                message.seen = True
            if unread:
                self._world.touch(*unread)
        if unread:
            user_id = self._world.user_id(resident, oa_id)
            event = {
                "event_name": "user_seen_message",
                "sender": {"id": oa_id},
                "recipient": {"id": user_id},
                "message": {"msg_ids": [message.message_id for message in unread]},
            }
            self._webhooks.tell(event, about=f"echo:{user_id}")

    def _say(
        self,
        resident: Resident,
        oa_id: str,
        message: Message,
        event_name: str,
        attachments: list[dict[str, Any]] | None = None,
    ) -> Message:
        with self._world.lock:
            self._world.say(resident, oa_id, message)
            self._world.interacted(resident, oa_id)
            user_id = self._world.user_id(resident, oa_id)
        body: dict[str, Any] = {"msg_id": message.message_id}
        if message.text:
            body["text"] = message.text
        if message.quote:
            body["quote_msg_id"] = message.quote
        if attachments:
            body["attachments"] = attachments
        event = {
            "user_id_by_app": _by_app(user_id),
            "event_name": event_name,
            "sender": {"id": user_id},
            "recipient": {"id": oa_id},
            "message": body,
        }
        self._webhooks.tell(event, about=user_id, taken=lambda: self._world.delivered(message))
        return message


def _by_app(user_id: str) -> str:
    return str(int(user_id) + 1_000_000_000_000_000_000)
