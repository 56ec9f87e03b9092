"""Dossiers: where they stand, and the sheet by which a unit says so, with a look at every difference first."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.access import allowed, officer
from console.desk import database, desk, now, today
from console.forms import asked
from console.sheets import MIME
from console.uploads import takes_files
from data import dossier_imports, dossier_sheets, dossiers
from data.dossier_proof import DossierKey
from data.dossier_rules import shipped
from data.dossier_sheets import BYTES_MAX
from data.sheets import UnreadableSheet
from data.tables import UnitRow
from domain.dossiers import ENDED, LABELS, DossierStep
from domain.errors import MoveRefused
from domain.roles import Act
from domain.said import from_kept
from domain.work import Kind

pages = Blueprint("dossiers", __name__, url_prefix="/ho-so")

PAGE = 50
TONES = {
    DossierStep.SUPPLEMENT: "gold",
    DossierStep.READY: "green",
    DossierStep.REFUSED: "red",
    **dict.fromkeys(ENDED - {DossierStep.REFUSED}, "gray"),
}


@pages.get("")
@allowed(Act.SEE_DOSSIERS)
def listing() -> ResponseReturnValue:
    return _listing()


@pages.get("/mau.xlsx")
@allowed(Act.SEE_DOSSIERS)
def template() -> ResponseReturnValue:
    response = Response(dossier_sheets.template(), content_type=MIME)
    response.headers["Content-Disposition"] = 'attachment; filename="mau-ho-so.xlsx"'
    return response


@pages.get("/<int:dossier_id>")
@allowed(Act.SEE_DOSSIERS)
def show(dossier_id: int) -> ResponseReturnValue:
    with database().reading() as reading:
        row = next(iter(dossiers.listed(reading, unit_ids=_unit_ids(), before=dossier_id + 1, limit=1)), None)
        if row is None or row.id != dossier_id:
            abort(404)
        moves = dossiers.moves_of(reading, dossier_id)
        followers = dossiers.followers_of(reading, dossier_id)
        unit = reading.get_one(UnitRow, row.unit_id)
    return render_template(
        "pages/dossier.html",
        row=row,
        moves=moves,
        followers=followers,
        unit=unit,
        labels=LABELS,
        tones=TONES,
    )


@pages.post("")
@takes_files
@allowed(Act.SEND_DOSSIERS)
def upload() -> ResponseReturnValue:
    """Read and compare; nothing is changed."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _listing(fault=_("Mời chọn một tệp .xlsx hoặc .csv."), code=422)
    content = file.read(BYTES_MAX + 1)
    file.close()
    if len(content) > BYTES_MAX:
        words = _("Tệp lớn hơn %(most)d MB. Mời chia thành nhiều tệp.", most=BYTES_MAX >> 20)
        return _listing(fault=words, code=422)
    unit_id = officer().unit_id
    try:
        rows, problems, count = dossier_sheets.read(file.filename, content, unit_id=unit_id)
    except UnreadableSheet as refused:
        return _listing(fault=str(refused), code=422)
    with database().reading() as reading:
        compared = dossier_imports.compare(reading, _key(), rows, unit_id=unit_id, today=today())
    with database().transaction() as writing:
        kept = dossier_imports.keep(
            writing,
            compared,
            problems,
            file_name=file.filename,
            rows=count,
            unit_id=unit_id,
            officer_id=officer().id,
            now=now(),
        )
    return redirect(url_for("dossiers.compared", dossier_import_id=kept.id))


@pages.get("/nhap/<int:dossier_import_id>")
@allowed(Act.SEND_DOSSIERS)
def compared(dossier_import_id: int) -> ResponseReturnValue:
    return _compared(dossier_import_id)


@pages.post("/nhap/<int:dossier_import_id>/ap-dung")
@allowed(Act.SEND_DOSSIERS, fresh=True)
def apply(dossier_import_id: int) -> ResponseReturnValue:
    """Everything that was shown comes to hold, or nothing; followers are told."""
    compose = desk().compose_dossier
    assert compose is not None
    try:
        with database().transaction() as writing:
            count = dossier_imports.apply(
                writing,
                dossier_import_id,
                unit_id=officer().unit_id,
                officer_id=officer().id,
                compose=compose,
                now=now(),
            )
    except MoveRefused as refused:
        return _compared(dossier_import_id, fault=str(refused), code=409)
    desk().wake(Kind.OUTBOX, "")
    desk().wake(Kind.HOOKS, "")
    flash(_("Đã cập nhật %(count)d hồ sơ. Người dân đang theo dõi được nhắn tin.", count=count), "good")
    return redirect(url_for("dossiers.listing"))


@pages.post("/nhap/<int:dossier_import_id>/bo")
@allowed(Act.SEND_DOSSIERS)
def drop(dossier_import_id: int) -> ResponseReturnValue:
    with database().transaction() as writing:
        if dossier_imports.open_import(writing, dossier_import_id, unit_id=officer().unit_id) is None:
            abort(404)
        dropped = dossier_imports.drop(writing, dossier_import_id, unit_id=officer().unit_id, now=now())
    if not dropped:
        return _compared(dossier_import_id, fault=_("Lần nhập này đã được xử lý."), code=409)
    flash(_("Đã bỏ. Hồ sơ không thay đổi."), "good")
    return redirect(url_for("dossiers.listing"))


def _listing(*, fault: str | None = None, code: int = 200) -> ResponseReturnValue:
    words, step = asked("q"), request.args.get("buoc", "")
    chosen = DossierStep(step) if step in set(DossierStep) else None
    bare = shipped().codes.read(words) if words else None
    before = request.args.get("truoc", "")
    unit_id = officer().unit_id
    with database().reading() as reading:
        lines = (
            []
            if words and bare is None
            else dossiers.listed(
                reading,
                unit_ids=_unit_ids(),
                step=chosen,
                mark=_key().mark(bare) if bare else None,
                before=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None,
                limit=PAGE + 1,
            )
        )
        counts = dossier_imports.count_by_step(reading, unit_id=unit_id)
        imports = dossier_imports.recent(reading, unit_id=unit_id) if officer().may(Act.SEND_DOSSIERS) else []
    more = lines[PAGE - 1].id if len(lines) > PAGE else None
    return render_template(
        "pages/dossiers.html",
        lines=lines[:PAGE],
        next=url_for("dossiers.listing", buoc=step, truoc=more) if more else None,
        first=url_for("dossiers.listing", buoc=step) if before else None,
        counts=counts,
        imports=imports,
        q=words,
        step=chosen,
        labels=LABELS,
        tones=TONES,
        formats=shipped().codes.formats,
        fault=fault,
        most=BYTES_MAX >> 20,
        whole_province=unit_id is None,
    ), code


def _compared(import_id: int, *, fault: str | None = None, code: int = 200) -> ResponseReturnValue:
    with database().reading() as reading:
        kept = dossier_imports.open_import(reading, import_id, unit_id=officer().unit_id)
    if kept is None:
        abort(404)
    lines = dossier_imports.lines_of(kept)
    return render_template(
        "pages/dossier_import.html",
        kept=kept,
        problems=[(one["row"], one["column"], from_kept(one)) for one in kept.problems],
        lines=lines,
        new=sum(not line.version for _, line in lines),
        moved=sum(line.before is not None and line.before is not line.step for _, line in lines),
        labels=LABELS,
        tones=TONES,
        fault=fault,
    ), code


def _unit_ids() -> list[str] | None:
    unit_id = officer().unit_id
    return None if unit_id is None else [unit_id]


def _key() -> DossierKey:
    key = desk().dossier_key
    assert key is not None
    return key
