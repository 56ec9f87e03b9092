"""Unsealing an original: one officer asks with a reason, another one decides, the file is open for a while."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import MoveRefused
from domain.said import said

OPEN_FOR = timedelta(hours=24)
"""How long after the approval the one who asked may download the original."""
ASKED_FOR = timedelta(days=7)
"""A request nobody decided is over after this."""
REASON_MIN, REASON_MAX = 10, 1000
CASE_MAX = 100
"""Characters."""


class UnsealingState(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


UNSEALING_LABELS: Mapping[UnsealingState, str] = {
    UnsealingState.ASKED: "Chờ người thứ hai duyệt",
    UnsealingState.APPROVED: "Đang mở",
    UnsealingState.REFUSED: "Không được duyệt",
    UnsealingState.WITHDRAWN: "Đã rút",
    UnsealingState.EXPIRED: "Đã hết hạn",
}

UNSEALING_MOVES: Mapping[UnsealingState, frozenset[UnsealingState]] = {
    UnsealingState.ASKED: frozenset(
        {
            UnsealingState.APPROVED,
            UnsealingState.REFUSED,
            UnsealingState.WITHDRAWN,
            UnsealingState.EXPIRED,
        }
    ),
    UnsealingState.APPROVED: frozenset({UnsealingState.WITHDRAWN, UnsealingState.EXPIRED}),
    UnsealingState.REFUSED: frozenset(),
    UnsealingState.WITHDRAWN: frozenset(),
    UnsealingState.EXPIRED: frozenset(),
}


def standing(
    state: UnsealingState, *, asked_at: datetime, open_until: datetime | None, now: datetime
) -> UnsealingState:
    """Where a request stands now: time closes it by itself, whatever its row still says."""
    if state is UnsealingState.ASKED and now >= asked_at + ASKED_FOR:
        return UnsealingState.EXPIRED
    if state is UnsealingState.APPROVED and (open_until is None or now >= open_until):
        return UnsealingState.EXPIRED
    return state


def check_unsealing_move(old: UnsealingState, new: UnsealingState) -> None:
    """Raise MoveRefused unless the table allows old → new."""
    if new not in UNSEALING_MOVES[old]:
        raise MoveRefused(said("Yêu cầu này đã ở bước “%(state)s”.", state=said(UNSEALING_LABELS[old])))


def check_second_person(*, asked_by: int, decides: int) -> None:
    """Raise MoveRefused when the one who asked wants to decide."""
    if asked_by == decides:
        raise MoveRefused("Người đề nghị không được tự duyệt; cần một đồng chí khác có thẩm quyền.")


def reason_fault(reason: str) -> str | None:
    """Why this reason cannot be taken, in words; None when it can."""
    if len(reason) < REASON_MIN:
        return said("Mời ghi rõ lý do (ít nhất %(count)s ký tự).", count=REASON_MIN)
    if len(reason) > REASON_MAX:
        return said("Lý do dài hơn %(count)s ký tự. Mời rút gọn.", count=REASON_MAX)
    return None
