"""Boards of QR codes: which unit has which, what is on it, and the sheets to print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console.access import allowed, officer
from console.desk import database, desk, now, today
from console.forms import asked
from console.language import ENGLISH, chosen, translated
from console.prints import boards as prints
from console.prints.boards import Sheet, Size
from data import board_codes, board_files, boards
from data.boards import UnitsBoard
from domain.board_codes import spoken
from domain.boards import HOW_LABELS, LANGUAGE_LABELS, Board, Composition, Language, blank_field
from domain.procedures import FIELDS
from domain.roles import Act
from domain.vietnamese import fold

pages = Blueprint("boards", __name__)
COUNTED = timedelta(days=30)


@dataclass(frozen=True)
class Row:
    """A field in the form: on the board or not, with what is printed. `place` is its number in the order."""

    field: str
    label: str
    on: bool
    place: int
    texts: dict[str, str]


@pages.get("/bang")
@allowed(Act.SEE_BOARDS)
def listing() -> ResponseReturnValue:
    words = asked("q")
    with database().reading() as reading:
        shown = []
        for board in boards_today():
            units = boards.units_with(reading, board, today(), unit_id=officer().unit_id)
            found = boards.standings(reading, units, board)
            shown.append((board, [one for one in found if fold(words) in fold(one.unit_name)], len(units)))
        counts = board_codes.totals(reading, None, since=today() - COUNTED)
    return render_template(
        "pages/boards.html",
        boards=[one for one in shown if one[2]],
        counts=counts,
        days=COUNTED.days,
        q=words,
        sizes=list(Size),
        title_of=title_of,
        old=[board for board in board_files.shipped().values() if not board.lasts(today())],
        public_url=public_url(),
    )


@pages.get("/bang/<board_key>/<unit_code>")
@allowed(Act.SEE_BOARDS)
def show(board_key: str, unit_code: str) -> ResponseReturnValue:
    return page(board_key, unit_code)


@pages.get("/bang/<board_key>/<unit_code>/to-in.pdf")
@allowed(Act.SEE_BOARDS)
def print_one(board_key: str, unit_code: str) -> ResponseReturnValue:
    """What is published; `nhap`: the draft, marked as one."""
    board, is_draft = board_of(board_key), "nhap" in request.args
    with database().transaction() as writing:  # codes that are not there yet are made
        found = unit_board(writing, board, unit_code)
        sheets = [_sheet(writing, found, found.draft if is_draft else found.published, is_draft=is_draft)]
    return _pdf(sheets, f"bang-{board.key}-{found.code}")


@pages.get("/bang/<board_key>/to-in.pdf")
@allowed(Act.SEE_BOARDS)
def print_all(board_key: str) -> ResponseReturnValue:
    """One file with a page for every unit in reach."""
    board = board_of(board_key)
    with database().transaction() as writing:
        units = boards.units_with(writing, board, today(), unit_id=officer().unit_id)
        sheets = [_sheet(writing, one, one.published) for one in boards.standings(writing, units, board)]
    if not sheets:
        abort(404)
    return _pdf(sheets, f"bang-{board.key}")


# ---- what the acts share ------------------------------------------------------------------------------------------


def boards_today() -> list[Board]:
    return [board for board in board_files.shipped().values() if board.lasts(today())]


def board_of(key: str) -> Board:
    """A board that is in use; another one is not found."""
    board = board_files.shipped().get(key)
    if board is None or not board.lasts(today()):
        abort(404)
    return board


def unit_board(session: Session, board: Board, unit_code: str) -> UnitsBoard:
    """The board of a unit in the officer's reach; another unit's is not found, the same as none."""
    units = boards.units_with(session, board, today(), unit_id=officer().unit_id)
    wanted = next((one for one in units if one.partition("@")[0] == unit_code), None)
    found = boards.standing(session, wanted, board) if wanted else None
    if found is None:
        abort(404)
    return found


def page(
    board_key: str,
    unit_code: str,
    *,
    typed: Composition | None = None,
    faults: list[str] | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    """The page of a unit's board; `typed`: what the officer sent, where it could not be kept."""
    board = board_of(board_key)
    with database().reading() as reading:
        found = unit_board(reading, board, unit_code)
        history = boards.history(reading, found.unit_id, board)
        codes = board_codes.made(reading, found.unit_id, board.key)
        counted = board_codes.scans(reading, [found.unit_id], since=today() - COUNTED)
    shown = typed or found.draft
    scans: dict[str, int] = {}
    for one in counted:
        if one.board == board.key:
            scans[one.field] = scans.get(one.field, 0) + one.count
    return render_template(
        "pages/board.html",
        board=board,
        title=title_of(board),
        one=found,
        shown=shown,
        rows=_rows(board, shown),
        faults=faults or [],
        history=history,
        how_labels=HOW_LABELS,
        languages=LANGUAGE_LABELS,
        english=Language.ENGLISH,
        scans=scans,
        codes={field: spoken(code) for field, code in codes.items()},
        days=COUNTED.days,
        sizes=list(Size),
        small=_too_small(found, shown),
        public_url=public_url(),
    ), code


def title_of(board: Board) -> str:
    """What a board is called: a board has its name in both languages."""
    return board.title_en if chosen() == ENGLISH else board.title


def public_url() -> str:
    return desk().public_url or request.url_root.rstrip("/")


def _rows(board: Board, shown: Composition) -> list[Row]:
    """Fields on the board in their order, then those of the definition, then every other."""
    known = {one.field: one for one in board.fields}
    order = dict.fromkeys([*(one.field for one in shown.fields), *known, *FIELDS])
    rows = []
    for place, field in enumerate(order, 1):
        one = shown.get(field) or known.get(field) or blank_field(field)
        texts = {"label": one.label, "label_en": one.label_en, "words": one.words, "keyword": one.keyword}
        rows.append(Row(field, translated(FIELDS[field]), shown.get(field) is not None, place, texts))
    return rows


def _too_small(found: UnitsBoard, shown: Composition) -> list[Size]:
    """The sizes on which the codes of the fields would be hard to read."""
    longest = {"": "X" * 6, **{one.field: "X" * 6 for one in shown.fields}}
    sheet = Sheet(found.police, found.board, shown, longest)
    if not shown.fields:
        return []
    return [
        size
        for size in Size
        if prints.smallest_module_mm(sheet, size=size, public_url=public_url()) < prints.MODULE_MIN_MM
    ]


def _sheet(session: Session, found: UnitsBoard, made: Composition, *, is_draft: bool = False) -> Sheet:
    codes = board_codes.codes(
        session, found.unit_id, found.board.key, [one.field for one in made.fields], now=now()
    )
    return Sheet(found.police, found.board, made, codes, desk().survey_code(found.unit_id), is_draft)


def _pdf(sheets: list[Sheet], name: str) -> Response:
    size = Size(request.args["kho"]) if request.args.get("kho") in set(Size) else Size.A4
    made = prints.pdf(sheets, size=size, public_url=public_url(), today=today())
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}-{size.lower()}.pdf"'
    return answer
