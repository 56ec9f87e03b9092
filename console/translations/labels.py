"""Finds the labels of TOML files, for Babel (`babel.cfg` names this): what officers read of content that is data."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from typing import Any

from console.translations.literals import Found

LABEL = "label"


def toml(
    file: BytesIO, keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Found]:
    """Every value of a key called `label`, wherever it stands. Not the other texts: those are for residents."""
    for words in _labels(tomllib.loads(unicodedata.normalize("NFC", file.read().decode("utf-8")))):
        yield 1, None, words, []  # the reader of TOML tells no lines, and the catalogue keeps none


def _labels(node: object) -> Iterator[str]:
    match node:
        case dict():
            for key, value in node.items():
                if key == LABEL and isinstance(value, str):
                    yield value
                else:
                    yield from _labels(value)
        case list():
            for one in node:
                yield from _labels(one)
