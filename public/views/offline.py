"""What makes the pages installable and readable without network: manifest, service worker, the page in between."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import cast

from flask import Blueprint, Response, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from public.desk import known

pages = Blueprint("offline", __name__)
FRAME_PARTS = ("public.css", "public.js", "mark.svg")


@pages.get("/ngoai-tuyen")
def without_network() -> ResponseReturnValue:
    return render_template("pages/offline.html")


@pages.get("/sw.js")
def service_worker() -> ResponseReturnValue:
    """Its own mark changes with any part of the frame, so that browsers fetch the frame anew."""
    asset = cast("Callable[[str], str]", current_app.jinja_env.globals["asset"])
    parts = [asset(name) for name in FRAME_PARTS]
    mark = hashlib.sha256("".join(parts).encode()).hexdigest()[:10]
    script = render_template("sw.js", parts=parts, mark=mark, prefix=current_app.config["STATIC_PREFIX"])
    answer = Response(script, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@pages.get("/manifest.webmanifest")
def manifest() -> ResponseReturnValue:
    asset = cast("Callable[[str], str]", current_app.jinja_env.globals["asset"])
    answer = jsonify(
        name=known().province.police_name,
        short_name=_("Công an tỉnh"),
        description=_("Thủ tục, đường dây nóng và thông báo của Công an tỉnh"),
        lang="vi",
        start_url="/",
        scope="/",
        display="standalone",
        background_color="#f4f6f3",
        theme_color="#0f4c45",
        icons=[
            {
                "src": asset(f"icon-{size}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for size in (192, 512)
            for purpose in ("any", "maskable")
        ],
    )
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer
