"""A chat without servers: the flows over the shipped catalogue, a clock one can move, tips kept in a list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import cast

import handlers
from bot.dispatcher import Standing, answer
from data.dossier_rules import shipped
from domain.bygone import BygoneBook
from domain.conversations import Records, Turn
from domain.dossiers import DossierView, LookUp
from domain.messages import Button, Press, Reply, Said, Text
from domain.places import PlaceAnswer
from domain.procedures import FIELDS, Answer, Procedure, Topic, by_everyday_demand
from domain.tips import Draft
from domain.vietnamese import strip_marks
from tests.domain.catalogue import matcher, procedures, topics

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def with_and_without_marks(words: str) -> tuple[str, str]:
    """The two ways people type."""
    return words, strip_marks(words)


@cache
def bygone_book() -> BygoneBook:
    return BygoneBook(procedures())


class NoDossiers:
    """Knows a code when it sees one, and no dossier."""

    def code(self, text: str) -> tuple[str, str] | None:
        found = shipped().codes.find(text)
        return (f"{found.key:0>32}"[-32:].lower(), found.rest) if found else None

    def example(self) -> str:
        return "G01.899.909-260916-890028"

    def followed(self) -> list[DossierView]:
        return []

    def look_up(self, mark: str, digits: str) -> DossierView | LookUp:
        return LookUp.WRONG


class CatalogueRecords:
    """Looks things up in the files of the catalogue; files nothing."""

    def __init__(self) -> None:
        self.noted: list[tuple[str, str | None]] = []
        self._keys = count(1)
        self.dossiers = NoDossiers()

    def search(self, question: str) -> Answer:
        return matcher().search(question)

    def procedure(self, procedure_id: str) -> Procedure | None:
        return next((one for one in procedures() if one.id == procedure_id), None)

    def topic(self, topic_id: str) -> Topic | None:
        return next((one for one in topics() if one.id == topic_id), None)

    def family_of(self, procedure: Procedure) -> list[Procedure]:
        return [one for one in procedures() if one.is_current and one.family == procedure.family]

    def bygone(self, question: str) -> Procedure | None:
        return bygone_book().find(question)

    def fields(self) -> list[tuple[str, str]]:
        known = {one.field for one in procedures() if one.is_current and one.priority < 3}
        return [(key, label) for key, label in FIELDS.items() if key in known]

    def procedures_of(self, field: str) -> list[Procedure]:
        found = [one for one in procedures() if one.is_current and one.field == field]
        return sorted(found, key=by_everyday_demand)

    def place_named(self, text: str) -> PlaceAnswer:
        return PlaceAnswer()

    def new_draft(self) -> Draft:
        return Draft(key=f"draft-{next(self._keys)}")

    def attachments(self, draft: Draft) -> int:
        return 0

    def photo_place(self, draft: Draft, file: int | None = None) -> None:
        return None

    def newest_tip(self, within: timedelta | None = None) -> None:
        return None

    def drop_draft(self, draft: Draft) -> None:
        """Nothing was kept."""

    def has_agreed(self, edition: str) -> bool:
        return True

    def unit_of_account(self) -> None:
        return None

    def last_unit(self) -> None:
        return None

    def names_officer(self, text: str) -> bool:
        return False

    def is_own_tip(self, code: str) -> bool:
        return False

    def tip_of_message(self, message_id: str) -> str | None:
        return None

    def tip_status(self, code: str) -> str | None:
        return None

    def note_question(self, decision: str, procedure_id: str | None) -> None:
        self.noted.append((decision, procedure_id))


class Chat:
    """One resident: says, presses, waits; reads what was answered."""

    def __init__(self) -> None:
        self.now = NOON
        self.standing = Standing()
        self.records = CatalogueRecords()
        self.replies: tuple[Reply, ...] = ()

    def says(self, text: str) -> Chat:
        return self._turn(Text(text))

    def presses(self, title: str) -> Chat:
        """Press the button whose title begins so, under the newest message."""
        button = next(one for one in self.buttons if one.title.startswith(title))
        assert button.press is not None
        return self._turn(button.press)

    def presses_old(self, name: str, value: str = "") -> Chat:
        """Press a button of an earlier message, or of an earlier version of the program."""
        return self._turn(Press(name, value))

    def waits(self, **time: float) -> Chat:
        self.now += timedelta(**time)
        return self

    @property
    def told(self) -> str:
        return "\n\n".join(reply.text for reply in self.replies)

    @property
    def buttons(self) -> tuple[Button, ...]:
        return self.replies[-1].buttons

    @property
    def titles(self) -> list[str]:
        return [button.title for button in self.buttons]

    def sends(self, said: Said) -> Chat:
        """A photo, a place, a sticker."""
        return self._turn(said)

    def _turn(self, said: Said) -> Chat:
        turn = Turn("citizen", said, None, {}, self.now, cast(Records, self.records))
        answered = answer(turn, self.standing, handlers.FLOWS, handlers.warn)
        self.standing, self.replies = answered.standing, answered.replies
        return self
