"""Units, groups and topics out to Excel, and back in with a look at every difference first."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from console.access import allowed, may, officer
from console.desk import database, now, shelf, today
from console.filters import moment
from console.language import translated
from console.sheets import Sheet, excel
from console.uploads import takes_files
from data import registry_sheets
from data.registry_columns import SUBJECTS, Subject
from data.sheets import BYTES_MAX, UnreadableSheet, excel_rows
from data.tables import RegistryImport
from domain.errors import MoveRefused
from domain.roles import Act
from domain.said import from_kept

pages = Blueprint("registry", __name__, url_prefix="/danh-ba")

RIGHTS = {"don-vi": Act.MANAGE_UNITS, "nhom": Act.MANAGE_GROUPS, "chu-de": Act.EDIT_CATALOGUE}
STATES = {"draft": "Chờ áp dụng", "applied": "Đã áp dụng", "undone": "Đã hoàn tác", "dropped": "Đã bỏ"}


@pages.get("")
@allowed(*RIGHTS.values())
def start() -> ResponseReturnValue:
    return _start()


@pages.get("/<subject>.xlsx")
@allowed(*RIGHTS.values(), fresh=True)
def export(subject: str) -> ResponseReturnValue:
    found = _subject(subject)
    with database().reading() as reading:
        head, rows = registry_sheets.table(reading, found)
    about: Sheet = (
        _("Về tệp này"),
        (_("Mục"), _("Nội dung")),
        [
            (_("Danh sách"), translated(found.label)),
            (_("Xuất lúc"), moment(now())),
            (_("Số dòng"), len(rows)),
        ],
    )
    return excel(f"{subject}-{today():%Y-%m-%d}", [(found.label, head, rows), about])


@pages.post("/<subject>")
@takes_files
@allowed(*RIGHTS.values())
def upload(subject: str) -> ResponseReturnValue:
    """Read and compare; nothing changes yet."""
    found = _subject(subject)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _start(fault=_("Mời chọn một tệp .xlsx."), code=422)
    content = file.read(BYTES_MAX + 1)
    if len(content) > BYTES_MAX:
        return _start(fault=_("Tệp lớn hơn %(mb)d MB.", mb=BYTES_MAX >> 20), code=422)
    try:
        with database().transaction() as writing:
            lines, problems, rows = registry_sheets.compare(writing, found, excel_rows(content))
            kept = registry_sheets.keep(
                writing,
                found,
                file_name=file.filename,
                rows=rows,
                lines=lines,
                problems=problems,
                officer_id=officer().id,
                now=now(),
            )
            import_id = kept.id
    except UnreadableSheet as refused:
        return _start(fault=str(refused), code=422)
    return redirect(url_for(".show", registry_id=import_id))


@pages.get("/lan-nhap/<int:registry_id>")
@allowed(*RIGHTS.values())
def show(registry_id: int) -> ResponseReturnValue:
    return _page(registry_id)


@pages.post("/lan-nhap/<int:registry_id>/ap-dung")
@allowed(*RIGHTS.values(), fresh=True)
def apply(registry_id: int) -> ResponseReturnValue:
    _kept(registry_id)
    try:
        with database().transaction() as writing:
            count = registry_sheets.apply(writing, registry_id, officer_id=officer().id, now=now())
    except MoveRefused as refused:
        return _page(registry_id, fault=str(refused), code=409)
    shelf().newest()
    flash(_("Đã áp dụng %(count)d thay đổi.", count=count), "good")
    return redirect(url_for(".show", registry_id=registry_id))


@pages.post("/lan-nhap/<int:registry_id>/hoan-tac")
@allowed(*RIGHTS.values(), fresh=True)
def undo(registry_id: int) -> ResponseReturnValue:
    _kept(registry_id)
    try:
        with database().transaction() as writing:
            count = registry_sheets.undo(writing, registry_id, officer_id=officer().id, now=now())
    except MoveRefused as refused:
        return _page(registry_id, fault=str(refused), code=409)
    shelf().newest()
    flash(_("Đã hoàn tác %(count)d thay đổi.", count=count), "good")
    return redirect(url_for(".show", registry_id=registry_id))


@pages.post("/lan-nhap/<int:registry_id>/bo")
@allowed(*RIGHTS.values())
def drop(registry_id: int) -> ResponseReturnValue:
    _kept(registry_id)
    with database().transaction() as writing:
        registry_sheets.drop(writing, registry_id, now=now())
    flash(_("Đã bỏ. Không có gì thay đổi."), "good")
    return redirect(url_for(".start"))


def _subject(key: str) -> Subject:
    """The kind of sheet, when it is one and this officer may keep it; else not found."""
    if key not in SUBJECTS or not may(RIGHTS[key]):
        abort(404)
    return SUBJECTS[key]


def _kept(registry_id: int) -> RegistryImport:
    with database().reading() as reading:
        kept = reading.get(RegistryImport, registry_id)
    if kept is None:
        abort(404)
    _subject(kept.subject)
    return kept


def _start(*, fault: str | None = None, code: int = 200) -> ResponseReturnValue:
    mine = [subject for key, subject in SUBJECTS.items() if may(RIGHTS[key])]
    with database().reading() as reading:
        before = list(
            reading.scalars(
                select(RegistryImport)
                .where(RegistryImport.subject.in_([one.key for one in mine]))
                .order_by(RegistryImport.id.desc())
                .limit(20)
            )
        )
    return render_template(
        "pages/registry.html", subjects=mine, before=before, labels=SUBJECTS, states=STATES, fault=fault
    ), code


def _page(registry_id: int, *, fault: str | None = None, code: int = 200) -> ResponseReturnValue:
    kept = _kept(registry_id)
    columns = {column.name: column for column in SUBJECTS[kept.subject].columns}
    lines = [
        {
            **line,
            "changes": [
                (columns[name].label, columns[name].write(pair[0]), columns[name].write(pair[1]))
                for name, pair in line["changes"].items()
                if pair[0] != pair[1]
            ],
        }
        for line in kept.lines
    ]
    return render_template(
        "pages/registry_import.html",
        kept=kept,
        problems=[(one["row"], one["column"], from_kept(one)) for one in kept.problems],
        label=translated(SUBJECTS[kept.subject].label),
        lines=lines,
        new=sum(line["new"] for line in kept.lines),
        states=STATES,
        fault=fault,
    ), code
