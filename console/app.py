"""Puts the console together.

It is a Flask application of its own, so that sessions, log-in and CSRF checks never run on the webhook's path;
`mount` hangs it into the front application under /console.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect

from console import accounts, assets, errors, filters, headers, navigation, uploads
from console import as_role as looking
from console.desk import (
    ComposeAnswer,
    ComposeEnd,
    ComposeMerged,
    Desk,
    FileShelf,
    OpenMedia,
    Unseal,
    no_end,
    no_merged,
    sealed_for_good,
)
from console.views import (
    account,
    as_role,
    assisted,
    broadcast_acts,
    broadcast_calendar,
    broadcast_files,
    broadcast_form,
    broadcast_lists,
    broadcast_reports,
    broadcast_stop,
    broadcast_wall,
    broadcasts,
    catalogue,
    changes,
    group_registry,
    home,
    identities,
    learning,
    login,
    media,
    offline,
    own_chat,
    record_form,
    sheets,
    shifts,
    staff,
    tip_acts,
    tip_care,
    tip_many,
    tip_statistics,
    tips,
    tour,
    trail,
    unsealing,
    viewer,
    why,
)
from data.session import Database
from data.shelf import CatalogueShelf
from domain.work import Wake, wake_nobody

PREFIX = "/console"
SHIFT = timedelta(hours=12)
"""A log-in lasts one shift."""
FORM_MAX_BYTES = 1 << 20
SUBJECTS = (
    home,
    shifts,
    tour,
    as_role,
    offline,
    login,
    account,
    own_chat,
    tips,
    tip_acts,
    tip_care,
    tip_many,
    identities,
    tip_statistics,
    media,
    viewer,
    broadcasts,
    broadcast_form,
    broadcast_acts,
    broadcast_files,
    broadcast_wall,
    broadcast_lists,
    broadcast_calendar,
    broadcast_reports,
    broadcast_stop,
    assisted,
    catalogue,
    record_form,
    sheets,
    why,
    learning,
    changes,
    group_registry,
    staff,
    trail,
    unsealing,
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def create_console(
    *,
    database: Database,
    secret_key: str,
    secure: bool,
    open_media: OpenMedia,
    compose_answer: ComposeAnswer,
    wake: Wake = wake_nobody,
    clock: Callable[[], datetime] = _utc_now,
    public_url: str = "",
    shelf: CatalogueShelf | None = None,
    files: FileShelf | None = None,
    compose_end: ComposeEnd = no_end,
    compose_merged: ComposeMerged = no_merged,
    unseal_identity: Unseal = sealed_for_good,
) -> Flask:
    """Build the console; all its addresses begin with /console.

    secure      the outside address is https: cookies travel on https only
    shelf       the catalogue that answers residents; None = one of our own
    public_url  begins the one-time links that are shown to administrators; "" = as the browser sees us
    files       where files of broadcasts lie; None: none are taken
    """
    here = Path(__file__).parent
    app = Flask("console", root_path=str(here), static_folder=None, template_folder="templates")
    app.config.update(
        SECRET_KEY=secret_key,
        SESSION_COOKIE_NAME="console",
        SESSION_COOKIE_PATH=PREFIX,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        PERMANENT_SESSION_LIFETIME=SHIFT,
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=FORM_MAX_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_MAX_BYTES,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=secure,
        BABEL_DEFAULT_LOCALE="vi",
        BABEL_DEFAULT_TIMEZONE="Asia/Ho_Chi_Minh",
    )
    shelf = shelf or CatalogueShelf(database, clock=clock)
    app.extensions["desk"] = Desk(
        database,
        secret_key,
        open_media,
        compose_answer,
        wake,
        clock,
        public_url.rstrip("/"),
        compose_end=compose_end,
        compose_merged=compose_merged,
        unseal_identity=unseal_identity,
        shelf=shelf,
        files=files,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    assets.install(app, folder=here / "static", prefix=f"{PREFIX}/static")
    Babel(app)
    sheets.allow_larger_files(app)
    uploads.install(app)  # before the check of the token, which reads the form
    CSRFProtect(app)
    accounts.install(app, prefix=PREFIX)
    looking.install(app)
    filters.install(app)
    navigation.install(app)
    headers.install(app, secure=secure)
    errors.install(app)
    for subject in SUBJECTS:
        app.register_blueprint(subject.pages, url_prefix=f"{PREFIX}{subject.pages.url_prefix or ''}")
    return app


def mount(app: Flask, console: Flask) -> None:
    """Let `app` answer /console and everything below it with the console."""
    before = app.wsgi_app

    def by_path(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        inside = path == PREFIX or path.startswith(f"{PREFIX}/")
        answer: Iterable[bytes] = (console.wsgi_app if inside else before)(environ, start_response)
        return answer

    app.wsgi_app = by_path  # type: ignore[method-assign]  # Flask's own way to wrap a WSGI application
