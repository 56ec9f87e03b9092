"""Puts the console together.

It is a Flask application of its own, so that sessions, log-in and CSRF checks never run on the webhook's path;
`mount` hangs it into the front application under /console.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from console import (
    accounts,
    administration,
    assets,
    door,
    errors,
    filters,
    headers,
    language,
    navigation,
    uploads,
)
from console import as_role as looking
from console.desk import (
    NO_BOX,
    ComposeAnswer,
    ComposeCase,
    ComposeEnd,
    ComposeMerged,
    Desk,
    FileShelf,
    OpenMedia,
    SecretBox,
    SurveyCode,
    Unseal,
    no_case,
    no_end,
    no_merged,
    no_survey,
    sealed_for_good,
)
from console.views import (
    account,
    as_role,
    assisted,
    board_acts,
    board_scans,
    boards,
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
    complaint_acts,
    complaints,
    dated_settings,
    dossiers,
    factor_setup,
    group_registry,
    home,
    identities,
    learning,
    login,
    media,
    oa_accounts,
    offline,
    own_chat,
    own_sessions,
    record_form,
    registry,
    rights,
    roster,
    score_reports,
    scores,
    second_factor,
    sheets,
    shifts,
    staff,
    staff_one,
    staff_sheets,
    survey_results,
    systems,
    time_statistics,
    tip_acts,
    tip_care,
    tip_many,
    tip_map,
    tip_statistics,
    tips,
    tour,
    trail,
    units,
    unsealing,
    viewer,
    why,
)
from data.dossier_proof import DossierKey
from data.dossiers import Compose as ComposeDossier
from data.officer_sessions import LASTS
from data.sealing import Sealer
from data.session import Database
from data.shelf import CatalogueShelf
from domain.work import Wake, wake_nobody

PREFIX = "/console"
FORM_MAX_BYTES = 1 << 20
SUBJECTS = (
    home,
    shifts,
    tour,
    as_role,
    offline,
    login,
    second_factor,
    factor_setup,
    account,
    own_sessions,
    own_chat,
    tips,
    tip_acts,
    tip_care,
    tip_many,
    identities,
    tip_statistics,
    roster,
    tip_map,
    time_statistics,
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
    staff_one,
    staff_sheets,
    rights,
    trail,
    units,
    oa_accounts,
    dated_settings,
    registry,
    unsealing,
    survey_results,
    complaints,
    complaint_acts,
    scores,
    score_reports,
    boards,
    board_acts,
    board_scans,
    dossiers,
    systems,
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
    compose_case: ComposeCase = no_case,
    survey_code: SurveyCode = no_survey,
    compose_dossier: ComposeDossier | None = None,
    dossier_key: DossierKey | None = None,
    seal_secret: Sealer | None = None,
    private_hosts: Sequence[str] = (),
    secrets: SecretBox = NO_BOX,
) -> Flask:
    """Build the console; all its addresses begin with /console.

    secure      the outside address is https: cookies travel on https only
    shelf       the catalogue that answers residents; None = one of our own
    public_url  begins the one-time links that are shown to administrators; "" = as the browser sees us
    survey_code unit id → the code of its survey, printed on its boards
    private_hosts  hosts inside our own network that webhooks may be sent to
    files       where files of broadcasts lie; None: none are taken
    secrets     seals the keys of officers' authenticator apps
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
        PERMANENT_SESSION_LIFETIME=LASTS,
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=FORM_MAX_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_MAX_BYTES,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=secure,
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
        compose_case=compose_case,
        compose_dossier=compose_dossier,
        dossier_key=dossier_key,
        seal_secret=seal_secret,
        private_hosts=tuple(private_hosts),
        secrets=secrets,
        shelf=shelf,
        files=files,
        survey_code=survey_code,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    assets.install(app, folder=here / "static", prefix=f"{PREFIX}/static")
    language.install(app)
    sheets.allow_larger_files(app)
    uploads.install(app)  # before the check of the token, which reads the form
    CSRFProtect(app)
    accounts.install(app, prefix=PREFIX)
    door.install(app)
    looking.install(app)
    filters.install(app)
    navigation.install(app)
    administration.install(app)
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
