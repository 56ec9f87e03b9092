"""What the bot knows by heart: catalogue, matcher, places, ward map. Rebuilt aside when the content changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from data import accounts, catalogue
from data.knowledge_files import read_knowledge
from data.session import Database
from data.shelf import LOOK_AGAIN, CatalogueShelf
from data.wards import WardMap
from domain.broadcasts import VIETNAM
from domain.bygone import BygoneBook
from domain.errors import BadContent
from domain.matching import Matcher
from domain.places import PlaceBook
from domain.procedures import FIELDS, Procedure, Topic, by_everyday_demand
from domain.units import Unit, UnitLevel
from domain.vietnamese import strip_marks
from public.desk import Known


@dataclass(frozen=True)
class Library:
    """One edition of everything; immutable."""

    edition: tuple[catalogue.Edition, date]
    procedures: dict[str, Procedure]
    topics: dict[str, Topic]
    families: dict[str, list[Procedure]]
    bygone: BygoneBook
    matcher: Matcher
    places: PlaceBook
    wards: WardMap
    units_today: dict[str, Unit]
    communes: dict[str, Unit]
    province_unit: Unit
    place_names: frozenset[str]
    fields: list[tuple[str, str]]
    oas: frozenset[str]

    def procedures_of(self, field: str) -> list[Procedure]:
        """Current procedures of one field that residents ask for, most asked first."""
        found = [p for p in self.procedures.values() if p.is_current and p.field == field]
        return sorted(found, key=by_everyday_demand)

    def units_at(self, latitude: float, longitude: float) -> tuple[Unit, ...]:
        """The wards at a point; two near a border, none outside the province."""
        codes = self.wards.at(latitude, longitude).codes[:2]
        return tuple(self.communes[code] for code in codes if code in self.communes)


class LibraryShelf:
    """Holds the current edition; answers from the old one until the new one is ready."""

    def __init__(self, database: Database, content: Path, *, clock: Callable[[], datetime]) -> None:
        """`content`: the folder with the ward map and what the matcher knows beside the catalogue."""
        self._database = database
        self._wards = WardMap(content / "wards_2025.geojson")
        self._clock = clock
        self.catalogue = CatalogueShelf(database, clock=clock, knowledge=read_knowledge(content))
        self._building = threading.Lock()
        self._looked_at = clock()
        self._library = self._build()

    def current(self) -> Library:
        """The newest edition there is. One caller in a while looks whether there is a newer one."""
        if self._clock() - self._looked_at > LOOK_AGAIN and self._building.acquire(blocking=False):
            try:
                self._looked_at = self._clock()
                with self._database.reading() as session:
                    newer = catalogue.edition(session), self._today()
                if newer != self._library.edition:
                    self._library = self._build()
            finally:
                self._building.release()
        return self._library

    def at_hand(self) -> Library:
        """The edition that lies here, without a look for a newer one: for whoever must answer at once."""
        return self._library

    def known(self) -> Known:
        """What the public pages are given: the same catalogue, places and units that answer in the chat."""
        library = self.current()
        return Known(
            self.catalogue.current(),
            library.families,
            library.bygone,
            library.places,
            library.communes,
            library.province_unit,
            tuple(library.fields),
        )

    def _today(self) -> date:
        return self._clock().astimezone(VIETNAM).date()

    def _build(self) -> Library:
        today = self._today()
        with self._database.reading() as session:
            edition = catalogue.edition(session), today
            book = catalogue.units(session)
            oas = frozenset(accounts.oa_ids(session))
        known = self.catalogue.newest()
        procedures = list(known.procedures.values())
        now = book.today(today)
        became = book.became(today)
        communes = {unit.code: unit for unit in now.values() if unit.level is UnitLevel.COMMUNE}
        for old_id in sorted(became, reverse=True):  # the map may be older than the newest change of units
            if became[old_id].level is UnitLevel.COMMUNE:
                communes.setdefault(old_id.split("@")[0], became[old_id])
        province = next((unit for unit in now.values() if unit.level is UnitLevel.PROVINCE), None)
        if province is None or not procedures:
            raise BadContent(["the database has no units or no procedures: run `python -m bot migrate`"])
        with_current = {
            procedure.field for procedure in procedures if procedure.is_current and procedure.priority < 3
        }
        return Library(
            edition=edition,
            procedures=known.procedures,
            topics=known.topics,
            families=_families(procedures),
            bygone=BygoneBook(procedures),
            matcher=known.matcher,
            places=PlaceBook(book, today),
            wards=self._wards,
            units_today=became | now,
            communes=communes,
            province_unit=province,
            place_names=frozenset(strip_marks(unit.short_name) for unit in book.units),
            oas=oas,
            fields=[(key, label) for key, label in FIELDS.items() if key in with_current],
        )


def _families(procedures: list[Procedure]) -> dict[str, list[Procedure]]:
    """Current procedures by family."""
    families: dict[str, list[Procedure]] = {}
    for one in procedures:
        if one.is_current:
            families.setdefault(one.family, []).append(one)
    return families
