"""The catalogue as a sheet: out, and back in with a look at every difference first."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from console.access import allowed, officer
from console.desk import database, now, shelf, today
from console.record_words import difference
from data import sheet_imports, sheets
from data.care import BadRecord
from data.sheets import BYTES_MAX, UnreadableSheet, words_of
from data.tables import CatalogueImport, ProcedureRow
from domain.errors import MoveRefused
from domain.roles import Act

pages = Blueprint("sheets", __name__, url_prefix="/thu-tuc-bang-tinh")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def allow_larger_files(app: Flask) -> None:
    """A sheet may be larger than other forms; said before the token of the form is looked for."""

    @app.before_request
    def larger() -> None:
        if request.endpoint == "sheets.upload":
            request.max_content_length = BYTES_MAX + (1 << 16)


@pages.get("")
@allowed(Act.SEE_CATALOGUE)
def start() -> ResponseReturnValue:
    return _start()


@pages.get("/danh-muc.xlsx")
@allowed(Act.SEE_CATALOGUE)
def xlsx() -> ResponseReturnValue:
    return _file(sheets.to_xlsx(_bodies()), f"thu-tuc-{today():%Y-%m-%d}.xlsx", XLSX)


@pages.get("/danh-muc.csv")
@allowed(Act.SEE_CATALOGUE)
def csv() -> ResponseReturnValue:
    return _file(sheets.to_csv(_bodies()), f"thu-tuc-{today():%Y-%m-%d}.csv", "text/csv; charset=utf-8")


@pages.get("/mau.xlsx")
@allowed(Act.SEE_CATALOGUE)
def template() -> ResponseReturnValue:
    return _file(sheets.template(), "mau-nhap-thu-tuc.xlsx", XLSX)


@pages.post("")
@allowed(Act.EDIT_CATALOGUE)
def upload() -> ResponseReturnValue:
    """Read and compare; nothing of the catalogue changes."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _start(fault=_("Mời chọn một tệp .xlsx hoặc .csv."), code=422)
    content = file.read(BYTES_MAX + 1)
    if len(content) > BYTES_MAX:
        fault = _("Tệp lớn hơn %(most)s MB. Mời chia thành nhiều tệp.", most=BYTES_MAX >> 20)
        return _start(fault=fault, code=422)
    try:
        _fields, rows, problems = sheets.read(file.filename, content)
    except UnreadableSheet as refused:
        return _start(fault=str(refused), code=422)
    with database().reading() as reading:
        lines, wrong = sheet_imports.compare(reading, rows)
    with database().transaction() as writing:
        kept = sheet_imports.keep(
            writing,
            file_name=file.filename,
            rows=len(rows),
            lines=lines,
            problems=[*problems, *wrong],
            officer_id=officer().id,
            now=now(),
        )
    return redirect(url_for("sheets.show", import_id=kept.id))


@pages.get("/<int:import_id>")
@allowed(Act.EDIT_CATALOGUE)
def show(import_id: int) -> ResponseReturnValue:
    return _page(import_id)


@pages.post("/<int:import_id>/ap-dung")
@allowed(Act.EDIT_CATALOGUE)
def apply(import_id: int) -> ResponseReturnValue:
    try:
        with database().transaction() as writing:
            count = sheet_imports.apply(writing, import_id, officer_id=officer().id, now=now())
    except MoveRefused as refused:
        return _page(import_id, fault=str(refused), code=409)
    except BadRecord as refused:
        return _page(import_id, fault=refused.faults[0].words, code=409)
    shelf().newest()
    flash(
        ngettext("Đã áp dụng %(num)s thay đổi từ tệp.", "Đã áp dụng %(num)s thay đổi từ tệp.", count), "good"
    )
    return redirect(url_for("sheets.show", import_id=import_id))


@pages.post("/<int:import_id>/bo")
@allowed(Act.EDIT_CATALOGUE)
def drop(import_id: int) -> ResponseReturnValue:
    with database().transaction() as writing:
        sheet_imports.drop(writing, import_id, now=now())
    flash(_("Đã bỏ. Danh mục không thay đổi."), "good")
    return redirect(url_for("sheets.start"))


def _bodies() -> list[dict[str, Any]]:
    with database().reading() as reading:
        return [
            row.body
            for row in reading.scalars(select(ProcedureRow).order_by(ProcedureRow.field, ProcedureRow.id))
        ]


def _file(content: bytes, name: str, kind: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _start(*, fault: str | None = None, code: int = 200) -> ResponseReturnValue:
    with database().reading() as reading:
        query = select(CatalogueImport).order_by(CatalogueImport.id.desc()).limit(10)
        before = list(reading.scalars(query))
    return render_template("pages/sheets.html", before=before, fault=fault, most=BYTES_MAX), code


def _page(import_id: int, *, fault: str | None = None, code: int = 200) -> ResponseReturnValue:
    with database().reading() as reading:
        kept = reading.get(CatalogueImport, import_id)
    if kept is None:
        abort(404)
    lines = [
        {
            **line,
            "changes": [difference(name, old, new) for name, (old, new) in line["changes"].items()],
        }
        for line in kept.lines
    ]
    return render_template(
        "pages/sheet.html",
        kept=kept,
        lines=lines,
        problems=[{**one, "text": words_of(one)} for one in kept.problems],
        new=sum(not line["version"] for line in kept.lines),
        fault=fault,
    ), code
