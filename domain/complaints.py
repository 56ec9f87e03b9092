"""Complaints about service and orders of improvement: their states, the moves that are allowed, and who makes them.

A bad mark or a "phản ánh" opens a case for the head of the unit, copied to the inspectors, who alone may set one
aside as spam, order an improvement, and end it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain import codes
from domain.clocks import Calendar, Colour
from domain.codes import code_body, with_check
from domain.errors import MoveRefused
from domain.said import said

PREFIX, LENGTH = "PA", 8
AMBER_SHARE = 0.75


class ComplaintStatus(StrEnum):
    NEW = "new"
    LOOKING = "looking"
    ORDERED = "ordered"
    ANSWERED = "answered"
    UNFOUNDED = "unfounded"
    CLOSED = "closed"
    SPAM = "spam"


S = ComplaintStatus
MOVES: Mapping[ComplaintStatus, frozenset[ComplaintStatus]] = {
    S.NEW: frozenset({S.LOOKING, S.ORDERED, S.ANSWERED, S.UNFOUNDED, S.SPAM}),
    S.LOOKING: frozenset({S.ORDERED, S.ANSWERED, S.UNFOUNDED, S.SPAM}),
    S.ORDERED: frozenset({S.ANSWERED}),
    S.ANSWERED: frozenset({S.LOOKING, S.ORDERED, S.CLOSED}),
    S.UNFOUNDED: frozenset({S.LOOKING, S.CLOSED}),
    S.CLOSED: frozenset({S.LOOKING}),
    S.SPAM: frozenset({S.NEW}),
}
"""From → to."""
OPEN = frozenset({S.NEW, S.LOOKING, S.ORDERED})
BY_INSPECTOR = frozenset({S.ORDERED, S.CLOSED, S.SPAM, S.NEW})
"""Moves that only an inspector makes. Opening again an answered case is the inspector's, or the resident's own."""
ANSWERS = frozenset({S.ANSWERED, S.UNFOUNDED})
"""Moves whose words go to the resident."""
WORDS_NEEDED: Mapping[ComplaintStatus, str] = {
    S.ANSWERED: "đã xác minh, đã làm gì, bằng lời người dân hiểu được",
    S.UNFOUNDED: "đã xác minh thế nào và vì sao không có cơ sở",
    S.SPAM: "lý do coi là phản ánh rác",
    S.LOOKING: "lý do mở lại",
}
LABELS: Mapping[ComplaintStatus, str] = {
    S.NEW: "Mới",
    S.LOOKING: "Đang xác minh",
    S.ORDERED: "Đang chấn chỉnh",
    S.ANSWERED: "Đã trả lời",
    S.UNFOUNDED: "Không có cơ sở",
    S.CLOSED: "Đã kết thúc",
    S.SPAM: "Phản ánh rác",
}
FOR_RESIDENT: Mapping[ComplaintStatus, str] = {
    S.NEW: "Phản ánh đã đến chỉ huy đơn vị và Thanh tra Công an tỉnh.",
    S.LOOKING: "Phản ánh đang được xác minh.",
    S.ORDERED: "Đơn vị đang được yêu cầu chấn chỉnh; bạn sẽ nhận được trả lời.",
    S.ANSWERED: "Phản ánh đã có trả lời.",
    S.UNFOUNDED: "Phản ánh đã được xác minh và có trả lời.",
    S.CLOSED: "Phản ánh đã được giải quyết xong.",
    S.SPAM: "Phản ánh đã được đóng.",
}


def check_move(old: ComplaintStatus, new: ComplaintStatus, *, inspector: bool, open_orders: int = 0) -> None:
    """Raise MoveRefused, in words, unless the table allows it and this officer may."""
    if new not in MOVES[old]:
        raise MoveRefused(
            said(
                "Không thể chuyển từ “%(old)s” sang “%(new)s”.", old=said(LABELS[old]), new=said(LABELS[new])
            )
        )
    if not inspector and (new in BY_INSPECTOR or old not in OPEN):
        raise MoveRefused("Việc này do Thanh tra Công an tỉnh quyết định.")
    if new is S.CLOSED and open_orders:
        raise MoveRefused("Còn văn bản chấn chỉnh chưa được chấp nhận nên chưa kết thúc được.")


def words_needed(old: ComplaintStatus, new: ComplaintStatus) -> str | None:
    """Which words the move needs; None when it needs none."""
    return None if new is S.LOOKING and old is S.NEW else WORDS_NEEDED.get(new)


# ---- orders of improvement ----------------------------------------------------------------------------------------


class OrderStatus(StrEnum):
    ISSUED = "issued"
    PROOF = "proof"
    SENT_BACK = "sent_back"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


O = OrderStatus  # noqa: E741  # the table below reads better with a short name
ORDER_MOVES: Mapping[OrderStatus, frozenset[OrderStatus]] = {
    O.ISSUED: frozenset({O.PROOF, O.WITHDRAWN}),
    O.PROOF: frozenset({O.PROOF, O.ACCEPTED, O.SENT_BACK}),
    O.SENT_BACK: frozenset({O.PROOF, O.WITHDRAWN}),
    O.ACCEPTED: frozenset({O.SENT_BACK}),
    O.WITHDRAWN: frozenset(),
}
ORDER_OPEN = frozenset({O.ISSUED, O.PROOF, O.SENT_BACK})
ORDER_LABELS: Mapping[OrderStatus, str] = {
    O.ISSUED: "Đã ban hành",
    O.PROOF: "Đã nộp minh chứng",
    O.SENT_BACK: "Yêu cầu bổ sung",
    O.ACCEPTED: "Đã chấp nhận",
    O.WITHDRAWN: "Đã thu hồi",
}


def check_order_move(old: OrderStatus, new: OrderStatus, *, inspector: bool) -> None:
    """The unit gives proof; everything else is the inspector's."""
    if new not in ORDER_MOVES[old]:
        raise MoveRefused(
            said(
                "Văn bản “%(old)s” không chuyển sang “%(new)s” được.",
                old=said(ORDER_LABELS[old]),
                new=said(ORDER_LABELS[new]),
            )
        )
    if not inspector and new is not O.PROOF:
        raise MoveRefused("Việc này do Thanh tra Công an tỉnh quyết định.")


# ---- clocks and codes ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ComplaintRules:
    """Working time: until somebody looks at it, until it is answered. order_days: calendar days proposed for an order;
    keep_days: so long a case that is done with, and the words of an answer, are kept.
    """

    look: timedelta
    answer: timedelta
    order_days: int
    keep_days: int


def dues(rules: ComplaintRules, calendar: Calendar, at: datetime) -> tuple[datetime, datetime]:
    """When a complaint that came at `at` has to be looked at and answered (office hours, aware UTC)."""
    return calendar.add_working(at, rules.look), calendar.add_working(at, rules.answer)


def colour(
    status: ComplaintStatus, *, created_at: datetime, look_due: datetime, answer_due: datetime, now: datetime
) -> Colour:
    """How the case stands with the clock that runs now."""
    due = look_due if status is S.NEW else answer_due
    if status not in OPEN:
        return Colour.GREEN
    if now >= due:
        return Colour.RED
    return Colour.AMBER if now >= created_at + (due - created_at) * AMBER_SHARE else Colour.GREEN


def new_receipt() -> str:
    """What the resident keeps: `PA-XXXX-XXXX-C`."""
    return with_check(code_body(LENGTH), PREFIX)


def read_receipt(typed: str) -> str | None:
    return codes.read(typed, length=LENGTH, prefix=PREFIX)
