"""Police units, what became of them, and the groups they look after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class UnitLevel(StrEnum):
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


def police_name(name: str) -> str:
    """“Phường Bắc Giang” → “Công an phường Bắc Giang”: a name, the same in every language of the console."""
    return " ".join(("Công an", name[:1].lower() + name[1:]))


@dataclass(frozen=True)
class Unit:
    """A unit for as long as it lasted: valid from that day, until the day before `valid_to` (None: still).

    name  with its kind, as in "Phường Bắc Giang"; `short_name` without it
    """

    code: str
    name: str
    short_name: str
    kind: str
    level: UnitLevel
    valid_from: date
    valid_to: date | None = None
    district_code: str | None = None
    district: str | None = None
    province: str = ""
    latitude: float | None = None
    longitude: float | None = None

    @property
    def id(self) -> str:
        """`<code>@<valid from>`: a code alone is ambiguous, it may have meant another place before."""
        return f"{self.code}@{self.valid_from.isoformat()}"

    @property
    def police_name(self) -> str:
        """The police of this unit, as in "Công an phường Bắc Giang"."""
        return police_name(self.name)

    def lasts(self, day: date) -> bool:
        """Was it in force on this day?"""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class Succession:
    """`old_id` became part of `new_id` on `since`; `evidence` is explained in data/content/README.md."""

    old_id: str
    new_id: str
    since: date
    evidence: str


@dataclass(frozen=True)
class Group:
    """One of the 225 Zalo groups and pages; `inferred` marks the rows that are our reading of that number."""

    code: str
    name: str
    level: UnitLevel
    unit_2022_code: str | None
    district_2022_code: str | None
    police_2022: str
    unit_id: str
    basis: str
    inferred: bool


@dataclass(frozen=True)
class UnitBook:
    """Every unit of the data, and how the old ones lead to those of today."""

    units: tuple[Unit, ...]
    succession: tuple[Succession, ...]

    def today(self, day: date) -> dict[str, Unit]:
        """The units in force on `day`, by id."""
        return {unit.id: unit for unit in self.units if unit.lasts(day)}

    def became(self, day: date) -> dict[str, Unit]:
        """Id of a unit that ended → the one unit that answers for it on `day`; left out where it was split up."""
        now = self.today(day)
        after: dict[str, list[str]] = {}
        for step in self.succession:
            if step.since <= day:
                after.setdefault(step.old_id, []).append(step.new_id)
        found = {}
        for unit in self.units:
            at, seen = unit.id, {unit.id}
            while at not in now and len(after.get(at, ())) == 1 and after[at][0] not in seen:
                at = after[at][0]
                seen.add(at)
            if unit.id not in now and at in now:
                found[unit.id] = now[at]
        return found
