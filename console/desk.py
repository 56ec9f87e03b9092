"""What every page of the console is given: the database, the clock, and the few doors to other rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, Protocol, cast

from flask import current_app

from data.dossier_proof import DossierKey
from data.dossiers import Compose as ComposeDossier
from data.sealing import Sealer
from data.session import Database
from data.shelf import CatalogueShelf
from domain.broadcasts import VIETNAM
from domain.messages import Reply
from domain.work import Wake

OpenMedia = Callable[[str, str], BinaryIO]
"""(media_key, what it is bound to) → the unsealed file, seekable and binary; FileNotFoundError when it is gone,
CannotOpen when it was changed or is another file."""


class KeptFile(Protocol):
    """What the media store says of a file it kept."""

    @property
    def media_key(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...


@dataclass(frozen=True)
class FileShelf:
    """Files of broadcasts, which are public information and lie unsealed.

    keep  keeps the bytes under a new key; raises OSError when the disk will not
    open  key → the file, seekable and binary; FileNotFoundError when it is gone
    """

    keep: Callable[[bytes], KeptFile]
    open: Callable[[str], BinaryIO]


ComposeAnswer = Callable[[str, str, str], Sequence[Reply]]
"""(unit name, tip code, officer's words) → what the reporter gets."""


ComposeEnd = Callable[[str, str, str, str], Sequence[Reply]]
"""(unit name, tip code, closing words, status) → what a reporter gets when their tip ends."""
ComposeMerged = Callable[[str], Sequence[Reply]]
"""Tip code → what a reporter gets whose tip is worked together with another."""
ComposeCase = Callable[[str, str, str], Sequence[Reply]]
"""(unit name, receipt, officer's words) → what the citizen gets who complained in the chat."""
SurveyCode = Callable[[str], str | None]
"""Unit id → the code of its survey, as it is printed on boards; None where it has none."""
Unseal = Callable[[bytes], bytes]
"""Opens a sealed identity; only console.views.identities asks for it."""


@dataclass(frozen=True)
class SecretBox:
    """Seals and opens the keys of authenticator apps, and nothing else (data.second_factors.PURPOSE)."""

    seal: Callable[[bytes], bytes]
    open: Callable[[bytes], bytes]


def no_end(unit: str, code: str, text: str, status: str) -> Sequence[Reply]:
    """For a desk without a bot behind it: the words as they are."""
    return (Reply(text),)


def no_merged(code: str) -> Sequence[Reply]:
    return (Reply(code),)


def no_case(unit: str, code: str, text: str) -> Sequence[Reply]:
    return (Reply(text),)


def no_survey(unit_id: str) -> str | None:
    """For a desk without surveys behind it."""
    return None


def sealed_for_good(sealed: bytes) -> bytes:
    """For a desk that holds no key."""
    raise KeyError("this console holds no key")


NO_BOX = SecretBox(sealed_for_good, sealed_for_good)


@dataclass(frozen=True)
class Desk:
    """The console's surroundings; `clock` gives aware UTC."""

    database: Database
    secret_key: str
    open_media: OpenMedia
    compose_answer: ComposeAnswer
    wake: Wake
    clock: Callable[[], datetime]
    public_url: str = ""
    shelf: CatalogueShelf | None = None
    files: FileShelf | None = None
    compose_end: ComposeEnd = no_end
    compose_merged: ComposeMerged = no_merged
    unseal_identity: Unseal = sealed_for_good
    compose_case: ComposeCase = no_case
    survey_code: SurveyCode = no_survey
    compose_dossier: ComposeDossier | None = None
    dossier_key: DossierKey | None = None
    seal_secret: Sealer | None = None
    """Seals the secrets of webhooks; it is asked for nothing else."""
    private_hosts: tuple[str, ...] = ()
    secrets: SecretBox = NO_BOX


def desk() -> Desk:
    """The desk of the application that answers this request."""
    return cast("Desk", current_app.extensions["desk"])


def database() -> Database:
    return desk().database


def now() -> datetime:
    return desk().clock()


def shelf() -> CatalogueShelf:
    """The catalogue with its matcher, the same that answers residents where both run in one process."""
    found = desk().shelf
    assert found is not None
    return found


def today() -> date:
    """The day in Vietnam."""
    return now().astimezone(VIETNAM).date()
