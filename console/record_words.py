"""A record of the catalogue on a page: labels and choices in the language of the page, what people wrote as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from console.language import translated
from data.record_text import BY_NAME, as_text, as_texts, label_of


@dataclass(frozen=True)
class Difference:
    """A field as it was and as it is. `written`: both are people's words, so Vietnamese."""

    label: str
    before: str
    after: str
    written: bool


def difference(name: str, before: Any, after: Any) -> Difference:
    column = BY_NAME.get(name)
    return Difference(
        translated(label_of(name)),
        _in_language(name, as_text(name, before)),
        _in_language(name, as_text(name, after)),
        written=column.is_written if column else name != "in_force",
    )


def shown(body: Mapping[str, Any]) -> dict[str, str]:
    """Every field as it is read on a page; forms and sheets have data.record_text.as_texts."""
    return {name: _in_language(name, text) for name, text in as_texts(body).items()}


def _in_language(name: str, text: str) -> str:
    if name == "in_force":
        return translated(text)
    if name in BY_NAME and BY_NAME[name].choices:
        return "\n".join(translated(line) for line in text.split("\n"))
    return text
