"""`/thu-tuc/<id>`, `/linh-vuc/<field>`: what holds today, from the record; what no source gives is said to be unknown."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from domain.bygone import since_in_words
from domain.card_parts import AUDIENCES, is_form
from domain.cards import PORTAL, plain
from domain.families import LEVELS, core_name, wish_of
from domain.notes import for_residents
from domain.procedures import FIELDS, Procedure
from domain.upkeep import is_link
from public.chat import chat_now
from public.desk import known
from public.finding import entry_of, successors
from public.listing import field_of, lines, slug, tiles

pages = Blueprint("procedures", __name__)
MOVED_FOR_S = 3600
"""A browser may remember for an hour that a procedure moved: an officer can take a change back."""


@pages.get("/thu-tuc")
def everything() -> ResponseReturnValue:
    return render_template("pages/fields.html", tiles=tiles(known()))


@pages.get("/linh-vuc/<field>")
def of_field(field: str) -> ResponseReturnValue:
    """The wishes of a field; `noi=commune` leaves those handled there."""
    key = field_of(field)
    if key is None:
        abort(404)
    level = request.args.get("noi", "")
    level = level if level in LEVELS else ""
    listed = lines(known(), key, level)
    return render_template(
        "pages/field.html",
        label=FIELDS[key],
        field=slug(key),
        often=[one for one in listed if one.often],
        rare=[one for one in listed if not one.often],
        levels=LEVELS,
        level=level,
        chat=chat_now(),
    )


@pages.get("/thu-tuc/<wanted>")
def show(wanted: str) -> ResponseReturnValue:
    procedure = known().catalogue.procedures.get(wanted)
    if procedure is None:
        abort(404)
    if not procedure.is_current:
        return _gone(procedure)
    return _current(procedure)


def _current(procedure: Procedure) -> ResponseReturnValue:
    wish = wish_of(procedure, known().families.get(procedure.family, ()))
    before = known().catalogue.procedures.get(request.args.get("thay", ""))
    replaced = before if before and procedure in successors(known(), before) else None
    return render_template(
        "pages/procedure.html",
        one=procedure,
        name=core_name(procedure.name),
        facts=_facts(procedure),
        forms=[paper for paper in procedure.dossier or () if is_form(paper)],
        note=for_residents(procedure.note),
        levels=[LEVELS[level] for level in LEVELS if level in procedure.levels_2025],
        audience=AUDIENCES.get(procedure.audience, ""),
        link=procedure.url if procedure.url and is_link(procedure.url) else wish.link or PORTAL,
        others=[(wish.label(way), way) for way in wish.ways if way.id != procedure.id],
        cases=[entry_of(known(), case.id) for case in wish.cases if case.id != procedure.id],
        field=(FIELDS[procedure.field], slug(procedure.field)),
        replaced=replaced,
        since=since_in_words(replaced) if replaced else "",
        chat=chat_now(),
        words=core_name(procedure.name),
    )


def _facts(one: Procedure) -> list[tuple[str, list[str]]]:
    """Fee, time and place, each in parts; an empty list where no source gave it."""
    told = (("fee", one.fee), ("time", one.time_limit), ("where", one.where))
    return [
        (key, [part[:1].upper() + part[1:] for part in plain(text or "").split("; ") if part])
        for key, text in told
    ]


def _gone(procedure: Procedure) -> ResponseReturnValue:
    """One successor: straight there, with a line that says what it replaces. Else what became of it, in words."""
    today = successors(known(), procedure)
    if len(today) == 1 and procedure.replaced_by:
        moved = redirect(f"/thu-tuc/{today[0].id}?thay={procedure.id}", 301)
        moved.headers["Cache-Control"] = f"public, max-age={MOVED_FOR_S}"
        return moved
    return render_template(
        "pages/gone.html",
        one=procedure,
        since=since_in_words(procedure),
        today=[entry_of(known(), one.id) for one in today],
        field=(FIELDS[procedure.field], slug(procedure.field)),
        chat=chat_now(),
    )
