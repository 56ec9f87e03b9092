"""What officers do to a tip: take, give back, move on, answer, note, hand over.

Each act happens whole, in the caller's transaction, and leaves a line in the tip's history and in the audit.
Two officers who act at once: one wins, the other gets MoveRefused with words that say what changed.
`tip` is a row from `data.tips.find`, loaded in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from data import audit, dated_settings, on_duty
from data.outgoing import queue_replies
from data.tables import Officer, Tip, TipMessage, TipMove, TipNote, UnitRow
from data.tip_endings import REOPENED, SETTLED, Compose, tell_reporters
from data.tip_words import also_find
from domain.broadcasts import VIETNAM
from domain.errors import MoveRefused
from domain.messages import Reply
from domain.said import said
from domain.tips import LABELS, OPEN, TOLD_TO_REPORTER, TipStatus, check_move, words_needed

TAKEN, GIVEN_BACK, STATUS, ANSWERED, NOTED, HANDED_OVER = (
    "taken",
    "given_back",
    "status",
    "answered",
    "noted",
    "handed_over",
)
"""Kinds of lines in a tip's history (`TipMove.move`); "filed" is written when the tip comes in."""


def take(session: Session, tip: Tip, *, officer_id: int, now: datetime, as_head: bool = False) -> None:
    """Make a new tip this officer's. One winner: MoveRefused names the one who was first.

    as_head  a commander may take it at any hour, and take again what the reporter said is not settled; the officer
             who closed it may not
    Raises MoveRefused also for somebody off duty while colleagues are on duty (data.on_duty).
    """
    if tip.closed_by == officer_id and not as_head and tip.status == TipStatus.NEW:
        raise MoveRefused(
            "Người báo tin cho biết việc chưa giải quyết xong. Tin này cần cán bộ khác hoặc chỉ huy đơn vị tiếp nhận."
        )
    if not as_head:
        on_duty.check_may_take(session, officer_id, now=now)
    change(
        session,
        tip,
        Tip.status == TipStatus.NEW,
        Tip.taken_by.is_(None),
        officer_id=officer_id,
        values={
            "status": TipStatus.TAKEN,
            "taken_by": officer_id,
            "taken_at": now,
            "updated_at": now,
            "escalation": 0,
        },
    )
    record(session, tip, TAKEN, TipStatus.NEW, TipStatus.TAKEN, officer_id=officer_id, now=now)


def give_back(session: Session, tip: Tip, *, officer_id: int, version: int, now: datetime) -> None:
    """Put a taken tip back into the queue, for somebody else."""
    before = TipStatus(tip.status)
    check_move(before, TipStatus.NEW)
    change(
        session,
        tip,
        Tip.version == version,
        officer_id=officer_id,
        values=_fresh(now),
    )
    record(session, tip, GIVEN_BACK, before, TipStatus.NEW, officer_id=officer_id, now=now)


def move(
    session: Session,
    tip: Tip,
    *,
    to: TipStatus,
    officer_id: int,
    version: int,
    now: datetime,
    words: str = "",
    compose: Compose | None = None,
) -> None:
    """Bring the tip to another status, as the table of domain.tips allows.

    version  the one on the officer's page; MoveRefused when the tip has changed since
    words    the officer's reason, kept in the history; MoveRefused where the move needs one and has none
    compose  makes of an end's words what each reporter reads; who reported a duplicate is told too
    """
    if to is TipStatus.TAKEN:
        return take(session, tip, officer_id=officer_id, now=now)
    if tip.version != version:
        raise MoveRefused(_what_changed(session, tip, officer_id))
    before = TipStatus(tip.status)
    check_move(before, to)
    needed = words_needed(before, to)
    if needed and not words.strip():
        raise MoveRefused(said("Mời ghi %(what)s.", what=said(needed)))
    values: dict[str, Any] = {"status": to, "updated_at": now, "closed_at": None if to in OPEN else now}
    if to is TipStatus.NEW:
        values = _fresh(now) | {"closed_by": None}
    elif to not in OPEN:
        values |= {"closed_by": officer_id, "settled": None, "escalation": 0}
    elif before not in OPEN:
        values |= {"settled": None, "duplicate_of": None, "taken_by": officer_id, "taken_at": now}
    change(session, tip, Tip.version == version, officer_id=officer_id, values=values)
    if compose is not None and to in TOLD_TO_REPORTER:
        tell_reporters(session, tip, compose, officer_id=officer_id, words=words, now=now)
    record(session, tip, STATUS, before, to, officer_id=officer_id, now=now, words=words)
    return None


