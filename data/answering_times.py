"""From the moment a tip came until it was taken, first answered, closed: minutes and how many waited so long.

Taken: by the officer who has it now (a tip given back and taken again counts from its coming to the last taking).
Answered: the first message of an officer. Closed: the last closing. Around the clock, nights and days off included.
A tip for which it has not happened yet is counted as `open`, not as a wait.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.sql_time import minutes_between
from data.tables import Tip, TipMessage
from data.tip_statistics import came
from domain.small_numbers import K, hidden_in, protected


class Span(StrEnum):
    TAKEN = "taken"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass
class Waited:
    """By kind: minutes → how many; `open`: tips of the kind for which it has not happened."""

    minutes: dict[str | None, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    open: Counter[str | None] = field(default_factory=Counter)

    @property
    def all(self) -> Counter[int]:
        return sum(self.minutes.values(), Counter())

    @property
    def counts(self) -> dict[str | None, int]:
        """By kind, for how many tips it has happened."""
        return {kind: sum(minutes.values()) for kind, minutes in self.minutes.items()}


def shown(spans: Mapping[Span, Waited]) -> dict[Span, dict[str | None, int | None]]:
    """For each span its counts by kind, None where a number would say too much.

    A kind that the month's statistics do not show is not shown here either: there its number and the month's total
    would give the others away.
    """
    kinds: Counter[str | None] = Counter()
    for told in spans.values():
        kinds |= Counter(told.counts) + told.open  # the larger of both: a span may leave tips out
    hidden = hidden_in(+kinds)
    return {span: protected(told.counts, hidden=hidden) for span, told in spans.items()}


def shown_total(told: Waited, counts: Mapping[str | None, int | None]) -> int | None:
    """For how many tips of a span it has happened; None where that is few, or would give a single hidden kind away."""
    whole = sum(told.counts.values())
    alone = sum(count is None for count in counts.values()) == 1
    return None if 0 < whole < K or (whole and alone) else whole


def waited(
    session: Session, *, unit_ids: Collection[str] | None, since: datetime, until: datetime
) -> dict[Span, Waited]:
    """Tips that came in [since, until), raw numbers."""
    here = came(unit_ids, since, until)
    first = (
        select(TipMessage.tip_id, func.min(TipMessage.at).label("at"))
        .join(Tip, Tip.id == TipMessage.tip_id)
        .where(here, TipMessage.from_officer)
        .group_by(TipMessage.tip_id)
        .subquery()
    )
    ends: dict[Span, Any] = {Span.TAKEN: Tip.taken_at, Span.ANSWERED: first.c.at, Span.CLOSED: Tip.closed_at}
    found = {}
    for span, end in ends.items():
        minutes = minutes_between(session, Tip.created_at, end)
        query = select(Tip.category, minutes, func.count()).where(here).group_by(Tip.category, minutes)
        if span is Span.ANSWERED:
            query = query.select_from(Tip).outerjoin(first, first.c.tip_id == Tip.id)
        found[span] = _read(session, query)
    return found


def _read(session: Session, query: Any) -> Waited:
    read = Waited()
    for category, minutes, count in session.execute(query):
        if minutes is None:
            read.open[category] += count
        else:
            read.minutes[category][minutes] += count
    return read
