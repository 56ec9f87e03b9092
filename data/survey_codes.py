"""Codes that lead to a survey: one for each unit, on its boards for good, and one-time links after a service.

One-time links are made by the program when a service ends, for everybody whose service ended: no officer picks who
is asked.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from data.tables import SurveyAnswer, SurveyCode, UnitRow
from domain import codes
from domain.surveys import SERVICE_CODE, UNIT_CODE, Survey, new_service_code, new_unit_code, service_mark


def of_unit(session: Session, unit_id: str, *, now: datetime) -> str:
    """The code on the boards of this unit; made when it has none. It stays the same for good."""
    found = code_of(session, unit_id)
    if found is not None:
        return found
    code = new_unit_code()
    session.add(SurveyCode(code=code, unit_id=unit_id, created_at=now))
    session.flush()
    return code


def code_of(session: Session, unit_id: str) -> str | None:
    """The code on the boards of this unit; None when it has none yet."""
    return session.scalar(
        select(SurveyCode.code)
        .where(SurveyCode.unit_id == unit_id, SurveyCode.service.is_(None))
        .order_by(SurveyCode.created_at, SurveyCode.code)
        .limit(1)
    )


def of_units_today(session: Session, *, now: datetime) -> dict[str, str]:
    """Unit id → code, for every unit that answers today; missing ones are made."""
    units = list(session.scalars(select(UnitRow.id).where(UnitRow.valid_to.is_(None)).order_by(UnitRow.id)))
    known: dict[str, str] = {}
    rows = session.scalars(
        select(SurveyCode)
        .where(SurveyCode.service.is_(None))
        .order_by(SurveyCode.created_at, SurveyCode.code)
    )
    for row in rows:
        known.setdefault(row.unit_id, row.code)
    return {unit: known.get(unit) or of_unit(session, unit, now=now) for unit in units}


def invite(
    session: Session, key: bytes, *, survey: Survey, unit_id: str, service: str, now: datetime
) -> str | None:
    """A one-time link after a service of this unit; the same one when it was made already, None when it was used.

    service  what was done, as `dossier:<code>` or `tip:<code>`; only its keyed hash is kept
    """
    mark = service_mark(key, service)
    if session.scalar(select(SurveyAnswer.id).where(SurveyAnswer.service == mark)) is not None:
        return None
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(SurveyCode)
        .values(
            code=new_service_code(),
            unit_id=unit_id,
            service=mark,
            created_at=now,
            expires_at=now + survey.link_lasts,
        )
        .on_conflict_do_nothing(index_elements=["service"])
    )
    return session.scalar(select(SurveyCode.code).where(SurveyCode.service == mark))


def find(session: Session, typed: str) -> SurveyCode | None:
    """The code somebody typed or scanned; None when there is none such."""
    for length in (UNIT_CODE, SERVICE_CODE):
        code = codes.read(typed, length=length)
        if code is not None and (row := session.get(SurveyCode, code)) is not None:
            return row
    return None
