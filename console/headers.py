"""What every answer of the console says to the browser."""

from __future__ import annotations

from flask import Flask, Response, request

PAGE_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""No inline script or style; Bootstrap draws its arrows and ticks as data: pictures."""


def install(app: Flask, *, secure: bool) -> None:
    @app.after_request
    def add(response: Response) -> Response:
        given = response.headers
        given.setdefault("Content-Security-Policy", PAGE_POLICY)
        given.setdefault("Cache-Control", "private, no-store")
        given["X-Content-Type-Options"] = "nosniff"
        given["Referrer-Policy"] = "same-origin"
        given["X-Frame-Options"] = "DENY"
        given["Cross-Origin-Opener-Policy"] = "same-origin"
        given["Cross-Origin-Resource-Policy"] = "same-origin"
        given["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        given["X-Robots-Tag"] = "noindex"
        if secure:
            given["Strict-Transport-Security"] = "max-age=31536000"
        if "HX-Request" in request.headers:
            response.vary.add("HX-Request")
        return response
