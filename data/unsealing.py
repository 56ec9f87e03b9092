"""Requests to unseal an original: who asks, who decides, who downloads; each act in the audit and in the custody.

Every act happens whole, in the caller's transaction; MoveRefused carries words for the officer.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from data import audit, custody
from data.tables import AttachmentRow, Officer, Tip, UnsealingRow
from data.tip_queue import within
from domain.errors import MoveRefused
from domain.said import said
from domain.unsealing import (
    OPEN_FOR,
    UnsealingState,
    check_second_person,
    check_unsealing_move,
    reason_fault,
    standing,
)

LISTED = 200


@dataclass(frozen=True)
class Line:
    """A request as officers read it; `state` is where it stands now, time included."""

    id: int
    attachment_id: int
    tip_id: int
    tip_code: str
    file_number: int
    asked_by: int
    asker: str
    asked_at: datetime
    reason: str
    case_number: str
    state: UnsealingState
    decider: str | None
    decided_at: datetime | None
    words: str
    open_until: datetime | None
    downloads: int


def find(
    session: Session, unsealing_id: int, *, unit_ids: Collection[str] | None, lock: bool = False
) -> UnsealingRow | None:
    """The row of a request on a tip within reach; `lock` for an act on it. None = there is none."""
    query = select(UnsealingRow).where(
        UnsealingRow.id == unsealing_id, UnsealingRow.tip_id.in_(select(Tip.id).where(within(unit_ids)))
    )
    return session.scalar(query.with_for_update() if lock else query)


def state_of(row: UnsealingRow, *, now: datetime) -> UnsealingState:
    return standing(UnsealingState(row.state), asked_at=row.asked_at, open_until=row.open_until, now=now)


def ask(
    session: Session, file_id: int, *, officer_id: int, reason: str, case_number: str, now: datetime
) -> UnsealingRow:
    """Ask for the original of one file (the caller has seen that it is within reach)."""
    file = session.get(AttachmentRow, file_id, with_for_update=True)
    if file is None or file.tip_id is None or file.original_key is None:
        raise MoveRefused("Tệp này không có bản gốc được niêm phong.")
    if fault := reason_fault(reason):
        raise MoveRefused(fault)
    mine = session.scalars(
        select(UnsealingRow).where(UnsealingRow.attachment_id == file_id, UnsealingRow.asked_by == officer_id)
    )
    if any(state_of(row, now=now) in {UnsealingState.ASKED, UnsealingState.APPROVED} for row in mine):
        raise MoveRefused("Đồng chí đã có một đề nghị chưa kết thúc cho tệp này.")
    row = UnsealingRow(
        attachment_id=file_id,
        tip_id=file.tip_id,
        asked_by=officer_id,
        asked_at=now,
        reason=reason,
        case_number=case_number,
        state=UnsealingState.ASKED,
        downloads=0,
        words="",
    )
    session.add(row)
    session.flush()
    _record(session, row, custody.Act.ASKED, "ask", officer_id=officer_id, now=now, words=reason)
    return row


def decide(
    session: Session, row: UnsealingRow, *, officer_id: int, approve: bool, words: str, now: datetime
) -> None:
    """Say yes (open for OPEN_FOR from now) or no (with a reason). Never the one who asked."""
    check_second_person(asked_by=row.asked_by, decides=officer_id)
    to = UnsealingState.APPROVED if approve else UnsealingState.REFUSED
    check_unsealing_move(state_of(row, now=now), to)
    if not approve and not words:
        raise MoveRefused("Mời ghi lý do không duyệt.")
    row.state, row.decided_by, row.decided_at, row.words = to, officer_id, now, words
    row.open_until = now + OPEN_FOR if approve else None
    act = custody.Act.APPROVED if approve else custody.Act.REFUSED
    verb = "approve" if approve else "refuse"
    _record(session, row, act, verb, officer_id=officer_id, now=now, words=words)


def withdraw(session: Session, row: UnsealingRow, *, officer_id: int, now: datetime) -> None:
    """Close a request early: the one who asked does not need it (any more)."""
    if row.asked_by != officer_id:
        raise MoveRefused("Chỉ người đề nghị được rút.")
    check_unsealing_move(state_of(row, now=now), UnsealingState.WITHDRAWN)
    row.state = UnsealingState.WITHDRAWN
    _record(session, row, custody.Act.WITHDRAWN, "withdraw", officer_id=officer_id, now=now)


def check_open(row: UnsealingRow, *, officer_id: int, now: datetime) -> None:
    """Raise MoveRefused unless this officer may download the original now."""
    if row.asked_by != officer_id:
        raise MoveRefused("Chỉ người đề nghị được tải bản gốc.")
    state = state_of(row, now=now)
    if state is not UnsealingState.APPROVED:
        raise MoveRefused(
            "Thời gian mở niêm phong đã hết. Nếu còn cần, mời lập đề nghị mới."
            if state is UnsealingState.EXPIRED
            else "Đề nghị này chưa được duyệt hoặc đã đóng."
        )


def downloaded(session: Session, row: UnsealingRow, *, officer_id: int, sha256: str, now: datetime) -> None:
    """The original leaves: written down before its first byte does. `sha256`: of the bytes, just checked."""
    check_open(row, officer_id=officer_id, now=now)
    row.downloads += 1
    row.last_download_at = now
    _record(
        session,
        row,
        custody.Act.UNSEALED,
        "unseal",
        officer_id=officer_id,
        now=now,
        words=said("đề nghị số %(number)s, lần tải %(times)s", number=row.id, times=row.downloads),
        sha256=sha256,
    )


def lines(
    session: Session,
    *,
    unit_ids: Collection[str] | None,
    now: datetime,
    attachment_id: int | None = None,
    unsealing_id: int | None = None,
) -> list[Line]:
    """Requests within reach, newest first, up to LISTED; of one file or one request alone when said."""
    asker, decider = aliased(Officer), aliased(Officer)
    query = (
        select(UnsealingRow, Tip.code, AttachmentRow.position, asker.name, decider.name)
        .join(Tip, Tip.id == UnsealingRow.tip_id)
        .join(AttachmentRow, AttachmentRow.id == UnsealingRow.attachment_id)
        .join(asker, asker.id == UnsealingRow.asked_by)
        .outerjoin(decider, decider.id == UnsealingRow.decided_by)
        .where(within(unit_ids))
        .order_by(UnsealingRow.id.desc())
        .limit(LISTED)
    )
    if attachment_id is not None:
        query = query.where(UnsealingRow.attachment_id == attachment_id)
    if unsealing_id is not None:
        query = query.where(UnsealingRow.id == unsealing_id)
    return [
        Line(
            id=row.id,
            attachment_id=row.attachment_id,
            tip_id=row.tip_id,
            tip_code=code,
            file_number=position + 1,
            asked_by=row.asked_by,
            asker=asker_name,
            asked_at=row.asked_at,
            reason=row.reason,
            case_number=row.case_number,
            state=state_of(row, now=now),
            decider=decider_name,
            decided_at=row.decided_at,
            words=row.words,
            open_until=row.open_until,
            downloads=row.downloads,
        )
        for row, code, position, asker_name, decider_name in session.execute(query)
    ]


def _record(
    session: Session,
    row: UnsealingRow,
    act: custody.Act,
    verb: str,
    *,
    officer_id: int,
    now: datetime,
    words: str = "",
    sha256: str | None = None,
) -> None:
    custody.record(
        session, row.attachment_id, act, now=now, officer_id=officer_id, sha256=sha256, words=words
    )
    audit.record(
        session,
        officer_id=officer_id,
        action=f"original.{verb}",
        subject=f"attachment:{row.attachment_id}",
        before=None,
        after={"unsealing": row.id, "state": row.state, "downloads": row.downloads},
        now=now,
    )
