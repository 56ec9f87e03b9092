"""Reads Vietnamese as it is typed: accents or none, Telex and VNI left-overs, short forms, joined words, slips.

Reading never decides what a question means; it gives the words that the index can look for, and says what it did
with each, so that an officer can see why a question was understood as it was. Accents are kept beside the words:
without them there is loss, so they count where they were typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from domain.vietnamese import ABBREVIATIONS, nfc, strip_marks
from domain.words import Names, WordList, ages_as_words

WORDS_MAX = 120
"""Words of a text that are read."""
WORDS_KEPT = 32768
"""Different words of which is kept what they were read as."""
SPLIT_MIN, SPLIT_MAX = 5, 24
"""Letters of a word that may be two or three words run together."""
SLIP_MIN = 4
"""Letters from which a word that nobody knows may be a slip of the finger."""
_RUNS = re.compile(r"[^\W_]+")
_DIGIT = re.compile("[0-9]")
_MARKS = re.compile(r"[^\u0300-\u036f]")
_SYLLABLE = re.compile(
    r"(?:ngh?|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?"
    r"(?:i?a(?:c|ch|i|m|n|ng|nh|o|p|t|u|y)?|ia|i?e(?:c|ch|m|n|ng|nh|o|p|t|u)?|i(?:ch|m|n|nh|p|t|u)?|"
    r"o(?:c|i|m|n|ng|ong|oc|p|t)?|oa(?:c|ch|i|m|n|ng|nh|o|p|t|y)?|oe(?:n|o|t|m)?|"
    r"u(?:a|c|i|m|n|ng|p|t|u)?|ua(?:n|ng|t|y)|ue(?:ch|nh|n|t)?|uo(?:c|i|m|n|ng|p|t|u)?|uy(?:a|ch|en|et|n|nh|p|t|u)?|"
    r"y(?:e(?:m|n|ng|t|u)|ch|m|n|nh|t)?)"
)
"""Letters that a Vietnamese syllable can have once its marks are gone: such a word is believed as it stands."""
_TONE_KEYS = "sfrxj"
_DIGIT_KEYS = re.compile(r"(?<=[a-z])[0-9]+(?=[a-z]|$)")
_POLICE_OF = frozenset(["xa", "phuong", "tinh", "huyen", "quan", "cap", "thi", "thanh"])


@dataclass(frozen=True)
class ReadWord:
    """One word as typed, the words it was read as, and why (Vietnamese, empty when nothing was changed)."""

    typed: str
    read_as: str
    note: str = ""


class Reading(NamedTuple):
    """A text made ready for the index.

    words    folded, short forms written out, each thing called by one word of our own
    marked   folded word + "^" + its accents, for the words whose accents were typed, in their order
    """

    words: tuple[str, ...]
    marked: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.words)


class _Kept(dict[str, tuple[str, tuple[str, ...], str]]):
    """What words were read as, so that each is read once; begun anew when it holds too many."""

    def __init__(self, read: Callable[[str], tuple[str, tuple[str, ...], str]]) -> None:
        self._read = read

    def __missing__(self, typed: str) -> tuple[str, tuple[str, ...], str]:
        if len(self) >= WORDS_KEPT:
            self.clear()
        found = self[typed] = self._read(typed)
        return found


class Reader:
    """Reads texts. Immutable once built; safe for many threads."""

    def __init__(
        self, words: WordList, known: Mapping[str, int] | None = None, pairs: Collection[str] = ()
    ) -> None:
        """`known`: folded words in use → how often; `pairs`: neighbours in use. Without them nothing is repaired."""
        self._short = {**ABBREVIATIONS, **words.short_forms}
        self._names = Names(words.things)
        self._known = dict(known or {})
        self._pairs = pairs
        self._by_length: dict[int, list[str]] = {}
        for word in sorted(self._known, key=lambda one: (-self._known[one], one)):
            self._by_length.setdefault(len(word), []).append(word)
        self._word = _Kept(self._read_word)

    def read(self, text: str) -> Reading:
        """Never raises, whatever the characters."""
        return self.read_words(typed_words(text))

    def read_words(self, typed: Sequence[str]) -> Reading:
        """The same of words that were told apart already."""
        word = self._word
        found = [word[one] for one in typed[:WORDS_MAX]]
        plain = [one for _, read, _ in found for one in read]
        if "ca" in plain:
            plain = _police_of(plain)
        if _DIGIT.search("".join(plain)):
            plain = ages_as_words(plain)
        return Reading(
            tuple(self._names.replaced(plain)),
            tuple([marked for marked, _, _ in found if marked]),
        )

    def how(self, text: str) -> tuple[ReadWord, ...]:
        """What became of each word of a text, for whoever wants to know."""
        typed = typed_words(text)[:WORDS_MAX]
        return tuple(
            ReadWord(word, " ".join(read), note) for word in typed for _, read, note in [self._word[word]]
        )

    def _read_word(self, typed: str) -> tuple[str, tuple[str, ...], str]:
        """One word as typed: its letters with their marks or empty, the words it was read as, and why."""
        letters, marks = letters_and_marks(typed)
        if not letters:
            return "", (), ""
        full = self._short.get(letters)
        if full is not None:
            return "", tuple(full.split()), "viết tắt"
        marked = f"{letters}^{marks}" if marks else ""
        if not self._known or letters in self._known or letters.isdecimal():
            return marked, (letters,), ""
        read, note = self._repair(letters)
        return marked, tuple(read.split()), note

    def _repair(self, letters: str) -> tuple[str, str]:
        """A word nobody knows: keys of a Vietnamese keyboard, two words run together, or a slip."""
        plain = without_keys(letters)
        for one in dict.fromkeys([plain, *_other_y(letters), *_other_y(plain)]):
            if one != letters and (one in self._known or one in self._short):
                return self._short.get(one, one), "gõ dấu chưa thành chữ" if one == plain else "i/y"
        parts = self._split(letters)
        if parts:
            return " ".join(parts), "viết liền"
        near = self._nearest(letters)
        return (near, "gõ nhầm") if near else (letters, "không có trong kho từ")

    def _split(self, letters: str) -> Sequence[str]:
        """Two or three known words run together, the most used ones; nothing when it is none."""
        if not SPLIT_MIN <= len(letters) <= SPLIT_MAX:
            return ()
        found: list[tuple[int, tuple[str, ...]]] = []
        for cut in range(2, len(letters) - 1):
            first, rest = letters[:cut], letters[cut:]
            if first not in self._known:
                continue
            if f"{first} {rest}" in self._pairs:
                found.append((self._rarest(first, rest), (first, rest)))
            for again in range(2, len(rest) - 1):
                second, third = rest[:again], rest[again:]
                if f"{first} {second}" in self._pairs and f"{second} {third}" in self._pairs:
                    found.append((self._rarest(first, second, third), (first, second, third)))
        return max(found)[1] if found else ()

    def _rarest(self, *words: str) -> int:
        return min(self._known.get(word, 0) for word in words)

    def _nearest(self, letters: str) -> str | None:
        if len(letters) < SLIP_MIN or not letters.isalpha() or _SYLLABLE.fullmatch(letters):
            return None
        near = [word for size in (-1, 0, 1) for word in self._by_length.get(len(letters) + size, ())]
        found = process.extract(letters, near, scorer=DamerauLevenshtein.distance, score_cutoff=1, limit=None)
        return max(found, key=lambda hit: (self._known[hit[0]], hit[0]))[0] if found else None


def typed_words(text: str) -> list[str]:
    """The runs of letters and digits of a text, in small letters, marks and all."""
    return _RUNS.findall(nfc(text).casefold())


def plain_words(typed: Iterable[str]) -> list[str]:
    """Typed words without marks, nothing repaired or written out: for counting what is in use."""
    return [letters for one in typed if (letters := letters_and_marks(one)[0])]


@lru_cache(maxsize=32768)
def letters_and_marks(word: str) -> tuple[str, str]:
    """A word's letters a-z0-9 without marks, and its marks in a fixed order ("hoà" and "hòa" have the same)."""
    letters = strip_marks(word).replace(" ", "")
    spread = unicodedata.normalize("NFD", word)
    marks = sorted(_MARKS.sub("", spread)) + ["đ"] * ("đ" in word)
    return letters, "".join(marks)


def without_keys(letters: str) -> str:
    """A word whose Telex or VNI keys stayed letters: “ddawng” → “dang”, “tru1” → “tru”, “dduwowcj” → “duoc”."""
    plain = _DIGIT_KEYS.sub("", letters)
    if len(plain) > 2 and plain[-1] in _TONE_KEYS:
        plain = plain[:-1]
    for twice in ("dd", "aa", "ee", "oo"):
        plain = plain.replace(twice, twice[0])
    return plain.replace("uw", "u").replace("ow", "o").replace("aw", "a").replace("w", "u")


def _other_y(letters: str) -> Iterable[str]:
    """The same with i for y, and y for i, at the end: “kỹ/kĩ”, “lý/lí”."""
    if letters.endswith("i"):
        yield letters[:-1] + "y"
    if letters.endswith("y"):
        yield letters[:-1] + "i"


def _police_of(words: Sequence[str]) -> list[str]:
    """“CA xã” is the police of the commune; “ca” alone may be “cả”, “cá” or a shift."""
    found: list[str] = []
    for at, word in enumerate(words):
        follows = words[at + 1] if at + 1 < len(words) else ""
        found += ["cong", "an"] if word == "ca" and follows in _POLICE_OF else [word]
    return found
