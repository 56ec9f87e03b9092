"""Units become another one: prepared by one person, looked at by a second, applied on its day, undone in one act.

Applying is one transaction: the old units end, the new one begins, the succession is written, and everything that
names the old units (data.unit_places) names the new one. Each row that moved is remembered, so that undoing sends
exactly those back. Closed tips stay where they were worked; `former_units` keeps them in reach of the successor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from data import audit
from data.session import Database
from data.tables import SuccessionRow, Tip, TipMove, UnitChange, UnitChangeMove, UnitRow
from data.unit_places import Place, is_row, places, write_key
from domain.broadcasts import VIETNAM
from domain.errors import HouseError, MoveRefused
from domain.said import listed, said
from domain.unit_changes import (
    BASIS_MAX,
    ChangeState,
    NewUnit,
    check_move,
    check_second_person,
    faults_of_day,
    faults_of_new,
)
from domain.units import UnitLevel

S = ChangeState
CHANGED, RESTORED = "unit_changed", "unit_restored"
"""Moves in the history of a tip."""


class BadChange(HouseError):
    """What was typed cannot be; `faults` are sentences for the form."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = list(faults)


@dataclass(frozen=True)
class Going:
    """What goes along of one kind: `by_unit` old unit → rows."""

    label: str
    by_unit: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_unit.values())


# ---- preparing ----------------------------------------------------------------------------------------------------


def propose(
    session: Session,
    *,
    old_ids: Sequence[str],
    existing_id: str | None,
    new: NewUnit | None,
    since: date,
    basis: str,
    officer_id: int,
    now: datetime,
) -> UnitChange:
    """Write a change down for the second look. existing_id: a unit of today takes the others in; else `new` is made.

    Raises BadChange with everything that is wrong.
    """
    ids = list(dict.fromkeys(old_ids))
    faults = _faults(session, ids, existing_id, new, since, basis, now.astimezone(VIETNAM).date())
    if faults:
        raise BadChange(faults)
    made = None if existing_id else new
    row = UnitChange(
        since=since,
        old_ids=ids,
        new_id=existing_id or f"{new.code if new else ''}@{since.isoformat()}",
        new_unit=vars(made) | {"name": made.name} if made else None,
        basis=basis.strip(),
        state=ChangeState.PROPOSED,
        author_id=officer_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, row, "unit.propose", officer_id, now, before=None)
    return row


def _faults(
    session: Session,
    ids: Sequence[str],
    existing_id: str | None,
    new: NewUnit | None,
    since: date,
    basis: str,
    today: date,
) -> list[str]:
    faults = faults_of_day(since, today)
    units = {row.id: row for row in session.scalars(select(UnitRow).where(UnitRow.id.in_(ids)))}
    if not ids:
        faults.append("Mời chọn ít nhất một đơn vị được sắp xếp.")
    faults += [
        said(
            "%(unit)s không phải phường, xã, đặc khu đang hoạt động.",
            unit=units[one].name if one in units else one,
        )
        for one in ids
        if one not in units or units[one].valid_to is not None or units[one].level != UnitLevel.COMMUNE
    ]
    faults += [
        said(
            "%(unit)s mới có từ %(day)s; ngày sắp xếp phải sau ngày đó.",
            unit=units[one].name,
            day=f"{units[one].valid_from:%d/%m/%Y}",
        )
        for one in ids
        if one in units and units[one].valid_from >= since
    ]
    if not basis.strip() or len(basis) > BASIS_MAX:
        faults.append("Mời ghi căn cứ (số, ngày của nghị quyết), không quá 500 ký tự.")
    if existing_id:
        taker = session.get(UnitRow, existing_id)
        if taker is None or taker.valid_to is not None or taker.level != UnitLevel.COMMUNE:
            faults.append("Đơn vị nhận không phải phường, xã, đặc khu đang hoạt động.")
        elif existing_id in ids:
            faults.append("Đơn vị nhận không thể nằm trong các đơn vị được sắp xếp.")
    elif new is None:
        faults.append("Mời nhập đơn vị mới hoặc chọn đơn vị nhận.")
    else:
        faults += faults_of_new(new)
        if session.get(UnitRow, f"{new.code}@{since.isoformat()}") is not None:
            faults.append("Đã có đơn vị mang mã này từ đúng ngày đó.")
        answering = select(UnitRow).where(UnitRow.code == new.code, UnitRow.valid_to.is_(None))
        if any(one.id not in ids for one in session.scalars(answering)):
            faults.append("Mã này đang là của một đơn vị khác còn hoạt động.")
    for other in waiting(session):
        if set(other.old_ids) & {*ids, existing_id or ""} or other.new_id in ids:
            faults.append(
                said(
                    "Việc sắp xếp số %(id)d đang chờ cũng nói về đơn vị này. Mời xử lý việc đó trước.",
                    id=other.id,
                )
            )
    return faults


