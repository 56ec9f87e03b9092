"""Vietnamese as it is typed: NFC on the way in; `fold` takes marks and abbreviations away, for matching only."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path

ABBREVIATIONS: dict[str, str] = tomllib.loads(Path(__file__).with_name("chat_words.toml").read_text("utf-8"))
"""Typed short form → folded full form. No full form contains a short form, so folding twice changes nothing."""

GROWTH_MAX = 24
"""A folded text is at most this many times as long as the text it came from."""

_POLICE_OF = re.compile(r"\bca(?= (?:xa|phuong|tinh|huyen|quan|cap|thanh pho|thi tran)\b)")
"""“CA xã” is the police of the commune; “ca” alone may be “cả”, “cá” or a shift."""
_WORDS = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")


def nfc(text: str) -> str:
    """The composed form, in which text is kept and lengths are counted."""
    return unicodedata.normalize("NFC", text)


def strip_marks(text: str) -> str:
    """Lower case without accents; đ becomes d. Punctuation becomes single spaces. Only a-z and 0-9 stay."""
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(c for c in spread if not unicodedata.combining(c)).replace("đ", "d").casefold()
    return _NOT_A_WORD.sub(" ", plain).strip()


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The form in which texts are compared: no marks, no case, abbreviations written out.

    Idempotent; at most GROWTH_MAX times as long; never raises, whatever the characters. Never for display.
    """
    words = " ".join(ABBREVIATIONS.get(word, word) for word in strip_marks(text).split())
    return _POLICE_OF.sub("cong an", words)


def marks_of_words(text: str) -> list[tuple[str, str]]:
    """Each word without its marks, beside those marks in a fixed order ("hoà" and "hòa" have the same)."""
    found = []
    for word in _WORDS.findall(unicodedata.normalize("NFD", text).casefold()):
        plain = strip_marks(word)
        if plain and plain not in ABBREVIATIONS:
            marks = sorted(c for c in word if unicodedata.combining(c) or c == "đ")
            found.append((plain, "".join(marks)))
    return found
