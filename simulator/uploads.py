"""Uploads of an OA, and the media that residents send: links that die."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from pathlib import Path

from flask import Blueprint, Response, abort, request, send_file

from simulator.errors import ZaloError
from simulator.gate import api
from simulator.world import Oa, Upload, World

UPLOAD_LASTS = timedelta(days=7)
LIMITS = {"image": 1 << 20, "gif": 5 << 20, "file": 5 << 20}
HEADS = {
    "image": (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"),
    "gif": (b"GIF8",),
    "file": (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"),
}
FILE_ENDINGS = {"pdf", "doc", "docx"}


class MediaShelf:
    """Files residents sent, each under a link that dies after a while."""

    def __init__(self, world: World, folder: Path) -> None:
        self._world = world
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.lasts = timedelta(minutes=30)
        self._kept: dict[str, tuple[Path, str, str, datetime]] = {}

    def keep(self, content: bytes, *, name: str, mime: str) -> str:
        """Keep a file and return the path of its link."""
        token = secrets.token_urlsafe(16)
        path = self.folder / token
        path.write_bytes(content)
        self._kept[token] = (path, name, mime, self._world.clock.now() + self.lasts)
        return f"/media/{token}"

    def find(self, token: str, *, ever: bool = False) -> tuple[Path, str, str] | None:
        """The file while its link lives; ever: also afterwards, as the sender's own phone still has it."""
        kept = self._kept.get(token)
        if kept is None or (not ever and kept[3] <= self._world.clock.now()):
            return None
        return kept[:3]

    def as_json(self) -> list[list[str]]:
        """What is kept: token, name, media type, end of the link."""
        return [
            [token, name, mime, until.isoformat()] for token, (_, name, mime, until) in self._kept.items()
        ]

    def put_back(self, kept: list[list[str]]) -> None:
        """What `as_json` gave, after a restart; files that are gone are left out."""
        for token, name, mime, until in kept:
            if (path := self.folder / token).is_file():
                self._kept[token] = (path, name, mime, datetime.fromisoformat(until))

    def end_all(self) -> None:
        """Every link dies now."""
        now = self._world.clock.now()
        self._kept = {token: (*kept[:3], now) for token, kept in self._kept.items()}


def create_uploads(world: World, shelf: MediaShelf) -> Blueprint:
    blueprint = Blueprint("uploads", __name__)

    @blueprint.post("/v2.0/oa/upload/<any(image, gif, file):kind>")
    def upload(kind: str) -> Response:
        @api(world)
        def take(oa: Oa) -> dict[str, str]:
            file = request.files.get("file")
            if file is None:
                raise ZaloError(-201, "file")
            content = file.read(LIMITS[kind] + 1)
            if len(content) > LIMITS[kind]:
                raise ZaloError(-210, "file")
            ending = (file.filename or "").rpartition(".")[2].lower()
            if not content.startswith(HEADS[kind]) or (kind == "file" and ending not in FILE_ENDINGS):
                raise ZaloError(-201, "file type")
            token = secrets.token_urlsafe(24)
            path = shelf.folder / f"upload-{token}"
            path.write_bytes(content)
            until = world.clock.now() + UPLOAD_LASTS
            world.uploads[token] = Upload(token, kind, file.filename or "tệp", str(path), until)
            return {"token": token} if kind == "file" else {"attachment_id": token}

        return take()

    @blueprint.get("/uploads/<token>")
    def uploaded(token: str) -> Response:
        upload = world.uploads.get(token)
        if upload is None or upload.until <= world.clock.now():
            abort(404)
        return send_file(Path(upload.path).resolve(), download_name=upload.name, mimetype=_mime(upload.path))

    @blueprint.get("/media/<token>")
    @blueprint.get("/shown/<token>", defaults={"ever": True})
    def media(token: str, ever: bool = False) -> Response:
        """`/media/…` is what the app gets; `/shown/…` is the sender's own phone."""
        found = shelf.find(token, ever=ever)
        if found is None:
            abort(404)
        path, name, mime = found
        return send_file(path.resolve(), mimetype=mime, download_name=name, conditional=True)

    return blueprint


def _mime(path: str) -> str:
    head = Path(path).read_bytes()[:8]
    kinds = {
        b"\xff\xd8\xff": "image/jpeg",
        b"\x89PNG": "image/png",
        b"GIF8": "image/gif",
        b"%PDF": "application/pdf",
    }
    return next((mime for start, mime in kinds.items() if head.startswith(start)), "application/octet-stream")
