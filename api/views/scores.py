"""Monthly scores of units, where the program keeps them: `create_api(scores=…)` gives them, else this is not there."""

from __future__ import annotations

from typing import Any

from flask import abort
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel, Field

from api.desk import caller, desk
from api.forms import Strict
from api.gate import SECURITY, needs
from api.problems import USUAL, documented
from domain.api_scopes import Scope

pages = APIBlueprint(
    "scores",
    __name__,
    url_prefix="/api/v1",
    abp_tags=[Tag(name="scores")],
    abp_security=SECURITY,
    abp_responses=documented(*USUAL),
)


class ScoreOut(BaseModel):
    unit_id: str
    month: str
    score: float | None = Field(description="null: not enough answers to say")
    answers: int
    rank: int | None


class ScoresOut(BaseModel):
    items: list[ScoreOut]


class MonthPath(Strict):
    month: str = Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-11"])


@pages.get("/scores/<month>", responses={200: ScoresOut})
@needs(Scope.SCORES_READ)
def scores(path: MonthPath) -> dict[str, Any]:
    """The frozen scores of one month, of the units within reach of the token."""
    look = desk().scores
    if look is None:
        abort(404)
    with desk().database.reading() as reading:
        found = look(reading, path.month, caller().reach())
    return ScoresOut(items=[ScoreOut.model_validate(vars(one)) for one in found]).model_dump(mode="json")
