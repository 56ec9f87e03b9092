"""Officers from a sheet: a look at every difference first, then all of it or nothing."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console import freshness
from console.access import allowed, officer
from console.desk import database, now
from console.language import translated
from console.sheets import excel
from console.views.staff import link_for, link_hours
from data import officer_sheets
from data.officer_sheets import COLUMNS, EVERYWHERE
from data.sheets import UnreadableSheet
from data.tables import OfficerImport
from domain.errors import MoveRefused
from domain.roles import ROLE_LABELS, Act, Role
from domain.said import from_kept

pages = Blueprint("staff_sheets", __name__, url_prefix="/can-bo/bang-tinh")

BYTES_MAX = 900_000
"""Two thousand officers are far below this, and it stays within what a form may hold."""


@pages.get("")
@allowed(Act.MANAGE_OFFICERS, fresh=True)
def start() -> ResponseReturnValue:
    return _start()


@pages.get("/mau.xlsx")
@allowed(Act.MANAGE_OFFICERS)
def template() -> ResponseReturnValue:
    roles = [[label] for label in ROLE_LABELS.values()]
    example = [
        "Họ và tên",
        "ten@don-vi.example",
        ROLE_LABELS[Role.DUTY],
        "Mã hoặc tên đơn vị; để trống là toàn tỉnh",
    ]
    return excel(
        "mau-nhap-can-bo", [("Cán bộ", list(COLUMNS.values()), [example]), ("Vai trò", ["Vai trò"], roles)]
    )


@pages.post("")
@allowed(Act.MANAGE_OFFICERS)
def upload() -> ResponseReturnValue:
    """Read and compare; no account changes. The second factor was asked for when the form was opened."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _start(fault=_("Mời chọn một tệp .xlsx hoặc .csv."), code=422)
    content = file.read(BYTES_MAX + 1)
    if len(content) > BYTES_MAX:
        return _start(fault=_("Tệp quá lớn. Mời chia thành nhiều tệp."), code=422)
    try:
        rows, problems = officer_sheets.read(file.filename, content)
    except UnreadableSheet as refused:
        return _start(fault=str(refused), code=422)
    with database().transaction() as writing:
        lines, wrong = officer_sheets.compare(writing, rows)
        import_id = officer_sheets.keep(
            writing,
            file_name=file.filename,
            rows=len(rows),
            lines=lines,
            problems=[*problems, *wrong],
            officer_id=officer().id,
            now=now(),
        )
    return redirect(url_for("staff_sheets.show", import_id=import_id))


@pages.get("/<int:import_id>")
@allowed(Act.MANAGE_OFFICERS)
def show(import_id: int) -> ResponseReturnValue:
    return _page(import_id)


@pages.post("/<int:import_id>/ap-dung")
@allowed(Act.MANAGE_OFFICERS, fresh=True)
def apply(import_id: int) -> ResponseReturnValue:
    """The links of new accounts are shown here, once."""
    _exists(import_id)
    try:
        with database().transaction() as writing:
            made = officer_sheets.apply(writing, import_id, by=officer().id, now=now())
            links = [(row.name, row.email, link_for(row)) for row in made]
    except MoveRefused as refused:
        return _page(import_id, fault=str(refused), code=409)
    if links:
        return _page(import_id, links=links)
    flash(_("Đã áp dụng các thay đổi từ tệp."), "good")
    return redirect(url_for("staff.listing"))


@pages.post("/<int:import_id>/bo")
@allowed(Act.MANAGE_OFFICERS)
def drop(import_id: int) -> ResponseReturnValue:
    _exists(import_id)
    with database().transaction() as writing:
        officer_sheets.drop(writing, import_id)
    flash(_("Đã bỏ. Không tài khoản nào thay đổi."), "good")
    return redirect(
        url_for("staff_sheets.start") if freshness.is_fresh(officer()) else url_for("staff.listing")
    )


def _exists(import_id: int) -> OfficerImport:
    with database().reading() as reading:
        kept = reading.get(OfficerImport, import_id)
    if kept is None:
        abort(404)
    return kept


def _in_words(label: str, *values: str) -> tuple[str, ...]:
    """A change as it was kept, its roles and the whole province in the language of this page."""
    if label == COLUMNS["roles"]:
        values = tuple(", ".join(translated(role) for role in one.split(", ")) for one in values)
    elif label == COLUMNS["unit"]:
        values = tuple(translated(one) if one == EVERYWHERE else one for one in values)
    return translated(label), *values


def _start(*, fault: str | None = None, code: int = 200) -> ResponseReturnValue:
    return render_template(
        "pages/staff_sheets.html", fault=fault, columns=COLUMNS.values(), roles=ROLE_LABELS.values()
    ), code


def _page(
    import_id: int,
    *,
    fault: str | None = None,
    links: list[tuple[str, str, str]] | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    kept = _exists(import_id)
    return render_template(
        "pages/staff_sheet.html",
        kept=kept,
        problems=[{**one, "text": from_kept(one)} for one in kept.problems],
        lines=[{**line, "changes": [_in_words(*one) for one in line["changes"]]} for line in kept.lines],
        new=sum(not line["officer_id"] for line in kept.lines),
        links=links or [],
        link_hours=link_hours(),
        fault=fault,
    ), code
