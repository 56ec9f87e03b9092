"""`/tin-bao`: how far a tip is, for whoever has its code. Progress only, never content or media.

The code travels in the body of a POST: it stands in no address, log or history.
"""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from data import intake, retention
from data.session import Database
from domain.tips import DELETED_FOR_CITIZEN, FOR_CITIZEN, read_code
from public.desk import database
from public.guesses import Guesses
from public.headers import never_kept

pages = Blueprint("tip_status", __name__)
TYPED_MAX = 60


def _begin(app: Flask) -> None:
    app.extensions["tip_guesses"] = Guesses(app.extensions["desk"].clock)


BEGIN = (_begin,)


@pages.get("/tin-bao")
def ask() -> ResponseReturnValue:
    return never_kept(render_template("pages/tip_status.html"))


@pages.post("/tin-bao")
def tell() -> ResponseReturnValue:
    guesses = cast("Guesses", current_app.extensions["tip_guesses"])
    address = request.remote_addr or ""
    if guesses.too_many(address):
        return _fault(_("Bạn thử sai nhiều lần. Xin đợi ít phút rồi thử lại."), 429)
    typed = read_code(request.form.get("code", "")[:TYPED_MAX])
    told = None if typed is None else _progress(database(), typed)
    if told is None:
        guesses.wrong(address)
        return _fault(_("Không có tin báo nào mang mã này. Xin kiểm tra lại từng ký tự."), 404)
    return render_template("pages/tip_status.html", tip_code=typed, told=told)


def _fault(words: str, code: int) -> ResponseReturnValue:
    return render_template("pages/tip_status.html", fault=words), code


def _progress(kept: Database, code: str) -> str | None:
    with kept.reading() as session:
        status = intake.tip_status(session, code)
        if status is not None:
            return FOR_CITIZEN[status]
        return DELETED_FOR_CITIZEN if retention.was_deleted(session, code) else None
