"""Tips of the token's unit: where they stand. Never who reported; the words only with a scope of their own."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from flask import abort
from flask_openapi import APIBlueprint, Tag
from pydantic import AwareDatetime, BaseModel, Field

from api.desk import caller, desk
from api.forms import Day, NumberedPage, NumberPath
from api.gate import SECURITY, needs
from api.problems import USUAL, documented
from data import api_queries
from data.api_queries import TipFacts
from domain.api_scopes import Scope
from domain.broadcasts import VIETNAM
from domain.tips import TipStatus

pages = APIBlueprint(
    "tips",
    __name__,
    url_prefix="/api/v1",
    abp_tags=[Tag(name="tips")],
    abp_security=SECURITY,
    abp_responses=documented(*USUAL),
)


class TipOut(BaseModel):
    id: int
    sort: str = Field(description="tip, denunciation, feedback or question: what the law keeps apart")
    category: str | None
    status: TipStatus
    urgent: bool
    unit_id: str
    created_at: AwareDatetime
    updated_at: AwareDatetime
    take_due_at: AwareDatetime | None
    close_due_at: AwareDatetime | None
    files: int
    what: str | None = Field(description="Screened words; null without the scope tips:words")
    place: str | None = Field(description="Screened; null without the scope tips:words")


class TipsOut(BaseModel):
    items: list[TipOut]
    next: int | None = Field(description="Cursor of the next page; null on the last one")


class TipsQuery(NumberedPage):
    status: TipStatus | None = Field(None, description="Only tips of this status")
    updated_since: Day | None = Field(
        None, description="Only tips that changed on this day in Vietnam or later"
    )


@pages.get("/tips", responses={200: TipsOut})
@needs(Scope.TIPS_READ)
def tips(query: TipsQuery) -> dict[str, Any]:
    """Tips within reach of the token, in the order they were filed. What accuses police is never among them."""
    day = query.updated_since
    since = datetime.combine(day, time(), VIETNAM).astimezone(UTC) if day and day.year > 1 else None
    with desk().database.reading() as reading:
        found = api_queries.tips(
            reading,
            caller().reach(),
            words=Scope.TIPS_WORDS in caller().scopes,
            after=query.cursor,
            status=query.status,
            since=since,
            limit=query.limit + 1,
        )
    page = found[: query.limit]
    more = page[-1].id if len(found) > len(page) else None
    return TipsOut(items=[_out(one) for one in page], next=more).model_dump(mode="json")


@pages.get("/tips/<number>", responses={200: TipOut})
@needs(Scope.TIPS_READ)
def tip(path: NumberPath) -> dict[str, Any]:
    """One tip; another unit's is not found."""
    words = Scope.TIPS_WORDS in caller().scopes
    with desk().database.reading() as reading:
        found = api_queries.tips(reading, caller().reach(), words=words, only=path.number, limit=1)
    if not found:
        abort(404)
    return _out(found[0]).model_dump(mode="json")


def _out(one: TipFacts) -> TipOut:
    return TipOut.model_validate(vars(one))
