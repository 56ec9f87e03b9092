"""What every public page is given: the database, the clock, the bot's own knowledge, nothing of a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from flask import current_app

from data.session import Database
from data.shelf import Catalogue
from domain.broadcasts import VIETNAM
from domain.bygone import BygoneBook
from domain.places import PlaceBook
from domain.procedures import Procedure
from domain.units import Unit


@dataclass(frozen=True)
class Known:
    """One edition of what the bot knows by heart, so that pages and chat never disagree.

    families  current procedures that are one wish of a resident
    bygone    recognises procedures of old by the name people still use
    fields    key and label of the fields that have something to show, in the order of the menu
    units     today's units by code
    province  the unit above all others
    """

    catalogue: Catalogue
    families: Mapping[str, list[Procedure]]
    bygone: BygoneBook
    places: PlaceBook
    units: Mapping[str, Unit]
    province: Unit
    fields: tuple[tuple[str, str], ...]


Knowledge = Callable[[], Known]
"""The newest edition."""


SurveyCode = Callable[[str], str | None]


def no_survey(unit_id: str) -> str | None:
    """For pages without surveys behind them."""
    return None


@dataclass(frozen=True)
class Desk:
    """The surroundings of the public pages; `clock` gives aware UTC.

    secret_key  signs what a form must bring back; there are no sessions and no cookies
    survey_code unit id → the code of its survey (`/khao-sat/<code>`); None where it has none
    public_url  how the world reaches us, without a slash at the end; "" = as the browser sees us
    """

    database: Database
    clock: Callable[[], datetime]
    knowledge: Knowledge
    secret_key: str
    public_url: str = ""
    survey_code: SurveyCode = no_survey


def desk() -> Desk:
    """The desk of the application that answers this request."""
    return cast("Desk", current_app.extensions["desk"])


def database() -> Database:
    return desk().database


def known() -> Known:
    return desk().knowledge()


def now() -> datetime:
    """Aware UTC."""
    return desk().clock()


def today() -> date:
    """The day in Vietnam."""
    return now().astimezone(VIETNAM).date()
