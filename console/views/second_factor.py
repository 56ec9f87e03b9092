"""The second step of the log-in, and the same question for pages that ask it again."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from console import door, freshness, passkeys
from console.access import allowed, officer, open_to_all
from console.door import AtTheDoor
from console.proving import prove

pages = Blueprint("second_factor", __name__)


@pages.get("/buoc-hai")
@open_to_all
def ask() -> ResponseReturnValue:
    who = door.at_the_door()
    if who is None or not who.factors.any:
        return _elsewhere(who)
    return _page(who)


@pages.post("/buoc-hai")
@open_to_all
def answer() -> ResponseReturnValue:
    who = door.at_the_door()
    if who is None or not who.factors.any:
        return _elsewhere(who)
    proof = prove(who.me)
    if not proof.how:
        return _page(who, fault=proof.fault, code=422)
    return door.come_in(who, proved_by=proof.how)


@pages.post("/xac-nhan")
@allowed()
def confirm() -> ResponseReturnValue:
    """Asked again before a page that is opened (not posted): on to that page."""
    then = door.inside(request.form.get("then", "")) or url_for("home.show")
    if not freshness.is_fresh(officer()):
        proof = prove(officer())
        if not proof.how:
            return freshness.question(officer(), fault=proof.fault, then=then)
        freshness.note_proof(officer())
    return redirect(then)


def _elsewhere(who: AtTheDoor | None) -> ResponseReturnValue:
    """Nobody at the door: to the log-in, or home for whom the door was opened already."""
    if who is not None:
        return redirect(url_for("factor_setup.show"))
    known = current_user.is_authenticated
    return redirect(url_for("home.show") if known else url_for("security.login", het_phien=1))


def _page(who: AtTheDoor, *, fault: str = "", code: int = 200) -> ResponseReturnValue:
    return render_template(
        "pages/second_factor.html",
        fault=fault,
        factors=who.factors,
        name=who.me.name,
        passkey=passkeys.to_prove(who.factors) if who.factors.passkeys and passkeys.possible() else "",
    ), code
