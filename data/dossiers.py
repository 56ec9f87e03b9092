"""Dossiers: what a unit says of them is kept, and followers are told. Looking up: data/dossier_lookups.py.

Digits of phones and papers come in and are hashed at once; nothing here gives them back.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from data import hooks, outgoing, survey_answers, survey_codes, survey_rules
from data.dossier_lookups import view
from data.dossier_proof import SALT_BYTES, DossierKey
from data.dossier_rules import DossierRules, shipped
from data.tables import Dossier, DossierFollow, DossierImport, DossierMove, DossierTry
from domain.broadcasts import VIETNAM
from domain.dossiers import (
    ENDED,
    DossierChange,
    DossierStep,
    DossierView,
    check_move,
    tidy_code,
)
from domain.errors import MoveRefused
from domain.hooks import HookEvent
from domain.messages import Reply
from domain.said import said

NOTICE_LIFETIME = timedelta(days=30)
"""How long a change waits for a follower whom Zalo lets nobody write to."""
Compose = Callable[[DossierView], Reply]
"""What a follower reads when their dossier moved."""


@dataclass(frozen=True)
class By:
    """Who says so: an officer, or a system with a token."""

    officer_id: int | None = None
    token_id: int | None = None


@dataclass(frozen=True)
class Line:
    """A change that may be kept: checked, digits hashed. `version` 0: a dossier we do not know yet."""

    code: str
    mark: str
    step: DossierStep
    on: date
    unit_id: str
    procedure: str
    due_on: date | None
    salt: bytes
    phone_hash: str | None
    paper_hash: str | None
    version: int
    before: DossierStep | None
    """The step it was at; None for a new one."""

    def as_json(self) -> dict[str, Any]:
        return vars(self) | {
            "on": self.on.isoformat(),
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "salt": self.salt.hex(),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Line:
        return cls(
            **{
                **kept,
                "step": DossierStep(kept["step"]),
                "before": DossierStep(kept["before"]) if kept["before"] else None,
                "on": date.fromisoformat(kept["on"]),
                "due_on": date.fromisoformat(kept["due_on"]) if kept["due_on"] else None,
                "salt": bytes.fromhex(kept["salt"]),
            }
        )


# ---- what units say ----------------------------------------------------------------------------------------------


def check(
    session: Session, key: DossierKey, change: DossierChange, *, unit_id: str | None, today: date
) -> Line | None:
    """The change as it may be kept; None when it says nothing new. Raises MoveRefused, in words, when it does not fit.

    unit_id  whose dossiers the sender may speak of; None: every unit's
    """
    bare = shipped().codes.read(change.code)
    if bare is None:
        raise MoveRefused("Mã hồ sơ không đúng dạng nào đã khai báo.")
    if unit_id is not None and change.unit_id != unit_id:
        raise MoveRefused("Hồ sơ phải thuộc đơn vị của đồng chí.")
    if change.on > today:
        raise MoveRefused("Ngày của bước này còn ở tương lai.")
    mark = key.mark(bare)
    row = session.scalar(select(Dossier).where(Dossier.mark == mark))
    if row is None:
        return _new(key, change, mark)
    if unit_id is not None and row.unit_id != unit_id:
        raise MoveRefused("Mã hồ sơ này thuộc đơn vị khác.")
    old = DossierStep(row.step)
    check_move(old, change.step)
    if change.on < row.step_on:
        raise MoveRefused(said("Đã có tin mới hơn, ngày %(day)s.", day=f"{row.step_on:%d/%m/%Y}"))
    line = Line(
        code=row.code,
        mark=mark,
        step=change.step,
        on=change.on,
        unit_id=change.unit_id,
        procedure=change.procedure or row.procedure,
        due_on=change.due_on or row.due_on,
        salt=row.salt,
        phone_hash=key.proof(row.salt, change.phone) if change.phone else row.phone_hash,
        paper_hash=key.proof(row.salt, change.paper) if change.paper else row.paper_hash,
        version=row.version,
        before=old,
    )
    return None if _same(row, line) else line


def _new(key: DossierKey, change: DossierChange, mark: str) -> Line:
    if not change.phone and not change.paper:
        raise MoveRefused(
            "Hồ sơ mới cần 4 số cuối điện thoại hoặc CCCD, nếu không người dân không tra cứu được."
        )
    salt = os.urandom(SALT_BYTES)
    return Line(
        code=tidy_code(change.code),
        mark=mark,
        step=change.step,
        on=change.on,
        unit_id=change.unit_id,
        procedure=change.procedure,
        due_on=change.due_on,
        salt=salt,
        phone_hash=key.proof(salt, change.phone) if change.phone else None,
        paper_hash=key.proof(salt, change.paper) if change.paper else None,
        version=0,
        before=None,
    )


_KEPT = ("unit_id", "procedure", "due_on", "phone_hash", "paper_hash", "step")


def _same(row: Dossier, line: Line) -> bool:
    return row.step_on == line.on and all(getattr(row, name) == getattr(line, name) for name in _KEPT)


def keep(session: Session, line: Line, *, by: By, compose: Compose, now: datetime) -> Dossier:
    """Keep a checked change; when the step moved, whoever follows hears of it, in this transaction.

    Raises MoveRefused when the dossier changed since it was checked.
    """
    row = session.scalar(select(Dossier).where(Dossier.mark == line.mark).with_for_update())
    if (row.version if row else 0) != line.version:
        raise MoveRefused(
            said("Hồ sơ %(code)s vừa có thay đổi khác. Mời đọc lại để so sánh.", code=line.code)
        )
    if row is None:
        row = Dossier(code=line.code, mark=line.mark, salt=line.salt, created_at=now, version=0)
        session.add(row)
    moved = line.before is not line.step
    for name in _KEPT:
        setattr(row, name, getattr(line, name))
    row.step_on, row.updated_at = line.on, now
    row.version += 1
    session.flush()
    if moved:
        session.add(
            DossierMove(
                dossier_id=row.id,
                step=line.step,
                on=line.on,
                at=now,
                officer_id=by.officer_id,
                token_id=by.token_id,
            )
        )
        _tell(session, row, compose, now)
        hooks.queue(session, HookEvent.DOSSIER_STEP, as_event(row), unit_id=row.unit_id, now=now)
    return row


def as_event(row: Dossier) -> dict[str, Any]:
    """What other systems are told of a change."""
    return {"code": row.code, "step": row.step, "on": row.step_on.isoformat(), "unit_id": row.unit_id}


def _tell(session: Session, row: Dossier, compose: Compose, now: datetime) -> None:
    follows = session.scalars(select(DossierFollow).where(DossierFollow.dossier_id == row.id)).all()
    if not follows:
        return
    found = view(session, row, followed=True)
    survey = _survey_code(session, row, now)
    for one in follows:
        asked = survey if survey and survey_answers.wants_to_be_asked(session, one.citizen) else ""
        outgoing.queue_replies(
            session,
            citizen=one.citizen,
            oa_id=one.oa_id,
            replies=[compose(replace(found, survey=asked))],
            event_id=None,
            now=now,
            lifetime=NOTICE_LIFETIME,
        )


def _survey_code(session: Session, row: Dossier, now: datetime) -> str | None:
    """The one-time code of the survey about this dossier once it is over; None before, and when it was used.

    The salt of the dossier is the key: nobody finds the dossier from what the survey keeps.
    """
    if DossierStep(row.step) not in ENDED:
        return None
    return survey_codes.invite(
        session, row.salt, survey=survey_rules.survey(), unit_id=row.unit_id, service="dossier", now=now
    )


# ---- pages and the API ------------------------------------------------------------------------------------------------


def listed(
    session: Session,
    *,
    unit_ids: Sequence[str] | None,
    step: DossierStep | None = None,
    mark: str | None = None,
    after: int = 0,
    before: int | None = None,
    oldest_first: bool = False,
    limit: int,
) -> list[Dossier]:
    """Dossiers of these units (None: all): by number, the newest first unless told otherwise."""
    query = select(Dossier)
    if unit_ids is not None:
        query = query.where(Dossier.unit_id.in_(unit_ids))
    if step is not None:
        query = query.where(Dossier.step == step)
    if mark is not None:
        query = query.where(Dossier.mark == mark)
    if before is not None:
        query = query.where(Dossier.id < before)
    order = Dossier.id.asc() if oldest_first else Dossier.id.desc()
    return list(session.scalars(query.where(Dossier.id > after).order_by(order).limit(limit)))


def moves_of(session: Session, dossier_id: int) -> list[DossierMove]:
    query = select(DossierMove).where(DossierMove.dossier_id == dossier_id)
    return list(session.scalars(query.order_by(DossierMove.id.desc())))


def followers_of(session: Session, dossier_id: int) -> int:
    """How many follow it; who they are is not told."""
    query = select(func.count()).select_from(DossierFollow).where(DossierFollow.dossier_id == dossier_id)
    return session.scalar(query) or 0


# ---- what is over -----------------------------------------------------------------------------------------------------


def ended_before(kept: timedelta, at: datetime) -> ColumnElement[bool]:
    """Dossiers that came to their end more days ago than `kept`, counted from that moment's day in Vietnam."""
    return Dossier.step.in_([str(one) for one in ENDED]) & silent_before(kept, at)


def silent_before(kept: timedelta, at: datetime) -> ColumnElement[bool]:
    """Dossiers of which the last word is older than that."""
    return Dossier.step_on < at.astimezone(VIETNAM).date() - kept


def delete_expired(session: Session, rules: DossierRules, *, now: datetime, limit: int = 500) -> int:
    """Delete dossiers whose term is over, and what belongs to them; old tries and sheets too. How many dossiers."""
    over = select(Dossier.id).where(or_(ended_before(rules.ended, now), silent_before(rules.silent, now)))
    ids = list(session.scalars(over.order_by(Dossier.id).limit(limit)))
    for table, column in ((DossierMove, DossierMove.dossier_id), (DossierFollow, DossierFollow.dossier_id)):
        _delete(session, table, column.in_(ids))
    _delete(session, Dossier, Dossier.id.in_(ids))
    _delete(session, DossierTry, DossierTry.at < now - rules.tries)
    _delete(session, DossierImport, DossierImport.at < now - rules.imports)
    return len(ids)


def _delete(session: Session, table: Any, where: Any) -> None:
    session.execute(delete(table).where(where).execution_options(synchronize_session=False))
