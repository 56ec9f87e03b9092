"""Units of the police that are in force today."""

from __future__ import annotations

from typing import Any

from flask import abort
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel, Field

from api.desk import desk, today
from api.forms import Day, NamedPage, Strict, UnitId
from api.gate import SECURITY, needs
from api.problems import USUAL, documented
from data import api_queries
from data.tables import UnitRow
from domain.api_scopes import Scope

pages = APIBlueprint(
    "units",
    __name__,
    url_prefix="/api/v1",
    abp_tags=[Tag(name="units")],
    abp_security=SECURITY,
    abp_responses=documented(*USUAL),
)


class UnitOut(BaseModel):
    id: str
    code: str = Field(description="Administrative code; with `valid_from` it is the id")
    name: str
    level: str
    valid_from: Day
    latitude: float | None
    longitude: float | None
    phone: str | None


class UnitsOut(BaseModel):
    items: list[UnitOut]
    next: str | None = Field(description="Cursor of the next page; null on the last one")


class UnitPath(Strict):
    unit_id: UnitId


@pages.get("/units", responses={200: UnitsOut})
@needs(Scope.UNITS_READ)
def units(query: NamedPage) -> dict[str, Any]:
    """Units in force today, by id."""
    with desk().database.reading() as reading:
        found = api_queries.units(reading, today(), after=query.cursor, limit=query.limit + 1)
    page = found[: query.limit]
    more = page[-1].id if len(found) > len(page) else None
    return UnitsOut(items=[_out(one) for one in page], next=more).model_dump(mode="json")


@pages.get("/units/<unit_id>", responses={200: UnitOut})
@needs(Scope.UNITS_READ)
def unit(path: UnitPath) -> dict[str, Any]:
    """One unit."""
    with desk().database.reading() as reading:
        found = api_queries.units(reading, today(), only=path.unit_id, limit=1)
    if not found:
        abort(404)
    return _out(found[0]).model_dump(mode="json")


def _out(row: UnitRow) -> UnitOut:
    return UnitOut(
        id=row.id,
        code=row.code,
        name=row.name,
        level=row.level,
        valid_from=row.valid_from,
        latitude=row.latitude,
        longitude=row.longitude,
        phone=row.phone,
    )
