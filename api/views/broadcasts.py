"""What became of broadcasts: to how many groups they went, by state."""

from __future__ import annotations

from typing import Any

from flask import abort
from flask_openapi import APIBlueprint, Tag
from pydantic import AwareDatetime, BaseModel, Field

from api.desk import caller, desk
from api.forms import NumberedPage, NumberPath
from api.gate import SECURITY, needs
from api.problems import USUAL, documented
from data import api_queries
from data.api_queries import BroadcastFacts
from domain.api_scopes import Scope
from domain.broadcasts import DeliveryStatus

pages = APIBlueprint(
    "broadcasts",
    __name__,
    url_prefix="/api/v1",
    abp_tags=[Tag(name="broadcasts")],
    abp_security=SECURITY,
    abp_responses=documented(*USUAL),
)
S = DeliveryStatus


class BroadcastOut(BaseModel):
    id: int
    title: str
    kind: str
    status: str
    starts_at: AwareDatetime | None
    groups: int = Field(description="Groups it is for, within reach of the token")
    sent: int
    failed: int
    expired: int
    unknown: int = Field(description="The line broke after it left: a person looks")
    waiting: int


class BroadcastsOut(BaseModel):
    items: list[BroadcastOut]
    next: int | None = Field(description="Cursor of the next page; null on the last one")


@pages.get("/broadcasts", responses={200: BroadcastsOut})
@needs(Scope.BROADCASTS_READ)
def broadcasts(query: NumberedPage) -> dict[str, Any]:
    """Broadcasts that went out, with their deliveries counted; a unit's token counts its own groups."""
    with desk().database.reading() as reading:
        found = api_queries.broadcasts(reading, caller().reach(), after=query.cursor, limit=query.limit + 1)
    page = found[: query.limit]
    more = page[-1].id if len(found) > len(page) else None
    return BroadcastsOut(items=[_out(one) for one in page], next=more).model_dump(mode="json")


@pages.get("/broadcasts/<number>", responses={200: BroadcastOut})
@needs(Scope.BROADCASTS_READ)
def broadcast(path: NumberPath) -> dict[str, Any]:
    """One broadcast."""
    with desk().database.reading() as reading:
        found = api_queries.broadcasts(reading, caller().reach(), only=path.number, limit=1)
    if not found:
        abort(404)
    return _out(found[0]).model_dump(mode="json")


def _out(one: BroadcastFacts) -> BroadcastOut:
    def of(*states: DeliveryStatus) -> int:
        return sum(one.counts.get(state, 0) for state in states)

    return BroadcastOut(
        id=one.id,
        title=one.title,
        kind=one.kind,
        status=one.status,
        starts_at=one.starts_at,
        groups=sum(one.counts.values()),
        sent=of(S.SENT),
        failed=of(S.FAILED),
        expired=of(S.EXPIRED),
        unknown=of(S.UNKNOWN),
        waiting=of(S.WAITING, S.CLAIMED, S.SENDING, S.HELD),
    )
