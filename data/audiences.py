"""Who a broadcast goes to: what an officer chose, frozen when it is approved, and what changed since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from data import audit
from data.tables import Broadcast, Delivery, GroupList, GroupRow
from domain.broadcasts import ENDED, VIETNAM, BroadcastStatus, DeliveryStatus
from domain.errors import MoveRefused
from domain.repeats import read_repeat
from domain.said import Said, said

EVERYONE: Mapping[str, Any] = {"all": True}
LIST_NAME_MAX = 80
_REACHED = [DeliveryStatus.SENT, DeliveryStatus.UNKNOWN]
_GOES_OUT = {BroadcastStatus.SCHEDULED, BroadcastStatus.SENDING, BroadcastStatus.PAUSED}
_ON_THE_WAY = [state for state in DeliveryStatus if state not in ENDED]


def groups_of(session: Session, audience: Mapping[str, Any], *, on: date) -> list[GroupRow]:
    """The active groups an audience means that are in use on that day (Vietnam), by name.

    {"all": true}; or {"follows": id}: those that got, or may still get, that broadcast; or any of "districts"
    (2022 codes), "units" (unit ids), "groups" (codes), "lists" (ids of GroupList), together. "exclude" (codes)
    is taken away. Whom a broadcast follows does not hang on days: the planner says why a group of those is left.
    """
    meant = _meant(session, audience)
    return meant if audience.get("follows") else [one for one in meant if one.days.lasts(on)]


def left_out(session: Session, audience: Mapping[str, Any], *, on: date) -> list[tuple[GroupRow, Said]]:
    """The groups an audience means that have not begun on that day, or are over, each with the reason."""
    if audience.get("follows"):
        return []
    return [(one, why) for one in _meant(session, audience) if (why := one.days.why_not(on))]


def choosable(session: Session, *, on: date) -> list[tuple[GroupRow, Said | None]]:
    """Every active group, by name; with the reason where it is not in use on that day."""
    return [(one, one.days.why_not(on)) for one in _meant(session, EVERYONE)]


def first_time(starts_at: datetime | None, repeat: str | None, *, now: datetime) -> datetime:
    """When a broadcast with these times goes out first: at its time or at once; else by its rhythm (aware UTC)."""
    first = max(starts_at, now) if starts_at else now
    return read_repeat(repeat).next_after(first - timedelta(microseconds=1)) if repeat else first


def day_of(row: Broadcast, *, now: datetime) -> date:
    """The day in Vietnam whose groups a broadcast is for: that on which it goes out next."""
    at = row.next_due_at or first_time(row.starts_at, row.repeat, now=now)
    return max(at, now).astimezone(VIETNAM).date()


def _meant(session: Session, audience: Mapping[str, Any]) -> list[GroupRow]:
    if audience.get("follows"):
        wanted: ColumnElement[bool] = GroupRow.code.in_(reached_by(int(audience["follows"])))
    elif audience.get("all"):
        wanted = GroupRow.active.is_(True)
    else:
        parts = [
            GroupRow.district_2022_code.in_(audience.get("districts") or ()),
            GroupRow.unit_id.in_(audience.get("units") or ()),
            GroupRow.code.in_([*(audience.get("groups") or ()), *_listed(session, audience.get("lists"))]),
        ]
        wanted = and_(GroupRow.active.is_(True), or_(false(), *parts))
    query = select(GroupRow).where(wanted, GroupRow.code.not_in(audience.get("exclude") or ()))
    return list(session.scalars(query.order_by(GroupRow.level, GroupRow.name_folded, GroupRow.code)))


def reached_by(broadcast_id: int) -> Any:
    """A query of the codes of groups that got a broadcast, may have got it, or are about to."""
    return (
        select(Delivery.group_code)
        .where(Delivery.broadcast_id == broadcast_id, Delivery.state.in_([*_REACHED, *_ON_THE_WAY]))
        .distinct()
    )


def _listed(session: Session, list_ids: Sequence[int] | None) -> list[str]:
    if not list_ids:
        return []
    return [
        code
        for codes in session.scalars(select(GroupList.codes).where(GroupList.id.in_(list_ids)))
        for code in codes
    ]


# ---- frozen at approval -------------------------------------------------------------------------------------


def snapshot(groups: Sequence[GroupRow]) -> list[dict[str, Any]]:
    """What is kept of the audience when it is approved: which groups, and how each is reached."""
    return [
        {
            "code": one.code,
            "channel": one.channel,
            "oa_id": one.oa_id,
            "zalo_group_id": one.zalo_group_id,
        }
        for one in sorted(groups, key=lambda one: one.code)
    ]


def mark_of(recipients: Sequence[Mapping[str, Any]]) -> str:
    """A short mark by which an approver's page says which groups it showed."""
    written = json.dumps(list(recipients), sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()


@dataclass(frozen=True)
class Changes:
    """What is different from the approved audience; nothing of it is applied by itself. Names of groups.

    outside  groups that are not in use on the day it goes out next, each with the reason
    """

    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    outside: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.moved or self.outside)


