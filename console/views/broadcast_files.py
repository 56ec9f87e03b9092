"""Pictures and files of broadcasts: shown and handed out to those who write, approve or post them."""

from __future__ import annotations

from contextlib import closing
from urllib.parse import quote

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.wsgi import wrap_file

from console.access import allowed, officer
from console.desk import database, desk, now
from console.views.media import POLICY
from data import broadcast_media
from data.pictures import TAKEN_MAX, make_fit
from data.tables import BroadcastMedia
from domain.posts import Attached
from domain.roles import Act
from domain.said import said

pages = Blueprint("broadcast_files", __name__)

NAME_MAX = 120
SHOWN = {"image/jpeg", "image/gif"}


@pages.get("/tuyen-truyen/tep/<path:key>")
@allowed(Act.SEE_BROADCASTS, Act.POST_ASSISTED)
def show(key: str) -> ResponseReturnValue:
    with database().reading() as reading:
        row = reading.get(BroadcastMedia, key)
    if row is None:
        abort(404)
    shelf = desk().files
    try:
        opened = shelf.open(key) if shelf else abort(404)
    except FileNotFoundError:
        abort(404)
    shown = row.mime in SHOWN and "tai-ve" not in request.args
    answer = Response(
        wrap_file(request.environ, opened),
        mimetype=row.mime if shown else "application/octet-stream",
        direct_passthrough=True,
    )
    how = "inline" if shown else "attachment"
    answer.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(row.name)}"
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def take_in(files: list[FileStorage]) -> tuple[Attached, ...]:
    """Keep what an officer attached, made fit for Zalo. Raises ValueError, in Vietnamese, naming the file."""
    shelf = desk().files
    taken = []
    for file in files:
        if not file.filename:
            continue
        name = (file.filename.replace("\\", "/").rsplit("/", 1)[-1].strip() or "tep")[-NAME_MAX:]
        with closing(file):  # a large one lies in a temporary file
            content = file.stream.read(TAKEN_MAX + 1)
        if len(content) > TAKEN_MAX:
            raise ValueError(said("Tệp “%(name)s” lớn hơn %(most)s MB.", name=name, most=TAKEN_MAX >> 20))
        try:
            fit = make_fit(name, content)
        except ValueError as fault:
            raise ValueError(said("Tệp “%(name)s”: %(fault)s", name=name, fault=said(str(fault)))) from None
        if shelf is None:
            raise ValueError("Máy chủ này chưa nhận tệp.")
        kept = shelf.keep(fit.content)
        if fit.mime == "image/jpeg" and not name.lower().endswith((".jpg", ".jpeg")):
            name = f"{name.rsplit('.', 1)[0]}.jpg"
        media = Attached(kept.media_key, fit.kind, name, kept.size, kept.sha256)
        with database().transaction() as writing:
            broadcast_media.keep(writing, media, mime=fit.mime, officer_id=officer().id, now=now())
        taken.append(media)
    return tuple(taken)
