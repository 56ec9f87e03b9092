"""Forms that bring files may be larger than the others; everything else keeps the small limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, request

FILES_MAX_BYTES = 60 << 20


def takes_files(view: Callable[..., Any]) -> Callable[..., Any]:
    """Said above a view whose form brings files."""
    view.takes_files = True  # type: ignore[attr-defined]  # read before each request, below
    return view


def install(app: Flask) -> None:
    @app.before_request
    def larger_for_files() -> None:
        view = app.view_functions.get(request.endpoint or "")
        if getattr(view, "takes_files", False):
            request.max_content_length = FILES_MAX_BYTES
