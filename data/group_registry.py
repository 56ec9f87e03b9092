"""The registry of groups: how each is reached, how it fares, and what Zalo's own list says about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from data import audit
from data.tables import Delivery, GroupCheck, GroupRow, OfficialAccount, UnitRow
from domain.broadcasts import ChannelKind, DeliveryStatus
from domain.errors import MoveRefused
from domain.group_days import GroupDays, fault_of
from domain.vietnamese import fold


class ZaloState(StrEnum):
    """What Zalo's list said about a group when it was last compared."""

    OK = "ok"
    DISABLED = "disabled"
    GONE = "gone"


NO_PAGE = "Chưa chọn OA của trang: cho tới khi có OA, tin do trực ban đơn vị đăng tay."


@dataclass(frozen=True)
class GroupLine:
    """A group of the registry. `last_fault`: why the newest delivery that ended did not get through, if so.

    outside  why it is not in use on the day that was asked about; None: it is
    over     its last day has passed
    """

    code: str
    name: str
    unit_id: str
    unit_name: str
    channel: ChannelKind
    oa_id: str | None
    oa_name: str | None
    zalo_group_id: str | None
    active: bool
    members: int | None
    zalo_name: str | None
    zalo_state: ZaloState | None
    zalo_checked_at: datetime | None
    last_sent_at: datetime | None
    last_fault: str | None
    days: GroupDays
    outside: str | None
    over: bool

    @property
    def advice(self) -> str | None:
        """What to do about it, in words; None: nothing."""
        if not self.active or self.over:
            return None
        if self.channel is ChannelKind.ASSISTED:
            return None
        if self.channel is ChannelKind.OA_PAGE:
            return self.last_fault if self.oa_id else NO_PAGE
        if not (self.oa_id and self.zalo_group_id):
            return "Chưa kết nối: nhập OA và mã nhóm Zalo, hoặc chuyển sang “Cán bộ đăng”."
        if self.zalo_state is ZaloState.GONE:
            return "OA không còn trong nhóm, hoặc nhóm đã giải tán: mời lại OA vào nhóm rồi kiểm tra lại."
        if self.zalo_state is ZaloState.DISABLED:
            return "Gói nhóm đã hết hạn: gia hạn gói nhóm GMF trên trang quản trị OA."
        return self.last_fault


def listed(
    session: Session,
    *,
    on: date,
    words: str = "",
    only_trouble: bool = False,
    channel: ChannelKind | None = None,
) -> list[GroupLine]:
    """The groups as they are on a day (Vietnam), by level and name; at most a few hundred, so all at once."""
    faults = _newest_faults(session)
    query = (
        select(GroupRow, UnitRow.name, OfficialAccount.name)
        .join(UnitRow, UnitRow.id == GroupRow.unit_id)
        .outerjoin(OfficialAccount, OfficialAccount.oa_id == GroupRow.oa_id)
        .order_by(GroupRow.level, GroupRow.name_folded, GroupRow.code)
    )
    if words:
        query = query.where(GroupRow.name_folded.contains(fold(words), autoescape=True))
    if channel is not None:
        query = query.where(GroupRow.channel == channel)
    lines = [
        GroupLine(
            code=row.code,
            name=row.name,
            unit_id=row.unit_id,
            unit_name=unit,
            channel=ChannelKind(row.channel),
            oa_id=row.oa_id,
            oa_name=oa,
            zalo_group_id=row.zalo_group_id,
            active=row.active,
            members=row.members,
            zalo_name=row.zalo_name,
            zalo_state=ZaloState(row.zalo_state) if row.zalo_state else None,
            zalo_checked_at=row.zalo_checked_at,
            last_sent_at=row.last_sent_at,
            last_fault=faults.get(row.code),
            days=row.days,
            outside=row.days.why_not(on),
            over=row.days.is_over(on),
        )
        for row, unit, oa in session.execute(query)
    ]
    return [line for line in lines if line.advice] if only_trouble else lines


def outside(session: Session, unit_ids: Collection[str], *, on: date) -> list[tuple[str, str]]:
    """(name, why) of the active groups of these units that are not in use on that day."""
    rows = session.scalars(
        select(GroupRow)
        .where(GroupRow.unit_id.in_(list(unit_ids)), GroupRow.active.is_(True))
        .order_by(GroupRow.name_folded, GroupRow.code)
    )
    return [(row.name, why) for row in rows if (why := row.days.why_not(on))]


def _newest_faults(session: Session) -> dict[str, str]:
    newest = (
        select(func.max(Delivery.id))
        .where(Delivery.state.in_([DeliveryStatus.SENT, DeliveryStatus.FAILED]))
        .group_by(Delivery.group_code)
    )
    query = select(Delivery.group_code, Delivery.reason).where(
        Delivery.id.in_(newest), Delivery.state == DeliveryStatus.FAILED
    )
    return {code: reason for code, reason in session.execute(query) if reason}


