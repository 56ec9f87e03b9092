"""Groups no API reaches: the duty officer posts the text by hand and says so; only then it counts as sent."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from console.access import allowed, officer
from console.desk import database, now
from console.uploads import takes_files
from console.views.broadcast_files import take_in
from data import broadcasts, settling, tips
from data.tables import Delivery
from domain.errors import MoveRefused
from domain.roles import Act

pages = Blueprint("assisted", __name__)


@pages.get("/dang-nhom")
@allowed(Act.POST_ASSISTED)
def listing() -> ResponseReturnValue:
    return _page()


@pages.post("/dang-nhom/<int:broadcast_id>/<int:delivery_id>")
@allowed(Act.POST_ASSISTED)
@takes_files
def posted(broadcast_id: int, delivery_id: int) -> ResponseReturnValue:
    try:
        shots = take_in(request.files.getlist("screenshot")[:1])
        with database().transaction() as writing:
            if delivery_id not in {row.id for row, _ in waiting(writing)}:
                in_reach = writing.get(Delivery, delivery_id)
                if in_reach is None or in_reach.broadcast_id != broadcast_id:
                    abort(404)
                raise MoveRefused("Lượt đăng này đã xong, đã hết hạn hoặc thuộc đơn vị khác.")
            settling.assisted_done(
                writing,
                delivery_id,
                broadcast_id=broadcast_id,
                officer_id=officer().id,
                now=now(),
                proof_key=shots[0].key if shots else None,
            )
    except MoveRefused as refused:
        return _page(fault=str(refused), code=409)
    except ValueError as refused:
        return _page(fault=str(refused), code=422)
    flash(_("Đã ghi nhận tin được đăng vào nhóm."), "good")
    return redirect(url_for("assisted.listing"))


def waiting(session: Session) -> list[tuple[Delivery, str]]:
    """What waits for the hand of this officer's unit; an officer of the province sees every unit's."""
    mine = None if officer().unit_id is None else officer().unit_ids
    units = [unit_id for unit_id, _ in tips.units_of_today(session)] if mine is None else list(mine)
    return settling.assisted_waiting(session, units, now=now())


def _page(*, fault: str | None = None, code: int = 200) -> ResponseReturnValue:
    with database().reading() as reading:
        lines = waiting(reading)
        by_text: dict[tuple[int, str], list[tuple[Delivery, str]]] = {}
        for row, name in lines:
            by_text.setdefault((row.broadcast_id, row.text), []).append((row, name))
        rows = {one: broadcasts.get(reading, one) for one, _ in by_text}
    return render_template(
        "pages/assisted.html",
        by_text=by_text,
        titles={one: row.title if row else "" for one, row in rows.items()},
        media={one: broadcasts.media_of(row) if row else () for one, row in rows.items()},
        fault=fault,
    ), code
