"""What every address of the API is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from flask import current_app, g
from sqlalchemy.orm import Session

from data.api_tokens import Caller
from data.dossier_proof import DossierKey
from data.dossiers import Compose
from data.session import Database
from domain.broadcasts import VIETNAM
from domain.procedures import Procedure
from domain.work import Wake


@dataclass(frozen=True)
class ScoreFacts:
    """A frozen monthly score of one unit; `score` None: not enough answers."""

    unit_id: str
    month: str
    score: float | None
    answers: int
    rank: int | None


Scores = Callable[[Session, str, Sequence[str] | None], Sequence[ScoreFacts]]
"""(session, month as 2026-11, units or None for all) → their scores."""


@dataclass(frozen=True)
class ApiDesk:
    """The API's surroundings; `clock` gives aware UTC, `procedures` the catalogue of today."""

    database: Database
    clock: Callable[[], datetime]
    key: DossierKey
    compose: Compose
    wake: Wake
    procedures: Callable[[], dict[str, Procedure]]
    scores: Scores | None


def desk() -> ApiDesk:
    return cast("ApiDesk", current_app.extensions["api_desk"])


def caller() -> Caller:
    """Who is behind this request; only behind the gate."""
    return cast("Caller", g.caller)


def now() -> datetime:
    return desk().clock()


def today() -> date:
    """The day in Vietnam."""
    return now().astimezone(VIETNAM).date()
