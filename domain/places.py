"""Which unit answers for a place somebody typed: old and new names, with or without accents.

Old communes and districts lead to the units of today; where two are possible, the citizen is asked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz

from domain.units import Unit, UnitBook, UnitLevel
from domain.vietnamese import nfc, strip_marks

CHOICES_MAX = 3
TYPO_CUTOFF = 86.0
"""rapidfuzz ratio from which a typed name counts as a misspelt one."""

TEXT_MAX = 1000
"""Characters of a text that are read: an address is shorter."""
_PROVINCE = re.compile(r"\btinh bac (?:giang|ninh)\b")
_SPEAKS_OF_DISTRICT = re.compile(r"\b(?:huyen|thi xa|tx|thanh pho|tp|quan)\b")
_KINDS = r"(?:xa|phuong|thi tran|tt|p|x|huyen|thi xa|tx|thanh pho|tp|quan)"
_WORD_OF_KIND = re.compile(rf"\b{_KINDS}\b")


@dataclass(frozen=True)
class Choice:
    """One possible answer: today's unit, and what the citizen reads (the old name where they used it)."""

    unit: Unit
    label: str


@dataclass(frozen=True)
class PlaceAnswer:
    """One unit; or up to CHOICES_MAX to choose from; or neither."""

    unit: Unit | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class _Name:
    """One name somebody may use, and where it leads."""

    folded: str
    accented: str
    kind: str
    district: str
    label: str
    unit: Unit
    is_today: bool


class PlaceBook:
    """Finds units by what people call them. Built once; looking up takes well under a millisecond."""

    def __init__(self, book: UnitBook, today: date) -> None:
        current = book.today(today)
        successors = _to_today(book, current)
        self._names: dict[str, list[_Name]] = defaultdict(list)
        self._districts: dict[str, list[Unit]] = defaultdict(list)
        for unit in book.units:
            if unit.level is UnitLevel.PROVINCE:
                continue
            for target in successors.get(unit.id, ()):
                if unit.level is UnitLevel.DISTRICT:
                    self._add_district(unit, target)
                else:
                    self._add(unit, target, is_today=unit.id in current)
        self._folded_names = list(self._names)

    def find(self, text: str) -> PlaceAnswer:
        """The unit that answers for the place in `text`; what surrounds the name does not matter."""
        text = text[:TEXT_MAX]
        plain, accented = _PROVINCE.sub(" ", _plain(text)).strip(), nfc(text).casefold()
        names = self._mentioned(plain)
        if not names and _SPEAKS_OF_DISTRICT.search(plain):
            in_district = self._by_district(plain)
            if in_district != PlaceAnswer():
                return in_district
        names = _narrowed(names or self._misspelt(plain), plain, accented)
        if not names or (plain in self._districts and all(name.is_today for name in names)):
            # an old district may have the name of a commune of today: ask rather than guess
            return self._by_district(plain)
        return _answer(names)

    def _add(self, unit: Unit, target: Unit, *, is_today: bool) -> None:
        label = target.name if is_today else f"{unit.name}{_of(unit.district)} → {target.name}"
        name = _Name(
            folded=_plain(unit.short_name),
            accented=nfc(unit.short_name).casefold(),
            kind=_plain(unit.kind),
            district=_plain(_bare(unit.district or "")),
            label=label,
            unit=target,
            is_today=is_today,
        )
        if name not in self._names[name.folded]:
            self._names[name.folded].append(name)

    def _add_district(self, district: Unit, target: Unit) -> None:
        targets = self._districts[_plain(district.short_name)]
        if target not in targets:
            targets.append(target)

    def _mentioned(self, plain: str) -> list[_Name]:
        """Names that stand in the text word for word; a longer one hides the shorter ones inside it."""
        words = plain.split()
        found: list[tuple[int, int, list[_Name]]] = []
        for size in range(min(4, len(words)), 0, -1):
            for start in range(len(words) - size + 1):
                if _after_district_word(words, start):
                    continue
                names = self._names.get(" ".join(words[start : start + size]))
                inside = any(a <= start and start + size <= b for a, b, _ in found)
                if names and not inside:
                    found.append((start, start + size, names))
        spoken = [names for start, _, names in found if _after_commune_word(words, start)]
        if spoken:
            return [name for names in spoken for name in names]
        return [name for _, _, names in found for name in names]

    def _misspelt(self, plain: str) -> list[_Name]:
        """The closest names to what follows a word like "xã", or to the whole when it is short."""
        parts = [part.strip() for part in _WORD_OF_KIND.split(plain)]
        tried = [_one_i(part) for part in parts if part and len(part.split()) <= 4]
        best: list[tuple[float, str]] = []
        for part in tried:
            for name in self._folded_names:
                score = fuzz.ratio(part, _one_i(name), score_cutoff=TYPO_CUTOFF)
                if score:
                    best.append((score, name))
        if not best:
            return []
        top = max(score for score, _ in best)
        return [name for score, key in best if score >= top - 1 for name in self._names[key]]

    def _by_district(self, plain: str) -> PlaceAnswer:
        """Only an old district was named: its communes of today, to choose from when they are few."""
        for key, units in self._districts.items():
            if re.search(rf"\b{re.escape(key)}\b", plain):
                if len(units) == 1:
                    return PlaceAnswer(unit=units[0])
                same_name_first = sorted(units, key=lambda unit: _plain(unit.short_name) != key)
                return PlaceAnswer(
                    choices=tuple(Choice(unit, unit.name) for unit in same_name_first[:CHOICES_MAX])
                )
        return PlaceAnswer()


