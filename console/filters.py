"""How things read on a page: dates as in Viet Nam, numbers, sizes and names of states in the language of the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Flask, has_request_context
from flask_babel import gettext as _
from flask_babel import ngettext

from console.desk import now
from console.language import VIETNAMESE, chosen, translated
from data import tip_acts
from data.tip_lines import Line
from data.tip_queue import COUNT_MAX
from data.tip_rules import shipped
from data.tips import Move
from domain.broadcasts import BROADCAST_LABELS, DELIVERY_LABELS, VIETNAM, BroadcastStatus, DeliveryStatus
from domain.clocks import Colour, colour
from domain.hidden_things import ALL_HIDDEN
from domain.media import LOUDEST, REFUSALS
from domain.screening import HIDDEN
from domain.tips import LABELS, OPEN, SORT_LABELS, TipStatus, read_designation

TIP_TONES = {
    TipStatus.HELD: "gray",
    TipStatus.NEW: "gold",
    TipStatus.TAKEN: "blue",
    TipStatus.IN_PROGRESS: "teal",
    TipStatus.WAITING: "violet",
    TipStatus.DONE: "green",
    TipStatus.PASSED_ON: "gray",
    TipStatus.REFUSED: "gray",
    TipStatus.DUPLICATE: "gray",
    TipStatus.SPAM: "gray",
}
DELIVERY_TONES = {
    DeliveryStatus.WAITING: "gray",
    DeliveryStatus.CLAIMED: "gray",
    DeliveryStatus.SENDING: "blue",
    DeliveryStatus.SENT: "green",
    DeliveryStatus.FAILED: "red",
    DeliveryStatus.EXPIRED: "red",
    DeliveryStatus.UNKNOWN: "violet",
    DeliveryStatus.HELD: "gold",
}
BROADCAST_TONES = {
    BroadcastStatus.DRAFT: "gray",
    BroadcastStatus.PROPOSED: "gold",
    BroadcastStatus.SCHEDULED: "blue",
    BroadcastStatus.SENDING: "teal",
    BroadcastStatus.PAUSED: "violet",
    BroadcastStatus.DONE: "green",
    BroadcastStatus.WITHDRAWN: "gray",
}


_MARK = re.compile(rf"(?<=\[{HIDDEN} )(?:{'|'.join(ALL_HIDDEN)})(?=\])")
"""What domain.screening puts in place of hidden words."""


def moment(value: datetime) -> str:
    """24/11/2026 13:05, in Vietnam."""
    return value.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")


def day(value: datetime) -> str:
    return value.astimezone(VIETNAM).strftime("%d/%m/%Y")


def clock(value: datetime) -> str:
    return value.astimezone(VIETNAM).strftime("%H:%M")


def machine_time(value: datetime) -> str:
    """For the `datetime` of a <time>."""
    return value.astimezone(VIETNAM).isoformat(timespec="seconds")


def local_input(value: datetime | None) -> str:
    """For the value of a field of type datetime-local, in Vietnam time."""
    return value.astimezone(VIETNAM).strftime("%Y-%m-%dT%H:%M") if value else ""


def clock_colour(line: Line) -> Colour:
    """How a tip stands with the clock that runs now."""
    return colour(
        line.status,
        created_at=line.created_at,
        take_due_at=line.take_due_at,
        close_due_at=line.close_due_at,
        now=now(),
    )


def due_at(line: Line) -> datetime | None:
    """When the clock that runs now runs out; None when none runs."""
    if line.status not in OPEN:
        return None
    return line.take_due_at if line.status is TipStatus.NEW else line.close_due_at


def kind_label(category: str | None) -> str:
    return translated(shipped().kinds.get(category).label) if category else _("Chưa phân loại")


def called(designation: str) -> str:
    """How officers call a reporter (domain.tips.new_designation)."""
    return translated(read_designation(designation))


def screened(text: str) -> str:
    """A reporter's words, with the marks in place of what is hidden in the language of the page."""
    return _MARK.sub(lambda mark: translated(mark[0]), text)


def reason_words(reason: str | None) -> str:
    """Why a file or a message did not come through, as the program wrote it down then."""
    return translated(REFUSALS.get(reason, reason)) if reason else ""


def ago(value: datetime) -> str:
    """How long ago, in words; from a week on the date. The script of the pages says it the same way."""
    past = now() - value
    if past < timedelta(minutes=1):
        return str(_("vừa xong"))
    if past < timedelta(hours=1):
        return str(ngettext("%(num)s phút trước", "%(num)s phút trước", int(past / timedelta(minutes=1))))
    if past < timedelta(days=1):
        return str(ngettext("%(num)s giờ trước", "%(num)s giờ trước", int(past / timedelta(hours=1))))
    if past < timedelta(days=7):
        return str(ngettext("%(num)s ngày trước", "%(num)s ngày trước", past.days))
    return day(value)


def number(value: float) -> str:
    """1.234 and 0,5: a point between thousands, a comma before decimals; in English the other way round."""
    written = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
    if has_request_context() and chosen() != VIETNAMESE:
        return written
    return written.translate(str.maketrans(",.", ".,"))


def capped(count: int) -> str:
    """A count that the queries stop at COUNT_MAX."""
    return f"{number(COUNT_MAX - 1)}+" if count >= COUNT_MAX else number(count)


def in_counts(status: TipStatus, counts: dict[TipStatus, int]) -> int:
    return counts[status]


def size(count: int | None) -> str:
    """Bytes for people: 820 B, 12,5 KB, 3,4 MB."""
    if count is None:
        return ""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{number(count / 1000)} KB"
    return f"{number(count / 1_000_000)} MB"


