"""Fields and their procedures, as they stand in lists."""

from __future__ import annotations

from dataclasses import dataclass

from domain.families import LEVELS, core_name, short
from domain.procedures import FIELDS, Procedure
from domain.vietnamese import fold
from public.desk import Known

NAME_MAX = 160
RARE = 3
"""The priority of what is rare or internal (data/content/README.md)."""


@dataclass(frozen=True)
class Tile:
    """A field with the number of wishes in it."""

    key: str
    label: str
    count: int

    @property
    def address(self) -> str:
        return f"/linh-vuc/{slug(self.key)}"


@dataclass(frozen=True)
class Line:
    """A wish in the list of its field; `levels` says where it is handled."""

    name: str
    address: str
    levels: str
    online: bool | None
    often: bool


def slug(field: str) -> str:
    """A field's key as it stands in an address."""
    return field.replace("_", "-")


def field_of(text: str) -> str | None:
    """The field of an address, also where somebody typed it by hand; None when there is none."""
    key = text.strip().lower().replace("-", "_")
    return key if key in FIELDS else None


def tiles(known: Known) -> list[Tile]:
    """The fields that residents ask about, in the order of the menu; then the others with anything in force."""
    everyday = [key for key, _ in known.fields]
    rest = [key for key in FIELDS if key not in everyday]
    found = [Tile(key, FIELDS[key], len(wishes(known, key))) for key in (*everyday, *rest)]
    return [one for one in found if one.count]


def wishes(known: Known, field: str, level: str = "") -> list[Procedure]:
    """Current procedures of a field (at one level of today), one of each wish, most asked first."""
    current = [
        one
        for one in known.catalogue.procedures.values()
        if one.is_current and one.field == field and (not level or level in one.levels_2025)
    ]
    families: dict[str, Procedure] = {}
    for one in sorted(current, key=lambda one: (one.priority, _nearness(one), fold(core_name(one.name)))):
        families.setdefault(one.family, one)
    return list(families.values())


def line(known: Known, procedure: Procedure) -> Line:
    members = known.families.get(procedure.family, [procedure])
    levels = {level for one in members for level in one.levels_2025}
    return Line(
        short(core_name(procedure.name), NAME_MAX),
        f"/thu-tuc/{procedure.id}",
        ", ".join(label for level, label in LEVELS.items() if level in levels),
        procedure.online,
        procedure.priority < RARE,
    )


def lines(known: Known, field: str, level: str = "") -> list[Line]:
    return [line(known, one) for one in wishes(known, field, level)]


def _nearness(one: Procedure) -> int:
    order = list(LEVELS)
    return min((order.index(level) for level in one.levels_2025 if level in order), default=len(order))
