"""The word lists of matching: short forms, the many names of one thing, words that turn a procedure round.

Edited as data (data/content/words/*.toml, read by data/content_files.py). Everything here is folded
(domain/vietnamese.py) and for matching only, never for display.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
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
        self._pairs: dict[tuple[str, str], list[str]] = {}
        self._longer: dict[tuple[str, str], list[tuple[tuple[str, ...], list[str]]]] = {}
        for one, names in of.items():
            for name in names:
                words = tuple(name.split())
                if len(words) == 1:
                    self._single[words[0]] = one.split()
                elif len(words) == 2:
                    self._pairs.setdefault((words[0], words[1]), one.split())
                elif words:
                    self._longer.setdefault((words[0], words[1]), []).append((words, one.split()))
        for known in self._longer.values():
            known.sort(key=lambda entry: -len(entry[0]))
        self._starts = self._pairs.keys() | self._longer.keys()

    def replaced(self, words: Sequence[str]) -> list[str]:
        """The words, each name by its one word. Most words begin no name and are passed over at once."""
        begins = [at for at, pair in enumerate(pairwise(words)) if pair in self._starts]
        if not self._single.keys().isdisjoint(words):
            begins = sorted({*begins, *(at for at, word in enumerate(words) if word in self._single)})
        found: list[str] = []
        done = 0
        for at in begins:
            if at >= done:
                ones, length = self._name_at(words, at)
                found += words[done:at]
                found += ones
                done = at + length
        found += words[done:]
        return found

    def _name_at(self, words: Sequence[str], at: int) -> tuple[Sequence[str], int]:
        """What stands for the longest name that begins here, and how many words it has; else the word itself."""
        if at + 1 < len(words):
            pair = (words[at], words[at + 1])
            for name, ones in self._longer.get(pair, ()):
                if tuple(words[at : at + len(name)]) == name:
                    return ones, len(name)
            if pair in self._pairs:
                return self._pairs[pair], 2
        return self._single.get(words[at], words[at : at + 1]), 1


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
        self.count = len(groups)
        self._by_first: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        for number, group in enumerate(groups):
            for name in group:
                words = tuple(name.split())
                self._by_first.setdefault(words[0], []).append((words, number))

    def of(self, words: Sequence[str]) -> frozenset[int]:
        begins = self._by_first
        return frozenset(
            [
                number
                for at in [at for at, word in enumerate(words) if word in begins]
                for name, number in begins[words[at]]
                if len(name) == 1 or tuple(words[at : at + len(name)]) == name
            ]
        )


_JOINED_AGE = re.compile(r"(\d{1,2})t")


def ages_as_words(words: Sequence[str]) -> list[str]:
    """“6 tuổi”, “6t”, “dưới 14 tuổi” become BELOW, “từ đủ 14 tuổi” and older become FROM."""
    found: list[str] = []
    at = 0
    while at < len(words):
        age, used = _age(words, at) if words[at][:1].isdigit() else (None, 1)
        if age is None:
            found.append(words[at])
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