def voice_shape(peaks: Sequence[int]) -> str:
    """The outline of a voice message as the path of a drawing, 4 units a bar and 32 high."""
    bars = [(4 * number, max(1, round(peak * 15 / LOUDEST))) for number, peak in enumerate(peaks)]
    return "".join(f"M{left} {16 - half}h3v{2 * half}h-3z" for left, half in bars)


def playing(seconds: float) -> str:
    """How long a clip plays: 0:09, 4:05."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def lasting(span: timedelta) -> str:
    """How long, roughly: “1 phút”, “12 phút”, “3 giờ 20 phút”."""
    minutes = -(-int(span.total_seconds()) // 60)
    if minutes < 60:
        return _minutes(max(minutes, 1))
    hours, rest = divmod(minutes, 60)
    return f"{_hours(hours)} {_minutes(rest)}" if rest else _hours(hours)


def minutes_words(minutes: int) -> str:
    """A wait, short: “0 phút”, “45 phút”, “3 giờ 20 phút”, “2 ngày 4 giờ”."""
    if minutes < 60:
        return _minutes(minutes)
    if minutes < 48 * 60:
        return lasting(timedelta(minutes=minutes))
    days, hours = divmod(minutes // 60, 24)
    written = ngettext("%(num)s ngày", "%(num)s ngày", days)
    return f"{written} {_hours(hours)}" if hours else written


def _minutes(count: int) -> str:
    return str(ngettext("%(num)s phút", "%(num)s phút", count))


def _hours(count: int) -> str:
    return str(ngettext("%(num)s giờ", "%(num)s giờ", count))


def excerpt(text: str, most: int = 160) -> str:
    """The beginning, cut at a word, on one line."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[:most].rsplit(" ", 1)[0] + "…"


ACT_WORDS = {
    "reopened": "Mở lại vì người báo cho biết chưa xong",
    "went_home": "Về hàng chờ vì người phụ trách hết ca",
    "answer_arrived": "Xác nhận câu trả lời đã đến",
    "answer_again": "Gửi lại câu trả lời chưa rõ",
    "revealed": "Xem chi tiết đã che",
    "hold_on": "Giữ lại cho vụ việc",
    "hold_off": "Thôi giữ cho vụ việc",
    "same_reporter": "Nối các tin cùng người báo",
    "identity_asked": "Đề nghị mở danh tính",
    "identity_decided": "Có quyết định về đề nghị mở danh tính",
    "identity_opened": "Xem danh tính trong thời hạn được duyệt",
    "unit_changed": "Theo đơn vị mới sau sắp xếp",
    "unit_restored": "Về đơn vị cũ vì hoàn tác sắp xếp",
    "undone": "Hoàn tác thao tác trước đó",
    "taken_over": "Nhận bàn giao ca",
    tip_acts.TAKEN: "Tiếp nhận",
    tip_acts.GIVEN_BACK: "Trả về hàng chờ",
    tip_acts.STATUS: "Chuyển trạng thái",
    tip_acts.ANSWERED: "Trả lời người báo tin",
    tip_acts.NOTED: "Ghi chú nội bộ",
    tip_acts.HANDED_OVER: "Chuyển đơn vị khác",
    "sorted": "Xếp loại",
    "merged": "Gộp với tin khác",
    "linked": "Nối với tin khác",
}
"""Kinds of acts, without what they were about."""


def act_words(move: str) -> str:
    return translated(ACT_WORDS.get(move, move))


def move_words(move: Move, unit_names: dict[str, str]) -> str:
    """One line of a tip's history."""
    match move.move:
        case "filed":
            return str(_("Tin đến"))
        case tip_acts.HANDED_OVER:
            return str(_("Chuyển sang %(unit)s", unit=unit_names.get(move.after or "", move.after or "")))
        case "sorted":
            return str(_("Xếp loại: %(kind)s", kind=kind_label(move.after)))
        case "escalated" if move.after == "2":
            return str(_("Quá hạn, báo lên Công an tỉnh"))
        case "escalated":
            return str(_("Quá hạn, báo lên chỉ huy đơn vị"))
        case "merged":
            return str(_("Xử lý chung với tin %(code)s", code=move.after))
        case "linked":
            return str(_("Liên quan với tin %(code)s", code=move.after))
        case "settled" if move.after == "yes":
            return str(_("Người báo: đã giải quyết"))
        case "settled":
            return str(_("Người báo: chưa giải quyết"))
    if move.move != tip_acts.STATUS and move.move in ACT_WORDS:
        return translated(ACT_WORDS[move.move])
    if move.after in set(TipStatus):
        return str(_("Chuyển sang “%(state)s”", state=translated(LABELS[TipStatus(move.after)])))
    return move.move


def install(app: Flask) -> None:
    for one in (
        moment,
        day,
        clock,
        machine_time,
        local_input,
        ago,
        clock_colour,
        due_at,
        kind_label,
        called,
        screened,
        reason_words,
        number,
        capped,
        in_counts,
        size,
        playing,
        voice_shape,
        lasting,
        minutes_words,
        excerpt,
        move_words,
        act_words,
    ):
        app.add_template_filter(one)
    app.jinja_env.globals.update(
        tip_label=LABELS,
        tip_tone=TIP_TONES,
        tip_sort=SORT_LABELS,
        delivery_label=DELIVERY_LABELS,
        delivery_tone=DELIVERY_TONES,
        broadcast_label=BROADCAST_LABELS,
        broadcast_tone=BROADCAST_TONES,
    )
