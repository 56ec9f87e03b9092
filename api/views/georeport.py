"""Tips as open figures in the form of GeoReport v2 (Open311): grouped, coarse, a day late.

Source of the form: wiki.open311.org/GeoReport_v2. What it has and we do not give: addresses, words, media, who.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from flask import Response, jsonify
from flask_openapi import APIBlueprint, Tag
from pydantic import AwareDatetime, BaseModel, Field, RootModel

from api.desk import caller, desk, now, today
from api.forms import Day, Number, Strict
from api.gate import SECURITY, needs
from api.problems import USUAL, documented, problem
from data import georeport, tip_rules
from domain.api_scopes import Scope
from domain.broadcasts import VIETNAM

pages = APIBlueprint(
    "georeport",
    __name__,
    url_prefix="/api/v1/georeport",
    abp_tags=[Tag(name="georeport")],
    abp_security=SECURITY,
    abp_responses=documented(*USUAL),
)


EARLIEST = date(2000, 1, 1)


class ServiceOut(BaseModel):
    service_code: str
    service_name: str
    description: str
    metadata: bool
    type: str
    keywords: str
    group: str


class ServicesOut(RootModel[list[ServiceOut]]):
    """Kinds of tips."""


class RequestOut(BaseModel):
    service_request_id: str
    status: str = Field(description="open or closed")
    service_code: str
    service_name: str
    agency_responsible: str
    requested_datetime: AwareDatetime = Field(description="The day, at midnight in Vietnam")
    updated_datetime: AwareDatetime = Field(description="The day, at midnight in Vietnam")
    address_id: str = Field(description="The unit, by its id")
    lat: float | None = Field(description="The middle of the commune")
    long: float | None


class RequestsOut(RootModel[list[RequestOut]]):
    """Tips that do not stand alone."""


class RequestsQuery(Strict):
    service_code: str = Field("", max_length=40, pattern="^[a-z_]*$")
    start_date: Day | None = Field(None, description="Default: 90 days before the end")
    end_date: Day | None = Field(
        None, description="The last day; default: yesterday. At most 90 days after the start"
    )
    page: Number = Field(1, ge=1, le=10_000)
    page_size: Number = Field(100, ge=1, le=500)


@pages.get("/services.json", responses={200: ServicesOut})
@needs(Scope.GEOREPORT_READ)
def services() -> Response:
    """Kinds of tips, as GeoReport calls services."""
    kinds = tip_rules.shipped().kinds.kinds.values()
    return jsonify(
        [
            ServiceOut(
                service_code=kind.key,
                service_name=kind.label,
                description=kind.label,
                metadata=False,
                type="batch",
                keywords="",
                group="an ninh, trật tự",
            ).model_dump()
            for kind in kinds
        ]
    )


@pages.get("/requests.json", responses={200: RequestsOut, **documented(409)})
@needs(Scope.GEOREPORT_READ)
def requests(query: RequestsQuery) -> Response:
    """Tips of a time, newest first: only where at least five of one kind and unit stand together."""
    last = min(query.end_date or today(), today() - georeport.DELAY)
    first = query.start_date or max(last, EARLIEST + georeport.SPAN_MAX) - georeport.SPAN_MAX
    if last - first > georeport.SPAN_MAX:
        return problem(409, "Khoảng thời gian dài hơn 90 ngày; xin chia nhỏ.")
    if last < first or first < EARLIEST:
        return jsonify([])
    begins, ends = _midnight(first), _midnight(last + timedelta(days=1))
    with desk().database.reading() as reading:
        found = georeport.requests(
            reading,
            caller().reach(),
            desk().key,
            since=begins,
            until=ends,
            known_until=now() - georeport.DELAY,
            category=query.service_code or None,
        )
    begin = (query.page - 1) * query.page_size
    return jsonify([_out(one).model_dump(mode="json") for one in found[begin : begin + query.page_size]])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM).astimezone(UTC)


def _out(one: georeport.Request) -> RequestOut:
    kind = tip_rules.shipped().kinds.get(one.category)
    return RequestOut(
        service_request_id=one.id,
        status="open" if one.open else "closed",
        service_code=one.category,
        service_name=kind.label,
        agency_responsible=f"Công an {one.unit_name[:1].lower()}{one.unit_name[1:]}",
        requested_datetime=_midnight(one.requested_at.astimezone(VIETNAM).date()),
        updated_datetime=_midnight(one.updated_at.astimezone(VIETNAM).date()),
        address_id=one.unit_id,
        lat=one.latitude,
        long=one.longitude,
    )
