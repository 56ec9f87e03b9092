"""What units make of the boards: draft, published, history, undo. Codes are in data/board_codes.py."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from data import audit
from data.tables import BoardStep, Officer, UnitBoard, UnitRow
from domain.boards import Board, Composition, How, faults
from domain.errors import HouseError
from domain.units import police_name


class BadBoard(HouseError):
    """The composition cannot be kept; `faults` are sentences for the officer."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class ChangedMeanwhile(HouseError):
    """Somebody else saved this board first; nothing was changed."""


@dataclass(frozen=True)
class UnitsBoard:
    """A unit's board as it stands. `version` 0: nothing was composed, all is as defined."""

    unit_id: str
    unit_name: str
    board: Board
    draft: Composition
    published: Composition
    is_own: bool
    published_at: datetime | None
    version: int

    @property
    def code(self) -> str:
        """The unit's code, as it stands in addresses."""
        return self.unit_id.partition("@")[0]

    @property
    def police(self) -> str:
        """“Công an phường Bắc Giang”."""
        return police_name(self.unit_name)

    @property
    def differs(self) -> bool:
        """Is there a draft that residents do not see yet?"""
        return self.draft != self.published


@dataclass(frozen=True)
class Step:
    """One step of the history, with the name of who did it."""

    id: int
    at: datetime
    officer: str
    how: How
    composition: Composition


def units_with(session: Session, board: Board, day: date, *, unit_id: str | None = None) -> list[str]:
    """The ids of the units of a day that have this board, by name; `unit_id`: of this one only."""
    query = (
        select(UnitRow.id)
        .where(
            UnitRow.level == board.level,
            UnitRow.valid_from <= day,
            or_(UnitRow.valid_to.is_(None), UnitRow.valid_to > day),
        )
        .order_by(UnitRow.short_name, UnitRow.id)
    )
    if unit_id is not None:
        query = query.where(UnitRow.id == unit_id)
    return list(session.scalars(query))


def standing(session: Session, unit_id: str, board: Board) -> UnitsBoard | None:
    """The board of a unit; None when there is no such unit."""
    return next(iter(standings(session, [unit_id], board)), None)


def standings(session: Session, unit_ids: Collection[str], board: Board) -> list[UnitsBoard]:
    """The boards of several units, by the name of the unit."""
    query = (
        select(UnitRow, UnitBoard)
        .outerjoin(UnitBoard, (UnitBoard.unit_id == UnitRow.id) & (UnitBoard.board == board.key))
        .where(UnitRow.id.in_(unit_ids))
        .order_by(UnitRow.short_name, UnitRow.id)
    )
    return [_standing(unit, row, board) for unit, row in session.execute(query)]


def save(
    session: Session,
    unit_id: str,
    board: Board,
    wanted: Composition,
    *,
    version: int,
    officer_id: int,
    now: datetime,
) -> None:
    """Keep a draft; residents see nothing of it. Raises BadBoard, and ChangedMeanwhile unless it is at `version`."""
    if found := faults(wanted):
        raise BadBoard(found)
    row = _at_version(session, unit_id, board, version, now)
    if row.draft == wanted.as_json():
        return
    row.draft = wanted.as_json()
    _step(session, row, How.DRAFT, officer_id, now)


def publish(
    session: Session, unit_id: str, board: Board, *, version: int, officer_id: int, now: datetime
) -> None:
    """From now on residents see the draft, and so does the next print. Raises ChangedMeanwhile, BadBoard."""
    row = _at_version(session, unit_id, board, version, now)
    if found := faults(Composition.from_json(row.draft)):
        raise BadBoard(found)
    before, row.published, row.published_at = row.published, row.draft, now
    _step(session, row, How.PUBLISH, officer_id, now)
    audit.record(
        session,
        officer_id=officer_id,
        action="board.publish",
        subject=f"board:{row.id}",
        before=before,
        after=row.draft,
        now=now,
    )


def undo(
    session: Session,
    unit_id: str,
    board: Board,
    step_id: int,
    *,
    version: int,
    officer_id: int,
    now: datetime,
) -> None:
    """Make the draft what it was after an earlier step; it is published by its own act. Raises ChangedMeanwhile."""
    row = _at_version(session, unit_id, board, version, now)
    step = session.get(BoardStep, step_id)
    if step is None or step.unit_board_id != row.id:
        raise BadBoard(["Không có bước này trong lịch sử của bảng."])
    row.draft = step.body
    _step(session, row, How.UNDO, officer_id, now)


def history(session: Session, unit_id: str, board: Board, *, limit: int = 30) -> list[Step]:
    """The steps of a unit's board, newest first."""
    query = (
        select(BoardStep, Officer.name)
        .join(UnitBoard, UnitBoard.id == BoardStep.unit_board_id)
        .join(Officer, Officer.id == BoardStep.officer_id)
        .where(UnitBoard.unit_id == unit_id, UnitBoard.board == board.key)
        .order_by(BoardStep.id.desc())
        .limit(limit)
    )
    return [
        Step(row.id, row.at, name, How(row.how), Composition.from_json(row.body))
        for row, name in session.execute(query)
    ]


def _standing(unit: UnitRow, row: UnitBoard | None, board: Board) -> UnitsBoard:
    shipped = board.composition
    published = Composition.from_json(row.published) if row and row.published else shipped
    draft = Composition.from_json(row.draft) if row else shipped
    return UnitsBoard(
        unit.id,
        unit.name,
        board,
        draft,
        published,
        bool(row and row.published),
        row.published_at if row else None,
        row.version if row else 0,
    )


def _at_version(session: Session, unit_id: str, board: Board, version: int, now: datetime) -> UnitBoard:
    """The row, moved one version on; made where there is none and `version` is 0."""
    own = (UnitBoard.unit_id == unit_id) & (UnitBoard.board == board.key)
    row = session.scalar(select(UnitBoard).where(own).with_for_update())
    if row is None and version == 0:
        row = UnitBoard(
            unit_id=unit_id, board=board.key, draft=board.composition.as_json(), updated_at=now, version=1
        )
        session.add(row)
        session.flush()
        return row
    if row is None or row.version != version:
        raise ChangedMeanwhile("Bảng này vừa được người khác lưu. Mời xem bản mới rồi sửa tiếp.")
    session.execute(
        update(UnitBoard).where(UnitBoard.id == row.id).values(version=version + 1, updated_at=now)
    )
    session.refresh(row)
    return row


def _step(session: Session, row: UnitBoard, how: How, officer_id: int, now: datetime) -> None:
    session.add(BoardStep(unit_board_id=row.id, at=now, officer_id=officer_id, how=how, body=row.draft))
    session.flush()
