"""Sentences that can be said again in another language.

The rooms below the pages speak Vietnamese. Where a sentence has blanks, `said` fills them and keeps the sentence as
it was before, so that a page in another language can look it up (console.language). Everybody else reads a string.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


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

    def __getnewargs__(self) -> tuple[str, Mapping[str, object]]:  # type: ignore[override]  # more than a str needs
        """For copies, which dataclasses make of what they hold."""
        return self.words, self.values


def said(words: str, /, **values: object) -> Said:
    """Fill the blanks, written %(name)s; a value that is itself `said` is looked up too.

    A percent sign is written %% when there are blanks, % when there are none.
    """
    return Said(words, values)


def listed(parts: Iterable[str], between: str = ", ") -> Said:
    """Sentences or labels in a row; each that is `said` is looked up by itself."""
    values = {f"part{number}": one for number, one in enumerate(parts)}
    return Said(between.join(f"%({name})s" for name in values), values)


def with_blanks(text: str) -> dict[str, object]:
    """{"text": …} for a column of JSON; of a sentence with blanks also what `from_kept` needs."""
    if isinstance(text, Said) and text.values:
        values = {key: one if isinstance(one, int) else str(one) for key, one in text.values.items()}
        return {"text": text, "words": text.words, "values": values}
    return {"text": text}


def from_kept(kept: Mapping[str, Any]) -> str:
    """The sentence that `with_blanks` kept."""
    return Said(kept["words"], kept["values"]) if "words" in kept else str(kept["text"])
