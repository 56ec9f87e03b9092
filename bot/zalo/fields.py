"""Reading single fields out of what Zalo (or anybody) posted: typed, cleaned, never an exception.

Numbers are read as the text they were written in (`parse_int=str`): ids of 19 digits and signed timestamps
must not pass through a float, and a sample shows the same field now as a number, now as a string.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from domain.messages import TEXT_KEPT_MAX

ID_MAX = 128
"""Characters of an id; Zalo's have up to 20."""
LINK_MAX = 4096
EPOCH_DIGITS = 13
"""Digits of a timestamp in milliseconds; some samples are cut to 12 or 11 (docs/zalo.md, "Webhook")."""
_MARKS_IN_A_ROW = 30
"""More combining marks on one letter than any language has (Unicode's Stream-Safe Text Format)."""

_LONG = 1000
"""Characters below which a stack of marks costs nothing worth counting."""

_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ID = re.compile(rf"[0-9A-Za-z_.\-]{{1,{ID_MAX}}}")
_NAME = re.compile(r"[0-9A-Za-z_.\-]{1,64}")
_DIGITS = re.compile(r"[0-9]{10,16}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,4}([.,][0-9]{1,20})?")
_WEB = re.compile(r"https?://[^\s\x00-\x1f\x7f]+", re.IGNORECASE)

_READER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)

Json = Mapping[str, Any]


def read_object(raw: bytes) -> dict[str, Any] | None:
    """The JSON object in `raw` with every number as text; None when there is none. Never raises."""
    try:
        value = _READER.decode(raw.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def part(of: Any, name: str) -> Json:
    """The object under `name`, empty when it is missing or something else."""
    value = of.get(name) if isinstance(of, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def parts(of: Any, name: str) -> list[Any]:
    """The list under `name`, empty when it is missing or something else."""
    value = of.get(name) if isinstance(of, Mapping) else None
    return value if isinstance(value, list) else []


def plain(of: Any, name: str) -> str:
    """The string under `name` as it is, "" when it is missing or no string."""
    value = of.get(name) if isinstance(of, Mapping) else None
    return value if isinstance(value, str) else ""


def identifier(of: Any, name: str) -> str:
    """An id: letters, digits, `_ . -`; "" when it is missing or looks like something else."""
    value = plain(of, name).strip()
    return value if _ID.fullmatch(value) else ""


def event_name(of: Any) -> str:
    """The event's name, "" when it does not look like one (names go into logs and counters)."""
    value = plain(of, "event_name")
    return value if _NAME.fullmatch(value) else ""


def link(of: Any, name: str) -> str:
    """A web address, "" when it is none."""
    value = plain(of, name).strip()
    return value if len(value) <= LINK_MAX and _WEB.fullmatch(value) else ""


def whole_number(of: Any, name: str) -> int | None:
    """A count of bytes and the like; None when it is missing, negative or absurd."""
    value = plain(of, name).strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 15 else None


def degrees(of: Any, name: str, *, most: float) -> float | None:
    """A coordinate between -most and most, given as text or number; None when it is none."""
    value = plain(of, name).strip()
    if not _NUMBER.fullmatch(value):
        return None
    number = float(value.replace(",", "."))
    return number if math.isfinite(number) and abs(number) <= most else None


def moment(of: Any, name: str) -> datetime | None:
    """Milliseconds since 1970 (10 to 16 digits; what is cut off on the right counts as zero) as aware UTC."""
    value = plain(of, name).strip()
    if not _DIGITS.fullmatch(value):
        return None
    return datetime.fromtimestamp(int(value[:EPOCH_DIGITS].ljust(EPOCH_DIGITS, "0")) / 1000, UTC)


def words(of: Any, name: str, *, most: int = TEXT_KEPT_MAX) -> str:
    """A person's words: NFC, without control characters and lone surrogates, at most `most` characters."""
    return clean(plain(of, name), most=most)


def clean(text: str, *, most: int = TEXT_KEPT_MAX) -> str:
    """NFC; line ends become \\n; control characters, lone surrogates and endless stacks of marks go."""
    if text.isascii() and text.isprintable():
        return text.strip()[:most]
    text = _UNWANTED.sub("", text[: 3 * most].replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > _LONG:
        text = _without_stacks(text)
    return unicodedata.normalize("NFC", text).strip()[:most]


def _without_stacks(text: str) -> str:
    """Ordering the marks on one letter takes quadratic time, so no letter may carry thousands of them."""
    kept: list[str] = []
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(letter)
    return "".join(kept)


def digest(*pieces: str) -> str:
    """SHA-256 in hex of the pieces, told apart from each other."""
    return hashlib.sha256("|".join(pieces).encode("utf-8", "surrogatepass")).hexdigest()
