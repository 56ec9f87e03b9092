"""How often the codes on boards are scanned: a number per unit, field and day, and nothing of who."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from console.access import allowed, officer
from console.desk import database, today
from console.language import translated
from console.sheets import excel
from console.views.boards import title_of
from data import board_codes, board_files, boards
from data.board_codes import Scans
from domain.procedures import FIELDS
from domain.roles import Act

pages = Blueprint("board_scans", __name__)
PERIODS = (7, 30, 90, 365)
DAYS_SHOWN = 14


@pages.get("/bang/luot-quet")
@allowed(Act.SEE_BOARDS)
def show() -> ResponseReturnValue:
    days = _period()
    with database().reading() as reading:
        found = _counted(reading, days)
        names = _names(reading, found)
    by_unit = Counter[tuple[str, str]]()
    by_field, by_day = Counter[str](), Counter[date]()
    for one in found:
        by_unit[one.unit_id, one.board] += one.count
        by_field[one.field] += one.count
        by_day[one.day] += one.count
    last = [today() - timedelta(days=back) for back in range(min(days, DAYS_SHOWN))]
    return render_template(
        "pages/board_scans.html",
        days=days,
        periods=PERIODS,
        total=sum(by_day.values()),
        units=[
            (names.get(unit, unit), _title(board), count) for (unit, board), count in by_unit.most_common()
        ],
        fields=[(_field(field), count) for field, count in by_field.most_common()],
        by_day=[(day, by_day[day]) for day in last],
        most=max((by_day[day] for day in last), default=0),
    )


@pages.get("/bang/luot-quet.xlsx")
@allowed(Act.SEE_BOARDS)
def sheet() -> ResponseReturnValue:
    with database().reading() as reading:
        found = _counted(reading, _period())
        names = _names(reading, found)
    rows = [
        (
            f"{one.day:%d/%m/%Y}",
            names.get(one.unit_id, one.unit_id),
            _title(one.board),
            _field(one.field),
            one.count,
        )
        for one in found
    ]
    head = (_("Ngày"), _("Đơn vị"), _("Bảng"), _("Lĩnh vực"), _("Lượt quét"))
    return excel("luot-quet", [(_("Lượt quét"), head, rows)])


def _period() -> int:
    text = request.args.get("ngay", "")
    return int(text) if text.isascii() and text.isdigit() and int(text[:4]) in PERIODS else PERIODS[1]


def _counted(session: Session, days: int) -> list[Scans]:
    own = officer().unit_id
    return board_codes.scans(session, [own] if own else None, since=today() - timedelta(days=days - 1))


def _names(session: Session, found: list[Scans]) -> dict[str, str]:
    wanted = {one.unit_id for one in found}
    board = next(iter(board_files.shipped().values()))
    return {one.unit_id: one.police for one in boards.standings(session, wanted, board)}


def _title(board: str) -> str:
    known = board_files.shipped().get(board)
    return title_of(known) if known else board


def _field(field: str) -> str:
    return translated(FIELDS.get(field, field)) if field else _("Cả bảng")
