"""Clean copies of the photos, clips and voice messages of tips, to those who may see the tip.

Originals are not here: they are unsealed by two people (views/unsealing.py).
"""

from __future__ import annotations

import io
from typing import BinaryIO

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from werkzeug.wsgi import wrap_file

from console import watermark
from console.access import allowed, officer
from console.desk import database, desk, now
from console.filters import moment
from data import custody, tips
from data.attachments import Part, bound
from data.sealing import CannotOpen
from domain.roles import Act

pages = Blueprint("media", __name__)

SHOWN = frozenset({"image/jpeg", "video/mp4", "audio/mp4"})
"""The types of clean copies that a browser may open by itself; any other is only handed out as a file."""
ENDINGS = {"application/pdf": "pdf"}
POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
"""The browser's own viewer puts a style of its own around a picture; the file itself can run nothing."""


@pages.get("/media/<int:file_id>")
@allowed(Act.SEE_TIPS)
def show(file_id: int) -> ResponseReturnValue:
    """The clean copy, whole or the range of bytes a player asks for; a picture with the officer's mark in it.

    Who looked is written down.
    """
    file = _found(file_id)
    if file.view_mime == "image/jpeg":
        answer: ResponseReturnValue = _marked(file, Part.VIEW, file.media_key)
    else:
        answer = _answer(file, Part.VIEW, file.media_key, file.view_mime, file.view_sha256)
    if request.method == "GET":
        _write_down(file_id)
    return answer


@pages.get("/media/<int:file_id>/nho")
@allowed(Act.SEE_TIPS)
def small(file_id: int) -> ResponseReturnValue:
    """A picture as the gallery shows it, marked too; it tells as much as the whole, so the look is written down."""
    file = _found(file_id)
    if file.view_mime != "image/jpeg":
        abort(404)
    answer = _marked(file, Part.VIEW, file.media_key, small=True)
    if request.method == "GET":
        _write_down(file_id)
    return answer


@pages.get("/media/<int:file_id>/hinh")
@allowed(Act.SEE_TIPS)
def poster(file_id: int) -> ResponseReturnValue:
    """The still of a clip, shown before it is played."""
    file = _found(file_id)
    return _marked(file, Part.POSTER, file.poster_key, small=True)


def mark_words() -> str:
    """Who looks and when, as it stands across every picture."""
    return f"{officer().name} · {moment(now())}"


def _marked(file: tips.File, part: Part, key: str | None, *, small: bool = False) -> Response:
    opened = _opened(file, part, key)
    try:
        body = watermark.marked(opened, mark_words(), small=small)
    except watermark.CannotMark:
        abort(404)
    return _harmless(Response(body, mimetype="image/jpeg"), "inline")


def _found(file_id: int) -> tips.File:
    with database().reading() as reading:
        file = tips.open_file(reading, file_id, unit_ids=officer().unit_ids)
    if file is None:
        abort(404)
    return file


def _answer(
    file: tips.File, part: Part, key: str | None, mime: str | None, mark: str | None
) -> ResponseReturnValue:
    opened = _opened(file, part, key)
    length = opened.seek(0, io.SEEK_END)
    opened.seek(0)
    shown = mime in SHOWN
    response = Response(
        wrap_file(request.environ, opened),
        mimetype=mime if shown else "application/octet-stream",
        direct_passthrough=True,
    )
    response.content_length = length
    if mark:
        response.set_etag(mark)
    name = f"tep-{file.id}.{ENDINGS.get(mime or '', 'bin')}"
    _harmless(response, "inline" if shown else f"attachment; filename={name}")
    return response.make_conditional(request, accept_ranges=True, complete_length=length)


def _opened(file: tips.File, part: Part, key: str | None) -> BinaryIO:
    if key is None:
        abort(404)
    try:
        return desk().open_media(key, bound(file.draft_key, file.position, part))
    except (FileNotFoundError, CannotOpen):
        abort(404)


def _harmless(response: Response, disposition: str) -> Response:
    """The policy of files, which is not the one of pages."""
    response.headers["Content-Disposition"] = disposition
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _write_down(file_id: int) -> None:
    """One line for an officer's looks within the hour: a player asks for a clip in many parts."""
    me, at = officer().id, now()
    with database().reading() as reading:
        if custody.was_viewed_lately(reading, file_id, officer_id=me, now=at):
            return
    with database().transaction() as writing:
        custody.record(writing, file_id, custody.Act.VIEWED, now=at, officer_id=me)
