"""How months are scored, and which units are pilots: data/content/scores, every fault named by file and entry."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from domain.errors import BadContent
from domain.scores import Component, Formula
from domain.vietnamese import nfc

FOLDER = Path(__file__).parent / "content" / "scores"
PILOTS_EACH = 2
WHOLE = ("min_answers", "prior_size", "post_hours", "care_months", "freeze_day")


@dataclass(frozen=True)
class Pilots:
    """district code → (name, codes of its pilot units); example: the province has not given its own list yet."""

    since: date
    districts: Mapping[str, tuple[str, tuple[str, ...]]]
    example: bool = False

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(code for _, codes in self.districts.values() for code in codes)


@cache
def formulas() -> tuple[Formula, ...]:
    """All formulas there ever were, by valid_from: a frozen month is computed again with its own."""
    return read_formulas(FOLDER)


@cache
def pilots() -> Pilots:
    return read_pilots(FOLDER)


def formula_of(day: date) -> Formula:
    """The formula that holds on this day."""
    return [one for one in formulas() if one.valid_from <= day][-1]


def formula_named(key: str) -> Formula | None:
    return next((one for one in formulas() if one.key == key), None)


def check(folder: Path = FOLDER) -> list[str]:
    problems: list[str] = []
    for read in (read_formulas, read_pilots):
        try:
            read(folder)
        except BadContent as fault:
            problems.extend(fault.problems)
    return problems


def read_formulas(folder: Path) -> tuple[Formula, ...]:
    """Raises BadContent with every fault."""
    problems: list[str] = []
    found = [_formula(raw, problems) for raw in _table(folder / "formulas.toml", problems).get("formula", [])]
    keys = [one.key for one in found]
    if not problems and not found:
        problems.append("formulas.toml: there is no formula")
    if len(set(keys)) != len(keys):
        problems.append("formulas.toml: a key stands twice")
    if problems:
        raise BadContent(problems)
    return tuple(sorted(found, key=lambda one: one.valid_from))


def read_pilots(folder: Path) -> Pilots:
    """Raises BadContent with every fault."""
    problems: list[str] = []
    raw = _table(folder / "pilots.toml", problems)
    districts: dict[str, tuple[str, tuple[str, ...]]] = {}
    for one in raw.get("district", []):
        units = tuple(str(code) for code in one.get("units", ()))
        if len(set(units)) != PILOTS_EACH:
            problems.append(f"pilots.toml: district {one.get('code', '?')}: {PILOTS_EACH} different units")
        districts[str(one.get("code", "?"))] = (nfc(str(one.get("name", ""))), units)
    codes = [code for _, units in districts.values() for code in units]
    if len(set(codes)) != len(codes):
        problems.append("pilots.toml: a unit stands in two districts")
    if raw and not isinstance(raw.get("since"), date):
        problems.append("pilots.toml: since is a day")
    if problems:
        raise BadContent(problems)
    return Pilots(raw["since"], districts, bool(raw.get("example")))


def _formula(raw: dict[str, Any], problems: list[str]) -> Formula:
    where = f"formulas.toml: {raw.get('key', '?')}"
    numbers = {}
    for name in WHOLE:
        value = raw.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
            problems.append(f"{where}: {name} has to be a whole number above 0")
            value = 1
        numbers[name] = value
    spreads = {}
    for name in ("min_spread", "min_between"):
        value = raw.get(name)
        if not isinstance(value, int | float) or value <= 0:
            problems.append(f"{where}: {name} has to be a number above 0")
            value = 1.0
        spreads[name] = float(value)
    weights = raw.get("weights", {})
    if set(weights) != set(Component) or sum(weights.values()) != 100 or min(weights.values()) < 0:
        problems.append(f"{where}: weights names every component once, sums to 100, and none is below 0")
        weights = {}
    if not isinstance(raw.get("valid_from"), date) or not str(raw.get("key", "")).strip():
        problems.append(f"{where}: key and valid_from (a day) are needed")
    if not 1 <= numbers["freeze_day"] <= 28:
        problems.append(f"{where}: freeze_day is a day from 1 to 28")
    return Formula(
        key=str(raw.get("key", "")),
        valid_from=raw.get("valid_from", date.min),
        weights={Component(name): float(weight) for name, weight in weights.items()},
        min_answers=numbers["min_answers"],
        min_spread=spreads["min_spread"],
        min_between=spreads["min_between"],
        prior_size=float(numbers["prior_size"]),
        post_hours=numbers["post_hours"],
        care_months=numbers["care_months"],
        freeze_day=numbers["freeze_day"],
        care_units=frozenset(str(code) for code in raw.get("care_units", ())),
    )


def _table(path: Path, problems: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        problems.append(f"{path.name}: {error}")
        return {}
