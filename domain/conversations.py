"""A conversation as a table of steps.

A *turn* is one thing said and its answer. A flow says, step by step, which kinds of message it takes and
which function answers them. Handlers return an `Outcome`; they store nothing themselves: what must be kept
goes through `turn.records`, inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from domain.dossiers import DossierRecords
from domain.messages import Attachment, Button, Reply, Said, Text
from domain.places import PlaceAnswer
from domain.procedures import Answer, Procedure, Topic
from domain.survey_talk import SurveyRecords
from domain.tips import Draft, FiledTip, PhotoPlace
from domain.units import Unit


class Records(Protocol):
    """What a turn may look up or file. Writes happen in the caller's transaction, or not at all."""

    @property
    def dossiers(self) -> DossierRecords: ...
    def search(self, question: str) -> Answer: ...
    def procedure(self, procedure_id: str) -> Procedure | None: ...
    def topic(self, topic_id: str) -> Topic | None: ...
    def family_of(self, procedure: Procedure) -> list[Procedure]:
        """The current records of its family: one wish at several levels."""
        ...

    def bygone(self, question: str) -> Procedure | None:
        """The replaced or abolished procedure that the question names; None when it names none."""
        ...

    def fields(self) -> list[tuple[str, str]]:
        """(field key, Vietnamese label) of the fields that have current procedures."""
        ...

    def procedures_of(self, field: str) -> list[Procedure]:
        """Current procedures of one field, most asked first."""
        ...

    def place_named(self, text: str) -> PlaceAnswer: ...
    def units_at(self, latitude: float, longitude: float) -> tuple[Unit, ...]:
        """The ward at this point; two when it is near a border; none outside the province."""
        ...

    def unit(self, code: str) -> Unit | None: ...
    def province_unit(self) -> Unit: ...
    def new_draft(self) -> Draft:
        """An empty draft with a key of its own; attachments are tied to the key."""
        ...

    def keep_attachment(self, draft: Draft, said: Attachment) -> int:
        """Queue a photo, clip, voice or file for fetching; returns how many the draft has now."""
        ...

    def attachments(self, draft: Draft) -> int: ...
    def photo_place(self, draft: Draft, file: int | None = None) -> PhotoPlace | None:
        """Where a file of the draft says it was taken: this one, or the first that says so."""
        ...

    def drop_draft(self, draft: Draft) -> None: ...
    def file_tip(self, draft: Draft) -> FiledTip:
        """File it; with `draft.past_unit` it goes past the unit to the inspectors."""
        ...

    def has_agreed(self, edition: str) -> bool:
        """Did this citizen agree to this edition of the notice?"""
        ...

    def agree(self, edition: str, text: str) -> None:
        """The citizen agrees to the notice with these words."""
        ...

    def withdraw_consent(self) -> None:
        """Cut this citizen's tips loose from them and forget that they agreed."""
        ...

    def unit_of_account(self) -> Unit | None:
        """The commune whose own page the citizen writes to; None when it is the province's."""
        ...

    def last_unit(self) -> Unit | None:
        """The commune of this citizen's newest tip, as it is called today."""
        ...

    def names_officer(self, text: str) -> bool:
        """Does the text name an officer of the console?"""
        ...

    def suggest_kind(self, text: str) -> str | None:
        """The key of the kind these words speak of; None when it is not clear."""
        ...

    def kinds(self) -> list[tuple[str, str]]:
        """(key, Vietnamese label) of every kind, in order."""
        ...

    def settle(self, code: str, yes: bool) -> bool:
        """The reporter says whether the matter is settled; False when that was not asked of them."""
        ...

    def is_own_tip(self, code: str) -> bool:
        """Did this citizen file the tip?"""
        ...

    def newest_tip(self, within: timedelta | None = None) -> str | None:
        """The code of this citizen's newest tip that is not over; `within`: filed so short a time ago."""
        ...

    def has_room(self, code: str) -> bool:
        """May one more file be added to this own tip (domain.media.FILES_MAX)?"""
        ...

    def tip_of_message(self, message_id: str) -> str | None:
        """The code of the tip that a message of ours belongs to; None when it belongs to none of theirs."""
        ...

    def add_to_tip(self, code: str, said: Text | Attachment) -> bool:
        """Add words or a file to an own tip; False when the code is not one of this citizen's."""
        ...

    def tip_status(self, code: str) -> str | None:
        """The status in plain Vietnamese words, for whoever holds the code; None when there is no such tip."""
        ...

    def ask_officer(self, words: str) -> FiledTip:
        """Leave a question for the province desk."""
        ...

    def link_officer(self, code: str) -> bool:
        """Make this chat the own chat of the officer whose code it is; False for a code nobody has now."""
        ...

    def post_was_made(self, delivery_id: str) -> str | None:
        """An officer says in their own chat that a broadcast stands in a group: the group's name.

        None: this is no officer's chat, or there is nothing of their unit to be posted under this number.
        """
        ...

    @property
    def surveys(self) -> SurveyRecords:
        """The satisfaction survey and complaints about service."""

    def note_question(self, decision: str, procedure_id: str | None) -> None:
        """Count how a question was answered; no words are kept."""
        ...


@dataclass(frozen=True)
class Turn:
    """One thing said. `now` is aware UTC; `citizen` the opaque key; `draft` belongs to the current flow."""

    citizen: str
    said: Said
    step: str | None
    draft: Mapping[str, Any]
    now: datetime
    records: Records
    public_url: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a turn leads to.

    replies  in the order they are to be sent
    step     the step that waits for the citizen now; None: the flow is over
    draft    plain JSON values kept until the next turn of this flow
    """

    replies: tuple[Reply, ...]
    step: str | None = None
    draft: Mapping[str, Any] | None = None

    def before(self, *replies: Reply) -> Outcome:
        """The same outcome with `replies` said first."""
        return replace(self, replies=(*replies, *self.replies))


Handler = Callable[[Turn, Any], Outcome | None]
"""Answers one kind of message at one step; None: not mine (an old button, a new wish)."""


@dataclass(frozen=True)
class Flow:
    """A conversation of several steps, as a table.

    begins           does this turn start the flow? asked only when no other flow is under way
    begin            the first answer
    steps            step → kind of message → handler
    lost             anything the step does not take
    forgotten_after  a pause longer than this ends the flow; `forget` tidies up
    holds            while it is under way other flows may answer, but not take over; else a new wish ends it
    complete         its answers stand on their own: they are given also in the middle of a flow that holds
    """

    name: str
    begins: Callable[[Turn], bool]
    begin: Callable[[Turn], Outcome]
    steps: Mapping[str, Mapping[type, Handler]]
    lost: Callable[[Turn], Outcome]
    forgotten_after: timedelta = timedelta(minutes=30)
    holds: bool = False
    complete: bool = False


def ask(
    text: str, *, step: str, draft: Mapping[str, Any] | None = None, buttons: tuple[Button, ...] = ()
) -> Outcome:
    """Say `text` and wait for the answer at `step`."""
    return Outcome((Reply(text, buttons),), step=step, draft=draft)


def done(text: str, buttons: tuple[Button, ...] = ()) -> Outcome:
    """Say `text`; the flow is over."""
    return Outcome((Reply(text, buttons),))
