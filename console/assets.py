"""Style, script, fonts and icons: read once, sent small, kept by the browser until they change."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, request

from console.access import open_to_all

_TEXT = {".css", ".js", ".svg"}
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


@dataclass(frozen=True)
class Asset:
    body: bytes
    zipped: bytes | None
    mark: str
    type: str


def install(app: Flask, *, folder: Path, prefix: str) -> None:
    """Serve what lies in `folder`; templates ask `asset("console.css")` for an address that changes with it."""
    assets = {str(path.relative_to(folder)): _read(path) for path in folder.rglob("*") if path.is_file()}

    def serve(name: str) -> Response:
        found = assets.get(name)
        if found is None:
            abort(404)
        small = found.zipped is not None and request.accept_encodings["gzip"] > 0
        response = Response(found.zipped if small else found.body, content_type=found.type)
        if small:
            response.content_encoding = "gzip"
        response.vary.add("Accept-Encoding")
        response.set_etag(f"{found.mark}{'-gz' if small else ''}")
        wanted = request.args.get("v") == found.mark
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if wanted else "public, max-age=300"
        )
        response.make_conditional(request)
        return response

    app.add_url_rule(f"{prefix}/<path:name>", "static", open_to_all(serve))

    @app.before_request
    def before_anything_else() -> Response | None:
        """No session is read, and no cookie renewed, for a style sheet."""
        if request.endpoint == "static" and request.view_args:
            return serve(request.view_args["name"])
        return None

    @app.template_global()
    def asset(name: str) -> str:
        return f"{prefix}/{name}?v={assets[name].mark}"


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    zipped = gzip.compress(body, 9, mtime=0) if path.suffix in _TEXT else None
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "text/plain"
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    return Asset(body, zipped, hashlib.sha256(body).hexdigest()[:12], kind)
