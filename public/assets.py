"""Style, script and pictures, read once and sent small; pages are sent small too."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, request

SMALL = 600
"""Bytes under which squeezing a page saves nothing."""
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}
_SQUEEZED = ("text/", "image/svg", "application/manifest")
_TEXT = {".css", ".js", ".svg"}


@dataclass(frozen=True)
class Asset:
    body: bytes
    mark: str
    type: str


def install(app: Flask, *, folder: Path, prefix: str) -> None:
    """Serve what lies in `folder`; templates ask `asset("public.css")` for an address that changes with it."""
    assets = {str(path.relative_to(folder)): _read(path) for path in folder.rglob("*") if path.is_file()}

    @app.get(f"{prefix}/<path:name>", endpoint="static")
    def serve(name: str) -> Response:
        found = assets.get(name)
        if found is None:
            abort(404)
        response = Response(found.body, content_type=found.type)
        wanted = request.args.get("v") == found.mark
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if wanted else "public, max-age=300"
        )
        return response

    @app.template_global()
    def asset(name: str) -> str:
        return f"{prefix}/{name}?v={assets[name].mark}"

    @app.after_request
    def squeeze(response: Response) -> Response:
        """Nothing secret and no cookie is on these pages, so that squeezing them betrays nothing."""
        if response.direct_passthrough or response.status_code in {204, 304} or response.content_encoding:
            return response
        if (response.content_type or "").startswith(_SQUEEZED):
            response.vary.add("Accept-Encoding")
            body = response.get_data()
            if request.accept_encodings["gzip"] > 0 and len(body) >= SMALL:
                response.set_data(gzip.compress(body, 6, mtime=0))
                response.content_encoding = "gzip"
        if (
            request.method == "GET"
            and response.status_code == 200
            and "no-store" not in str(response.cache_control)
        ):
            response.add_etag(overwrite=True)
            response.make_conditional(request)
        return response


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "text/plain"
    if path.suffix in _TEXT:
        kind += "; charset=utf-8"
    return Asset(body, hashlib.sha256(body).hexdigest()[:12], kind)
