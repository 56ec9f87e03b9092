"""What every public answer says to the browser: no strangers, no cookies, no traces."""

from __future__ import annotations

from flask import Flask, Response, make_response, request

PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def never_kept(page: str) -> Response:
    """A page that no browser and no service worker may keep: it is about one person's matter."""
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def install(app: Flask, *, secure: bool) -> None:
    @app.after_request
    def add(response: Response) -> Response:
        given = response.headers
        given.setdefault("Content-Security-Policy", PAGE_POLICY)
        seen = request.method in {"GET", "HEAD"} and response.status_code == 200
        given.setdefault("Cache-Control", "no-cache" if seen else "no-store")
        given["X-Content-Type-Options"] = "nosniff"
        given["Referrer-Policy"] = "no-referrer"
        given["X-Frame-Options"] = "DENY"
        given["Cross-Origin-Opener-Policy"] = "same-origin"
        given["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if secure:
            given["Strict-Transport-Security"] = "max-age=31536000"
        return response
