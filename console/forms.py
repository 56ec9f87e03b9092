"""Reading what an officer typed."""

from __future__ import annotations

import re
import unicodedata

from flask import request
from flask_babel import format_decimal
from flask_babel import gettext as _

from console.language import translated

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters but for tab and line feed, and marks that turn the direction of text."""


def typed(name: str) -> str:
    """The text of a form field: NFC, line ends as one line feed, control characters out, no blank ends."""
    text = request.form.get(name, "").replace("\r\n", "\n").replace("\r", "\n")
    text = text.encode("utf-8", "ignore").decode("utf-8")
    return unicodedata.normalize("NFC", _CONTROLS.sub("", text)).strip()


def asked(name: str) -> str:
    """The text of a field in the address, on one line."""
    text = request.args.get(name, "").encode("utf-8", "ignore").decode("utf-8")
    return " ".join(unicodedata.normalize("NFC", _CONTROLS.sub("", text)).split())[:200]


def number(name: str) -> int:
    """A whole number of the form; -1 when it is none (no row has that number)."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def length_fault(text: str, *, most: int, what: str) -> str | None:
    """Why this text cannot be taken, in words; None when it can. Lengths count characters."""
    if not text:
        return str(_("Mời nhập %(what)s.", what=translated(what)))
    if len(text) > most:
        over = format_decimal(len(text) - most)
        fault = _(
            "Phần %(what)s dài hơn mức cho phép %(over)s ký tự. Mời rút gọn.",
            what=translated(what),
            over=over,
        )
        return str(fault)
    return None
