"""`/`: ask in everyday words, or pick a field; `/tim` answers. What is asked travels in the body of a POST only,
so that it stands in no address, history or log.
"""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from data import notices
from public.chat import chat_now
from public.desk import database, known, now
from public.finding import Kind, find
from public.listing import tiles

pages = Blueprint("front", __name__)
URGENT_SHOWN = 3


@pages.get("/")
def show() -> ResponseReturnValue:
    with database().reading() as session:
        told = notices.valid(session, now=now(), limit=URGENT_SHOWN)
    return render_template("pages/front.html", tiles=tiles(known()), notices=told, chat=chat_now())


@pages.post("/tim")
def search() -> ResponseReturnValue:
    """The whole page, or (asked by our script) only what was found."""
    question = request.form.get("q", "")
    found = find(known(), question)
    part = "X-Part" in request.headers
    page = render_template(
        "components/found.html" if part else "pages/found.html",
        found=found,
        Kind=Kind,
        question=question.strip(),
        chat=chat_now(),
        tiles=tiles(known()),
    )
    return page, 422 if found.kind is Kind.EMPTY and not part else 200


@pages.get("/tim")
def search_again() -> ResponseReturnValue:
    """Whoever comes back to the address of an answer gets the empty form."""
    return render_template(
        "pages/found.html", found=None, Kind=Kind, question="", chat=chat_now(), tiles=tiles(known())
    )
