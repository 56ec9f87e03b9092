"""Photos, clips and voice messages of tips, to those who may see the tip."""

from __future__ import annotations

import io

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from werkzeug.wsgi import wrap_file

from console.access import allowed, officer
from console.desk import database, desk
from data import tips
from domain.roles import Act

pages = Blueprint("media", __name__)

SHOWN = {
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "video/mp4",
    "video/webm",
    "video/quicktime",
    "audio/mpeg",
    "audio/mp4",
    "audio/x-m4a",
    "audio/aac",
    "audio/ogg",
    "audio/wav",
    "audio/x-wav",
}
"""What a browser may open by itself; anything else is only handed out as a file."""
POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
"""The browser's own viewer puts a style of its own around a picture; the file itself can run nothing."""


@pages.get("/media/<int:file_id>")
@allowed(Act.SEE_TIPS)
def show(file_id: int) -> ResponseReturnValue:
    """One file, whole or the range of bytes a player asks for."""
    with database().reading() as reading:
        file = tips.open_file(reading, file_id, unit_ids=officer().unit_ids)
    if file is None or file.media_key is None:
        abort(404)
    try:
        opened = desk().open_media(file.media_key)
    except FileNotFoundError:
        abort(404)
    length = opened.seek(0, io.SEEK_END)
    opened.seek(0)
    shown = file.mime in SHOWN
    response = Response(
        wrap_file(request.environ, opened),
        mimetype=file.mime if shown else "application/octet-stream",
        direct_passthrough=True,
    )
    response.content_length = length
    if file.sha256:
        response.set_etag(file.sha256)
    response.headers["Content-Disposition"] = "inline" if shown else f"attachment; filename=tep-{file.id}.bin"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response.make_conditional(request, accept_ranges=True, complete_length=length)
