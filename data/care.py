"""Care of the catalogue: officers edit records, undo, schedule, check. Every act is a step of the record's history
and an audit row; two who edit at once do not overwrite each other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import audit, records
from data.record_rules import PROCEDURE_SHAPE, Fault, procedure_faults, shape_faults
from data.record_text import label_of
from data.session import Database
from data.tables import Officer, ProcedureChange, ProcedureRow
from domain.broadcasts import VIETNAM
from domain.errors import HouseError, MoveRefused
from domain.said import listed, said
from domain.upkeep import How, StepState, changed


class BadRecord(HouseError):
    """What was typed is no record; `faults` say what to change."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(fault.text for fault in faults))
        self.faults = list(faults)


class EditedMeanwhile(MoveRefused):
    """Somebody else was first. `theirs` holds the fields they changed as they are now; `version` is the new one."""

    def __init__(self, by: str, theirs: Mapping[str, Any], version: int) -> None:
        super().__init__(
            said(
                "%(by)s vừa sửa thủ tục này. Nội dung đồng chí nhập vẫn còn đây; mời xem chỗ đã đổi rồi lưu lại.",
                by=by,
            )
        )
        self.theirs = dict(theirs)
        self.version = version


# ---- changing ------------------------------------------------------------------------------------------------------


def faults_of(body: Mapping[str, Any], known: Collection[str | None] | None = None) -> list[Fault]:
    """What breaks a rule of the catalogue; without `known` nothing is asked about records named elsewhere."""
    named = body.get("replaced_by") or () if known is None else known
    return shape_faults(body, PROCEDURE_SHAPE) or procedure_faults(body, named)


def check(body: Mapping[str, Any], known: Collection[str | None]) -> None:
    """Raise BadRecord when the record breaks a rule of the catalogue."""
    faults = faults_of(body, known)
    if faults:
        raise BadRecord(faults)


def create(
    session: Session,
    body: Mapping[str, Any],
    *,
    reason: str,
    officer_id: int,
    now: datetime,
    coming: Collection[str] = (),
) -> ProcedureRow:
    """A new record. Raises BadRecord; an id that is taken is one of its faults. `coming`: ids about to be made."""
    known = records.known_ids(session)
    check(body, known | {body.get("id")} | set(coming))
    if body["id"] in known:
        raise BadRecord([Fault("id", "id was used already", "Mã này đã có trong danh mục.")])
    row = ProcedureRow(id=body["id"], version=0)
    session.add(row)
    _write(row, body, now)
    session.flush()
    _step(session, row, How.EDIT, {}, dict(body), reason, officer_id, now)
    _record(session, row, officer_id, "catalogue.create", {}, now)
    return row


def save(
    session: Session,
    procedure_id: str,
    body: Mapping[str, Any],
    *,
    version: int,
    reason: str,
    officer_id: int,
    now: datetime,
    live_from: date | None = None,
    how: How = How.EDIT,
    coming: Collection[str] = (),
) -> ProcedureChange | None:
    """Keep what an officer typed, now or from a later day on; None when nothing differs.

    coming  ids of records that are about to be made
    Raises BadRecord, and EditedMeanwhile when the record is not at `version` any more: nothing is changed then.
    """
    row = _locked(session, procedure_id)
    _same_version(session, row, version)
    before, after = changed(row.body, body)
    if not after:
        return None
    check(body, records.known_ids(session) | set(coming))
    if live_from and live_from > now.astimezone(VIETNAM).date():
        step = _add_step(session, row.id, how, {}, after, reason, officer_id, now)
        step.live_from, step.state = live_from, StepState.SCHEDULED
        action = "catalogue.schedule"
    else:
        _write(row, body, now)
        step = _step(session, row, how, before, after, reason, officer_id, now)
        action = f"catalogue.{how}"
    _record(session, row, officer_id, action, before, now)
    return step


def mark_checked(session: Session, procedure_id: str, *, officer_id: int, now: datetime) -> None:
    """An officer has compared the record with its sources today."""
    row = _locked(session, procedure_id)
    body = row.body | {"checked": f"{now.astimezone(VIETNAM):%Y-%m}"}
    before, after = changed(row.body, body)
    _write(row, body, now)
    _step(session, row, How.CHECKED, before, after, "", officer_id, now)
    _record(session, row, officer_id, "catalogue.checked", before, now)


def undo(
    session: Session, procedure_id: str, step_id: int, *, reason: str, officer_id: int, now: datetime
) -> None:
    """Take one step back. Raises MoveRefused when one of its fields was changed again since."""
    step, row = _locked_step(session, step_id, procedure_id)
    if step.state != StepState.LIVE or step.version is None:
        raise MoveRefused("Thay đổi này chưa áp dụng nên không có gì để hoàn tác.")
    if not step.before:
        raise MoveRefused("Bước này không có nội dung cũ để trở lại.")
    since = [said(label_of(name)) for name, value in step.after.items() if row.body.get(name) != value]
    if since:
        raise MoveRefused(
            said("Không hoàn tác được vì sau đó đã có người sửa tiếp: %(fields)s.", fields=listed(since))
        )
    body = row.body | step.before
    check(body, records.known_ids(session))
    before, after = changed(row.body, body)
    _write(row, body, now)
    _step(session, row, How.UNDO, before, after, reason, officer_id, now)
    _record(session, row, officer_id, "catalogue.undo", before, now)


