"""Settings that administrators change: each value holds from a day on, can be withdrawn, and stays on record.

What is in force is the newest value that began and was not withdrawn, else what was shipped. Nothing is overwritten:
withdrawing a value brings the one before it back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import audit, dossier_rules, survey_rules
from data.dossier_rules import DossierRules
from data.tables import Officer, SettingChange
from data.tip_rules import TipRules, shipped
from domain.adjustable import (
    COMPLAINT_ANSWER,
    COMPLAINT_LOOK,
    COMPLAINTS_KEPT,
    DAY_NAME_MAX,
    DAY_OFF,
    DOSSIER_SHEETS,
    DOSSIER_TRIES,
    DOSSIERS_ENDED,
    DOSSIERS_SILENT,
    ORDER_PROPOSED,
    REASON_MAX,
    TO_PROVINCE,
    Adjustable,
    adjustables,
    day_off_of,
)
from domain.broadcasts import VIETNAM
from domain.complaints import ComplaintRules
from domain.errors import MoveRefused
from domain.said import said


def known() -> dict[str, Adjustable]:
    complaints, dossiers = survey_rules.complaint_rules(), dossier_rules.shipped()
    of_files = {
        COMPLAINT_LOOK: complaints.look // timedelta(hours=1),
        COMPLAINT_ANSWER: complaints.answer // timedelta(hours=1),
        ORDER_PROPOSED: complaints.order_days,
        COMPLAINTS_KEPT: complaints.keep_days,
        DOSSIERS_ENDED: dossiers.ended.days,
        DOSSIERS_SILENT: dossiers.silent.days,
        DOSSIER_TRIES: dossiers.tries.days,
        DOSSIER_SHEETS: dossiers.imports.days,
    }
    return dict(adjustables(shipped().kinds.kinds.values(), of_files))


def in_force(session: Session, day: date) -> dict[str, Any]:
    """Key → value of every setting that was changed and holds on `day` (Vietnam)."""
    rows = session.execute(
        select(SettingChange.key, SettingChange.value)
        .where(SettingChange.holds_from <= day, SettingChange.withdrawn_at.is_(None))
        .order_by(SettingChange.holds_from, SettingChange.id)
    )
    return {key: value["value"] for key, value in rows}


def number(session: Session, key: str, *, now: datetime) -> int:
    """The value of one setting as it is now."""
    found = in_force(session, _day(now)).get(key)
    return int(found) if isinstance(found, int) else known()[key].default


def term(session: Session, key: str, *, now: datetime) -> timedelta:
    """How long something is kept, as it is now."""
    return timedelta(days=number(session, key, now=now))


def complaint_rules(session: Session, *, now: datetime) -> ComplaintRules:
    """Clocks of complaints that come now, and how long those that are done with are kept."""
    given = in_force(session, _day(now))
    base = survey_rules.complaint_rules()
    return ComplaintRules(
        timedelta(hours=given[COMPLAINT_LOOK]) if COMPLAINT_LOOK in given else base.look,
        timedelta(hours=given[COMPLAINT_ANSWER]) if COMPLAINT_ANSWER in given else base.answer,
        given.get(ORDER_PROPOSED, base.order_days),
        given.get(COMPLAINTS_KEPT, base.keep_days),
    )


def dossier_terms(session: Session, *, now: datetime) -> DossierRules:
    """The forms of codes as shipped, with the terms as they hold now."""
    given = in_force(session, _day(now))
    base = dossier_rules.shipped()

    def days(key: str, shipped_term: timedelta) -> timedelta:
        return timedelta(days=given[key]) if key in given else shipped_term

    return DossierRules(
        base.codes,
        ended=days(DOSSIERS_ENDED, base.ended),
        silent=days(DOSSIERS_SILENT, base.silent),
        tries=days(DOSSIER_TRIES, base.tries),
        imports=days(DOSSIER_SHEETS, base.imports),
    )


def rules(session: Session, *, now: datetime) -> TipRules:
    """The rules of tips as they hold now: what was shipped, with the settings of today laid over it."""
    base, given = shipped(), in_force(session, _day(now))
    if not given:
        return base
    kinds = {
        key: replace(
            kind,
            take_minutes=given.get(f"{key}.take_minutes", kind.take_minutes),
            close_hours=given.get(f"{key}.close_hours", kind.close_hours),
            keep_days=given.get(f"{key}.keep_days", kind.keep_days),
        )
        for key, kind in base.kinds.kinds.items()
    }
    days = dict(base.calendar.days_off)
    for key, value in given.items():
        if (day := day_off_of(key)) is not None:
            if value:
                days[day] = str(value)
            else:
                days.pop(day, None)
    return TipRules(
        base.kinds.with_kinds(kinds),
        replace(base.calendar, days_off=days),
        timedelta(minutes=given[TO_PROVINCE]) if TO_PROVINCE in given else base.to_province,
    )


# ---- changing -----------------------------------------------------------------------------------------------------


def change(
    session: Session, key: str, text: str, *, holds_from: date, reason: str, officer_id: int, now: datetime
) -> SettingChange:
    """Let a setting be another value from a day on. Raises ValueError with words for the form."""
    setting = known().get(key)
    if setting is None:
        raise ValueError("Không có thiết đặt này.")
    value = setting.read(text)
    current = in_force(session, holds_from).get(key, setting.default)
    earliest = setting.earliest(value, int(current), _day(now))
    if holds_from < earliest:
        day = f"{earliest:%d/%m/%Y}"
        if earliest == _day(now):
            raise ValueError(said("Thay đổi này có hiệu lực sớm nhất từ %(day)s.", day=day))
        raise ValueError(
            said(
                "Thay đổi này có hiệu lực sớm nhất từ %(day)s, để còn thời gian xem lại trước khi xóa.",
                day=day,
            )
        )
    if value == current:
        raise ValueError("Đến ngày đó giá trị vốn đã là như vậy.")
    return _write(session, key, value, holds_from, reason, officer_id, now, before=current)


def set_day_off(
    session: Session, day: date, name: str, *, reason: str, officer_id: int, now: datetime
) -> SettingChange:
    """Add a day off; an empty name takes one out. Holds at once, for tips that come from now on."""
    today = _day(now)
    if not today <= day <= today + timedelta(days=800):
        raise ValueError("Ngày nghỉ phải từ hôm nay và trong khoảng hai năm tới.")
    if len(name) > DAY_NAME_MAX:
        raise ValueError(said("Tên ngày nghỉ không quá %(most)d ký tự.", most=DAY_NAME_MAX))
    before = rules(session, now=now).calendar.days_off.get(day, "")
    if before == name.strip():
        raise ValueError("Lịch vốn đã như vậy.")
    return _write(session, f"{DAY_OFF}{day}", name.strip(), today, reason, officer_id, now, before=before)


def _write(
    session: Session,
    key: str,
    value: object,
    holds_from: date,
    reason: str,
    officer_id: int,
    now: datetime,
    *,
    before: object,
) -> SettingChange:
    if not reason.strip() or len(reason) > REASON_MAX:
        raise ValueError(said("Mời ghi lý do hoặc căn cứ, không quá %(most)d ký tự.", most=REASON_MAX))
    row = SettingChange(
        key=key,
        value={"value": value},
        holds_from=holds_from,
        reason=reason.strip(),
        officer_id=officer_id,
        at=now,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        officer_id=officer_id,
        action="setting.change",
        subject=f"setting:{row.id}",
        before={"key": key, "value": before},
        after={"key": key, "value": value, "from": holds_from.isoformat()},
        now=now,
    )
    return row


def withdraw(session: Session, change_id: int, *, officer_id: int, now: datetime) -> SettingChange:
    """Take a value back; the one before it holds again. What a shorter term deleted meanwhile stays deleted."""
    row = session.get(SettingChange, change_id, with_for_update=True, populate_existing=True)
    if row is None or row.withdrawn_at is not None:
        raise MoveRefused("Thay đổi này đã được hoàn tác.")
    setting = known().get(row.key)
    day = _day(now)
    row.withdrawn_at, row.withdrawn_by = now, officer_id
    session.flush()
    back = in_force(session, max(day, row.holds_from)).get(row.key, setting.default if setting else "")
    if setting and setting.keeps and row.holds_from <= day and int(back) < int(row.value["value"]):
        raise MoveRefused(
            "Hoàn tác sẽ rút ngắn thời hạn lưu ngay lập tức. Mời lập thay đổi mới, có hiệu lực sau 7 ngày."
        )
    audit.record(
        session,
        officer_id=officer_id,
        action="setting.withdraw",
        subject=f"setting:{row.id}",
        before={"key": row.key, "value": row.value["value"]},
        after={"key": row.key, "value": back},
        now=now,
    )
    return row


# ---- looking ------------------------------------------------------------------------------------------------------


def history(session: Session, key: str | None = None) -> list[tuple[SettingChange, str, str | None]]:
    """(change, who, who withdrew it), newest first; of one setting or of all."""
    query = (
        select(SettingChange, Officer.name)
        .join(Officer, Officer.id == SettingChange.officer_id)
        .order_by(SettingChange.id.desc())
        .limit(200)
    )
    if key is not None:
        query = query.where(SettingChange.key == key)
    rows = session.execute(query).all()
    takers = {row.withdrawn_by for row, _ in rows if row.withdrawn_by is not None}
    names = dict(session.execute(select(Officer.id, Officer.name).where(Officer.id.in_(takers))).all())
    return [(row, name, names.get(row.withdrawn_by or 0)) for row, name in rows]


def _day(now: datetime) -> date:
    return now.astimezone(VIETNAM).date()