def waiting(session: Session) -> list[UnitChange]:
    """Those that are prepared and neither applied nor dropped."""
    states = (ChangeState.PROPOSED, ChangeState.AGREED)
    return list(
        session.scalars(select(UnitChange).where(UnitChange.state.in_(states)).order_by(UnitChange.id))
    )


def going(session: Session, old_ids: Sequence[str]) -> list[Going]:
    """What would go along now, kind by kind; kinds of which there is nothing are left out."""
    found = [Going(place.label, place.count(session, old_ids)) for place in places()]
    return [one for one in found if one.total]


def agree(session: Session, change_id: int, *, officer_id: int, now: datetime) -> UnitChange:
    """The second look. Raises MoveRefused: the author, or not waiting for it."""
    row = _locked(session, change_id)
    check_move(ChangeState(row.state), ChangeState.AGREED)
    check_second_person(row.author_id, officer_id)
    before, row.state = row.state, ChangeState.AGREED
    row.checked_by, row.checked_at = officer_id, now
    _note(session, row, "unit.agree", officer_id, now, before=before)
    return row


def drop(session: Session, change_id: int, *, officer_id: int, now: datetime) -> None:
    row = _locked(session, change_id)
    check_move(ChangeState(row.state), ChangeState.DROPPED)
    before, row.state = row.state, ChangeState.DROPPED
    _note(session, row, "unit.drop", officer_id, now, before=before)


# ---- applying -----------------------------------------------------------------------------------------------------


def apply(session: Session, change_id: int, *, officer_id: int | None, now: datetime) -> int:
    """Let the change hold; returns how many rows went along. officer_id None: its day came.

    Raises MoveRefused: not looked at, not its day yet, or the units are not what they were when it was prepared.
    """
    row = _locked(session, change_id)
    check_move(ChangeState(row.state), ChangeState.APPLIED)
    if row.since > now.astimezone(VIETNAM).date():
        raise MoveRefused(
            said("Chưa đến ngày %(day)s. Đến ngày đó hệ thống tự áp dụng.", day=f"{row.since:%d/%m/%Y}")
        )
    olds = list(session.scalars(select(UnitRow).where(UnitRow.id.in_(row.old_ids)).with_for_update()))
    if len(olds) != len(row.old_ids) or any(one.valid_to is not None for one in olds):
        raise MoveRefused("Một đơn vị trong danh sách không còn hoạt động. Mời bỏ và lập lại.")
    _begin(session, row, olds[0].province)
    for old in olds:
        old.valid_to = row.since
        session.add(
            SuccessionRow(
                old_id=old.id, new_id=row.new_id, since=row.since, evidence=f"console: {row.basis}"[:500]
            )
        )
    session.flush()
    moved = sum(_move_along(session, row, place, now) for place in places())
    before, row.state = row.state, ChangeState.APPLIED
    row.applied_at, row.fault = now, None
    _note(session, row, "unit.apply", officer_id, now, before=before, rows=moved)
    return moved


def _begin(session: Session, row: UnitChange, province: str) -> None:
    """The new unit, unless it is there."""
    if row.new_unit is None:
        taker = session.get(UnitRow, row.new_id, with_for_update=True)
        if taker is None or taker.valid_to is not None:
            raise MoveRefused("Đơn vị nhận không còn hoạt động. Mời bỏ và lập lại.")
        return
    if session.get(UnitRow, row.new_id) is not None:
        raise MoveRefused("Đã có đơn vị mang mã này từ đúng ngày đó. Mời bỏ và lập lại.")
    new = NewUnit(row.new_unit["code"], row.new_unit["kind"], row.new_unit["short_name"])
    unit = new.unit(row.since, province)
    session.add(
        UnitRow(
            id=row.new_id,
            code=unit.code,
            name=unit.name,
            short_name=unit.short_name,
            kind=unit.kind,
            level=unit.level,
            province=province,
            valid_from=row.since,
        )
    )
    session.flush()


