"""One cleaner with its child processes for all tests of this folder."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from bot.cleaning.cleaner import Cleaner
from bot.cleaning.orders import Cleaned, Order
from data.media import file_type
from domain.tips import AttachmentKind


@dataclass(frozen=True)
class Copy:
    """What came of a file: what is known of it, the copy's bytes, the still's bytes."""

    known: Cleaned
    view: bytes
    poster: bytes


Clean = Callable[[bytes], Copy]


@pytest.fixture(scope="session")
def cleaner() -> Iterator[Cleaner]:
    cleaner = Cleaner(width=1)
    yield cleaner
    cleaner.close()


@pytest.fixture
def clean(cleaner: Cleaner) -> Clean:
    """Clean these bytes as the program would: the type is what they say themselves."""

    def clean(content: bytes) -> Copy:
        found = file_type(content[:4096])
        assert found is not None, "not a type that is taken"
        return cleaned(cleaner, content, Order(found[0], AttachmentKind(found[1])))

    return clean


def cleaned(cleaner: Cleaner, content: bytes, order: Order, wall_s: float | None = None) -> Copy:
    with (
        tempfile.TemporaryFile() as source,
        tempfile.TemporaryFile() as view,
        tempfile.TemporaryFile() as poster,
    ):
        source.write(content)
        known = cleaner.clean(order, source, view, poster, wall_s=wall_s)
        view.seek(0)
        poster.seek(0)
        return Copy(known, view.read(), poster.read())
