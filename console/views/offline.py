"""What an officer sees without a network: a page kept in the browser beforehand. It holds nothing of anybody's."""

from __future__ import annotations

import json

from flask import Blueprint, Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from console.access import open_to_all

pages = Blueprint("offline", __name__)

KEPT = ("vendor/bootstrap/bootstrap.min.css", "console.css", "theme.js", "mark.svg")
"""What the page needs to look like itself. Pages with tips are never kept."""


@pages.get("/ngoai-tuyen")
@open_to_all
def page() -> ResponseReturnValue:
    return render_template("pages/offline.html", me=None, theme="auto")


@pages.get("/ngoai-tuyen.js")
@open_to_all
def worker() -> Response:
    """The service worker: answers a page that cannot be fetched with the kept one, and nothing else."""
    asset = current_app.jinja_env.globals["asset"]
    kept = [asset(name) for name in KEPT]  # type: ignore[operator]  # console.assets puts a function there
    body = render_template("offline.js", page=json.dumps(url_for("offline.page")), kept=json.dumps(kept))
    return Response(body, mimetype="text/javascript", headers={"Cache-Control": "private, no-cache"})
