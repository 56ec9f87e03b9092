"""What a broadcast comes to when its time comes: for each group, when, by which channel, or why not.

The planner makes deliveries of it; a dry run only shows it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import articles, audiences, walls
from data.tables import Broadcast, GroupRow
from domain import reasons
from domain.broadcasts import VIETNAM, ChannelKind
from domain.said import said
from domain.sending_times import WEEKLY_CAP, earliest, over_cap

NOT_CONNECTED = "Nhóm chưa được kết nối với Zalo. Quản trị cần khai báo mã nhóm trước khi gửi."
GONE = "Nhóm không còn hoạt động từ sau khi tin được duyệt."
MOVED = (
    "Kết nối của nhóm đã thay đổi sau khi tin được duyệt. Xin kiểm tra nhóm rồi bấm “Gửi lại” cho nhóm này."
)
OVER_CAP = said(reasons.OVER_CAP, cap=WEEKLY_CAP)
BY_API = (ChannelKind.GMF, ChannelKind.OA_PAGE)


@dataclass(frozen=True)
class Planned:
    """One group of a run. `at`: not before (aware UTC); `reason`: why it is not sent to, None: it is."""

    code: str
    name: str
    channel: ChannelKind
    oa_id: str | None
    zalo_group_id: str | None
    at: datetime
    reason: str | None


def plan(session: Session, row: Broadcast, *, now: datetime) -> list[Planned]:
    """Every group the broadcast was approved for (before that: that its choice means), by code.

    One that is not in use on the day it would be sent stands there with the reason.
    """
    recipients = row.recipients
    outside: dict[str, str] = {}
    if recipients is None:
        day = now.astimezone(VIETNAM).date()
        left = audiences.left_out(session, row.audience, on=day)
        outside = {group.code: why for group, why in left}
        chosen = audiences.groups_of(session, row.audience, on=day)
        recipients = audiences.snapshot([*chosen, *(group for group, _ in left)])
    codes = [one["code"] for one in recipients]
    groups = {one.code: one for one in session.scalars(select(GroupRow).where(GroupRow.code.in_(codes)))}
    counts = walls.sent_in_week(session, now=now)
    capped = not row.urgent and row.follows_id is None
    pages = articles.pages_used_today(session, now=now)
    planned = []
    for was in sorted(recipients, key=lambda one: str(one["code"])):
        full = capped and bool(over_cap(counts, [was["code"]]))
        one = _planned(row, was, groups.get(was["code"]), now, full, pages)
        one = replace(one, reason=outside.get(one.code, one.reason))
        if one.channel is ChannelKind.OA_PAGE and one.oa_id and not one.reason:
            pages.add(one.oa_id)
        planned.append(one)
    return planned


def channel_for(kind: ChannelKind, oa_id: str | None, pages_used: Collection[str]) -> ChannelKind:
    """How a group of this kind is reached now: a page without an OA, or one whose followers already got their
    message of the day, is left to the unit's officer.
    """
    if kind is ChannelKind.OA_PAGE and (not oa_id or oa_id in pages_used):
        return ChannelKind.ASSISTED
    return kind


def _planned(
    row: Broadcast,
    was: Mapping[str, Any],
    group: GroupRow | None,
    now: datetime,
    full: bool,
    pages_used: Collection[str],
) -> Planned:
    kind = channel_for(ChannelKind(was["channel"]), was["oa_id"], pages_used)
    channel = ChannelKind.TRAINING if row.training else kind
    by_api = channel in BY_API
    at = earliest(kind, now, any_hour=row.urgent or row.quiet_ok)
    day = at.astimezone(VIETNAM).date()
    reason = None if row.training else _why_not(was, group, day) or (OVER_CAP if full else None)
    return Planned(
        code=was["code"],
        name=group.name if group else was["code"],
        channel=channel,
        oa_id=was["oa_id"] if by_api else None,
        zalo_group_id=was["zalo_group_id"] if channel is ChannelKind.GMF else None,
        at=at,
        reason=reason,
    )


def reach_today(
    group: GroupRow, was: ChannelKind, pages_used: Collection[str], day: date
) -> tuple[ChannelKind, str | None, str | None] | None:
    """(channel, OA, Zalo's group id) of a group as it is now, for one that a person sends to again; None: it cannot
    be reached, or is not in use on that day.

    was  the channel it was planned for: what was cut into messages does not become an article, nor the other way
         round, so such a change is left to the officer's hand
    """
    if not group.active or not group.days.lasts(day):
        return None
    channel = channel_for(ChannelKind(group.channel), group.oa_id, pages_used)
    if channel is not was and ChannelKind.OA_PAGE in {channel, was}:
        channel = ChannelKind.ASSISTED
    if channel is ChannelKind.ASSISTED:
        return channel, None, None
    if channel is ChannelKind.OA_PAGE:
        return channel, group.oa_id, None
    return (channel, group.oa_id, group.zalo_group_id) if group.oa_id and group.zalo_group_id else None


def _why_not(was: Mapping[str, Any], group: GroupRow | None, day: date) -> str | None:
    """Why an approved group is not sent to, in words; None: it is."""
    if group is None or not group.active:
        return GONE
    if outside := group.days.why_not(day):
        return outside
    if not audiences.is_same(was, group):
        return MOVED
    by_hand = was["channel"] in {ChannelKind.ASSISTED, ChannelKind.OA_PAGE}
    return None if by_hand or (was["oa_id"] and was["zalo_group_id"]) else NOT_CONNECTED
