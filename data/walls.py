"""How far a broadcast is, group by group: for the wall, the counts and the time that is left.

A group that gets several messages counts once, as the part of it that is worst off.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from data.pace import OA_REQUESTS_PER_MINUTE
from data.tables import Broadcast, Delivery, GroupRow, OfficialAccount, Run
from domain.broadcasts import BroadcastStatus, ChannelKind, DeliveryStatus
from domain.sending_times import WEEK

S = DeliveryStatus
WORST_LAST = (S.SENT, S.WAITING, S.SENDING, S.EXPIRED, S.FAILED, S.UNKNOWN)
"""How a group of several parts is shown: by the last of these that one of its parts is in."""
_RANK = {state: rank for rank, state in enumerate(WORST_LAST)} | {S.CLAIMED: WORST_LAST.index(S.WAITING)}
_MOVING = (S.WAITING, S.CLAIMED, S.SENDING)


def _by_group(broadcast_id: int, run_id: int | None) -> Select[str, int]:
    rank = case(
        *((Delivery.state == state, rank) for state, rank in _RANK.items()),
        else_=_RANK[S.FAILED],
    )
    query = select(Delivery.group_code, func.max(rank).label("rank")).where(
        Delivery.broadcast_id == broadcast_id
    )
    if run_id is not None:
        query = query.where(Delivery.run_id == run_id)
    return query.group_by(Delivery.run_id, Delivery.group_code)


def progress(session: Session, broadcast_id: int, *, run_id: int | None = None) -> dict[DeliveryStatus, int]:
    """How many groups are in which state; claimed ones count as waiting."""
    groups = _by_group(broadcast_id, run_id).subquery()
    counts = dict.fromkeys(DeliveryStatus, 0)
    for rank, count in session.execute(select(groups.c.rank, func.count()).group_by(groups.c.rank)):
        counts[WORST_LAST[rank]] += count
    return counts


@dataclass(frozen=True)
class Tile:
    """One group on the wall."""

    code: str
    name: str
    level: str
    unit_id: str
    unit_code: str
    state: DeliveryStatus


def wall(session: Session, broadcast_id: int, *, run_id: int | None = None) -> list[Tile]:
    """Every group of a run with its state, by name."""
    groups = _by_group(broadcast_id, run_id).subquery()
    query = (
        select(GroupRow.code, GroupRow.name, GroupRow.level, GroupRow.unit_id, groups.c.rank)
        .join(groups, groups.c.group_code == GroupRow.code)
        .order_by(GroupRow.level, GroupRow.name_folded, GroupRow.code)
    )
    return [
        Tile(code, name, level, unit_id, unit_id.split("@")[0], WORST_LAST[rank])
        for code, name, level, unit_id, rank in session.execute(query)
    ]


def worst(states: Sequence[DeliveryStatus]) -> DeliveryStatus:
    """The state of several groups that share one place on the map."""
    return max(states, key=lambda state: _RANK[state])


# ---- how long still -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TimeLeft:
    """sending  until the last message by API is out, at the allowed pace; None: nobody can say (paused, stopped)
    by_hand     groups that wait for an officer: no clock knows when
    waits_for   unclear ones and those not due yet, said apart
    """

    sending: timedelta | None
    by_hand: int
    unclear: int


def time_left(session: Session, row: Broadcast, *, run_id: int | None, now: datetime) -> TimeLeft:
    """What is still to be sent, divided by what each OA may send; other broadcasts of the same OA wait in line too.

    Not before what is due latest: quiet hours, waits that Zalo asked for. No promise: retries add to it.
    """
    ours: tuple[ColumnElement[bool], ...] = (Delivery.broadcast_id == row.id, Delivery.state.in_(_MOVING))
    if run_id is not None:
        ours = (*ours, Delivery.run_id == run_id)
    by_hand = session.scalar(
        select(func.count(func.distinct(Delivery.group_code))).where(
            *ours, Delivery.channel == ChannelKind.ASSISTED
        )
    )
    unclear = session.scalar(
        select(func.count()).where(Delivery.broadcast_id == row.id, Delivery.state == S.UNKNOWN)
    )
    api = Delivery.channel.in_([ChannelKind.GMF, ChannelKind.OA_PAGE])
    latest = session.scalar(select(func.max(Delivery.due_at)).where(*ours, api))
    if row.status != BroadcastStatus.SENDING:
        return TimeLeft(None, by_hand or 0, unclear or 0)
    if latest is None:
        return TimeLeft(timedelta(0), by_hand or 0, unclear or 0)
    accounts = select(Delivery.oa_id).where(*ours, api).distinct()
    in_line = (
        select(Delivery.oa_id, func.count(), func.max(OfficialAccount.requests_per_minute))
        .join(Broadcast, Broadcast.id == Delivery.broadcast_id)
        .outerjoin(OfficialAccount, OfficialAccount.oa_id == Delivery.oa_id)
        .where(
            Delivery.oa_id.in_(accounts),
            Delivery.state.in_(_MOVING),
            Broadcast.status == BroadcastStatus.SENDING,
        )
        .group_by(Delivery.oa_id)
    )
    longest = max(
        (count / (limit or OA_REQUESTS_PER_MINUTE) for _, count, limit in session.execute(in_line)),
        default=0.0,
    )
    wait = max(timedelta(0), latest - now)
    return TimeLeft(wait + timedelta(seconds=math.ceil(longest * 60)), by_hand or 0, unclear or 0)


# ---- how often -----------------------------------------------------------------------------------------------


def sent_in_week(session: Session, *, now: datetime) -> dict[str, int]:
    """How many broadcasts each group got (or is about to get) in the last seven days that count for the cap."""
    query = (
        select(Delivery.group_code, func.count(func.distinct(Delivery.run_id)))
        .join(Run, Run.id == Delivery.run_id)
        .join(Broadcast, Broadcast.id == Delivery.broadcast_id)
        .where(
            Run.due_at > now - WEEK,
            Delivery.state.in_([S.SENT, S.UNKNOWN, *_MOVING]),
            Broadcast.urgent.is_(False),
            Broadcast.training.is_(False),
            Broadcast.follows_id.is_(None),
        )
        .group_by(Delivery.group_code)
    )
    return {row[0]: row[1] for row in session.execute(query)}
