"""What a turn may look up and leave behind about dossiers; a part of bot/records.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from data import dossier_lookups
from data.dossier_proof import DossierKey
from data.dossier_rules import shipped
from domain.dossiers import TRIES_OF_CITIZEN, DossierView, LookUp


class DossierDesk:
    """For one citizen and one event. `keep` gets what is to be written in the event's transaction."""

    def __init__(
        self,
        session: Session,
        keep: Callable[[Callable[[Session], None]], None],
        key: DossierKey | None,
        *,
        citizen: str,
        oa_id: str,
        now: datetime,
    ) -> None:
        self._session = session
        self._keep = keep
        self._key = key
        self._citizen = citizen
        self._oa_id = oa_id
        self._now = now
        self._wrong = 0

    def code(self, text: str) -> tuple[str, str] | None:
        found = shipped().codes.find(text) if self._key else None
        return (self._key.mark(found.key), found.rest) if found and self._key else None

    def example(self) -> str:
        return shipped().codes.formats[0].example

    def look_up(self, mark: str, digits: str) -> DossierView | LookUp:
        """Wrong tries of this same event count too: a message may bring several turns."""
        if self._key is None or self._wrong >= TRIES_OF_CITIZEN:
            return LookUp.TOO_OFTEN
        citizen, now = self._citizen, self._now
        found = dossier_lookups.look_up(self._session, self._key, mark, digits, citizen=citizen, now=now)
        if found is LookUp.WRONG:
            self._wrong += 1
            self._keep(lambda session: dossier_lookups.note_try(session, citizen, mark, now=now))
        return found

    def followed(self) -> list[DossierView]:
        return dossier_lookups.followed(self._session, self._citizen)

    def follow(self, mark: str) -> None:
        citizen, oa_id, now = self._citizen, self._oa_id, self._now
        self._keep(
            lambda session: dossier_lookups.follow(session, mark, citizen=citizen, oa_id=oa_id, now=now)
        )

    def unfollow(self, mark: str | None) -> None:
        self._keep(lambda session: dossier_lookups.unfollow(session, self._citizen, mark))
