"""Editing a record of the catalogue: the form, its preview, saving now or from a later day on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console import preview
from console.access import allowed, officer
from console.desk import database, now, shelf, today
from console.forms import length_fault, number, typed
from console.language import translated
from console.record_words import Difference, difference
from console.views.catalogue import REASON_MAX
from data import care, records
from data.care import BadRecord, EditedMeanwhile
from data.record_rules import Fault
from data.record_text import COLUMNS, as_texts, blank, from_texts, label_of
from data.tables import ProcedureRow
from domain.errors import MoveRefused
from domain.roles import Act
from domain.upkeep import changed, clash

pages = Blueprint("record_form", __name__)

TEXT_MAX = 10_000
"""Characters of one field."""
SAVED = "Đã lưu. Bot trả lời theo nội dung mới."


@pages.get("/thu-tuc-moi")
@allowed(Act.EDIT_CATALOGUE)
def new() -> ResponseReturnValue:
    return _form(None, as_texts(blank()))


@pages.post("/thu-tuc-moi")
@allowed(Act.EDIT_CATALOGUE)
def create() -> ResponseReturnValue:
    texts, reason = _typed(), typed("reason")
    body, faults = from_texts(texts, blank())
    faults = [*faults, *_too_long(texts)]
    if request.form.get("then") == "preview" or faults:
        return _form(None, texts, faults=faults, code=422 if faults else 200)
    if fault := length_fault(reason, most=REASON_MAX, what="lý do"):
        return _form(None, texts, fault=fault, code=422)
    try:
        with database().transaction() as writing:
            row = care.create(writing, body, reason=reason, officer_id=officer().id, now=now())
    except BadRecord as refused:
        return _form(None, texts, faults=refused.faults, code=422)
    shelf().newest()
    flash(translated(SAVED), "good")
    return redirect(url_for("catalogue.show", record_id=row.id))


@pages.get("/thu-tuc/<record_id>/sua")
@allowed(Act.EDIT_CATALOGUE)
def change(record_id: str) -> ResponseReturnValue:
    row = _row(record_id)
    return _form(row, as_texts(row.body))


@pages.post("/thu-tuc/<record_id>/sua")
@allowed(Act.EDIT_CATALOGUE)
def save(record_id: str) -> ResponseReturnValue:
    row = _row(record_id)
    texts = _typed() | {"id": record_id}
    body, faults = from_texts(texts, row.body)
    faults = [*faults, *_too_long(texts)]
    if request.form.get("then") == "preview" or faults:
        return _form(row, texts, version=number("version"), faults=faults, code=422 if faults else 200)
    try:
        live_from = _live_from()
        if fault := length_fault(typed("reason"), most=REASON_MAX, what="lý do"):
            raise ValueError(fault)
        with database().transaction() as writing:
            step = care.save(
                writing,
                record_id,
                body,
                version=number("version"),
                reason=typed("reason"),
                officer_id=officer().id,
                now=now(),
                live_from=live_from,
            )
    except ValueError as refused:
        return _form(row, texts, version=number("version"), fault=str(refused), code=422)
    except BadRecord as refused:
        return _form(row, texts, version=number("version"), faults=refused.faults, code=422)
    except EditedMeanwhile as refused:
        return _both(record_id, texts, refused)
    except MoveRefused as refused:
        return _form(row, texts, version=number("version"), fault=str(refused), code=409)
    shelf().newest()
    if step is None:
        flash(_("Nội dung không có gì thay đổi."), "good")
    elif step.live_from:
        begins = f"{step.live_from:%d/%m/%Y}"
        flash(_("Đã hẹn: nội dung mới tự áp dụng từ ngày %(day)s.", day=begins), "good")
    else:
        flash(translated(SAVED), "good")
    return redirect(url_for("catalogue.show", record_id=record_id))


def _both(record_id: str, texts: Mapping[str, str], refused: EditedMeanwhile) -> ResponseReturnValue:
    """Somebody was first: what this officer changed stays typed, what the other changed comes in beside it."""
    with database().reading() as reading:
        row = reading.get_one(ProcedureRow, record_id)
        base = records.body_at(reading, row, number("version"))
    base_texts, current = as_texts(base), as_texts(row.body)
    mine = [name for name in texts if name in base_texts and texts[name] != base_texts[name]]
    merged = current | {name: texts[name] for name in mine}
    both = [
        label_of(name)
        for name in clash(mine, [name for name in current if current[name] != base_texts[name]])
    ]
    theirs = [difference(name, None, value) for name, value in refused.theirs.items()]
    return _form(row, merged, version=refused.version, fault=str(refused), theirs=theirs, both=both, code=409)


# ---- the form -----------------------------------------------------------------------------------------------------


def _row(record_id: str) -> ProcedureRow:
    with database().reading() as reading:
        row = reading.get(ProcedureRow, record_id)
    if row is None:
        abort(404)
    return row


def _typed() -> dict[str, str]:
    return {column.name: typed(column.name) for column in COLUMNS if column.name in request.form}


def _too_long(texts: Mapping[str, str]) -> list[Fault]:
    return [
        Fault(name, f"{name} is too long", "Nội dung quá dài. Mời rút gọn.")
        for name, text in texts.items()
        if len(text) > TEXT_MAX
    ]


def _live_from() -> date | None:
    """The day the change begins; None = now. Raises ValueError with words for the officer."""
    text = request.form.get("live_from", "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError("Ngày bắt đầu áp dụng không đúng.") from None
    if day < today():
        raise ValueError("Ngày bắt đầu áp dụng đã qua. Để trống nếu áp dụng ngay.")
    return day if day > today() else None


def _form(
    row: ProcedureRow | None,
    texts: Mapping[str, str],
    *,
    version: int | None = None,
    fault: str | None = None,
    faults: Sequence[Fault] = (),
    theirs: Sequence[Difference] = (),
    both: Sequence[str] = (),
    code: int = 200,
) -> ResponseReturnValue:
    base: Mapping[str, Any] = row.body if row else blank()
    body, unread = from_texts(texts, base)
    shown = unread or care.faults_of(body)
    wrong = {one.field: one.words for one in reversed([*faults])}
    return render_template(
        "pages/record_form.html",
        row=row,
        version=version if version is not None else (row.version if row else 0),
        texts=texts,
        columns=COLUMNS,
        wrong=wrong,
        fault=fault or (faults[0].words if faults and not faults[0].field else None),
        label_of=label_of,
        theirs=theirs,
        both=both,
        reason=typed("reason") if request.method == "POST" else "",
        live_from=request.form.get("live_from", ""),
        reason_max=REASON_MAX,
        messages=preview.messages_of(body) if not shown else [],
        changes=_changes(base, body, row),
    ), code


def _changes(base: Mapping[str, Any], body: Mapping[str, Any], row: ProcedureRow | None) -> list[Difference]:
    if row is None:
        return []
    before, after = changed(base, body)
    return [difference(name, before[name], after[name]) for name in after]
