"""One wish of a resident, offered at several levels or in several ways: one card instead of many records.

The catalogue keeps a record for every level (commune, province, ministry) and channel; `family` says which records
are one wish. Here they are put together: what is the same is said once, what differs is said beside its level.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from domain.procedures import Procedure
from domain.vietnamese import fold

LEVELS = {"commune": "Cấp xã", "province": "Cấp tỉnh", "ministry": "Bộ Công an"}
"""Level of today → what people read, nearest to the resident first."""
TITLE_MAX = 120
"""Characters of a name in a list or at the head of a card; official names have up to 600."""

_LEVEL = r"(?:Công an )?cấp (?:xã|tỉnh|tinh|huyện|trung ương)"
_AT_A_LEVEL = re.compile(
    rf"\s*(?:\((?:thực hiện )?(?:tại |ở )?{_LEVEL}\)|(?:thực hiện )?(?:tại|ở) {_LEVEL}(?:, {_LEVEL})*)$",
    re.IGNORECASE,
)
_AT_AN_OFFICE = re.compile(r"\s+tại (?:Cục|Phòng)\b[^()]*(?:Bộ Công an|Công an tỉnh)[^()]*$", re.IGNORECASE)
_BY_A_CHANNEL = re.compile(r"\s+(?:thực hiện )?bằng dịch vụ công .*$", re.IGNORECASE)


def core_name(name: str) -> str:
    """The name without the level, office or channel at its end: what the members of a family have in common."""
    for ending in (_AT_A_LEVEL, _AT_AN_OFFICE, _BY_A_CHANNEL):
        shorter = ending.sub("", name)
        if shorter:
            name = shorter
    return name


def short(text: str, limit: int = TITLE_MAX) -> str:
    """The text, cut at a word to at most `limit` characters."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:–- (") + "…"


@dataclass(frozen=True)
class Wish:
    """What one card is about.

    ways   the same procedure at its levels and channels, nearest to the resident first; never empty
    cases  other records of the family: the same wish in another case (imported cars, another applicant)
    """

    ways: tuple[Procedure, ...]
    cases: tuple[Procedure, ...] = ()

    @property
    def lead(self) -> Procedure:
        return self.ways[0]

    @property
    def title(self) -> str:
        return short(core_name(self.lead.name))

    @property
    def link(self) -> str:
        """The page to file at, else the official page; "" when no source gave one."""
        online = next((way.url for way in self.ways if way.online and way.url), None)
        return online or self.lead.url or ""

    @property
    def is_online(self) -> bool | None:
        """Can it be filed online, in any of its ways? None: no source says."""
        known = [way.online for way in self.ways if way.online is not None]
        return any(known) if known else None

    def label(self, way: Procedure) -> str:
        """How this way is told from the others: by its level, else by its channel."""
        if len(way.levels_2025) == 1:
            return LEVELS.get(way.levels_2025[0], "Nơi khác")
        return "Qua mạng" if fold(way.where or "") == "truc tuyen" else "Trực tiếp"

    def differing(self, part: Callable[[Procedure], str | None]) -> list[tuple[str, str | None]]:
        """(label, value) of each way; one pair with an empty label when all that is known is the same."""
        known = [(self.label(way), part(way)) for way in self.ways]
        values = {value for _, value in known if value is not None}
        if len(values) <= 1:
            return [("", next(iter(values), None))]
        return [(label, value) for label, value in known if value is not None]


def wish_of(wanted: Procedure, family: Iterable[Procedure]) -> Wish:
    """The wish behind a procedure; `family` are the current records of its family, in any order."""
    members = {one.id: one for one in family if one.is_current}
    members[wanted.id] = wanted
    core = fold(core_name(wanted.name))
    same = sorted((one for one in members.values() if fold(core_name(one.name)) == core), key=_nearest)
    ways: list[Procedure] = []
    labels: set[str] = set()
    for one in same:
        label = Wish((one,)).label(one)
        if label not in labels:
            ways.append(one)
            labels.add(label)
    chosen = {one.id for one in ways}
    cases = sorted((one for one in members.values() if one.id not in chosen), key=_nearest)
    return Wish(tuple(ways), tuple(cases))


def _nearest(one: Procedure) -> tuple[int, int, str]:
    order = list(LEVELS)
    levels = [order.index(level) for level in one.levels_2025 if level in order]
    return one.priority, min(levels, default=len(order)), one.id
