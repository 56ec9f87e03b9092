"""A Reply as it is kept: as JSON, as the messages Zalo can carry, as a fingerprint."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain.messages import Button, Press, Reply


def content_of(kind: str, text: str) -> str:
    """The fingerprint by which Zalo's echo of a message is known: kind (text, image, file …) and words.

    Spaces and composed or decomposed letters make no difference.
    """
    words = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(f"{kind}|{words}".encode("utf-8", "surrogatepass")).hexdigest()


def reply_as_json(reply: Reply) -> dict[str, Any]:
    body: dict[str, Any] = {"text": reply.text}
    if reply.buttons:
        body["buttons"] = [_button_as_json(button) for button in reply.buttons]
    for name, value in (("image", reply.image), ("file", reply.file)):
        if value:
            body[name] = value
    return body


def _button_as_json(button: Button) -> dict[str, Any]:
    body: dict[str, Any] = {"title": button.title}
    if button.press is not None:
        body["press"] = [button.press.button, button.press.value]
    if button.url is not None:
        body["url"] = button.url
    if button.phone is not None:
        body["phone"] = button.phone
    return body


def reply_from_json(body: Mapping[str, Any]) -> Reply:
    buttons = tuple(
        Button(
            title=one["title"],
            press=Press(*one["press"]) if "press" in one else None,
            url=one.get("url"),
            phone=one.get("phone"),
        )
        for one in body.get("buttons", ())
    )
    return Reply(body["text"], buttons, image=body.get("image", ""), file=body.get("file", ""))


def messages_of(reply: Reply) -> tuple[Reply, ...]:
    """One reply as the messages Zalo can carry: a file has no words, a picture no buttons (docs/zalo.md, "Text").

    The picture or file goes first, so that buttons stay at the bottom of the chat.
    """
    if reply.file:
        rest = messages_of(replace(reply, file=""))
        return (Reply("", file=reply.file), *(one for one in rest if one.text or one.image))
    if reply.image and reply.buttons:
        return Reply("", image=reply.image), replace(reply, image="")
    return (reply,)


def content_of_reply(reply: Reply) -> str:
    """The fingerprint of one message of `messages_of`."""
    return content_of("file" if reply.file else "image" if reply.image else "text", reply.text)