def _to_today(book: UnitBook, current: dict[str, Unit]) -> dict[str, tuple[Unit, ...]]:
    """Old unit id → the units of today it became, over any number of changes."""
    steps: dict[str, list[str]] = defaultdict(list)
    for one in book.succession:
        steps[one.old_id].append(one.new_id)

    def follow(unit_id: str, seen: frozenset[str]) -> Iterable[Unit]:
        if unit_id in current:
            yield current[unit_id]
            return
        for new_id in steps[unit_id]:
            if new_id not in seen:
                yield from follow(new_id, seen | {new_id})

    return {unit.id: tuple(dict.fromkeys(follow(unit.id, frozenset({unit.id})))) for unit in book.units}


def _narrowed(names: list[_Name], plain: str, accented: str) -> list[_Name]:
    """Use what else was said: the accents, the kind (xã or phường), the old district."""
    exact = [n for n in names if re.search(rf"(?<!\w){re.escape(n.accented)}(?!\w)", accented)]
    if exact and any(n.accented != n.folded for n in exact):
        names = exact
    in_district = [n for n in names if n.district and _says_district(plain, n)]
    if in_district:
        return in_district
    of_kind = [n for n in names if re.search(rf"\b{n.kind} {re.escape(n.folded)}\b", plain)]
    return of_kind or names


def _says_district(plain: str, name: _Name) -> bool:
    rest = plain.replace(name.folded, " ", 1) if name.district == name.folded else plain
    return bool(re.search(rf"\b{re.escape(name.district)}\b", rest))


def _answer(names: list[_Name]) -> PlaceAnswer:
    by_unit: dict[str, _Name] = {}
    for name in sorted(names, key=lambda n: not n.is_today):
        by_unit.setdefault(name.unit.id, name)
    if len(by_unit) == 1:
        return PlaceAnswer(unit=next(iter(by_unit.values())).unit)
    choices = [Choice(name.unit, name.label) for name in by_unit.values()]
    return PlaceAnswer(choices=tuple(choices[:CHOICES_MAX]))


def _after_commune_word(words: list[str], start: int) -> bool:
    """Does "xã", "phường", "thị trấn" stand before it?"""
    return bool(re.search(r"\b(xa|phuong|thi tran|tt|p|x)$", " ".join(words[max(0, start - 2) : start])))


def _after_district_word(words: list[str], start: int) -> bool:
    """Does "huyện", "thị xã", "thành phố" stand before it? Then the old district is meant."""
    before = " ".join(words[max(0, start - 2) : start])
    return bool(re.search(r"\b(huyen|thi xa|tx|thanh pho|tp)$", before))


def _one_i(folded: str) -> str:
    """Lý and Lí are one name."""
    return folded.replace("y", "i")


def _plain(text: str) -> str:
    return " ".join(strip_marks(text).split())


def _bare(district: str) -> str:
    return re.sub(r"^(huyện|thành phố|thị xã)\s+", "", nfc(district), flags=re.IGNORECASE)


def _of(district: str | None) -> str:
    return f" ({district[:1].lower()}{district[1:]})" if district else ""