def answer(
    session: Session,
    tip: Tip,
    *,
    officer_id: int,
    text: str,
    replies: Sequence[Reply],
    now: datetime,
    as_head: bool = False,
) -> int:
    """Say something to the reporter; return the number of the message. A new tip is taken by it.

    text     the officer's words, kept in the conversation
    replies  the same words as the reporter will get them
    Raises MoveRefused when the reporter cannot be reached any more.
    """
    if tip.citizen is None:
        raise MoveRefused("Người báo tin đã yêu cầu xóa dữ liệu cá nhân nên không còn gửi trả lời được.")
    if tip.status == TipStatus.NEW:
        take(session, tip, officer_id=officer_id, now=now, as_head=as_head)
    sent = queue_replies(
        session,
        citizen=tip.citizen,
        oa_id=tip.oa_id,
        replies=replies,
        event_id=None,
        tip_id=tip.id,
        now=now,
        lifetime=None,  # waits for the reporter's next message, however long
    )
    message = TipMessage(
        tip_id=tip.id,
        at=now,
        from_officer=True,
        officer_id=officer_id,
        text=text,
        outgoing_id=sent[0] if sent else None,
    )
    session.add(message)
    also_find(tip, text)
    session.flush()
    change(session, tip, officer_id=officer_id, values={"updated_at": now})
    record(session, tip, ANSWERED, None, None, officer_id=officer_id, now=now)
    return message.id


def note(session: Session, tip: Tip, *, officer_id: int, text: str, now: datetime) -> None:
    """Leave a note for colleagues; it never reaches the reporter."""
    session.add(TipNote(tip_id=tip.id, at=now, officer_id=officer_id, text=text))
    also_find(tip, text)
    record(session, tip, NOTED, None, None, officer_id=officer_id, now=now)


def hand_over(
    session: Session, tip: Tip, *, to_unit: str, officer_id: int, version: int, words: str, now: datetime
) -> None:
    """Give an open tip to another unit, where it is new again. `words` say why.

    Its history, conversation and files go with it. What went past a unit cannot be given to that unit.
    Raises MoveRefused: closed, changed meanwhile, the same unit, or a unit that does not answer today.
    """
    if tip.version != version:
        raise MoveRefused(_what_changed(session, tip, officer_id))
    if TipStatus(tip.status) not in OPEN:
        raise MoveRefused(
            said(
                "Tin này đã “%(state)s”; hãy mở lại trước khi chuyển đơn vị.",
                state=said(LABELS[TipStatus(tip.status)]),
            )
        )
    unit = session.get(UnitRow, to_unit)
    if unit is None or unit.valid_to is not None:
        raise MoveRefused("Đơn vị nhận không còn hoạt động. Mời chọn đơn vị khác.")
    if unit.id == tip.went_past:
        raise MoveRefused("Tin này nói về chính đơn vị đó nên không chuyển về đó được.")
    if unit.id == tip.unit_id and not tip.bypass:
        raise MoveRefused("Tin này đang ở chính đơn vị đó.")
    before = tip.unit_id
    clocks = dated_settings.rules(session, now=now).dues(tip.category, at=now, urgent=tip.urgent)
    change(
        session,
        tip,
        Tip.version == version,
        officer_id=officer_id,
        values={
            "unit_id": unit.id,
            "bypass": False,
            "closed_by": None,
            "take_due_at": clocks.take,
            "close_due_at": clocks.close,
            **_fresh(now),
        },
    )
    record(session, tip, HANDED_OVER, before, unit.id, officer_id=officer_id, now=now, words=words)


