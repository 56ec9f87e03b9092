"""The first page."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from public.desk import known

pages = Blueprint("front", __name__)


@pages.get("/")
def show() -> ResponseReturnValue:
    return render_template("pages/front.html", fields=known().fields)
