"""Before a dangerous act the second factor is asked for again, unless it was given a short while ago.

The page that asks carries the whole form along, hidden, and posts it back to the same address: nothing typed is lost,
and the act goes on by itself. Files cannot be carried; forms with files are asked when they are opened.
"""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console import passkeys
from console.accounts import OnDuty
from console.desk import database, now
from console.proving import FIELDS, is_tried, prove
from data import officer_sessions, officers, second_factors

FRESH_FOR = timedelta(minutes=10)
STATUS = 401
"""What the page that asks is answered with; it is no failure of the act, which has not been tried."""


def is_fresh(me: OnDuty) -> bool:
    return me.proved_at is not None and now() - me.proved_at < FRESH_FOR


def ask_first(me: OnDuty) -> ResponseReturnValue | None:
    """None: go on. Else the page (or the way to it) that asks for the second factor first."""
    if is_fresh(me):
        return None
    fault = ""
    if is_tried():
        proof = prove(me)
        if proof.how:
            note_proof(me)
            return None
        fault = proof.fault
    return question(me, fault=fault)


def note_proof(me: OnDuty) -> None:
    with database().transaction() as writing:
        officer_sessions.proved(writing, me.session_id, now=now())
        officers.forget_failures(writing, me.id)
    me.proved_at = now()


def question(me: OnDuty, *, fault: str = "", then: str = "") -> ResponseReturnValue:
    """Ask; `then` is the page to open afterwards when this is not a form on its way."""
    with database().reading() as reading:
        factors = second_factors.factors_of(reading, me.id)
    if not factors.any:
        flash(_("Việc này cần xác nhận hai bước. Mời đồng chí thiết lập trước."), "warn")
        return redirect(url_for("factor_setup.show"))
    posted = request.method == "POST" and not then
    carried = [
        (name, value)
        for name, values in request.form.lists()
        if name not in FIELDS and name != "csrf_token"
        for value in values
    ]
    return render_template(
        "pages/confirm.html",
        fault=fault,
        factors=factors,
        action=request.full_path.rstrip("?") if posted else url_for("second_factor.confirm"),
        carried=carried if posted else [("then", then or request.full_path.rstrip("?"))],
        minutes=int(FRESH_FOR.total_seconds()) // 60,
        passkey=passkeys.to_prove(factors) if factors.passkeys and passkeys.possible() else "",
    ), STATUS
