"""One `message` object of Zalo → what the citizen said. docs/zalo.md, "Webhook", "Media"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.zalo.fields import (
    Json,
    clean,
    degrees,
    identifier,
    link,
    part,
    parts,
    plain,
    read_object,
    whole_number,
    words,
)
from domain.messages import (
    Attachment,
    Clip,
    ContactCard,
    Document,
    Link,
    Photo,
    Place,
    Press,
    Said,
    Sticker,
    Text,
    Voice,
)

ATTACHMENTS_MAX = 50
"""Attachments of one message that are looked at."""
_FILE_NAME_MAX = 255
_TITLE_MAX = 1000
_PRESS = re.compile(r"#([a-z][a-z_.]{0,63})(?::(.*))?", re.DOTALL)


def said_in(message: Json) -> tuple[Said, ...]:
    """Everything said in one message, in order; empty when nothing of it can be understood.

    Words beside media are the caption of the first file; beside anything else they are a message of their own.
    """
    text = words(message, "text")
    found = [
        one for one in map(_attachment, parts(message, "attachments")[:ATTACHMENTS_MAX]) if one is not None
    ]
    if not found:
        return (_words_or_press(text, identifier(message, "quote_msg_id")),) if text else ()
    if text:
        found = _with_words(text, found)
    return tuple(found)


def press_in(text: str) -> Press | None:
    """The press that a button's payload stands for: `#name` or `#name:value`."""
    match = _PRESS.fullmatch(text.strip())
    return Press(match.group(1), match.group(2) or "") if match else None


def press_as_text(press: Press) -> str:
    """The other way round: the payload to put under a button."""
    return f"#{press.button}:{press.value}" if press.value else f"#{press.button}"


def _words_or_press(text: str, quoted: str) -> Said:
    return press_in(text) or Text(text, quoted or None)


def _with_words(text: str, found: list[Said]) -> list[Said]:
    for place, one in enumerate(found):
        if isinstance(one, Attachment):
            return [*found[:place], replace(one, caption=text), *found[place + 1 :]]
    if isinstance(found[0], Link):
        if text == found[0].url:
            return found
        if found[0].url in text:  # the words already hold the link
            return [Text(text), *found[1:]]
    return [Text(text), *found]


def _attachment(value: object) -> Said | None:
    kind = plain(value, "type")
    reader = _READERS.get(kind)
    return reader(part(value, "payload")) if reader else None


def _photo(payload: Json) -> Said | None:
    url = link(payload, "url")
    return Photo(url) if url else None


def _clip(payload: Json) -> Said | None:
    url = link(payload, "url")
    return Clip(url) if url else None


def _voice(payload: Json) -> Said | None:
    url = link(payload, "url")
    return Voice(url) if url else None


def _document(payload: Json) -> Said | None:
    url = link(payload, "url")
    if not url:
        return None
    name = clean(plain(payload, "name"), most=_FILE_NAME_MAX).replace("\n", " ")
    return Document(url, name=name, size=whole_number(payload, "size"))


def _place(payload: Json) -> Said | None:
    where = part(payload, "coordinates")
    latitude, longitude = degrees(where, "latitude", most=90.0), degrees(where, "longitude", most=180.0)
    return None if latitude is None or longitude is None else Place(latitude, longitude)


def _link_or_card(payload: Json) -> Said | None:
    """A business card comes as a link whose description is JSON with a phone or a QR code."""
    description = plain(payload, "description")
    if description.lstrip().startswith("{"):
        inside = read_object(description.encode("utf-8", "replace")) or {}
        if "phone" in inside or "qrCodeUrl" in inside:
            return ContactCard()
    url = link(payload, "url")
    return Link(url, clean(description, most=_TITLE_MAX)) if url else None


_READERS: Mapping[str, Callable[[Json], Said | None]] = {
    "image": _photo,
    "gif": _photo,
    "video": _clip,
    "audio": _voice,
    "voice": _voice,
    "file": _document,
    "location": _place,
    "sticker": lambda payload: Sticker(),
    "link": _link_or_card,
    "business_card": lambda payload: ContactCard(),
}
