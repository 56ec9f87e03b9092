"""Sentences that can be said again in another language.

The rooms below the pages speak Vietnamese. Where a sentence has blanks, `said` fills them and keeps the sentence as
it was before, so that a page in another language can look it up (console.language). Everybody else reads a string.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class Said(str):
    """The filled sentence; `words` is the one with blanks, `values` what stands in them."""

    __slots__ = ("values", "words")

    words: str
    values: Mapping[str, object]

    def __new__(cls, words: str, values: Mapping[str, object]) -> Said:
        made = super().__new__(cls, words % values if values else words)
        made.words, made.values = words, values
        return made

    def __str__(self) -> str:
        """Itself, so that the text of an exception is still a sentence that can be looked up."""
        return self

    def __getnewargs__(self) -> tuple[str, Mapping[str, object]]:  # type: ignore[override]
        """So that it can be copied, within what it stands in."""
        return self.words, self.values


def said(words: str, /, **values: object) -> Said:
    """Fill the blanks, written %(name)s; a value that is itself `said` is looked up too.

    A percent sign is written %% when there are blanks, % when there are none.
    """
    return words if isinstance(words, Said) and not values else Said(words, values)


def said_list(parts: Sequence[str]) -> Said:
    """“một, hai, ba”, of which each is looked up for itself."""
    first, *rest = parts
    return said("%(first)s, %(rest)s", first=said(first), rest=said_list(rest)) if rest else said(first)
