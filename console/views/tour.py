"""The tour as one page to read or print; each step leads to its place."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from console.access import allowed
from console.tour import address_of, own_steps

pages = Blueprint("tour", __name__)


@pages.get("/huong-dan")
@allowed()
def guide() -> ResponseReturnValue:
    steps = own_steps()
    places = [address_of(steps, number) for number in range(1, len(steps) + 1)]
    return render_template("pages/tour.html", steps=list(zip(steps, places, strict=True)))
