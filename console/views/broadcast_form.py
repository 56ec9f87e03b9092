"""Writing a broadcast: the form, new and again."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.access import allowed, officer
from console.desk import database, now, today
from console.filters import local_input
from console.forms import number
from console.uploads import takes_files
from console.views.broadcast_fields import (
    HOURS_MAX,
    KINDS,
    RHYTHMS,
    audience_of,
    blank,
    content_of,
    filled,
    of_row,
    typed_in,
    with_files,
)
from data import audiences, broadcast_moves, broadcasts, tips
from data.broadcast_kinds import kinds
from data.broadcasts import TEXT_MAX, TITLE_MAX, Content
from data.tables import Broadcast, GroupRow, UnitRow
from data.ward_shapes import drawing
from domain.broadcasts import in_quiet_hours
from domain.errors import MoveRefused
from domain.posts import PICTURES_MAX
from domain.repeats import WEEKDAYS
from domain.roles import Act

pages = Blueprint("broadcast_form", __name__)


@dataclass(frozen=True)
class Choice:
    """A line of the audience picker; `groups` says how many groups it brings."""

    value: str
    name: str
    groups: int


@pages.get("/tuyen-truyen/moi")
@allowed(Act.WRITE_BROADCASTS)
def new() -> ResponseReturnValue:
    return _form(None, blank())


@pages.post("/tuyen-truyen/moi")
@allowed(Act.WRITE_BROADCASTS)
@takes_files
def create() -> ResponseReturnValue:
    return _save(None)


@pages.get("/tuyen-truyen/<int:broadcast_id>/sua")
@allowed(Act.WRITE_BROADCASTS)
def change(broadcast_id: int) -> ResponseReturnValue:
    with database().reading() as reading:
        row = broadcasts.get(reading, broadcast_id)
    if row is None:
        abort(404)
    return _form(broadcast_id, of_row(row))


@pages.post("/tuyen-truyen/<int:broadcast_id>/sua")
@allowed(Act.WRITE_BROADCASTS)
@takes_files
def save(broadcast_id: int) -> ResponseReturnValue:
    return _save(broadcast_id)


def _save(broadcast_id: int | None) -> ResponseReturnValue:
    values = typed_in()
    try:
        with_files(values)
        if request.form.get("then") == "fill":
            return _form(broadcast_id, values | {"text": filled(values)})
        content = content_of(values)
        if (
            content.starts_at
            and in_quiet_hours(content.starts_at)
            and not (content.urgent or values["quiet_ok"])
        ):
            return _form(broadcast_id, values, quiet=True, code=422)
        with database().transaction() as writing:
            row = _keep(writing, broadcast_id, content)
            if request.form.get("then") == "propose":
                broadcast_moves.propose(writing, row, version=row.version, officer_id=officer().id, now=now())
            saved = row.id
    except MoveRefused as refused:
        return _form(broadcast_id, values, fault=str(refused), code=409)
    except ValueError as refused:
        return _form(broadcast_id, values, fault=str(refused), code=422)
    proposed = request.form.get("then") == "propose"
    flash(_("Đã lưu và trình duyệt.") if proposed else _("Đã lưu bản nháp."), "good")
    return redirect(url_for("broadcasts.show", broadcast_id=saved))


def _keep(writing: Session, broadcast_id: int | None, content: Content) -> Broadcast:
    me = officer().id
    if broadcast_id is None:
        return broadcasts.create(writing, content, author_id=me, now=now())
    row = writing.get(Broadcast, broadcast_id, with_for_update=True)
    if row is None:
        abort(404)
    if row.follows_id and row.follows_kind:  # whom it follows is settled when it is begun
        followed = (row.follows_id, row.follows_kind)
        content = replace(content, follows=followed, audience={"follows": row.follows_id})
    broadcasts.edit(writing, row, content, version=number("version"), officer_id=me, now=now())
    return row


def _form(
    broadcast_id: int | None,
    values: Mapping[str, Any],
    *,
    fault: str | None = None,
    quiet: bool = False,
    code: int = 200,
) -> ResponseReturnValue:
    with database().reading() as reading:
        choices = audiences.choosable(reading, on=_sending_day(values))
        groups = [group for group, outside in choices if not outside]
        lists = audiences.lists(reading)
        follows = broadcasts.get(reading, values["follows"][0]) if values["follows"] else None
        followed_groups = (
            audiences.groups_of(reading, audience_of(values), on=today()) if values["follows"] else []
        )
        unit_names = dict(tips.units_of_today(reading))
        named = (
            select(UnitRow.district_code, UnitRow.district)
            .where(UnitRow.district_code.is_not(None))
            .distinct()
        )
        districts = {row.district_code: row.district for row in reading.execute(named)}
    return render_template(
        "pages/broadcast_form.html",
        broadcast_id=broadcast_id,
        values=values,
        fault=fault,
        quiet=quiet,
        kinds=KINDS,
        all_kinds=kinds(),
        lists=lists,
        follows=follows,
        followed_groups=followed_groups,
        drawing=drawing(),
        pictures_max=PICTURES_MAX,
        hours_max=HOURS_MAX,
        rhythms=RHYTHMS,
        weekdays=WEEKDAYS,
        groups=groups,
        choices=choices,
        unit_names=unit_names,
        by_district=_choices(groups, "district_2022_code", districts),
        by_unit=_choices(groups, "unit_id", unit_names),
        title_max=TITLE_MAX,
        text_max=TEXT_MAX,
        soonest=local_input(now()),
    ), code


def _sending_day(values: Mapping[str, Any]) -> date:
    """The day the groups are shown for: the one typed in, else today. What is saved is counted for its true day."""
    if values["rhythm"] not in {"now", "words"}:
        with suppress(ValueError):
            return max(date.fromisoformat(values["starts"][:10]), today())
    return today()


def _choices(groups: list[GroupRow], attribute: str, names: Mapping[Any, Any]) -> list[Choice]:
    counts: dict[str, int] = {}
    for group in groups:
        value = getattr(group, attribute)
        if value:
            counts[value] = counts.get(value, 0) + 1
    return sorted(
        (Choice(value, str(names.get(value) or value), count) for value, count in counts.items()),
        key=lambda choice: choice.name,
    )
