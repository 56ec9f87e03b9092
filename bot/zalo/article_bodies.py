"""An article as the JSON Zalo wants (docs/zalo.md, "Articles"). Limits are checked here, before anything leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.zalo.bodies import checked
from domain.posts import Article, AttachedKind

TITLE_MAX, DESCRIPTION_MAX = 150, 300
AUTHOR = "Công an"


@dataclass(frozen=True)
class Addresses:
    """Where Zalo fetches the pictures: the cover of an article without one, and each file by its key."""

    cover: str
    files: Mapping[str, str]


def article_body(article: Article, addresses: Addresses) -> dict[str, Any]:
    """Words in paragraphs, the pictures under them, a file as a line with its address."""
    pictures = [one for one in article.media if one.kind is not AttachedKind.FILE]
    papers = [one for one in article.media if one.kind is AttachedKind.FILE]
    paragraphs = [line for line in article.text.split("\n") if line.strip()]
    paragraphs += [f"Tệp kèm theo: {one.name}: {addresses.files[one.key]}" for one in papers]
    body: list[dict[str, str]] = [{"type": "text", "content": line} for line in paragraphs]
    body += [{"type": "image", "url": addresses.files[one.key]} for one in pictures]
    cover = addresses.files[pictures[0].key] if pictures else addresses.cover
    return {
        "type": "normal",
        "title": checked(article.title, TITLE_MAX),
        "author": AUTHOR,
        "cover": {"cover_type": "photo", "photo_url": cover, "status": "show"},
        "description": _short(article.text),
        "body": body,
        "status": "show",
        "comment": "hide",
    }


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= DESCRIPTION_MAX else line[: DESCRIPTION_MAX - 1].rstrip() + "…"