def change(
    session: Session,
    code: str,
    *,
    channel: ChannelKind,
    oa_id: str | None,
    zalo_group_id: str | None,
    active: bool,
    days: GroupDays,
    officer_id: int,
    now: datetime,
) -> None:
    """Say how a group is reached, and from which day to which. Raises ValueError, in Vietnamese, for what cannot be."""
    row = session.get(GroupRow, code, with_for_update=True)
    if row is None:
        raise MoveRefused("Không có nhóm này.")
    if fault := fault_of(days):
        raise ValueError(fault)
    oa_id, zalo_group_id = (oa_id or "").strip() or None, (zalo_group_id or "").strip() or None
    if oa_id is not None and session.get(OfficialAccount, oa_id) is None:
        raise ValueError("Chưa có OA này trong hệ thống.")
    if channel is ChannelKind.GMF and not (oa_id and zalo_group_id):
        raise ValueError("Nhóm gửi qua OA cần có OA và mã nhóm Zalo.")
    if channel is ChannelKind.TRAINING:
        raise ValueError("Kênh không đúng.")
    if channel is ChannelKind.OA_PAGE and oa_id is not None:
        zalo_group_id = None
        page_of = select(GroupRow.code).where(
            GroupRow.channel == ChannelKind.OA_PAGE, GroupRow.oa_id == oa_id, GroupRow.code != code
        )
        if session.scalar(page_of.limit(1)) is not None:
            raise ValueError(
                "Trang của OA này đã khai báo ở nhóm khác: một trang chỉ có một danh sách người quan tâm."
            )
    taken = session.scalar(select(GroupRow.code).where(GroupRow.zalo_group_id == zalo_group_id))
    if zalo_group_id is not None and taken not in {None, code}:
        raise ValueError("Mã nhóm Zalo này đã dùng cho nhóm khác.")
    before = _state_of(row)
    if zalo_group_id != row.zalo_group_id:
        row.zalo_name = row.zalo_state = row.zalo_checked_at = row.members = None
    row.channel, row.oa_id, row.zalo_group_id, row.active = channel, oa_id, zalo_group_id, active
    row.first_day, row.last_day = days.first, days.last
    session.flush()
    audit.record(
        session,
        officer_id=officer_id,
        action="group.change",
        subject=f"group:{code}",
        before=before,
        after=_state_of(row),
        now=now,
    )


def _state_of(row: GroupRow) -> dict[str, Any]:
    return {
        "channel": row.channel,
        "oa": row.oa_id,
        "connected": row.zalo_group_id is not None,
        "active": row.active,
        "first_day": row.first_day.isoformat() if row.first_day else None,
        "last_day": row.last_day.isoformat() if row.last_day else None,
    }


# ---- compared with Zalo's list --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """A group as Zalo lists it for an OA."""

    group_id: str
    name: str
    members: int | None
    enabled: bool


def ask_for_check(session: Session, *, officer_id: int | None, now: datetime) -> None:
    """A loop compares the registry with Zalo soon. Asked twice is asked once."""
    if session.scalar(select(GroupCheck.id).where(GroupCheck.done_at.is_(None)).limit(1)) is None:
        session.add(GroupCheck(asked_at=now, officer_id=officer_id))
        session.flush()


def open_check(session: Session) -> GroupCheck | None:
    return session.scalars(
        select(GroupCheck).where(GroupCheck.done_at.is_(None)).order_by(GroupCheck.id).limit(1)
    ).first()


def newest_check(session: Session) -> GroupCheck | None:
    return session.scalars(select(GroupCheck).order_by(GroupCheck.id.desc()).limit(1)).first()


def compare(session: Session, oa_id: str, found: Sequence[Found], *, now: datetime) -> Mapping[str, Any]:
    """Write what Zalo's whole list of one OA says into the registry; what it has that we do not know is returned.

    {"known": count, "gone": count, "disabled": count, "strangers": [[group id, name], …]}
    """
    at_zalo = {one.group_id: one for one in found}
    ours = session.scalars(
        select(GroupRow).where(GroupRow.oa_id == oa_id, GroupRow.zalo_group_id.is_not(None))
    ).all()
    counts = {"known": 0, "gone": 0, "disabled": 0}
    for row in ours:
        one = at_zalo.pop(row.zalo_group_id or "", None)
        row.zalo_checked_at = now
        if one is None:
            row.zalo_state = ZaloState.GONE
            counts["gone"] += 1
            continue
        row.zalo_state = ZaloState.OK if one.enabled else ZaloState.DISABLED
        row.zalo_name, row.members = one.name, one.members
        counts["known"] += 1
        counts["disabled"] += not one.enabled
    strangers = [[one.group_id, one.name] for one in at_zalo.values()]
    return {**counts, "strangers": strangers[:200]}


def note_followers(session: Session, oa_id: str, followers: int | None, *, now: datetime) -> None:
    """How many follow the page of this OA, as Zalo says."""
    session.execute(
        update(GroupRow)
        .where(GroupRow.channel == ChannelKind.OA_PAGE, GroupRow.oa_id == oa_id)
        .values(members=followers, zalo_state=ZaloState.OK, zalo_checked_at=now)
    )


def dissolved(session: Session, zalo_group_id: str, *, now: datetime) -> None:
    """Zalo says by itself that this group is no more: shown in the registry at once."""
    row = session.scalars(select(GroupRow).where(GroupRow.zalo_group_id == zalo_group_id)).first()
    if row is not None:
        row.zalo_state, row.zalo_checked_at = ZaloState.GONE, now


def finish_check(session: Session, check_id: int, found: Mapping[str, Any], *, now: datetime) -> None:
    row = session.get_one(GroupCheck, check_id)
    row.done_at, row.found = now, dict(found)
