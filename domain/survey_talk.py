"""What a conversation needs to ask for an opinion: what is rated, whether it may be, and what became of a complaint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from domain.surveys import Survey


@dataclass(frozen=True)
class Subject:
    """What is rated. about: how it is named in a button (a tip's code, a survey code, a unit's id).

    refusal  why it cannot be rated now: rated, again, over; "" = it can
    """

    about: str
    unit_name: str
    refusal: str = ""


@dataclass(frozen=True)
class FiledAnswer:
    """token: words may be added with it; receipt: of the case that a bad mark opened, None when there is none."""

    token: str
    receipt: str | None = None


@dataclass(frozen=True)
class CaseTold:
    """A complaint as whoever holds its receipt may read it."""

    code: str
    status: str
    answer: str
    may_reopen: bool


class SurveyRecords(Protocol):
    """The part of a turn's records that is about surveys; writes happen in the caller's transaction."""

    def survey(self) -> Survey: ...
    def subject(self, about: str) -> Subject | None:
        """What these letters name: an own ended tip, a code on a board, a one-time link, a unit of today."""
        ...

    def wants_to_be_asked(self) -> bool: ...
    def ask_no_more(self) -> None: ...
    def ask_again(self) -> None: ...
    def file(self, about: str, given: Mapping[str, str]) -> FiledAnswer | None:
        """Keep the answers; None when this cannot be rated (any more)."""
        ...

    def add_words(self, about: str, filed: FiledAnswer, words: str, *, complain: bool) -> str | None:
        """Add free text to an answer and its case; complain: open one if there is none. Returns the receipt."""
        ...

    def case(self, code: str) -> CaseTold | None: ...
    def reopen(self, code: str) -> bool:
        """Say that the answer to a complaint does not satisfy; False when that is not possible (any more)."""
        ...
