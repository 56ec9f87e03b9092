"""Who may open what: role × act × unit.

`@allowed(Act.…)` stands right under the route of every page. What belongs to a unit is then looked up with the
officer's own reach (`officer().unit_ids`): a tip of another unit is "not found", the same as none at all.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, cast

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from console import as_role, freshness
from console.accounts import OnDuty
from domain.errors import NotAllowed
from domain.roles import Act

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]


class SessionOver(Exception):
    """Nobody is logged in (any more), and this request cannot be sent to the log-in page."""


def allowed(*acts: Act, fresh: bool = False) -> Callable[[View[P]], View[P]]:
    """The page is for officers who may do any of `acts`; without acts, for everybody who is logged in.

    fresh  a dangerous act (domain.roles.DANGEROUS) or an export: the second factor is asked for again when it was
           given a while ago; the form is not lost (console.freshness)
    """

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return _ask_to_log_in()
            if acts and not any(officer().may(act) for act in acts):
                raise NotAllowed(request.endpoint or "")
            if as_role.only_told(frozenset(acts), request):
                return render_template("pages/told.html")
            if fresh and (question := freshness.ask_first(officer())) is not None:
                return question
            return view(*args, **kwargs)

        guarded.asks_again = fresh  # type: ignore[attr-defined]  # read by the test of the rights matrix
        guarded.allowed_acts = frozenset(acts)  # type: ignore[attr-defined]  # read by the test of the rights matrix
        return guarded

    return guard


def open_to_all(view: View[P]) -> View[P]:
    """The page needs no log-in; said out loud, so that the test of the rights matrix can tell."""
    view.open_to_all = True  # type: ignore[attr-defined]  # read by the test of the rights matrix
    return view


def officer() -> OnDuty:
    """The officer behind this request; only behind `allowed`."""
    return cast("OnDuty", current_user._get_current_object())


def may(act: Act) -> bool:
    return officer().may(act)


def _ask_to_log_in() -> ResponseReturnValue:
    if request.method != "GET" or "HX-Request" in request.headers:
        raise SessionOver
    was_in = "_user_id" in session
    session.pop("_user_id", None)
    return redirect(
        url_for("security.login", next=request.full_path.rstrip("?"), het_phien=1 if was_in else None)
    )