def _move_along(session: Session, row: UnitChange, place: Place, now: datetime) -> int:
    found = [
        (write_key(key[:-1]), key[-1]) for key in session.execute(place.key().where(place.rows(row.old_ids)))
    ]
    if not found:
        return 0
    session.execute(
        insert(UnitChangeMove),
        [
            {"change_id": row.id, "place": place.name, "row_key": key, "before": before}
            for key, before in found
        ],
    )
    values: dict[str, object] = {place.column.name: row.new_id}
    if place.table is Tip.__table__:
        values |= {"updated_at": now, "version": Tip.version + 1}
    session.execute(
        update(place.table)
        .where(place.rows(row.old_ids))
        .values(values)
        .execution_options(synchronize_session=False)
    )
    if place.name == "tips.unit_id":
        _tell_tips(session, [(key, before, row.new_id) for key, before in found], CHANGED, row.basis, now)
    session.expire_all()
    return len(found)


def _tell_tips(
    session: Session, lines: Sequence[tuple[str, str, str]], move: str, words: str, now: datetime
) -> None:
    """A line in the history of each tip: (key, before, after)."""
    if lines:
        session.execute(
            insert(TipMove),
            [
                {"tip_id": int(key.strip("[]")), "at": now, "move": move, "before": before, "after": after, "words": words}
                for key, before, after in lines
            ],
        )  # fmt: skip


def apply_due(database: Database, *, now: datetime) -> int:
    """Apply every change that was looked at and whose day has come, each in a transaction of its own.

    One that cannot be applied keeps the reason for the page and does not hold the others up.
    """
    with database.reading() as session:
        due = session.scalars(
            select(UnitChange.id)
            .where(UnitChange.state == ChangeState.AGREED, UnitChange.since <= now.astimezone(VIETNAM).date())
            .order_by(UnitChange.since, UnitChange.id)
        ).all()
    done = 0
    for change_id in due:
        try:
            with database.transaction() as session:
                apply(session, change_id, officer_id=None, now=now)
            done += 1
        except MoveRefused as refused:
            with database.transaction() as session:
                row = session.get(UnitChange, change_id)
                if row is not None and row.state == ChangeState.AGREED and row.fault != str(refused):
                    row.fault = str(refused)
    return done


# ---- undoing ------------------------------------------------------------------------------------------------------


def contradictions(session: Session, row: UnitChange) -> list[str]:
    """Why it cannot be undone, in words; empty when it can."""
    found: list[str] = []
    later = session.scalars(select(UnitChange).where(UnitChange.id > row.id)).all()
    for other in later:
        if row.new_id in other.old_ids and other.state in {S.PROPOSED, S.AGREED, S.APPLIED}:
            found.append(
                said(
                    "Việc sắp xếp số %(id)d dựa trên đơn vị này. Mời bỏ hoặc hoàn tác việc đó trước.",
                    id=other.id,
                )
            )
    if row.new_unit is None:
        return found
    for place in places():
        moved = set(
            session.scalars(
                select(UnitChangeMove.row_key).where(
                    UnitChangeMove.change_id == row.id, UnitChangeMove.place == place.name
                )
            )
        )
        there = [
            write_key(key[:-1]) for key in session.execute(place.key().where(place.column == row.new_id))
        ]
        strangers = sum(key not in moved for key in there)
        if strangers:
            found.append(
                said(
                    "%(place)s: %(count)d mục mới đã gắn với đơn vị mới. Mời chuyển sang đơn vị khác trước.",
                    place=place.label,
                    count=strangers,
                )
            )
    return found


