"""What in a reporter's own words could tell who they are: found, marked, hidden behind one recorded click.

Numbers of others (a swindler's phone, a culprit's plate) may be hidden too: one click shows them again, and a
number hidden without need costs that click, while one shown without need may cost the reporter their safety.
Plates are hidden only where they are the reporter's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain import hidden_things

HIDDEN = "▒▒▒"
"""Stands where something is hidden; followed by what it was, never by how long it was."""
TEXT_MAX = 20_000
_OWN = r"(?:tôi|toi|mình|minh|em|cháu|chau|con|nhà tôi|nha toi|nhà em|nha em|bản thân|ban than|chúng tôi|chung toi)"
_I = r"(?:tôi|toi|mình|minh|em|cháu|chau)"
_PLATE = r"\d{2}\s?[-–.]?\s?[A-ZĐ]{1,2}\d?\s?[-–.]?\s?\d{3}[.\s]?\d{2}|\d{2}\s?[-–.]?\s?[A-ZĐ]{1,2}\d?\s?[-–.]?\s?\d{4}"
_NAME = r"[A-ZĐÀ-ỸĂÂÊÔƠƯ][\wÀ-ỹ]*(?:\s+[A-ZĐÀ-ỸĂÂÊÔƠƯ][\wÀ-ỹ]*){1,4}"
_UPTO = r"[^.,;\n!?]{1,60}"

_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (hidden_things.PHONE, re.compile(r"(?<![\d.])(?:\+?84|0)(?:[\s.\-]?\d){8,10}(?!\d)")),
    (hidden_things.PAPER, re.compile(r"(?<!\d)\d(?:[\s.]?\d){11}(?!\d)|(?<!\d)\d{9}(?!\d)")),
    (hidden_things.MAIL, re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        hidden_things.PLATE,
        re.compile(
            rf"(?:xe|biển số|bien so|bks|biển|bien)(?:\s+\w+){{0,3}}?\s+(?:của\s+|cua\s+)?{_OWN}\b[^.;\n]{{0,30}}?(?:{_PLATE})"
            rf"|{_OWN}\s+(?:đi|di|lái|lai|chạy|chay|có|co)\s+(?:\w+\s+){{0,4}}?(?:xe|ô tô|o to)[^.;\n]{{0,30}}?(?:{_PLATE})",
            re.IGNORECASE,
        ),
    ),
    (
        hidden_things.NAME,
        re.compile(
            rf"(?i:\b(?:tên\s+(?:tôi|mình|em|cháu)\s+là|ten\s+(?:toi|minh|em|chau)\s+la"
            rf"|{_I}\s+(?:tên|ten)(?:\s+(?:là|la))?|{_I}\s+(?:là|la)))\s+{_NAME}"
        ),
    ),
    (
        hidden_things.TIE,
        re.compile(
            rf"\b{_I}\s+(?:là|la)\s+(?:người\s+|nguoi\s+)?(?:hàng xóm|hang xom|láng giềng|lang gieng|vợ|vo|chồng|chong|bố|bo|mẹ|me"
            rf"|con|anh|chị|chi|em|cháu|chau|họ hàng|ho hang|bạn|ban|giáo viên|giao vien|chủ|chu|nhân viên|nhan vien"
            rf"|công nhân|cong nhan|bảo vệ|bao ve|trưởng thôn|truong thon|tổ trưởng|to truong)\b{_UPTO}",
            re.IGNORECASE,
        ),
    ),
    (
        hidden_things.HOME,
        re.compile(
            rf"\b(?:nhà|nha)\s+{_I}\s+(?:ở\s+|o\s+|tại\s+|tai\s+|là\s+|la\s+)?(?:số|so|ngay|cạnh|canh|đối diện|doi dien|sát|sat|bên|ben"
            rf"|gần|gan|ngõ|ngo|hẻm|hem|phòng|phong)\b{_UPTO}"
            rf"|\b{_I}\s+(?:ở|o|sống|song|trú|tru)\s+(?:tại\s+|tai\s+|ở\s+|o\s+)?(?:nhà\s+|nha\s+)?(?:số|so|ngõ|ngo|hẻm|hem|phòng|phong"
            rf"|cạnh|canh|sát|sat|đối diện|doi dien)\b{_UPTO}",
            re.IGNORECASE,
        ),
    ),
)


@dataclass(frozen=True)
class Screened:
    """`text` is what may be shown at once; `hidden` says what kinds of things are behind the click."""

    text: str
    hidden: tuple[str, ...] = ()


def screen(text: str) -> Screened:
    """Take out what could tell who the reporter is. NFC in; never raises; the text itself is not changed."""
    spans = sorted(
        (match.start(), match.end(), what)
        for what, rule in _RULES
        for match in rule.finditer(text[:TEXT_MAX])
    )
    parts, hidden, at = [], [], 0
    for start, end, what in spans:
        if start < at:
            continue
        parts.append(f"{text[at:start]}[{HIDDEN} {what}]")
        hidden.append(what)
        at = end
    return Screened("".join(parts) + text[at:], tuple(hidden)) if hidden else Screened(text)


def kinds_found(*texts: str) -> tuple[str, ...]:
    """What could tell who the reporter is in any of these texts, each kind once, in order."""
    return tuple(dict.fromkeys(what for text in texts for what in screen(text).hidden))
