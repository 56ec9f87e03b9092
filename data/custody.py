"""Chain of custody: what happened to an original since it came, each line chained to the one before it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.tables import AttachmentRow, CustodyRow, Officer

FIRST = "0" * 64
"""What the first line of an attachment has before it."""
VIEWED_AGAIN = timedelta(hours=1)
"""One officer's looks at one file within this time are one line."""


class Act(StrEnum):
    RECEIVED = "received"
    SEALED = "sealed"
    CLEANED = "cleaned"
    UNCLEAN = "unclean"
    VIEWED = "viewed"
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    UNSEALED = "unsealed"
    DESTROYED = "destroyed"


ACT_LABELS: dict[Act, str] = {
    Act.RECEIVED: "Nhận từ Zalo, tính mã băm",
    Act.SEALED: "Niêm phong bản gốc",
    Act.CLEANED: "Tạo bản xem đã làm sạch",
    Act.UNCLEAN: "Không tạo được bản xem an toàn",
    Act.VIEWED: "Xem bản đã làm sạch",
    Act.ASKED: "Đề nghị mở niêm phong",
    Act.APPROVED: "Duyệt mở niêm phong",
    Act.REFUSED: "Không duyệt mở niêm phong",
    Act.WITHDRAWN: "Rút đề nghị mở niêm phong",
    Act.UNSEALED: "Tải bản gốc",
    Act.DESTROYED: "Hủy bản gốc",
}


@dataclass(frozen=True)
class Link:
    """One line as people read it; `officer_name` None: the program did it."""

    position: int
    at: datetime
    act: Act
    officer_name: str | None
    sha256: str | None
    words: str
    hash: str


def record(
    session: Session,
    attachment_id: int,
    act: Act,
    *,
    now: datetime,
    officer_id: int | None = None,
    sha256: str | None = None,
    words: str = "",
) -> None:
    """Add a line in the transaction of the act. `words`: an officer's reason or a number, never a citizen's."""
    # whoever adds to this chain waits for whoever is adding: on PostgreSQL the attachment's row is the lock
    session.execute(select(AttachmentRow.id).where(AttachmentRow.id == attachment_id).with_for_update())
    last = session.execute(
        select(CustodyRow.position, CustodyRow.hash)
        .where(CustodyRow.attachment_id == attachment_id)
        .order_by(CustodyRow.position.desc())
        .limit(1)
    ).first()
    row = CustodyRow(
        attachment_id=attachment_id,
        position=last.position + 1 if last else 1,
        at=now.astimezone(UTC),
        act=act,
        officer_id=officer_id,
        sha256=sha256,
        words=words,
        previous_hash=last.hash if last else FIRST,
    )
    row.hash = _hash(row)
    session.add(row)
    session.flush()


def was_viewed_lately(session: Session, attachment_id: int, *, officer_id: int, now: datetime) -> bool:
    """Has this officer's look been written down within VIEWED_AGAIN?"""
    found = session.scalar(
        select(CustodyRow.id)
        .where(
            CustodyRow.attachment_id == attachment_id,
            CustodyRow.act == Act.VIEWED,
            CustodyRow.officer_id == officer_id,
            CustodyRow.at > now - VIEWED_AGAIN,
        )
        .limit(1)
    )
    return found is not None


def of_attachment(session: Session, attachment_id: int) -> list[Link]:
    """The whole chain, oldest first."""
    rows = session.execute(
        select(CustodyRow, Officer.name)
        .outerjoin(Officer, Officer.id == CustodyRow.officer_id)
        .where(CustodyRow.attachment_id == attachment_id)
        .order_by(CustodyRow.position)
    )
    return [
        Link(row.position, row.at, Act(row.act), name, row.sha256, row.words, row.hash) for row, name in rows
    ]


def verify(session: Session, attachment_id: int) -> list[str]:
    """What is wrong with an attachment's chain, one line each; empty when it is whole."""
    problems, expected = [], FIRST
    rows = session.scalars(
        select(CustodyRow).where(CustodyRow.attachment_id == attachment_id).order_by(CustodyRow.position)
    )
    for number, row in enumerate(rows, start=1):
        if row.position != number or row.previous_hash != expected:
            problems.append(f"custody row {row.id}: does not follow the row before it")
        if row.hash != _hash(row):
            problems.append(f"custody row {row.id}: was changed after it was written")
        expected = row.hash
    return problems


def _hash(row: CustodyRow) -> str:
    said = [
        row.previous_hash,
        row.attachment_id,
        row.position,
        row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        row.act,
        row.officer_id,
        row.sha256,
        row.words,
    ]
    written = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
