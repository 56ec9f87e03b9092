"""Procedures of today, as residents are told of them."""

from __future__ import annotations

from typing import Any

from flask import abort
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel, Field

from api.desk import desk
from api.forms import NamedPage, Strict
from api.gate import SECURITY, needs
from api.problems import USUAL, documented
from domain.api_scopes import Scope
from domain.procedures import FIELDS, Procedure

pages = APIBlueprint(
    "procedures",
    __name__,
    url_prefix="/api/v1",
    abp_tags=[Tag(name="procedures")],
    abp_security=SECURITY,
    abp_responses=documented(*USUAL),
)


class ProcedureOut(BaseModel):
    id: str
    code: str | None
    name: str
    field: str
    field_label: str
    audience: str
    papers: list[str] | None
    steps: list[str] | None
    time_limit: str | None
    fee: str | None
    where: str | None
    online: bool | None
    checked: str | None = Field(description="When the facts were last checked against their source")


class ProceduresOut(BaseModel):
    items: list[ProcedureOut]
    next: str | None = Field(description="Cursor of the next page; null on the last one")


class ProceduresQuery(NamedPage):
    field: str = Field("", max_length=40, pattern="^[a-z_]*$", description="Key of a field, as in `field`")


class ProcedurePath(Strict):
    wanted: str = Field(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9._-]+$")


@pages.get("/procedures", responses={200: ProceduresOut})
@needs(Scope.PROCEDURES_READ)
def procedures(query: ProceduresQuery) -> dict[str, Any]:
    """Procedures in force, by id."""
    found = [
        one
        for one in sorted(desk().procedures().values(), key=lambda one: one.id)
        if one.is_current and one.id > query.cursor and query.field in {"", one.field}
    ]
    page = found[: query.limit]
    more = page[-1].id if len(found) > len(page) else None
    return ProceduresOut(items=[_out(one) for one in page], next=more).model_dump(mode="json")


@pages.get("/procedures/<wanted>", responses={200: ProcedureOut})
@needs(Scope.PROCEDURES_READ)
def procedure(path: ProcedurePath) -> dict[str, Any]:
    """One procedure, also one that is no longer in force."""
    found = desk().procedures().get(path.wanted)
    if found is None:
        abort(404)
    return _out(found).model_dump(mode="json")


def _out(one: Procedure) -> ProcedureOut:
    return ProcedureOut(
        id=one.id,
        code=one.code,
        name=one.name,
        field=one.field,
        field_label=FIELDS.get(one.field, one.field),
        audience=one.audience,
        papers=None if one.dossier is None else list(one.dossier),
        steps=None if one.steps is None else list(one.steps),
        time_limit=one.time_limit,
        fee=one.fee,
        where=one.where,
        online=one.online,
        checked=one.checked,
    )
