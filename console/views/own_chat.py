"""The officer's own chat in Zalo: linked by a code, for tests of a broadcast and for what is to be posted."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.access import allowed, officer
from console.desk import database, now
from data import officer_chats

pages = Blueprint("own_chat", __name__)


@pages.get("/tai-khoan/zalo")
@allowed()
def show() -> ResponseReturnValue:
    return _page()


@pages.post("/tai-khoan/zalo")
@allowed()
def new_code() -> ResponseReturnValue:
    """The code is shown once, on this page."""
    with database().transaction() as writing:
        code = officer_chats.new_code(writing, officer().id, now=now())
    return _page(code)


@pages.post("/tai-khoan/zalo/bo")
@allowed()
def unlink() -> ResponseReturnValue:
    with database().transaction() as writing:
        officer_chats.unlink(writing, officer().id, now=now())
    flash(_("Đã bỏ liên kết Zalo."), "good")
    return redirect(url_for("own_chat.show"))


def _page(code: str | None = None) -> ResponseReturnValue:
    with database().reading() as reading:
        chat = officer_chats.chat_of(reading, officer().id)
    minutes = int(officer_chats.CODE_GOOD_FOR.total_seconds() // 60)
    return render_template("pages/own_chat.html", chat=chat, code=code, minutes=minutes)
