"""The report of a month to keep: Excel (nothing in it is a formula) and PDF."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst
from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.access import allowed
from console.desk import database
from console.filters import moment, number
from console.language import chosen, translated
from console.sheets import Value, excel
from console.views.scores import Row, month_asked, of_month, rows_of
from data.score_months import Scored
from domain.pilots import Compared, compare_pilots
from domain.roles import Act
from domain.scores import LABELS, Component

pages = Blueprint("score_reports", __name__)

TYPESET = Path(__file__).parent.parent / "typeset"


@pages.get("/diem.xlsx")
@allowed(Act.SEE_SCORES, fresh=True)
def as_excel() -> ResponseReturnValue:
    """The table of the month; components of the units in reach on a sheet of their own."""
    month = month_asked()
    with database().reading() as reading:
        scored = of_month(reading, month)
    rows = rows_of(scored)
    head = (
        _("Hạng"), _("Hạng có thể từ"), _("Hạng có thể đến"), _("Đơn vị"), _("Điểm"), _("Khoảng tin cậy từ"),
        _("Khoảng tin cậy đến"), _("Số người chấm"), _("Thí điểm"),
    )  # fmt: skip
    parts = (
        _("Đơn vị"), _("Thành phần"), _("Trọng số"), _("Số việc"), _("Tự tính"), _("Sau điều chỉnh"), _("Từ"),
        _("Đến"), _("Phần kéo về toàn tỉnh"),
    )  # fmt: skip
    about = [(label, value) for label, value in facts_of(scored)]
    return excel(
        f"diem-{month}",
        [
            (_("Xếp hạng"), head, [_line(row) for row in rows]),
            (_("Thành phần"), parts, [line for row in rows if row.in_reach for line in _parts(row, scored)]),
            (_("Về báo cáo"), (_("Mục"), _("Nội dung")), about),
        ],
    )


@pages.get("/diem.pdf")
@allowed(Act.SEE_SCORES, fresh=True)
def as_pdf() -> ResponseReturnValue:
    month = month_asked()
    with database().reading() as reading:
        scored = of_month(reading, month)
    answer = Response(pdf(report(scored)), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f"attachment; filename=diem-{month}.pdf"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def pdf(data: dict[str, Any]) -> bytes:
    """Typeset a report. Its words travel as data and are never read as markup."""
    made = typst.compile(
        str(TYPESET / "scores.typ"),
        root=str(TYPESET),
        font_paths=[str(TYPESET / "fonts")],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    assert isinstance(made, bytes)
    return made


def report(scored: Scored) -> dict[str, Any]:
    """Everything the PDF says, as plain words."""
    return {
        "language": chosen(),
        "title": _("Điểm phục vụ %(month)s", month=translated(scored.month.in_words()).lower()),
        "facts": [[label, str(value)] for label, value in facts_of(scored)],
        "head": [_("Hạng"), _("Đơn vị"), _("Điểm"), _("Khoảng 95%"), _("Hạng có thể"), _("Số người chấm")],
        "rows": [_printed(row) for row in rows_of(scored)],
        "weights": [
            [translated(LABELS[one]), f"{number(scored.formula.weights[one])}%"] for one in Component
        ],
        "weights_title": _("Trọng số các thành phần"),
        "note": _(
            "Đơn vị ít người chấm được kéo về mức chung của tỉnh; dưới %(least)s người chấm thì không xếp hạng. "
            "Hạng bằng nhau khi điểm làm tròn bằng nhau.",
            least=scored.formula.min_answers,
        ),
    }


def facts_of(scored: Scored) -> list[tuple[str, Value]]:
    compared = compare_pilots(list(scored.facts.values()), min_answers=scored.formula.min_answers)
    state = (
        _("Chốt lúc %(moment)s, bản %(edition)s", moment=moment(scored.frozen_at), edition=scored.edition)
        if scored.frozen_at
        else _("Tạm tính, chưa chốt")
    )
    return [
        (_("Tháng"), translated(scored.month.in_words())),
        (_("Tình trạng"), state),
        (_("Công thức"), scored.formula.key),
        *([(_("Lý do đính chính"), scored.reason)] if scored.reason else []),
        (_("Mã kiểm tra"), scored.mark[:16] if scored.mark else "–"),
        (_("Đơn vị thí điểm so với nơi khác"), pilot_words(compared)),
    ]


def pilot_words(compared: Compared) -> str:
    """What the comparison of the pilots came to, in one sentence."""
    if compared.difference is None or compared.low is None or compared.high is None:
        return str(_("Không đủ dữ liệu để so sánh"))
    return str(
        _(
            "Chênh %(difference)s điểm (từ %(low)s đến %(high)s), cùng huyện cũ, %(pilot)s và %(rest)s người chấm",
            difference=signed(compared.difference),
            low=signed(compared.low),
            high=signed(compared.high),
            pilot=number(compared.pilot_answers),
            rest=number(compared.rest_answers),
        )
    )


def signed(value: float) -> str:
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{number(abs(float(value)))}"


def _line(row: Row) -> tuple[Value, ...]:
    one = row.score
    return (
        one.rank, one.best, one.worst, row.facts.name, one.total, one.low, one.high,
        _("ít hơn 5") if row.answers is None else row.answers,
        _("có") if row.facts.pilot else "",
    )  # fmt: skip


def _parts(row: Row, scored: Scored) -> list[tuple[Value, ...]]:
    found: list[tuple[Value, ...]] = []
    for component, mark in row.score.marks.items():
        few = component is Component.SATISFACTION and row.answers is None
        found.append(
            (
                row.facts.name,
                translated(LABELS[component]),
                scored.formula.weights[component],
                _("ít hơn 5") if few else mark.n,
                None if few else mark.raw,
                mark.value,
                mark.low,
                mark.high,
                None if few else mark.pull,
            )
        )
    return found


def _printed(row: Row) -> list[str]:
    one = row.score
    band = f"{one.best}–{one.worst}" if one.best != one.worst else str(one.best)
    return [
        str(one.rank) if one.rank is not None else "–",
        row.facts.name + (_(" (thí điểm)") if row.facts.pilot else ""),
        number(float(one.total)),
        f"{number(float(one.low))}–{number(float(one.high))}",
        band if one.rank is not None else _("không đủ dữ liệu"),
        _("ít hơn 5") if row.answers is None else number(row.answers),
    ]
