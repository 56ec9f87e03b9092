"""What an officer reads for a browser: “Chrome trên Android”. Only for recognising one's own sessions."""

from __future__ import annotations

import re

from domain.said import Said, said

UNKNOWN = "Trình duyệt khác"
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("coc_coc_browser", "Cốc Cốc"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""The first sign that is found decides: nearly every browser also says Chrome and Safari."""
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "máy Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)

_KEPT = re.compile(r"(?P<browser>.+) trên (?P<system>.+)")


def device_of(user_agent: str) -> str:
    """The words for a User-Agent header, which anybody may forge: nothing is decided by it. Vietnamese, to be kept."""
    browser = next((name for sign, name in _BROWSERS if re.search(re.escape(sign), user_agent)), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    if not browser and not system:
        return UNKNOWN
    return _on(browser or "Trình duyệt", system)[:] if system else browser


def device_said(kept: str) -> Said:
    """What `device_of` once said, as a sentence that other languages can say too."""
    found = _KEPT.fullmatch(kept)
    return _on(*found.groups()) if found else said(kept)


def _on(browser: str, system: str) -> Said:
    return said("%(browser)s trên %(system)s", browser=said(browser), system=said(system))
