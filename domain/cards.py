"""The answer card: what a citizen needs to know of a procedure, as messages that Zalo can carry."""

from __future__ import annotations

from collections.abc import Sequence

from domain.messages import REPLY_TEXT_MAX
from domain.procedures import Procedure, Topic

UNKNOWN = "chưa có thông tin chính thức; xin xem trang chính thức hoặc hỏi cán bộ"
NOTE_SHOWN_MAX = 220
"""Longer notes weigh sources against each other: they are for officers, not for a phone."""
LEGAL_SHOWN = 4
"""Legal documents named on the card; the page has all of them."""


def card(procedure: Procedure) -> list[str]:
    """The card of a procedure: one message or more, each at most REPLY_TEXT_MAX characters."""
    sections = [f"📋 {procedure.name}"]
    if procedure.dossier:
        sections.append("🗂 Giấy tờ cần có:\n" + _listed(procedure.dossier))
    else:
        sections.append(f"🗂 Giấy tờ cần có: {UNKNOWN}.")
    sections.append(f"💰 Phí, lệ phí: {procedure.fee or UNKNOWN}.".replace("..", "."))
    sections.append(f"⏱ Thời hạn giải quyết: {procedure.time_limit or UNKNOWN}.".replace("..", "."))
    sections.append(f"📍 Nơi làm: {procedure.where or UNKNOWN}.".replace("..", "."))
    if procedure.online:
        sections.append(f"💻 Nộp trực tuyến được: {procedure.url or 'https://dichvucong.gov.vn'}")
    elif procedure.url:
        sections.append(f"🔗 Trang chính thức: {procedure.url}")
    if procedure.note and len(procedure.note) <= NOTE_SHOWN_MAX:
        sections.append(f"ℹ️ Lưu ý: {procedure.note}")
    sections.append(_source(procedure))
    return split(sections)


def topic_card(topic: Topic) -> list[str]:
    """The card of a topic."""
    sections = [f"ℹ️ {topic.name}", "\n".join(topic.answer)]
    if topic.where:
        sections.append(f"📍 {topic.where}")
    if topic.url:
        sections.append(f"🔗 {topic.url}")
    return split(sections)


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


def _listed(lines: Sequence[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def _source(procedure: Procedure) -> str:
    basis = ", ".join(procedure.legal_basis[:LEGAL_SHOWN])
    if len(procedure.legal_basis) > LEGAL_SHOWN:
        basis += " và văn bản khác"
    year, _, month = (procedure.checked or "").partition("-")
    day = f"Cập nhật {month}/{year}" if month else "Chưa rõ ngày cập nhật"
    code = f" · Mã thủ tục {procedure.code}" if procedure.code else ""
    return f"Căn cứ: {basis or 'theo trang chính thức'}. {day}{code}."