def undo(session: Session, change_id: int, *, officer_id: int, now: datetime) -> tuple[int, int]:
    """Everything back as it was; returns (rows that went back, rows that had moved on and stay where they are).

    Raises MoveRefused when something new builds on the new unit.
    """
    row = _locked(session, change_id)
    check_move(ChangeState(row.state), ChangeState.UNDONE)
    if reasons := contradictions(session, row):
        raise MoveRefused(listed(reasons, " "))
    for old in session.scalars(select(UnitRow).where(UnitRow.id.in_(row.old_ids)).with_for_update()):
        old.valid_to = None
    session.flush()
    back = away = 0
    for place in places():
        went, stayed = _move_back(session, row, place, now)
        back, away = back + went, away + stayed
    session.execute(
        delete(SuccessionRow).where(SuccessionRow.old_id.in_(row.old_ids), SuccessionRow.new_id == row.new_id)
    )
    if row.new_unit is not None:
        session.execute(delete(UnitRow).where(UnitRow.id == row.new_id))
    before, row.state = row.state, ChangeState.UNDONE
    row.undone_at, row.undone_by = now, officer_id
    _note(session, row, "unit.undo", officer_id, now, before=before, rows=back)
    return back, away


def _move_back(session: Session, row: UnitChange, place: Place, now: datetime) -> tuple[int, int]:
    moves = session.execute(
        select(UnitChangeMove.row_key, UnitChangeMove.before).where(
            UnitChangeMove.change_id == row.id, UnitChangeMove.place == place.name
        )
    ).all()
    back, told = 0, []
    for key, before in moves:
        values: dict[str, object] = {place.column.name: before}
        if place.table is Tip.__table__:
            values |= {"updated_at": now, "version": Tip.version + 1}
        gone = session.execute(
            update(place.table)
            .where(is_row(place.table, key), place.column == row.new_id)
            .values(values)
            .execution_options(synchronize_session=False)
        )
        if gone.rowcount:  # type: ignore[attr-defined]  # of an update
            back += 1
            told.append((key, row.new_id, before))
    if place.name == "tips.unit_id":
        _tell_tips(session, told, RESTORED, row.basis, now)
    session.expire_all()
    return back, len(moves) - back


# ---- looking ------------------------------------------------------------------------------------------------------


def former_units(session: Session, unit_id: str | None) -> tuple[str, ...]:
    """The units whose place this one took by a change in force, over any number of changes."""
    if unit_id is None:
        return ()
    applied = select(UnitChange.new_id, UnitChange.old_ids).where(UnitChange.state == ChangeState.APPLIED)
    took: dict[str, list[str]] = {}
    for new_id, old_ids in session.execute(applied):
        took.setdefault(new_id, []).extend(old_ids)
    found: list[str] = []
    open_ids = list(took.get(unit_id, ()))
    while open_ids:
        one = open_ids.pop()
        if one not in found:
            found.append(one)
            open_ids += took.get(one, ())
    return tuple(sorted(found))


def now_of(session: Session) -> dict[str, str]:
    """Unit that ended by a change in force → the unit that answers in its place today."""
    applied = select(UnitChange.new_id, UnitChange.old_ids).where(UnitChange.state == ChangeState.APPLIED)
    steps = {old: new_id for new_id, old_ids in session.execute(applied) for old in old_ids}

    def last(unit_id: str) -> str:
        while unit_id in steps:
            unit_id = steps[unit_id]
        return unit_id

    return {old: last(old) for old in steps}


def moved_rows(session: Session, change_id: int) -> list[tuple[str, int]]:
    """(label, rows) of what went along when it was applied."""
    counted = dict(
        session.execute(
            select(UnitChangeMove.place, func.count())
            .where(UnitChangeMove.change_id == change_id)
            .group_by(UnitChangeMove.place)
        ).all()
    )
    return [(place.label, counted[place.name]) for place in places() if place.name in counted]


def _locked(session: Session, change_id: int) -> UnitChange:
    row = session.get(UnitChange, change_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise MoveRefused("Không có việc sắp xếp này.")
    return row


def _note(
    session: Session,
    row: UnitChange,
    action: str,
    officer_id: int | None,
    now: datetime,
    *,
    before: str | None,
    rows: int | None = None,
) -> None:
    after: dict[str, object] = {
        "state": str(row.state),
        "old": list(row.old_ids),
        "new": row.new_id,
        "since": row.since.isoformat(),
    }
    if rows is not None:
        after["rows"] = rows
    audit.record(
        session,
        officer_id=officer_id,
        action=action,
        subject=f"unit_change:{row.id}",
        before={"state": str(before)} if before else None,
        after=after,
        now=now,
    )
