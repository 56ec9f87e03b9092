"""Puts the public pages together.

A Flask application of its own, so that its errors, headers and language never touch the webhook; `mount` lets it
answer every address that the front application does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import Babel
from werkzeug.exceptions import HTTPException, NotFound

from data.session import Database
from public import assets, errors, frame, headers
from public.desk import Desk, Knowledge, SurveyCode, no_survey
from public.views import boards, front, limits, offline, places, procedures, surveys, tip_status, topics

STATIC = "/tinh"
FORM_MAX_BYTES = 64 << 10
SUBJECTS = (front, procedures, boards, topics, places, offline, limits, tip_status, surveys)


def create_public(
    *,
    database: Database,
    clock: Callable[[], datetime],
    knowledge: Knowledge,
    secret_key: str,
    secure: bool = False,
    public_url: str = "",
    survey_code: SurveyCode = no_survey,
) -> Flask:
    """Build the public pages. There are no sessions: nothing is kept of who looks.

    knowledge  gives the newest edition of what the bot knows
    secret_key signs what a form must bring back
    survey_code unit id → the code of its survey
    secure     the outside address is https
    """
    here = Path(__file__).parent
    app = Flask("public", root_path=str(here), static_folder=None, template_folder="templates")
    app.config.update(
        MAX_CONTENT_LENGTH=FORM_MAX_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_MAX_BYTES,
        STATIC_PREFIX=STATIC,
        BABEL_DEFAULT_LOCALE="vi",
        BABEL_DEFAULT_TIMEZONE="Asia/Ho_Chi_Minh",
    )
    app.extensions["desk"] = Desk(database, clock, knowledge, secret_key, public_url.rstrip("/"), survey_code)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    assets.install(app, folder=here / "static", prefix=STATIC)
    Babel(app)
    frame.install(app)
    headers.install(app, secure=secure)
    errors.install(app)
    for subject in SUBJECTS:
        app.register_blueprint(subject.pages)
        for begin in getattr(subject, "BEGIN", ()):
            begin(app)
    return app


def mount(app: Flask, public: Flask) -> None:
    """Let `public` answer what `app` has no address for."""
    before = app.wsgi_app
    own = app.url_map.bind("")

    def by_path(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO", "/"), environ.get("REQUEST_METHOD", "GET")
        try:
            own.match(path, method)
        except NotFound:
            answer: Iterable[bytes] = public.wsgi_app(environ, start_response)
            return answer
        except HTTPException:
            pass  # a wrong method, a missing slash: its own matter
        return before(environ, start_response)

    app.wsgi_app = by_path  # type: ignore[method-assign]  # Flask's own way to wrap a WSGI application
