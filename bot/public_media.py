"""Pictures and files that stand in an article of an OA's page: Zalo and everybody fetch them from here.

Only what was approved, and handed to Zalo as part of an article, has an address (broadcast_media.public_at).
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from flask import Blueprint, Response, abort, send_file

from bot.zalo.article_bodies import Addresses
from data import articles
from data.session import Database
from domain.posts import Article

PREFIX = "/tuyen-truyen/tep"
COVER = Path(__file__).parent / "static" / "cover.png"
"""What an article without pictures shows: Zalo wants a cover (docs/zalo.md, "Articles")."""
_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


def addresses_of(public_url: str, article: Article) -> Addresses:
    base = public_url.rstrip("/") + PREFIX
    return Addresses(f"{base}/bia.png", {one.key: f"{base}/{one.key}" for one in article.media})


def public_media_blueprint(database: Database, open_media: Callable[[str], BinaryIO]) -> Blueprint:
    pages = Blueprint("public_media", __name__)

    @pages.get(f"{PREFIX}/bia.png")
    def cover() -> Response:
        return _given(COVER.read_bytes(), "image/png", COVER.name)

    @pages.get(f"{PREFIX}/<path:key>")
    def file(key: str) -> Response:
        with database.reading() as session:
            row = articles.public_media(session, key)
        if row is None:
            abort(404)
        try:
            with open_media(key) as stream:
                content = stream.read()
        except FileNotFoundError:
            abort(404)
        return _given(content, row.mime, row.name)

    return pages


def _given(content: bytes, mime: str, name: str) -> Response:
    paper = not mime.startswith("image/")
    answer = send_file(io.BytesIO(content), mimetype=mime, as_attachment=paper, download_name=name)
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer
