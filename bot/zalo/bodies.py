"""What is sent to Zalo, as the JSON it wants. Limits are checked here, before anything leaves."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from bot.zalo.said import press_as_text
from domain.errors import WillNeverWork
from domain.messages import BUTTON_TITLE_MAX, BUTTONS_MAX, REPLY_TEXT_MAX, Button
from domain.reasons import BUTTON_COUNT, BUTTON_LENGTH, TEXT_LENGTH
from domain.said import said

PAYLOAD_MAX = 1000
"""Characters of what comes back from a button (docs/zalo.md, "Buttons")."""


def checked(text: str, most: int) -> str:
    text = unicodedata.normalize("NFC", text)
    if not text.strip() or len(text) > most:
        raise WillNeverWork(said(TEXT_LENGTH, most=most))
    return text


def buttons_payload(buttons: Sequence[Button]) -> list[dict[str, Any]]:
    if len(buttons) > BUTTONS_MAX:
        raise WillNeverWork(said(BUTTON_COUNT, most=BUTTONS_MAX))
    return [_button(one) for one in buttons]


def _button(button: Button) -> dict[str, Any]:
    title = unicodedata.normalize("NFC", button.title)[:BUTTON_TITLE_MAX]
    if button.press is not None:
        payload = press_as_text(button.press)
        if len(payload) > PAYLOAD_MAX:
            raise WillNeverWork(said(BUTTON_LENGTH, most=PAYLOAD_MAX))
        return {"title": title, "type": "oa.query.hide", "payload": payload}
    if button.url is not None:
        return {"title": title, "type": "oa.open.url", "payload": {"url": button.url}}
    return {"title": title, "type": "oa.open.phone", "payload": {"phone_code": _dialled(button.phone or "")}}


def _dialled(phone: str) -> str:
    """0912… and +84912… as Zalo wants them, 84912…; short numbers (113) stay."""
    digits = "".join(filter(str.isdigit, phone))
    return f"84{digits[1:]}" if digits.startswith("0") else digits


def image_message(attachment_id: str, caption: str) -> dict[str, Any]:
    elements = [{"media_type": "image", "attachment_id": attachment_id}]
    attachment = {"type": "template", "payload": {"template_type": "media", "elements": elements}}
    return (
        {"text": checked(caption, REPLY_TEXT_MAX), "attachment": attachment}
        if caption
        else {"attachment": attachment}
    )


def file_message(token: str) -> dict[str, Any]:
    return {"attachment": {"type": "file", "payload": {"token": token}}}
