"""Is it Zalo that calls? docs/zalo.md, "Webhook"."""

from __future__ import annotations

import hashlib
import hmac
import re

from bot.zalo.fields import plain, read_object

HEADER = "X-ZEvent-Signature"
_HEADER = re.compile(r"\s*(?:mac\s*=\s*)?([0-9a-f]{64})\s*", re.IGNORECASE)


def is_from_zalo(raw: bytes, header: str | None, *, app_id: str, secret: str) -> bool:
    """Does `header` (X-ZEvent-Signature) belong to exactly these bytes?

    secret  the OA secret key of the console's webhook page, not the app secret
    Never raises, whatever the input; compares in constant time.
    Source  docs/zalo.md, "Webhook"
    """
    given = _HEADER.fullmatch(header or "")
    if given is None:
        return False
    body = read_object(raw)
    timestamp = plain(body, "timestamp")
    if not timestamp:
        return False
    right = _digest(raw, timestamp, app_id=app_id, secret=secret)
    return hmac.compare_digest(given.group(1).lower(), right)


def sign(raw: bytes, timestamp: str, *, app_id: str, secret: str) -> str:
    """The header value Zalo would send with these bytes; for tests and for `doctor`."""
    return f"mac={_digest(raw, timestamp, app_id=app_id, secret=secret)}"


def _digest(raw: bytes, timestamp: str, *, app_id: str, secret: str) -> str:
    before, after = app_id.encode(), timestamp.encode("utf-8", "surrogatepass") + secret.encode()
    return hashlib.sha256(before + raw + after).hexdigest()