def call_off(session: Session, procedure_id: str, step_id: int, *, officer_id: int, now: datetime) -> None:
    """A scheduled change does not begin after all."""
    step, row = _locked_step(session, step_id, procedure_id)
    if step.state != StepState.SCHEDULED:
        raise MoveRefused("Thay đổi này không còn chờ nữa.")
    step.state = StepState.CALLED_OFF
    _record(session, row, officer_id, "catalogue.call_off", {}, now)


def begin_due(database: Database, *, now: datetime) -> int:
    """Scheduled changes whose day has come become live; returns how many. May run twice without harm."""
    due = (
        select(ProcedureChange.id)
        .where(
            ProcedureChange.state == StepState.SCHEDULED,
            ProcedureChange.live_from <= now.astimezone(VIETNAM).date(),
        )
        .order_by(ProcedureChange.live_from, ProcedureChange.id)
    )
    with database.reading() as session:
        waiting = list(session.scalars(due))
    begun = 0
    for step_id in waiting:
        with database.transaction() as session:
            step, row = _locked_step(session, step_id)
            if step.state != StepState.SCHEDULED:
                continue
            before, after = changed(row.body, row.body | step.after)
            _write(row, row.body | step.after, now)
            step.before, step.after, step.state, step.version = before, after, StepState.LIVE, row.version
            _record(session, row, None, "catalogue.begin", before, now)
            begun += 1
    return begun


def write_from_files(session: Session, row: ProcedureRow, body: Mapping[str, Any], *, now: datetime) -> None:
    """The seed files bring a record in, or up to date; it counts as not edited again."""
    before, after = changed(row.body or {}, body)
    _write(row, body, now)
    row.edited = False
    session.add(row)
    session.flush()
    if before and row.version > 1:
        step = _add_step(session, row.id, How.FILES, before, after, "", None, now)
        step.version = row.version


# ---- inside ---------------------------------------------------------------------------------------------------------


def _write(row: ProcedureRow, body: Mapping[str, Any], now: datetime) -> None:
    row.family, row.field, row.name = body["family"], body["field"], body["name"]
    row.status, row.priority, row.checked = body["status"], body["priority"], body["checked"]
    row.body, row.updated_at, row.edited = dict(body), now, True
    row.version = (row.version or 0) + 1


def _step(
    session: Session,
    row: ProcedureRow,
    how: How,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str,
    officer_id: int | None,
    now: datetime,
) -> ProcedureChange:
    step = _add_step(session, row.id, how, before, after, reason, officer_id, now)
    step.version = row.version
    return step


def _add_step(
    session: Session,
    procedure_id: str,
    how: How,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str,
    officer_id: int | None,
    now: datetime,
) -> ProcedureChange:
    step = ProcedureChange(
        procedure_id=procedure_id,
        at=now,
        officer_id=officer_id,
        how=how,
        reason=reason,
        before=dict(before),
        after=dict(after),
        state=StepState.LIVE,
    )
    session.add(step)
    return step


def _locked(session: Session, procedure_id: str) -> ProcedureRow:
    row = session.get(ProcedureRow, procedure_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise MoveRefused("Thủ tục này không còn trong danh mục.")
    return row


def _locked_step(
    session: Session, step_id: int, procedure_id: str | None = None
) -> tuple[ProcedureChange, ProcedureRow]:
    step = session.get(ProcedureChange, step_id)
    if step is None or procedure_id not in {None, step.procedure_id}:
        raise MoveRefused("Không có thay đổi này.")
    row = _locked(session, step.procedure_id)
    session.refresh(step)
    return step, row


def _same_version(session: Session, row: ProcedureRow, version: int) -> None:
    if row.version == version:
        return
    later = session.execute(
        select(ProcedureChange, Officer.name)
        .outerjoin(Officer, Officer.id == ProcedureChange.officer_id)
        .where(ProcedureChange.procedure_id == row.id, ProcedureChange.version > version)
        .order_by(ProcedureChange.version)
    ).all()
    names = {name: row.body.get(name) for step, _ in later for name in step.after}
    by = later[-1][1] if later and later[-1][1] else said("Hệ thống")
    raise EditedMeanwhile(by, names, row.version)


def _record(
    session: Session,
    row: ProcedureRow,
    officer_id: int | None,
    action: str,
    before: Mapping[str, Any],
    now: datetime,
) -> None:
    audit.record(
        session,
        officer_id=officer_id,
        action=action,
        subject=f"procedure:{row.id}",
        before=dict(before) or None,
        after={"version": row.version, "fields": sorted(before)},
        now=now,
    )
