"""Puts the platform together."""

from __future__ import annotations

import socket
import tempfile
from pathlib import Path

from flask import Flask, Response, jsonify, request

from simulator.accounts import create_accounts
from simulator.articles import create_articles
from simulator.control import create_control
from simulator.control_groups import create_group_control
from simulator.control_residents import create_resident_control
from simulator.gate import Broken
from simulator.groups import create_groups
from simulator.history import create_history
from simulator.messages import create_messages
from simulator.oauth import create_oauth
from simulator.pages import create_pages
from simulator.residents import Phone
from simulator.uploads import MediaShelf, create_uploads
from simulator.webhooks import WebhookSender
from simulator.world import World

BODY_MAX = 64 << 20
"""Bytes of one upload of several files."""


def create_app(world: World, *, base_url: str = "", folder: Path | None = None) -> Flask:
    """The platform as one web application; its webhook threads start at once (`app.extensions["zalo"].stop()`).

    base_url  how the app reaches this platform: media links begin with it
    folder    where media are kept; a temporary folder when not given
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = BODY_MAX
    webhooks = WebhookSender(world)
    shelf = MediaShelf(world, folder or Path(tempfile.mkdtemp(prefix="zalo-gia-lap-")))
    phone = Phone(world, webhooks, shelf)
    phone.base = base_url
    app.register_blueprint(create_oauth(world))
    app.register_blueprint(create_messages(world, webhooks, base=base_url))
    app.register_blueprint(create_groups(world, webhooks, base=base_url))
    app.register_blueprint(create_articles(world))
    app.register_blueprint(create_uploads(world, shelf))
    app.register_blueprint(create_accounts(world))
    app.register_blueprint(create_history(world))
    app.register_blueprint(create_control(world, webhooks, shelf))
    app.register_blueprint(create_resident_control(world, phone))
    app.register_blueprint(create_group_control(world, phone))
    app.register_blueprint(create_pages(world, shelf))
    webhooks.start()
    app.extensions["zalo"] = webhooks
    app.extensions["zalo-phone"] = phone
    app.extensions["zalo-shelf"] = shelf

    @app.errorhandler(Broken)
    def broken(_: Broken) -> Response:
        """Close the connection without an answer: what is returned here goes nowhere.

        `close` alone would wait for the server's own reader.
        """
        request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        return Response(status=500)

    @app.after_request
    def guard(response: Response) -> Response:
        """What people upload is shown, never run."""
        response.headers["X-Content-Type-Options"] = "nosniff"
        if request.path.startswith(("/media/", "/shown/", "/uploads/")):
            response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; media-src 'self'"
        return response

    @app.errorhandler(404)
    def nowhere(_: object) -> tuple[Response, int]:
        if request.path.startswith(("/v2.0", "/v3.0", "/v4")):
            return jsonify({"error": 404, "message": "empty or invalid API"}), 404
        return Response("Không tìm thấy trang này trong Zalo giả lập.", mimetype="text/plain"), 404

    return app
