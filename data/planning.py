"""What a broadcast comes to when its time comes: for each group, when, by which channel, or why not.

The planner makes deliveries of it; a dry run only shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import audiences, walls
from data.tables import Broadcast, GroupRow
from domain.broadcasts import ChannelKind
from domain.sending_times import WEEKLY_CAP, earliest, over_cap

NOT_CONNECTED = "Nhóm chưa được kết nối với Zalo. Quản trị cần khai báo mã nhóm trước khi gửi."
GONE = "Nhóm không còn hoạt động từ sau khi tin được duyệt."
MOVED = (
    "Kết nối của nhóm đã thay đổi sau khi tin được duyệt. Xin kiểm tra nhóm rồi bấm “Gửi lại” cho nhóm này."
)
OVER_CAP = (
    f"Nhóm đã nhận đủ {WEEKLY_CAP} tin trong 7 ngày. Nếu thật cần, xin chọn nhóm này rồi bấm “Gửi lại”."
)
BY_HAND = {ChannelKind.OA_PAGE: ChannelKind.ASSISTED}
"""Word to an OA's followers is an article that Zalo's API wants made first; until that is built, the unit's
officer posts it on the page."""


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
    """Every group the broadcast was approved for (before that: that it means today), by code."""
    recipients = row.recipients
    if recipients is None:
        recipients = audiences.snapshot(audiences.groups_of(session, row.audience))
    codes = [one["code"] for one in recipients]
    groups = {one.code: one for one in session.scalars(select(GroupRow).where(GroupRow.code.in_(codes)))}
    counts = walls.sent_in_week(session, now=now)
    capped = not row.urgent and row.follows_id is None
    return [
        _planned(row, was, groups.get(was["code"]), now, capped and bool(over_cap(counts, [was["code"]])))
        for was in sorted(recipients, key=lambda one: str(one["code"]))
    ]


def _planned(
    row: Broadcast, was: Mapping[str, Any], group: GroupRow | None, now: datetime, full: bool
) -> Planned:
    kind = ChannelKind(was["channel"])
    channel = ChannelKind.TRAINING if row.training else BY_HAND.get(kind, kind)
    by_api = channel is ChannelKind.GMF
    reason = None if row.training else _why_not(was, group) or (OVER_CAP if full else None)
    return Planned(
        code=was["code"],
        name=group.name if group else was["code"],
        channel=channel,
        oa_id=was["oa_id"] if by_api else None,
        zalo_group_id=was["zalo_group_id"] if by_api else None,
        at=earliest(kind, now, any_hour=row.urgent or row.quiet_ok),
        reason=reason,
    )


def reach_today(group: GroupRow) -> tuple[ChannelKind, str | None, str | None] | None:
    """(channel, OA, Zalo's group id) of a group as it is now, for one that a person sends to again; None: it cannot
    be reached.
    """
    kind = ChannelKind(group.channel)
    channel = BY_HAND.get(kind, kind)
    if not group.active:
        return None
    if channel is ChannelKind.ASSISTED:
        return channel, None, None
    return (channel, group.oa_id, group.zalo_group_id) if group.oa_id and group.zalo_group_id else None


def _why_not(was: Mapping[str, Any], group: GroupRow | None) -> str | None:
    """Why an approved group is not sent to, in words; None: it is."""
    if group is None or not group.active:
        return GONE
    if not audiences.is_same(was, group):
        return MOVED
    by_hand = was["channel"] in {ChannelKind.ASSISTED, ChannelKind.OA_PAGE}
    return None if by_hand or (was["oa_id"] and was["zalo_group_id"]) else NOT_CONNECTED
