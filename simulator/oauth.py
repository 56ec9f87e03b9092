"""The OAuth host: refresh tokens work once; its errors come in an HTTP 200 without `message`."""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from simulator.errors import OAuthError
from simulator.gate import Broken
from simulator.world import Oa, World

CODE_LASTS = timedelta(minutes=10)


def create_oauth(world: World) -> Blueprint:
    blueprint = Blueprint("oauth", __name__)
    codes: dict[str, tuple[str, Any]] = {}

    @blueprint.before_request
    def misbehave() -> None:
        if world.chaos.delay_ms:
            time.sleep(world.chaos.delay_ms / 1000)
        if world.chaos.down:
            raise Broken

    @blueprint.get("/v4/oa/permission")
    def permission() -> AnyResponse:
        """Agrees at once for the OA that is asked for, or the first."""
        back = request.args.get("redirect_uri", "")
        oa_id = request.args.get("oa_id") or next(iter(world.oas), "")
        if request.args.get("app_id") != world.app.app_id or not back.startswith(("http://", "https://")):
            return _refusal(OAuthError(-14003, "Invalid redirect uri."))
        code = secrets.token_urlsafe(24)
        codes[code] = (oa_id, world.clock.now() + CODE_LASTS)
        query = {"code": code, "oa_id": oa_id}
        if state := request.args.get("state"):
            query["state"] = state
        return redirect(f"{back}?{urlencode(query)}")

    @blueprint.post("/v4/oa/access_token")
    def access_token() -> Response:
        try:
            if request.form.get("app_id") != world.app.app_id:
                raise OAuthError(-14002, "Invalid app id.")
            if request.headers.get("secret_key") != world.app.app_secret:
                raise OAuthError(-14004, "Invalid secret key.")
            match request.form.get("grant_type"):
                case "refresh_token":
                    oa = _by_refresh_token(world, request.form.get("refresh_token", ""))
                case "authorization_code":
                    oa_id, until = codes.pop(request.form.get("code", ""), ("", None))
                    if not oa_id or until < world.clock.now():
                        raise OAuthError(-14005, "Invalid authorization code.")
                    oa = world.oas[oa_id]
                case _:
                    raise OAuthError(-14018, "Invalid grant type.")
        except OAuthError as error:
            return _refusal(error)
        access, refresh = world.new_pair(oa)
        return jsonify({"access_token": access, "refresh_token": refresh, "expires_in": "90000"})

    return blueprint


def _by_refresh_token(world: World, token: str) -> Oa:
    with world.lock:
        for oa in world.oas.values():
            until = oa.refresh_tokens.pop(token, None)
            if until is not None:
                if until < world.clock.now():
                    raise OAuthError(-14020, "Refresh token expired.")
                return oa
    raise OAuthError(-14014, "Invalid refresh token.")


def _refusal(error: OAuthError) -> Response:
    return jsonify(
        {
            "error": error.code,
            "error_name": error.name,
            "error_reason": "",
            "error_description": error.name,
            "ref_doc": "",
        }
    )
