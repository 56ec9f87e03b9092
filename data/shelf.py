"""The catalogue with its matcher, ready for asking; rebuilt aside when the content changes or a new day begins."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from data import catalogue
from data.session import Database
from data.tables import LearnedChange
from domain.broadcasts import VIETNAM
from domain.matching import Knowledge, Matcher
from domain.procedures import Procedure, Topic

LOOK_AGAIN = timedelta(seconds=10)
"""How often a shelf asks whether the content has changed."""


@dataclass(frozen=True)
class Catalogue:
    """One edition; immutable."""

    edition: tuple[catalogue.Edition, date]
    procedures: dict[str, Procedure]
    topics: dict[str, Topic]
    matcher: Matcher

    def name_of(self, wanted: str) -> str | None:
        """What residents call the record or topic with this id; None when there is none."""
        known = self.procedures.get(wanted) or self.topics.get(wanted)
        return known.name if known else None

    def family_of(self, wanted: str) -> str:
        known = self.procedures.get(wanted)
        return known.family if known else wanted


class CatalogueShelf:
    """Holds the current edition; everybody else is answered from the old one while one caller builds the new."""

    def __init__(
        self, database: Database, *, clock: Callable[[], datetime], knowledge: Knowledge | None = None
    ) -> None:
        """`knowledge`: what the matcher knows beside the catalogue; none in small tests."""
        self._database = database
        self._knowledge = knowledge
        self._clock = clock
        self._building = threading.Lock()
        self._looked_at: datetime | None = None
        self._known: Catalogue | None = None

    def current(self) -> Catalogue:
        """The newest edition there is; one caller in a while looks whether there is a newer one."""
        known, looked_at = self._known, self._looked_at
        if known is None or looked_at is None:
            return self.newest()
        if self._clock() - looked_at > LOOK_AGAIN and self._building.acquire(blocking=False):
            try:
                return self._look()
            finally:
                self._building.release()
        return known

    def newest(self) -> Catalogue:
        """The edition of this moment; waits for it to be built where it is not there yet."""
        with self._building:
            return self._look()

    def trying(self, change: LearnedChange) -> Catalogue:
        """What the catalogue would be with a change that is not applied."""
        return self._build(change)

    def _look(self) -> Catalogue:
        self._looked_at = self._clock()
        with self._database.reading() as session:
            edition = catalogue.edition(session), self._today()
        if self._known is None or self._known.edition != edition:
            self._known = self._build()
        return self._known

    def _build(self, also: LearnedChange | None = None) -> Catalogue:
        with self._database.reading() as session:
            today = self._today()
            edition = catalogue.edition(session), today
            procedures = catalogue.procedures(session, today, also)
            topics = catalogue.topics(session, also)
        return Catalogue(
            edition,
            {one.id: one for one in procedures},
            {one.id: one for one in topics},
            Matcher(procedures, topics, self._knowledge),
        )

    def _today(self) -> date:
        return self._clock().astimezone(VIETNAM).date()
