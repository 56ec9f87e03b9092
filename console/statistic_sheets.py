"""A month of tips or of questions as an Excel file: the filter and the moment first, then what the page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Response
from flask_babel import gettext as _

from console.filters import kind_label, moment
from console.sheets import Sheet, Value, excel
from data import answering_times
from data.answering_times import Span, Waited
from domain.answering import LEAST_FOR, waits
from domain.small_numbers import K


def workbook(
    *,
    month: str,
    whose: str,
    by: str,
    at: datetime,
    total: int | None,
    shown: Mapping[str, Sequence[tuple[Any, str, int | None]]],
    year: Sequence[tuple[str, int | None]],
    waited: Mapping[Span, Waited],
) -> Response:
    """Tips. `shown`, `year`: as on the page (None = hidden); `waited`: raw, protected here."""
    about: Sheet = (
        _("Về bảng này"),
        (_("Mục"), _("Nội dung")),
        [
            (_("Tháng"), month),
            (_("Phạm vi"), whose),
            (_("Tổng số tin"), hidden(total)),
            (_("Người xuất"), by),
            (_("Xuất lúc"), f"{moment(at)} ({_('giờ Việt Nam')})"),
            (_("Số nhỏ"), _("Số dưới %(k)d, và số có thể suy ra từ tổng, không được nêu.", k=K)),
            (_("Phân vị"), _("Hạng gần nhất: trong n tin xếp theo thời gian chờ, tin thứ ⌈p × n ÷ 100⌉.")),
        ],
    )
    parts = (
        ("kinds", _("Theo loại việc"), _("Loại việc")),
        ("units", _("Theo đơn vị"), _("Đơn vị")),
        ("hours", _("Theo giờ"), _("Giờ")),
        ("weekdays", _("Theo thứ"), _("Thứ")),
    )
    sheets: list[Sheet] = [about]
    for key, title, head in parts:
        lines = [(label, hidden(count)) for _key, label, count in shown[key]]
        sheets.append((title, (head, _("Số tin")), lines))
    sheets.append(
        (_("12 tháng"), (_("Tháng"), _("Số tin")), [(label, hidden(count)) for label, count in year])
    )
    sheets.append((_("Thời gian xử lý"), _head(), _spans(waited)))
    return excel(f"thong-ke-tin-bao-{month}", sheets)


def questions_workbook(
    *,
    month: str,
    by: str,
    at: datetime,
    decisions: Mapping[str, str],
    days: Sequence[tuple[str, Mapping[str, int]]],
    year: Sequence[tuple[str, Mapping[str, int]]],
) -> Response:
    """Questions. `decisions`: decision → its name, one column each; `days`, `year`: label → how many of each."""
    about: Sheet = (
        _("Về bảng này"),
        (_("Mục"), _("Nội dung")),
        [
            (_("Tháng"), month),
            (_("Phạm vi"), _("Toàn hệ thống")),
            *((name, sum(counts[one] for _day, counts in days)) for one, name in decisions.items()),
            (_("Người xuất"), by),
            (_("Xuất lúc"), f"{moment(at)} ({_('giờ Việt Nam')})"),
            (_("Nguồn"), _("Nhật ký chỉ giữ thời điểm và kết quả, không giữ lời hỏi và người hỏi.")),
        ],
    )
    names = tuple(decisions.values())
    parts = ((_("Theo ngày"), _("Ngày"), days), (_("12 tháng"), _("Tháng"), year))
    tables: list[Sheet] = [
        (title, (head, *names), [(label, *(counts[one] for one in decisions)) for label, counts in lines])
        for title, head, lines in parts
    ]
    return excel(f"thong-ke-cau-hoi-{month}", [about, *tables])


def hidden(count: int | None) -> Value:
    return _("ít, không nêu") if count is None else count


def span_labels() -> dict[Span, str]:
    return {
        Span.TAKEN: _("Từ lúc đến tới lúc tiếp nhận"),
        Span.ANSWERED: _("Từ lúc đến tới câu trả lời đầu tiên"),
        Span.CLOSED: _("Từ lúc đến tới lúc kết thúc"),
    }


def _head() -> tuple[str, ...]:
    return (
        _("Khoảng thời gian"), _("Loại việc"), _("Số tin"),
        *(_("p%(p)d (phút)", p=percent) for percent in LEAST_FOR),
    )  # fmt: skip


def _spans(waited: Mapping[Span, Waited]) -> list[tuple[Value, ...]]:
    lines: list[tuple[Value, ...]] = []
    counts_of = answering_times.shown(waited)
    for span, label in span_labels().items():
        whole = waits(waited[span].all)
        lines.append(
            (
                label,
                _("Tất cả"),
                hidden(answering_times.shown_total(waited[span], counts_of[span])),
                *_at(whole),
            )
        )
        counts = counts_of[span]
        for kind in sorted(counts, key=kind_label):
            one = waits(waited[span].minutes[kind])
            shown = counts[kind] is not None
            lines.append(
                (
                    label,
                    kind_label(kind),
                    hidden(counts[kind]),
                    *(_at(one) if shown else [""] * len(LEAST_FOR)),
                )
            )
    return lines


def _at(told: Any) -> list[Value]:
    return ["" if told.at[percent] is None else told.at[percent] for percent in LEAST_FOR]
