"""What residents may see of dossiers: with code and digits, a few tries at a time; and which they follow."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from data.dossier_proof import SALT_BYTES, DossierKey
from data.tables import Dossier, DossierFollow, DossierTry, UnitRow
from domain.dossiers import (
    TRIES_OF_CITIZEN,
    TRIES_OF_CODE,
    WINDOW_OF_CITIZEN,
    WINDOW_OF_CODE,
    DossierStep,
    DossierView,
    LookUp,
    ending,
)
from domain.units import police_name


def look_up(
    session: Session, key: DossierKey, mark: str, digits: str, *, citizen: str, now: datetime
) -> DossierView | LookUp:
    """The dossier of this mark, to whoever knows the digits. A code nobody has and wrong digits are the same."""
    if tried_too_often(session, citizen, mark, now=now):
        return LookUp.TOO_OFTEN
    row = session.scalar(select(Dossier).where(Dossier.mark == mark))
    salt = row.salt if row else bytes(SALT_BYTES)
    said = key.proof(salt, digits)
    kept = [one for one in (row.phone_hash, row.paper_hash) if one] if row else []
    if row is None or not any(hmac.compare_digest(said, one) for one in kept):
        return LookUp.WRONG
    return view(session, row, followed=_follows(session, row.id, citizen))


def tried_too_often(session: Session, citizen: str, mark: str, *, now: datetime) -> bool:
    """Did this resident, or whoever asked for this code, guess wrong too often lately?"""
    by_citizen = (DossierTry.citizen == citizen) & (DossierTry.at > now - WINDOW_OF_CITIZEN)
    by_code = (DossierTry.mark == mark) & (DossierTry.at > now - WINDOW_OF_CODE)
    return _count(session, by_citizen) >= TRIES_OF_CITIZEN or _count(session, by_code) >= TRIES_OF_CODE


def _count(session: Session, where: Any) -> int:
    return session.scalar(select(func.count()).select_from(DossierTry).where(where)) or 0


def note_try(session: Session, citizen: str, mark: str, *, now: datetime) -> None:
    """Count a wrong try."""
    session.add(DossierTry(citizen=citizen, mark=mark, at=now))


def follow(session: Session, mark: str, *, citizen: str, oa_id: str, now: datetime) -> None:
    """This resident, who showed the digits, hears of each change from now on. Safe to repeat."""
    dossier_id = session.scalar(select(Dossier.id).where(Dossier.mark == mark))
    if dossier_id is None or _follows(session, dossier_id, citizen):
        return
    session.add(DossierFollow(dossier_id=dossier_id, citizen=citizen, oa_id=oa_id, since=now))


def unfollow(session: Session, citizen: str, mark: str | None = None) -> None:
    """No more words about this dossier, or about any (None)."""
    where = DossierFollow.citizen == citizen
    if mark is not None:
        where &= DossierFollow.dossier_id.in_(select(Dossier.id).where(Dossier.mark == mark))
    session.execute(delete(DossierFollow).where(where).execution_options(synchronize_session=False))


def followed(session: Session, citizen: str) -> list[DossierView]:
    """What this resident follows, newest first."""
    rows = session.scalars(
        select(Dossier)
        .join(DossierFollow, DossierFollow.dossier_id == Dossier.id)
        .where(DossierFollow.citizen == citizen)
        .order_by(DossierFollow.since.desc(), Dossier.id.desc())
    )
    return [view(session, row, followed=True) for row in rows]


def forget_citizen(session: Session, citizen: str) -> None:
    """A resident asked to be forgotten: what they follow, and their tries."""
    unfollow(session, citizen)
    session.execute(
        delete(DossierTry).where(DossierTry.citizen == citizen).execution_options(synchronize_session=False)
    )


def _follows(session: Session, dossier_id: int, citizen: str) -> bool:
    return session.get(DossierFollow, (dossier_id, citizen)) is not None


def view(session: Session, row: Dossier, *, followed: bool) -> DossierView:
    unit = session.get_one(UnitRow, row.unit_id)
    name = police_name(unit.name)
    return DossierView(
        mark=row.mark,
        ending=ending("".join(c for c in row.code if c.isalnum())),
        step=DossierStep(row.step),
        on=row.step_on,
        unit=name,
        procedure=row.procedure,
        due_on=row.due_on,
        followed=followed,
    )
