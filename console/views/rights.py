"""Who may do and see what, as one table: the same one the console decides by."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from console.access import allowed
from domain.rights import FIELD_LABELS, REACH_LABELS, SEES, Field, Reach
from domain.roles import ACT_LABELS, DANGEROUS, MAY, ROLE_LABELS, Act, Role, needs_second_factor

pages = Blueprint("rights", __name__)


@pages.get("/phan-quyen")
@allowed()
def show() -> ResponseReturnValue:
    """For everybody: whoever works here may know who reads what."""
    return render_template(
        "pages/rights.html",
        roles=ROLE_LABELS,
        acts=[(ACT_LABELS[act], act in DANGEROUS, [act in MAY[role] for role in Role]) for act in Act],
        fields=[
            (FIELD_LABELS[field], [_reach(SEES[role].get(field, Reach.NONE)) for role in Role])
            for field in Field
        ],
        factor=[needs_second_factor([role]) for role in Role],
    )


def _reach(reach: Reach) -> tuple[str, bool]:
    return REACH_LABELS[reach], reach is not Reach.NONE
