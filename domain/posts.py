"""What goes into a group: a broadcast's text, link, pictures and file as the messages Zalo can carry."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

POST_TEXT_MAX = 2000
"""Characters of one group message (docs/zalo.md, "Group text"), the link included."""
PICTURES_MAX = 6


class AttachedKind(StrEnum):
    """As Zalo takes them up (docs/zalo.md, "Upload"): a picture carries words, a file does not."""

    IMAGE = "image"
    GIF = "gif"
    FILE = "file"


@dataclass(frozen=True)
class Attached:
    """A picture or file of a broadcast; `key` finds it in the media store, `sha256` says it is still the same."""

    key: str
    kind: AttachedKind
    name: str
    size: int
    sha256: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def attached_from(body: Mapping[str, Any]) -> Attached:
    return Attached(body["key"], AttachedKind(body["kind"]), body["name"], body["size"], body["sha256"])


@dataclass(frozen=True)
class Post:
    """One message to one group: words, one picture with or without words, or one file without."""

    text: str
    media: Attached | None = None


@dataclass(frozen=True)
class Article:
    """What the followers of an OA's page get: Zalo takes an article only (docs/zalo.md, "Articles").

    text  the words with the link; media: pictures that stand in the article, a file whose address stands in it
    """

    title: str
    text: str
    media: tuple[Attached, ...] = ()

    @property
    def digest(self) -> str:
        """The same words and files are the same article, however often it is sent."""
        said = "\n".join([self.title, self.text, *(f"{one.sha256} {one.name}" for one in self.media)])
        return hashlib.sha256(said.encode()).hexdigest()


def whole_text(text: str, link: str) -> str:
    """The words with the link on a line of its own under them."""
    return f"{text}\n{link}" if link else text


def posts_of(text: str, link: str, media: Iterable[Attached]) -> tuple[Post, ...]:
    """The messages of one broadcast to one group, in order: the first picture carries the words, files go last.

    A file has no words (docs/zalo.md, "Text"), so a broadcast with only a file begins with its text.
    """
    words, files = whole_text(text, link), list(media)
    pictures = [one for one in files if one.kind is not AttachedKind.FILE]
    papers = [one for one in files if one.kind is AttachedKind.FILE]
    first = Post(words, pictures[0]) if pictures else Post(words)
    return (first, *(Post("", one) for one in pictures[1:]), *(Post("", one) for one in papers))