def changes_since_approval(session: Session, row: Broadcast, *, now: datetime) -> Changes:
    """Groups that the same choice would add, that are no longer active or in use, or are reached another way."""
    if row.recipients is None:
        return Changes()
    day = day_of(row, now=now)
    then = {one["code"]: one for one in row.recipients}
    today = {one.code: one for one in groups_of(session, row.audience, on=day)}
    rows = {one.code: one for one in session.scalars(select(GroupRow).where(GroupRow.code.in_(list(then))))}
    names = {code: one.name for code, one in (rows | today).items()}
    gone = [code for code in then if code not in rows or not rows[code].active]
    moved = [
        code
        for code, was in then.items()
        if code in rows and code not in gone and not is_same(was, rows[code])
    ]
    new = [] if row.follows_id else [code for code in today if code not in then]
    outside = [
        (names[code], why)
        for code in then
        if row.status in _GOES_OUT
        and code in rows
        and code not in gone
        and (why := rows[code].days.why_not(day))
    ]

    def named(codes: Sequence[str]) -> tuple[str, ...]:
        return tuple(sorted(names.get(one, one) for one in codes))

    return Changes(named(new), named(gone), named(moved), tuple(sorted(outside)))


def is_same(was: Mapping[str, Any], group: GroupRow) -> bool:
    """Is the group still reached as it was when the broadcast was approved?"""
    return (was["channel"], was["oa_id"], was["zalo_group_id"]) == (
        group.channel,
        group.oa_id,
        group.zalo_group_id,
    )


# ---- lists that officers keep -----------------------------------------------------------------------------------


def lists(session: Session) -> list[GroupList]:
    return list(session.scalars(select(GroupList).order_by(GroupList.name)))


def keep_list(
    session: Session, *, list_id: int | None, name: str, codes: Sequence[str], officer_id: int, now: datetime
) -> GroupList:
    """Keep a new list, or change a known one. Raises ValueError, in Vietnamese, for what cannot be a list."""
    name = " ".join(name.split())
    if not name or len(name) > LIST_NAME_MAX:
        raise ValueError(said("Tên danh sách phải có từ 1 đến %(most)s ký tự.", most=LIST_NAME_MAX))
    known = set(session.scalars(select(GroupRow.code).where(GroupRow.code.in_(codes))))
    if not known:
        raise ValueError("Mời chọn ít nhất một nhóm cho danh sách.")
    taken = session.scalar(select(GroupList.id).where(GroupList.name == name))
    if taken is not None and taken != list_id:
        raise ValueError("Đã có danh sách mang tên này.")
    row = session.get(GroupList, list_id) if list_id is not None else GroupList()
    if row is None:
        raise MoveRefused("Không có danh sách này.")
    before = {"groups": len(row.codes)} if list_id is not None else None
    row.name, row.codes, row.officer_id, row.updated_at = name, sorted(known), officer_id, now
    session.add(row)
    session.flush()
    audit.record(
        session,
        officer_id=officer_id,
        action="group_list.keep",
        subject=f"group_list:{row.id}",
        before=before,
        after={"groups": len(known)},
        now=now,
    )
    return row


def drop_list(session: Session, list_id: int, *, officer_id: int, now: datetime) -> None:
    """Take a list away; broadcasts that were approved with it keep their groups."""
    row = session.get(GroupList, list_id)
    if row is None:
        raise MoveRefused("Không có danh sách này.")
    session.delete(row)
    session.flush()
    audit.record(
        session,
        officer_id=officer_id,
        action="group_list.drop",
        subject=f"group_list:{list_id}",
        before={"groups": len(row.codes)},
        after=None,
        now=now,
    )
