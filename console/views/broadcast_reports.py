"""What broadcasts came to in a month: each, by kind, by unit; to print and as Excel."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import pgettext

from console.access import allowed
from console.desk import database, now
from console.language import translated
from console.sheets import excel
from data import broadcast_reports
from data.broadcast_kinds import kinds
from data.broadcast_reports import Line, Month
from domain.roles import Act
from domain.said import said

pages = Blueprint("broadcast_reports", __name__)

PARTS = (
    (said("Theo tin"), broadcast_reports.by_broadcast),
    ("Theo loại tin", broadcast_reports.by_kind),
    ("Theo đơn vị", broadcast_reports.by_unit),
)


@pages.get("/tuyen-truyen/bao-cao")
@allowed(Act.SEE_BROADCASTS)
def show() -> ResponseReturnValue:
    month = _month()
    with database().reading() as reading:
        whole = broadcast_reports.whole_month(reading, month)
        parts = [(title, _named(title, look(reading, month))) for title, look in PARTS]
        reviews = broadcast_reports.open_reviews(reading)
    return render_template(
        "pages/broadcast_reports.html", month=month, whole=whole, parts=parts, reviews=reviews
    )


@pages.get("/tuyen-truyen/bao-cao.xlsx")
@allowed(Act.SEE_BROADCASTS, fresh=True)
def export() -> ResponseReturnValue:
    month = _month()
    with database().reading() as reading:
        sheets = [
            (
                translated(title),
                _head(),
                [_row(line) for line in _named(title, look(reading, month))],
            )
            for title, look in PARTS
        ]
    return excel(f"tuyen-truyen-{month}", sheets)


def _month() -> Month:
    return broadcast_reports.read_month(request.args.get("thang", "")) or broadcast_reports.month_of(now())


def _named(title: str, lines: list[Line]) -> list[Line]:
    """Kinds by their names."""
    if title != "Theo loại tin":
        return lines
    labels = {key: translated(kind.label) for key, kind in kinds().items()}
    return [Line(labels.get(line.name, line.name), *list(vars(line).values())[1:]) for line in lines]


def _head() -> tuple[str, ...]:
    return (
        _("Tên"), pgettext("broadcasts", "Số tin"), _("Lượt nhóm"), _("Đã gửi"), _("Lỗi"), _("Hết hạn"), _("Chưa rõ"),
        _("Đang chờ"), _("Có thể tiếp cận (người)"), _("Nhóm chưa biết số thành viên"),
    )  # fmt: skip


def _row(line: Line) -> tuple[str | int, ...]:
    return (
        line.name, line.broadcasts, line.groups, line.sent, line.failed, line.expired, line.unknown,
        line.waiting, line.reach, line.without_members,
    )  # fmt: skip
