"""The word lists of matching: short forms, the many names of one thing, words that turn a procedure round.

Edited as data (data/content/words/*.toml, read by data/content_files.py). Everything here is folded
(domain/vietnamese.py) and for matching only, never for display.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.vietnamese import strip_marks

ADULT = 14
"""From this age on a person has papers of their own."""
BELOW, FROM = "duoi14", "tren14"
_AGE_AT = frozenset(["tuoi", "t"])


class Names:
    """Finds names of several words in a list of words, the longest first, and puts one word in their place."""

    def __init__(self, of: Mapping[str, Iterable[str]]) -> None:
        """`of`: the one word → the folded names it stands for."""
        self._single: dict[str, list[str]] = {}
        self._by_start: dict[str, dict[str, list[tuple[tuple[str, ...], list[str]]]]] = {}
        for one, names in of.items():
            for name in names:
                words = tuple(name.split())
                if len(words) == 1:
                    self._single[words[0]] = one.split()
                elif words:
                    seconds = self._by_start.setdefault(words[0], {})
                    seconds.setdefault(words[1], []).append((words, one.split()))
        for seconds in self._by_start.values():
            for known in seconds.values():
                known.sort(key=lambda entry: -len(entry[0]))

    def replaced(self, words: Sequence[str]) -> list[str]:
        found: list[str] = []
        at, end = 0, len(words)
        while at < end:
            word = words[at]
            seconds = self._by_start.get(word)
            if seconds and at + 1 < end:
                for name, ones in seconds.get(words[at + 1], ()):
                    if len(name) == 2 or tuple(words[at : at + len(name)]) == name:
                        found += ones
                        at += len(name)
                        break
                else:
                    found += self._single.get(word, (word,))
                    at += 1
            else:
                found += self._single.get(word, (word,))
                at += 1
        return found


@dataclass(frozen=True)
class WordList:
    """Everything that data/content/words says, folded.

    short_forms  typed short form → what it stands for
    things       one word of our own → the names of that thing
    turns        groups of words; a record that lacks a group the question speaks of, loses
    named        things a question may be about; a record that speaks of none of those named, loses
    common       words of every question: they count for little
    """

    short_forms: Mapping[str, str] = field(default_factory=dict)
    things: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    turns: tuple[tuple[str, ...], ...] = ()
    named: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()

    @classmethod
    def from_tables(
        cls, short_forms: Mapping[str, Any], things: Mapping[str, Any], guards: Mapping[str, Any]
    ) -> WordList:
        """From the three parsed files, which were checked before."""
        return cls(
            short_forms={
                short: strip_marks(full)
                for section in short_forms.values()
                for short, full in section.items()
            },
            things={one: tuple(map(strip_marks, names)) for one, names in things.items()},
            turns=tuple(tuple(map(strip_marks, group)) for group in guards["turns"]),
            named=frozenset(guards["things"]),
            common=frozenset(strip_marks(guards["common"]).split()),
        )


class Turns:
    """Which groups of words that turn a procedure round a text speaks of."""

    def __init__(self, groups: Sequence[Sequence[str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        for number, group in enumerate(groups):
            for name in group:
                words = tuple(name.split())
                self._by_first.setdefault(words[0], []).append((words, number))

    def of(self, words: Sequence[str]) -> frozenset[int]:
        return frozenset(
            [
                number
                for at, word in enumerate(words)
                for name, number in self._by_first.get(word, ())
                if len(name) == 1 or tuple(words[at : at + len(name)]) == name
            ]
        )


_JOINED_AGE = re.compile(r"(\d{1,2})t")


def ages_as_words(words: Sequence[str]) -> list[str]:
    """“6 tuổi”, “6t”, “dưới 14 tuổi” become BELOW, “từ đủ 14 tuổi” and older become FROM."""
    found: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        age, used = _age(words, at)
        if age is None:
            found.append(word)
        else:
            below = bool(found) and found[-1] == "duoi"
            found.append(BELOW if age < ADULT or (below and age == ADULT) else FROM)
        at += used
    return found


def _age(words: Sequence[str], at: int) -> tuple[int | None, int]:
    word = words[at]
    joined = _JOINED_AGE.fullmatch(word)
    if joined:
        return int(joined[1]), 1
    if word.isdecimal() and len(word) <= 3 and at + 1 < len(words) and words[at + 1] in _AGE_AT:
        return int(word), 2
    return None, 1
