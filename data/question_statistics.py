"""How questions were answered over time, from the log of decisions (no words, no residents)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.sql_time import local, utc_hour
from data.tables import QuestionLog
from domain.procedures import Decision

SHOWN = (Decision.ANSWER, Decision.CHOOSE, Decision.DECLINE)
"""Answered, asked back, declined; what was no question is left out."""


def by_day(session: Session, *, since: datetime, until: datetime) -> dict[date, Counter[str]]:
    """Day in Vietnam → decision → how many."""
    stamp = utc_hour(session, QuestionLog.at)
    query = (
        select(stamp, QuestionLog.decision, func.count())
        .where(QuestionLog.at >= since, QuestionLog.at < until, QuestionLog.decision.in_(SHOWN))
        .group_by(stamp, QuestionLog.decision)
    )
    found: dict[date, Counter[str]] = {}
    for hour, decision, count in session.execute(query):
        found.setdefault(local(hour).date(), Counter())[decision] += count
    return found


def by_month(session: Session, *, begins: Sequence[datetime]) -> list[Counter[str]]:
    """Decision → how many, for each month; `begins` as in data.tip_statistics.by_month."""
    found = []
    for since, until in pairwise(begins):
        query = (
            select(QuestionLog.decision, func.count())
            .where(QuestionLog.at >= since, QuestionLog.at < until, QuestionLog.decision.in_(SHOWN))
            .group_by(QuestionLog.decision)
        )
        found.append(Counter(dict(session.execute(query).all())))
    return found
