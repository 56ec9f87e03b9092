"""`/gioi-han-tep`: what may come with a tip, from the same table the program keeps."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from domain.media import in_words

pages = Blueprint("limits", __name__)
ADDRESS = "/gioi-han-tep"


@pages.get(ADDRESS)
def show() -> ResponseReturnValue:
    return render_template("pages/limits.html", lines=in_words())
