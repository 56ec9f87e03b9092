"""The web application: webhook, console, public addresses, health."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, abort
from werkzeug.middleware.proxy_fix import ProxyFix

import public as public_pages
from api import create_api, frozen_scores
from api import mount as mount_api
from bot.health import health_blueprint
from bot.house import House, utc_now
from bot.public_media import public_media_blueprint
from bot.webhook import Door, create_webhook
from console.app import create_console, mount
from console.desk import FileShelf, SecretBox
from data import second_factors, survey_codes
from data.sealed_files import open_sealed
from domain.errors import NotStored
from handlers import dossiers, surveys, tip_status
from handlers.replies import officer_says

_PROOF = re.compile(r"[A-Za-z0-9_-]{1,128}")
PROOFS = Path("var")
"""Where an administrator puts the proof file, as it was downloaded."""


def create_app(house: House) -> Flask:
    """Join everything that answers over HTTP. The loops are not started here (House.start)."""
    app = Flask("cau-noi", static_folder=None, template_folder=None)
    settings = house.settings
    app.register_blueprint(
        create_webhook(
            Door(
                app_id=settings.zalo_app_id,
                oa_secret_key=settings.zalo_oa_secret_key.get_secret_value(),
                sealer=house.sealer,
                pepper=house.pepper,
                intake=house.intake,
                wake=house.wake,
                metrics=house.metrics,
                oas=lambda: house.shelf.at_hand().oas,
            )
        )
    )
    app.register_blueprint(health_blueprint(house.database, house.store, house.metrics))
    app.register_blueprint(public_media_blueprint(house.database, house.store.open))
    console = create_console(
        database=house.database,
        secret_key=settings.secret_key.get_secret_value(),
        secure=settings.public_url.startswith("https:"),
        public_url=settings.public_url,
        open_media=lambda key, bound: open_sealed(house.store, key, sealer=house.sealer, bound=bound),
        files=FileShelf(
            keep=lambda content: house.store.save([content], limit=len(content)), open=house.store.open
        ),
        compose_answer=lambda unit, code, text: [officer_says(unit, code, text)],
        wake=house.wake,
        clock=utc_now,
        shelf=house.shelf.catalogue,
        compose_end=lambda unit, code, text, status: [tip_status.ended(unit, code, text, how=status)],
        compose_merged=lambda code: [tip_status.merged(code)],
        compose_case=lambda unit, code, text: [surveys.case_answered(unit, code, text)],
        unseal_identity=lambda sealed: house.sealer.open(sealed, purpose="identity"),
        compose_dossier=dossiers.moved,
        dossier_key=house.dossier_key,
        seal_secret=house.sealer,
        private_hosts=settings.webhook_private_hosts,
        survey_code=_survey_code(house),
        secrets=SecretBox(
            seal=lambda plain: house.sealer.seal(plain, purpose=second_factors.PURPOSE),
            open=lambda sealed: house.sealer.open(sealed, purpose=second_factors.PURPOSE),
        ),
    )
    # From the proxy the console takes only who asks: it counts wrong log-ins by network address.
    console.wsgi_app = ProxyFix(console.wsgi_app, x_for=1)  # type: ignore[method-assign]  # Flask's own way

    @app.get("/zalo_verifier<code>.html")
    def proof_of_domain(code: str) -> Response:
        """The file that Zalo's console gives to prove the domain (docs/zalo.md, "Domain"), put into PROOFS.

        Only a file that lies there is given out: whoever could have any code confirmed could prove our domain
        for an app of their own.
        """
        if not _PROOF.fullmatch(code):
            abort(404)
        try:
            page = (PROOFS / f"zalo_verifier{code}.html").read_bytes()
        except OSError:
            abort(404)
        return Response(page, mimetype="text/html")

    public_pages.mount(app, _public(house))  # what has no address above
    mount_api(
        app,
        create_api(
            database=house.database,
            clock=utc_now,
            key=house.dossier_key,
            compose=dossiers.moved,
            wake=house.wake,
            procedures=lambda: house.shelf.current().procedures,
            scores_of=frozen_scores,
        ),
    )
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]  # Flask's own way
    mount(app, console)
    return app


def _public(house: House) -> Flask:
    """The residents' pages; they know what the bot knows."""
    settings = house.settings
    return public_pages.create_public(
        database=house.database,
        clock=utc_now,
        knowledge=house.shelf.known,
        secret_key=settings.secret_key.get_secret_value(),
        secure=settings.public_url.startswith("https:"),
        public_url=settings.public_url,
        survey_code=_survey_code(house),
    )


def _survey_code(house: House) -> Callable[[str], str | None]:
    """Unit id → the code that is printed on its boards, made when it is first asked for."""

    def code(unit_id: str) -> str | None:
        with house.database.reading() as session:
            if known := survey_codes.code_of(session, unit_id):
                return known
        try:
            with house.database.transaction() as session:
                return survey_codes.of_unit(session, unit_id, now=utc_now())
        except NotStored:
            return None  # the page is shown without it

    return code
