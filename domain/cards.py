"""The answer card: what a resident needs to know first, on less than one screen of a phone.

What it is, what it costs, how long, where, the link, and when the facts were checked. Papers, steps and the rest are
parts of their own (domain/card_parts.py), a button or a question away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from domain.families import Wish, short, wish_of
from domain.messages import REPLY_TEXT_MAX
from domain.notes import for_residents
from domain.procedures import Procedure, Topic

CARD_MAX = 650
"""Characters of a card: a phone of 390 px shows about 700 at once, and a sentence and buttons follow."""
UNKNOWN = "chưa có thông tin chính thức"
LITTLE_KNOWN = "⚠️ Thông tin về thủ tục này còn ít. Bạn nên hỏi cán bộ trước khi đi làm."
PORTAL = "https://dichvucong.gov.vn"
_LINK_SHOWN_MAX = 200
"""A longer link is for the button only."""
_LIMITS = ((240, 190), (240, 120), (240, 80), (240, 50), (120, 40), (60, 30))
"""Characters of a fee and of any other value, tried in turn until the card fits: money is cut last."""

_LAW_BESIDE = re.compile(
    r"\s*\((?:theo )?(?:Thông tư|Nghị định|Luật)[^()]*\)|\s+theo Thông tư [\w./Đ-]+(?=[;,.]|$)"
)
_DONG = re.compile(r"(?<=\d) đ\b")
APART = re.compile(r"; |(?<!TP)\. (?=[A-ZĐÔ])")
"""Where a value goes on with another thing: each stands on a line of its own."""
_CODES = re.compile(r"\s*\((?:\d\.\d{6}(?:, )?)+\)")
_CODE = re.compile(r"\d\.\d{6}")


def card(procedure: Procedure, family: Iterable[Procedure] = ()) -> list[str]:
    """The card of a procedure as messages: one, of at most CARD_MAX characters."""
    return [wish_card(wish_of(procedure, family))]


def wish_card(wish: Wish, lead: str = "") -> str:
    """The card of a wish, at most CARD_MAX characters whatever the records hold.

    lead  what answers the question itself, said before everything else
    """
    first = [lead] if lead else []
    for money, other in _LIMITS:
        text = "\n\n".join([*first, *_sections(wish, money, other)])
        if len(text) <= CARD_MAX:
            return text
    return split([text], CARD_MAX)[0]


def topic_card(topic: Topic, names: Mapping[str, str] | None = None) -> list[str]:
    """The card of a topic; `names` (procedure id → name) puts names where the answer gives codes."""
    lines = without_codes(topic, names or {})
    sections = [f"ℹ️ {topic.name}", "\n".join(f"• {line}" for line in lines) if len(lines) > 1 else lines[0]]
    note = for_residents(topic.note)
    if note:
        sections.append(f"📝 {note}")
    if topic.where:
        sections.append(f"📍 Nơi làm: {topic.where}")
    if topic.url:
        sections.append(f"🔗 Trang chính thức:\n{topic.url}")
    return split(sections)


def without_codes(topic: Topic, names: Mapping[str, str]) -> list[str]:
    """The lines of a topic's answer with names where it gives the codes of procedures."""
    lines = [_CODES.sub("", line) for line in topic.answer]
    return [_CODE.sub(lambda found: f"“{names.get(found[0], found[0])}”", line) for line in lines]


def codes_in(topic: Topic) -> tuple[str, ...]:
    """The procedures that a topic's answer sends people to, in order."""
    return tuple(dict.fromkeys(_CODE.findall("\n".join(topic.answer))))


def split(sections: Sequence[str], limit: int = REPLY_TEXT_MAX) -> list[str]:
    """Join sections with an empty line into as few messages as fit; break inside a section only when it must
    be, at a line, then at a word.
    """
    pages: list[str] = []
    for section in sections:
        for piece in _pieces(section, limit):
            if pages and len(pages[-1]) + 2 + len(piece) <= limit:
                pages[-1] += f"\n\n{piece}"
            else:
                pages.append(piece)
    return pages


def plain(text: str) -> str:
    """A value in everyday words: đồng for đ."""
    return _DONG.sub(" đồng", text)


def checked_in_words(checked: str | None) -> str:
    """“2026-07” as people read it."""
    year, _, month = (checked or "").partition("-")
    return f"Cập nhật tháng {int(month)}/{year}." if month.isdecimal() else "Chưa rõ ngày cập nhật."


def link_lines(wish: Wish) -> str:
    """The link, on a line of its own."""
    link = wish.link or PORTAL
    if len(link) > _LINK_SHOWN_MAX:
        link = PORTAL
    return f"💻 Nộp qua mạng được, tại:\n{link}" if wish.is_online else f"🔗 Trang chính thức:\n{link}"


def _sections(wish: Wish, money: int, limit: int) -> list[str]:
    facts = [
        _fact("💰 Phí, lệ phí", wish.differing(lambda way: way.fee), money),
        _fact("⏱ Thời hạn", wish.differing(lambda way: way.time_limit), limit),
        _fact("📍 Nơi làm", _near_first(wish.differing(lambda way: way.where)), limit),
    ]
    sections = [f"📋 {short(wish.title, min(120, limit * 2))}", *facts, link_lines(wish)]
    if wish.lead.confidence == "low":
        sections.append(LITTLE_KNOWN)
    return [*sections, checked_in_words(wish.lead.checked)]


def _near_first(places: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """Of three places the last is only named: the nearest are what a resident needs, the part has all."""
    return [*places[:2], *((label, "") for label, _ in places[2:])]


def _fact(label: str, values: list[tuple[str, str | None]], limit: int) -> str:
    if len(values) > 1:
        told = [f"{way}: {_brief(value, limit)}" if value else way for way, value in values]
    else:
        told = APART.split(_brief(values[0][1] or UNKNOWN, limit))
    if len(told) == 1:
        return f"{label}: {told[0]}"
    return f"{label}:\n" + "\n".join(f"• {one[:1].upper()}{one[1:]}" for one in told)


def _brief(value: str, limit: int) -> str:
    """The value without the law beside it, at most `limit` characters: whole parts of it while they fit."""
    value = plain(_LAW_BESIDE.sub("", value)).strip()
    if len(value) <= limit:
        return value
    whole = value[:limit].rpartition("; ")[0]
    return f"{whole} …" if whole else short(value, limit)


def _pieces(section: str, limit: int) -> list[str]:
    pieces: list[str] = []
    rest = section.strip()
    while len(rest) > limit:
        cut = rest.rfind("\n", 1, limit + 1)
        if cut < limit // 3:
            cut = rest.rfind(" ", 1, limit + 1)
        if cut <= 0:
            cut = limit
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces
