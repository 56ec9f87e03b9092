"""The rules of tips that are data: kinds with their clocks and terms of keeping, and the calendar."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from domain.broadcasts import VIETNAM
from domain.clocks import TO_PROVINCE_AFTER, Calendar, Dues, dues
from domain.errors import BadContent
from domain.tip_kinds import OTHER, KindBook, TipKind
from domain.vietnamese import nfc

FOLDER = Path(__file__).parent / "content" / "tips"
YEARS_AHEAD = 2
"""Days that come every year are entered for this year and so many more."""
RUNS_OUT_WITHIN = timedelta(days=45)


@dataclass(frozen=True)
class TipRules:
    """One edition of the rules; immutable. What officers changed is laid over it by data.dated_settings.

    to_province  how long a unit head has, before an overdue tip goes up to the province
    """

    kinds: KindBook
    calendar: Calendar
    to_province: timedelta = TO_PROVINCE_AFTER

    def dues(self, category: str | None, *, at: datetime, urgent: bool) -> Dues:
        return dues(self.kinds.get(category), self.calendar, at=at, urgent=urgent)


@cache
def shipped() -> TipRules:
    """The rules in data/content, read once."""
    return read(FOLDER, today=datetime.now(VIETNAM).date())


def read(folder: Path, *, today: date) -> TipRules:
    """Read and check both files. Raises BadContent with every fault, file and entry named."""
    problems: list[str] = []
    kinds = [_kind(raw, problems) for raw in _table(folder / "kinds.toml", problems).get("kind", [])]
    keys = [kind.key for kind in kinds]
    if len(set(keys)) != len(keys):
        problems.append("kinds.toml: a key stands twice")
    if OTHER not in keys:
        problems.append(f"kinds.toml: the kind “{OTHER}” is missing")
    calendar = _calendar(_table(folder / "calendar.toml", problems), problems, today)
    if problems:
        raise BadContent(problems)
    assert calendar is not None
    return TipRules(KindBook(kinds), calendar)


def runs_out(rules: TipRules, today: date) -> bool:
    """Do the moving days off have to be entered for the next year?"""
    return today + RUNS_OUT_WITHIN > rules.calendar.known_until


def _table(path: Path, problems: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        problems.append(f"{path.name}: {error}")
        return {}


def _kind(raw: dict[str, Any], problems: list[str]) -> TipKind:
    key = str(raw.get("key", "?"))
    for name in ("take_minutes", "close_hours", "keep_days"):
        if not isinstance(raw.get(name), int) or raw[name] <= 0:
            problems.append(f"kinds.toml: {key}: {name} has to be a whole number above 0")
            raw[name] = 1
    for name in ("key", "label", "keep_basis"):
        if not str(raw.get(name, "")).strip():
            problems.append(f"kinds.toml: {key}: {name} is missing")
    if raw.get("clock") not in {"always", "office"}:
        problems.append(f"kinds.toml: {key}: clock is “always” or “office”")
    return TipKind(
        key=key,
        label=nfc(str(raw.get("label", ""))),
        serious=bool(raw.get("serious", False)),
        take_minutes=raw["take_minutes"],
        close_hours=raw["close_hours"],
        office_hours=raw.get("clock") == "office",
        keep_days=raw["keep_days"],
        keep_basis=nfc(str(raw.get("keep_basis", ""))),
        phrases=tuple(nfc(str(phrase)) for phrase in raw.get("phrases", ())),
    )


def _calendar(raw: dict[str, Any], problems: list[str], today: date) -> Calendar | None:
    try:
        days = {date.fromisoformat(day): nfc(name) for day, name in raw["days"].items()}
        for year in range(today.year, today.year + YEARS_AHEAD + 1):
            for day, name in raw["fixed"].items():
                days.setdefault(date.fromisoformat(f"{year}-{day}"), nfc(name))
        hours = tuple((time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in raw["hours"])
        if not hours or any(begin >= end for begin, end in hours):
            problems.append("calendar.toml: hours are pairs, the first before the second")
        return Calendar(
            hours=hours,
            weekdays=frozenset(raw["weekdays"]),
            days_off=days,
            known_until=date.fromisoformat(raw["known_until"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        problems.append(f"calendar.toml: {error}")
        return None