# ---- how an act is kept -----------------------------------------------------------------------------------


def _fresh(now: datetime) -> dict[str, Any]:
    """A tip that waits for somebody to take it."""
    return {
        "status": TipStatus.NEW,
        "taken_by": None,
        "taken_at": None,
        "closed_at": None,
        "held_until": None,
        "escalation": 0,
        "updated_at": now,
    }


def change(session: Session, tip: Tip, *still: Any, officer_id: int, values: dict[str, Any]) -> None:
    """Change the row if `still` holds, counting its version; MoveRefused when it does not."""
    result = session.execute(
        update(Tip)
        .where(Tip.id == tip.id, *still)
        .values(version=Tip.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    won = cast("CursorResult[Any]", result).rowcount == 1
    session.refresh(tip)
    if not won:
        raise MoveRefused(_what_changed(session, tip, officer_id))


def record(
    session: Session,
    tip: Tip,
    kind: str,
    before: str | None,
    after: str | None,
    *,
    officer_id: int,
    now: datetime,
    words: str = "",
) -> None:
    """A line in the tip's history and one in the audit; the words stand in the history only."""
    session.add(
        TipMove(
            tip_id=tip.id, at=now, officer_id=officer_id, move=kind, before=before, after=after, words=words
        )
    )
    session.flush()
    audit.record(
        session,
        officer_id=officer_id,
        action=f"tip.{kind}",
        subject=f"tip:{tip.id}",
        before=None if before is None else {"value": str(before)},
        after=None if after is None else {"value": str(after)},
        now=now,
    )


_DID = {
    TAKEN: "tiếp nhận tin này",
    GIVEN_BACK: "trả tin này về hàng chờ",
    ANSWERED: "trả lời người báo tin",
    HANDED_OVER: "chuyển tin này sang đơn vị khác",
    "merged": "gộp tin này với tin khác",
    "sorted": "đổi loại việc của tin này",
    "hold_on": "giữ tin này cho vụ việc",
    "hold_off": "thôi giữ tin này cho vụ việc",
    "undone": "hoàn tác thao tác trước đó trên tin này",
    "taken_over": "nhận bàn giao tin này",
}
_SILENT = frozenset(
    {NOTED, "revealed", "linked", "identity_asked", "identity_opened", "answer_arrived", "answer_again"}
)
"""Lines that change nothing an officer could miss."""


def _what_changed(session: Session, tip: Tip, officer_id: int) -> str:
    """Who was first and what they did, for the officer who came second."""
    last = session.execute(
        select(TipMove, Officer.name)
        .outerjoin(Officer, Officer.id == TipMove.officer_id)
        .where(TipMove.tip_id == tip.id, TipMove.move.not_in(_SILENT))
        .order_by(TipMove.id.desc())
        .limit(1)
    ).first()
    spoke = session.scalar(
        select(TipMessage.at).where(TipMessage.tip_id == tip.id).order_by(TipMessage.id.desc()).limit(1)
    )
    if last is None or (spoke is not None and spoke > last[0].at):
        return "Người báo tin vừa bổ sung thông tin. Mời xem trước khi thao tác tiếp."
    row, name = last
    if row.move in {REOPENED, SETTLED}:
        return "Người báo tin vừa cho biết việc đã xong hay chưa. Mời xem lại trước khi thao tác tiếp."
    if row.officer_id is None:
        return "Tin này vừa có thay đổi. Mời xem lại trước khi thao tác tiếp."
    moved = said("chuyển tin này sang “%(state)s”", state=said(LABELS[TipStatus(tip.status)]))
    return said(
        "%(who)s vừa %(did)s lúc %(at)s. Mời xem lại trước khi thao tác tiếp.",
        who=said("Chính đồng chí") if row.officer_id == officer_id else said("Đồng chí %(name)s", name=name),
        did=said(_DID[row.move]) if row.move in _DID else moved,
        at=f"{row.at.astimezone(VIETNAM):%H:%M}",
    )
