"""Puts the API together: an application of its own, hung in under /api, so that no session or cookie is ever near it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask import Flask, Response, jsonify
from flask_openapi import Info, OpenAPI, SecurityScheme

from api import gate, problems
from api.desk import ApiDesk, Scores
from api.problems import Problem, refused
from api.views import broadcasts, dossiers, georeport, procedures, scores, tips, units
from data.dossier_proof import DossierKey
from data.dossiers import Compose
from data.session import Database
from domain.procedures import Procedure
from domain.work import Wake

PREFIX = "/api"
VERSION = "1.0.0"
OPENAPI = "3.1.1"
"""The library writes the newest edition's number; nothing in the document needs more than this one."""
SUBJECTS = (procedures, units, tips, dossiers, broadcasts, georeport)
DESCRIPTION = (
    "For the province's own systems. Every request carries a token (`Authorization: Bearer …`) made by an administrator "
    "at the console; it has scopes, an end, and the reach of one unit or of the province. Lists go on with `cursor`. "
    "Writes carry an `Idempotency-Key`. Errors are application/problem+json."
)


def create_api(
    *,
    database: Database,
    clock: Callable[[], datetime],
    key: DossierKey,
    compose: Compose,
    wake: Wake,
    procedures: Callable[[], dict[str, Procedure]],
    scores_of: Scores | None = None,
) -> Flask:
    """Build the API; all its addresses begin with /api/v1.

    compose     what a follower of a dossier reads
    procedures  the catalogue of today, by id
    scores_of   looks monthly scores up, where the program keeps them
    """
    app = OpenAPI(
        "api",
        info=Info(title="Cầu Nối", version=VERSION, description=DESCRIPTION),
        security_schemes={"token": SecurityScheme(type="http", scheme="bearer")},
        validation_error_model=Problem,
        validation_error_callback=refused,
        operation_id_callback=lambda **named: f"{named['name']}_{named['method'].lower()}",
        doc_ui=False,
        static_folder=None,
        template_folder=None,
    )
    app.openapi_version = OPENAPI
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Flask's own provider has it
    app.extensions["api_desk"] = ApiDesk(database, clock, key, compose, wake, procedures, scores_of)
    problems.install(app)
    gate.install(app)
    for subject in (*SUBJECTS, *((scores,) if scores_of else ())):
        app.register_api(subject.pages)

    @app.route("/api/v1/openapi.json")
    def document() -> Response:
        """The description of this API; it needs no token."""
        return jsonify(app.api_doc)

    return app


def mount(app: Flask, api: Flask) -> None:
    """Let `app` answer /api and everything below it with the API."""
    before = app.wsgi_app

    def by_path(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        inside = path == PREFIX or path.startswith(f"{PREFIX}/")
        answer: Iterable[bytes] = (api.wsgi_app if inside else before)(environ, start_response)
        return answer

    app.wsgi_app = by_path  # type: ignore[method-assign]  # Flask's own way to wrap a WSGI application
