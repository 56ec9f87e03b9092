"""When a group may be written to: quiet hours, the night of each channel, how often, what comes together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from domain.broadcasts import VIETNAM, ChannelKind, in_quiet_hours, out_of_quiet_hours
from domain.said import Said, said

NIGHT: Mapping[ChannelKind, tuple[time, time] | None] = {
    ChannelKind.GMF: None,
    ChannelKind.OA_PAGE: (time(22, 0), time(6, 0)),
    ChannelKind.ASSISTED: None,
    ChannelKind.TRAINING: None,
}
"""Hours in which Zalo itself takes nothing, by channel: groups around the clock (docs/zalo.md, "Group text"),
word to an OA's followers not between 22:00 and 06:00 (docs/zalo.md, "Errors", -234)."""
WEEKLY_CAP = 7
"""Broadcasts one group gets in seven days; urgent ones, updates and withdrawals do not count and are not held."""
WEEK = timedelta(days=7)
TOGETHER, TOO_MANY = timedelta(hours=1), 3
"""So many broadcasts to one group within this time are a conflict."""


def earliest(channel: ChannelKind, moment: datetime, *, any_hour: bool) -> datetime:
    """The first moment from `moment` on at which this channel may be used (aware, same zone as given).

    any_hour  urgent, or quiet hours were approved: our own quiet hours do not hold; Zalo's night always does
    """
    allowed = moment if any_hour else out_of_quiet_hours(moment)
    night = NIGHT[channel]
    if night is None:
        return allowed
    begins, ends = night
    local = allowed.astimezone(VIETNAM)
    if ends <= local.time() < begins:
        return allowed
    day = local.date() if local.time() < ends else local.date() + timedelta(days=1)
    return datetime.combine(day, ends, tzinfo=VIETNAM).astimezone(moment.tzinfo)


def is_quiet(moment: datetime) -> bool:
    """Is this inside our own quiet hours?"""
    return in_quiet_hours(moment)


@dataclass(frozen=True)
class Coming:
    """A broadcast that goes to `groups` at `at` (aware)."""

    broadcast_id: int
    title: str
    at: datetime
    groups: frozenset[str]


@dataclass(frozen=True)
class Conflict:
    """Too many broadcasts for the same groups: `titles` within TOGETHER of `at`, `groups` of them touched."""

    at: datetime
    titles: tuple[str, ...]
    broadcast_ids: tuple[int, ...]
    groups: frozenset[str]

    def in_words(self) -> Said:
        local = self.at.astimezone(VIETNAM)
        return said(
            "%(count)s tin trong một giờ (từ %(time)s ngày %(day)s) tới cùng %(groups)s nhóm: %(titles)s.",
            count=len(self.titles),
            time=f"{local:%H:%M}",
            day=f"{local:%d/%m}",
            groups=len(self.groups),
            titles="; ".join(self.titles),
        )


def conflicts(coming: Sequence[Coming]) -> list[Conflict]:
    """Every hour, beginning with some broadcast, in which TOO_MANY or more reach a common group; by time."""
    ordered = sorted(coming, key=lambda one: (one.at, one.broadcast_id))
    found: list[Conflict] = []
    for place, first in enumerate(ordered):
        window = [one for one in ordered[place:] if one.at < first.at + TOGETHER]
        counts: dict[str, int] = {}
        for one in window:
            for code in one.groups:
                counts[code] = counts.get(code, 0) + 1
        touched = frozenset(code for code in first.groups if counts[code] >= TOO_MANY)
        if touched:
            there = [one for one in window if one.groups & touched]
            found.append(
                Conflict(
                    first.at,
                    tuple(one.title for one in there),
                    tuple(one.broadcast_id for one in there),
                    touched,
                )
            )
    return found


def over_cap(counts: Mapping[str, int], groups: Iterable[str]) -> list[str]:
    """Those of `groups` that already got WEEKLY_CAP broadcasts in the week that is counted."""
    return [code for code in groups if counts.get(code, 0) >= WEEKLY_CAP]
