"""What broadcasts came to: one, a month, by unit and by kind. Training does not count.

Reach is the members of the groups that got a message, as Zalo told last: how many could read it, not how many did.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from data.tables import Approval, Broadcast, Delivery, GroupRow, Officer, Run, UnitRow
from domain.broadcasts import VIETNAM, DeliveryStatus
from domain.said import Said, said

S = DeliveryStatus


@dataclass(frozen=True)
class Line:
    """One line of a report. groups: deliveries counted by group; reach: members of those that got it.

    without_members  groups that got it but whose members are not known: the reach leaves them out
    """

    name: str
    broadcasts: int
    groups: int
    sent: int
    failed: int
    expired: int
    unknown: int
    waiting: int
    reach: int
    without_members: int


@dataclass(frozen=True)
class Month:
    """A calendar month in Vietnam."""

    year: int
    month: int

    @property
    def begins(self) -> datetime:
        return datetime(self.year, self.month, 1, tzinfo=VIETNAM)

    @property
    def ends(self) -> datetime:
        return self.next.begins

    @property
    def next(self) -> Month:
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def previous(self) -> Month:
        return Month(self.year - (self.month == 1), (self.month - 2) % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    def in_words(self) -> Said:
        return said("Tháng %(month)s/%(year)s", month=self.month, year=self.year)


def month_of(moment: datetime, zone: ZoneInfo = VIETNAM) -> Month:
    local = moment.astimezone(zone)
    return Month(local.year, local.month)


def read_month(text: str) -> Month | None:
    """`2026-11`, or None."""
    year, dash, month = text.partition("-")
    if not (dash and year.isascii() and year.isdigit() and month.isascii() and month.isdigit()):
        return None
    return Month(int(year), int(month)) if 2000 <= int(year) < 2200 and 1 <= int(month) <= 12 else None


def by_broadcast(session: Session, month: Month) -> list[Line]:
    return _lines(session, month, Broadcast.id, Broadcast.title)


def by_kind(session: Session, month: Month) -> list[Line]:
    """`name` is the key of the kind."""
    return _lines(session, month, Broadcast.kind, Broadcast.kind)


def by_unit(session: Session, month: Month) -> list[Line]:
    return _lines(session, month, UnitRow.id, UnitRow.name)


def whole_month(session: Session, month: Month) -> Line | None:
    """Everything of the month in one line; None: nothing went out."""
    lines = _lines(session, month, Broadcast.training, Broadcast.training)
    return lines[0] if lines else None


def _of_state(*states: DeliveryStatus) -> ColumnElement[int]:
    return func.sum(case((Delivery.state.in_(states), 1), else_=0))


def _lines(session: Session, month: Month, key: Any, name: Any) -> list[Line]:
    """Deliveries of the month's runs, one for each group (its first part), grouped by `key`."""
    got = Delivery.state == S.SENT
    query: Any = (
        select(
            name,
            func.count(func.distinct(Broadcast.id)),
            func.count(),
            _of_state(S.SENT),
            _of_state(S.FAILED),
            _of_state(S.EXPIRED),
            _of_state(S.UNKNOWN),
            _of_state(S.WAITING, S.CLAIMED, S.SENDING),
            func.sum(case((got, func.coalesce(GroupRow.members, 0)), else_=0)),
            func.sum(case((got & GroupRow.members.is_(None), 1), else_=0)),
        )
        .select_from(Delivery)
        .join(Run, Run.id == Delivery.run_id)
        .join(Broadcast, Broadcast.id == Delivery.broadcast_id)
        .join(GroupRow, GroupRow.code == Delivery.group_code)
        .join(UnitRow, UnitRow.id == GroupRow.unit_id)
        .where(
            Run.due_at >= month.begins,
            Run.due_at < month.ends,
            Delivery.part == 0,
            Broadcast.training.is_(False),
        )
        .group_by(key, name)
        .order_by(func.count().desc(), name)
    )
    return [Line(str(row[0]), *(int(value or 0) for value in row[1:])) for row in session.execute(query)]


# ---- one broadcast -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Delivered:
    """One delivery as a line of the table that is printed and exported."""

    run: datetime
    code: str
    group: str
    unit: str
    channel: str
    part: int
    state: DeliveryStatus
    sent_at: datetime | None
    reason: str | None
    members: int | None
    posted_by: str | None


def deliveries_of(session: Session, broadcast_id: int) -> Iterable[Delivered]:
    """Every delivery of a broadcast, by run and group."""
    query = (
        select(
            Run.due_at,
            Delivery.group_code,
            GroupRow.name,
            UnitRow.name,
            Delivery.channel,
            Delivery.part,
            Delivery.state,
            Delivery.sent_at,
            Delivery.reason,
            GroupRow.members,
            Officer.name,
        )
        .join(Run, Run.id == Delivery.run_id)
        .join(GroupRow, GroupRow.code == Delivery.group_code)
        .join(UnitRow, UnitRow.id == GroupRow.unit_id)
        .outerjoin(Officer, Officer.id == Delivery.posted_by)
        .where(Delivery.broadcast_id == broadcast_id)
        .order_by(Run.due_at, GroupRow.level, GroupRow.name_folded, Delivery.part)
    )
    for row in session.execute(query):
        yield Delivered(*row[:6], DeliveryStatus(row[6]), *row[7:])


def waiting_time(session: Session, broadcast_id: int) -> tuple[timedelta, timedelta] | None:
    """From the due time to the first and to the last group that got it, over all runs; None: nobody got it."""
    took = [one.sent_at - one.run for one in deliveries_of(session, broadcast_id) if one.sent_at is not None]
    return (min(took), max(took)) if took else None


def open_reviews(session: Session) -> list[Broadcast]:
    """Urgent ones that an approver has still to look at, the oldest first."""
    query = select(Broadcast).where(Broadcast.review_due_at.is_not(None)).order_by(Broadcast.review_due_at)
    return list(session.scalars(query))


def urgent_approver(session: Session, broadcast_id: int) -> int | None:
    """Who let it go the urgent way."""
    return session.scalar(
        select(Approval.officer_id)
        .where(Approval.broadcast_id == broadcast_id, Approval.verdict == "urgent")
        .order_by(Approval.id.desc())
        .limit(1)
    )
