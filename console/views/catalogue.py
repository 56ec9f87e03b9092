"""The catalogue: browse, look at one record with its history, check it, take a step back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console import preview
from console.access import allowed, may, officer
from console.desk import database, now, shelf, today
from console.forms import asked, length_fault, typed
from console.record_words import Difference, difference, shown
from data import care, link_checks, records
from data.care import BadRecord
from data.record_text import COLUMNS
from data.records import RecordLine
from data.tables import ProcedureRow
from domain.errors import MoveRefused
from domain.procedures import FIELDS, Procedure, ProcedureStatus
from domain.roles import Act
from domain.upkeep import HOW_LABELS, PRIORITY_LABELS, STATUS_LABELS, WARN_LABELS, StepState, Warn, warnings

pages = Blueprint("catalogue", __name__, url_prefix="/thu-tuc")

PAGE = 40
REASON_MAX = 500
STATUS_TONES = {
    ProcedureStatus.CURRENT: "green",
    ProcedureStatus.REPLACED: "violet",
    ProcedureStatus.ABOLISHED: "gray",
}
ANY_WARNING = "any"


@dataclass(frozen=True)
class Sought:
    """What the officer asked the list for, as it stands in the address."""

    words: str
    field: str
    status: str
    priority: str
    warning: str
    page: int

    def address(self, **changed: Any) -> str:
        given: dict[str, Any] = {
            "q": self.words,
            "linh-vuc": self.field,
            "tinh-trang": self.status,
            "muc": self.priority,
            "luu-y": self.warning,
        } | changed
        return url_for("catalogue.listing", **{name: value for name, value in given.items() if value})

    def takes(self, line: RecordLine) -> bool:
        record = line.record
        return (
            (not self.field or record.field == self.field)
            and (not self.status or record.status == self.status)
            and (not self.priority or str(record.priority) == self.priority)
            and self._has_warning(line)
            and records.matches(line, self.words)
        )

    def _has_warning(self, line: RecordLine) -> bool:
        if not self.warning:
            return True
        return any(self.warning in {ANY_WARNING, note.kind} for note in line.notes)


def _sought() -> Sought:
    def one_of(name: str, known: Mapping[Any, Any]) -> str:
        value = request.args.get(name, "")
        return value if value in {str(key) for key in known} else ""

    page = request.args.get("trang", "")
    return Sought(
        words=asked("q"),
        field=one_of("linh-vuc", FIELDS),
        status=one_of("tinh-trang", STATUS_LABELS),
        priority=one_of("muc", PRIORITY_LABELS),
        warning=one_of("luu-y", {**WARN_LABELS, ANY_WARNING: ""}),
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 0,
    )


@pages.get("")
@allowed(Act.SEE_CATALOGUE)
def listing() -> ResponseReturnValue:
    sought = _sought()
    with database().reading() as reading:
        every = records.lines(reading, today())
    found = [line for line in every if sought.takes(line)]
    begin = sought.page * PAGE
    return render_template(
        "pages/catalogue.html",
        sought=sought,
        lines=found[begin : begin + PAGE],
        total=len(found),
        every=len(every),
        next=sought.address(trang=sought.page + 1) if len(found) > begin + PAGE else None,
        warned={kind: sum(any(note.kind == kind for note in line.notes) for line in every) for kind in Warn},
        **words(),
    )


def words() -> dict[str, Any]:
    """Names of states and fields, for the templates."""
    return {
        "fields": FIELDS,
        "statuses": STATUS_LABELS,
        "status_tones": STATUS_TONES,
        "priorities": PRIORITY_LABELS,
        "warnings": WARN_LABELS,
    }


@pages.get("/<record_id>")
@allowed(Act.SEE_CATALOGUE)
def show(record_id: str) -> ResponseReturnValue:
    return page_of(record_id)


def page_of(record_id: str, *, fault: str | None = None, code: int = 200) -> ResponseReturnValue:
    """The page of one record; after a refused act with the reason."""
    with database().reading() as reading:
        row = reading.get(ProcedureRow, record_id)
        if row is None:
            abort(404)
        steps = records.history(reading, record_id)
        broken = link_checks.broken(reading)
    record = Procedure.from_json(row.body)
    live = shelf().current().procedures.get(record_id)
    learned = [alias for alias in live.aliases if alias not in record.aliases] if live else []
    return render_template(
        "pages/record.html",
        row=row,
        record=record,
        texts=shown(row.body),
        columns=COLUMNS,
        learned=learned,
        messages=preview.messages_of(row.body),
        notes=warnings(record, today(), broken),
        scheduled=[step for step in steps if step.row.state == StepState.SCHEDULED],
        steps=[step for step in steps if step.row.state != StepState.SCHEDULED],
        names={one: shelf().current().name_of(one) for one in record.replaced_by},
        how=HOW_LABELS,
        differences=differences,
        edits=may(Act.EDIT_CATALOGUE),
        reason_max=REASON_MAX,
        fault=fault,
        **words(),
    ), code


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Every field as it was and as it is, for people."""
    return [difference(name, before.get(name), after[name]) for name in after]


@pages.post("/<record_id>/da-kiem-tra")
@allowed(Act.EDIT_CATALOGUE)
def checked(record_id: str) -> ResponseReturnValue:
    try:
        with database().transaction() as writing:
            _there(writing.get(ProcedureRow, record_id))
            care.mark_checked(writing, record_id, officer_id=officer().id, now=now())
    except MoveRefused as refused:
        return page_of(record_id, fault=str(refused), code=409)
    shelf().newest()
    flash(_("Đã ghi: hôm nay đồng chí đã kiểm tra lại thủ tục này."), "good")
    return redirect(url_for("catalogue.show", record_id=record_id))


@pages.post("/<record_id>/hoan-tac/<int:step_id>")
@allowed(Act.EDIT_CATALOGUE)
def undo(record_id: str, step_id: int) -> ResponseReturnValue:
    reason = typed("reason")
    if fault := length_fault(reason, most=REASON_MAX, what="lý do"):
        with database().reading() as reading:
            _there(reading.get(ProcedureRow, record_id))
        return page_of(record_id, fault=fault, code=422)
    try:
        with database().transaction() as writing:
            _there(writing.get(ProcedureRow, record_id))
            care.undo(writing, record_id, step_id, reason=reason, officer_id=officer().id, now=now())
    except (MoveRefused, BadRecord) as refused:
        words_of = refused.faults[0].words if isinstance(refused, BadRecord) else str(refused)
        return page_of(record_id, fault=words_of, code=409)
    shelf().newest()
    flash(_("Đã hoàn tác. Nội dung cũ đang được dùng."), "good")
    return redirect(url_for("catalogue.show", record_id=record_id))


@pages.post("/<record_id>/bo-hen/<int:step_id>")
@allowed(Act.EDIT_CATALOGUE)
def call_off(record_id: str, step_id: int) -> ResponseReturnValue:
    try:
        with database().transaction() as writing:
            _there(writing.get(ProcedureRow, record_id))
            care.call_off(writing, record_id, step_id, officer_id=officer().id, now=now())
    except MoveRefused as refused:
        return page_of(record_id, fault=str(refused), code=409)
    flash(_("Đã bỏ thay đổi hẹn trước."), "good")
    return redirect(url_for("catalogue.show", record_id=record_id))


def _there(row: ProcedureRow | None) -> ProcedureRow:
    if row is None:
        abort(404)
    return row
