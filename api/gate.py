"""Who may come in: the token, its scope, its pace; and that a body is JSON, before anybody looks into it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request

from api.desk import desk, now
from api.problems import DETAILS, problem
from data import api_tokens
from data.api_tokens import TooFast
from domain.api_scopes import Scope

BODY_MAX_BYTES = 1 << 20
F = TypeVar("F", bound=Callable[..., Any])
SECURITY: list[dict[str, list[str]]] = [{"token": []}]


def needs(scope: Scope) -> Callable[[F], F]:
    """The address is for tokens with this scope; said right above the function."""

    def mark(view: F) -> F:
        view.scope = scope  # type: ignore[attr-defined]  # read before each request, below
        return view

    return mark


def install(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = BODY_MAX_BYTES

    @app.before_request
    def let_in() -> Response | None:
        scope = getattr(current_app.view_functions.get(request.endpoint or ""), "scope", None)
        if scope is None:
            return None  # the document, or no address of ours
        refused = _who(scope)
        return refused or (_body() if request.method in {"POST", "PUT", "PATCH"} else None)

    @app.after_request
    def headers(answer: Response) -> Response:
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer


def _who(scope: Scope) -> Response | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        return _not_known("Cần khóa truy cập: Authorization: Bearer …")
    with desk().database.transaction() as session:
        caller = api_tokens.admit(session, token.strip(), now=now())
    if caller is None:
        return _not_known("Khóa truy cập không đúng, đã hết hạn hoặc đã bị thu hồi.")
    if isinstance(caller, TooFast):
        wait = str(max(1, math.ceil(caller.wait.total_seconds())))
        return problem(429, f"Gọi quá nhanh; xin chờ {wait} giây.", headers={"Retry-After": wait})
    if scope not in caller.scopes:
        return problem(403, f"Khóa truy cập không có quyền {scope}.")
    g.caller = caller
    return None


def _not_known(detail: str) -> Response:
    return problem(401, detail, headers={"WWW-Authenticate": "Bearer"})


def _body() -> Response | None:
    """A JSON object, read once and kept; anything else is refused here, however deep or broken it is."""
    if request.mimetype != "application/json":
        return problem(415, DETAILS[415])
    try:
        body = request.get_json()
    except (ValueError, RecursionError):
        return problem(400, DETAILS[400])
    return None if isinstance(body, dict) else problem(422, "Nội dung phải là một đối tượng JSON.")
