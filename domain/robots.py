"""Who opens a page without a person behind it. Read from the header, kept nowhere; rough on purpose."""

from __future__ import annotations

import re

_ROBOT = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|facebookexternalhit|preview|curl/|wget/|python|java/|go-http|okhttp|libwww|headless|"
    r"monitor|uptime|lighthouse|zalo-?url|embedly|fetch",
    re.IGNORECASE,
)


def looks_like_robot(user_agent: str, purpose: str = "") -> bool:
    """No name at all, a name of a program, or a browser that only looks ahead (`purpose`: Sec-Purpose, Purpose)."""
    ahead = "prefetch" in purpose.lower() or "preview" in purpose.lower()
    return ahead or not user_agent.strip() or bool(_ROBOT.search(user_agent))
