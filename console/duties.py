"""What the officer behind this request must do now, the oldest clock first."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from console.access import may, officer
from console.as_role import looked_through
from console.desk import now
from console.filters import number
from console.views import assisted
from console.views.oa_accounts import SOON
from data import accounts, identities, service_duties, tip_duties, tip_queue, unit_changes, unsealing
from data.tip_lines import Line
from domain import identity
from domain.broadcasts import VIETNAM
from domain.complaints import OrderStatus
from domain.identity import RequestState
from domain.roles import Act
from domain.tips import OPEN
from domain.unit_changes import ChangeState
from domain.unsealing import ASKED_FOR, UnsealingState

EACH = 8
"""Of every kind so many are looked at; the queue and the lists have the rest."""


@dataclass(frozen=True)
class Duty:
    """One thing to do. `due`: when its clock runs out (None: it has none, and waits `since`); `last_day`: it runs out
    at the end of this day."""

    what: str
    words: str
    icon: str
    address: str
    since: datetime
    due: datetime | None = None
    line: Line | None = None
    last_day: date | None = None


def of_officer(session: Session) -> list[Duty]:
    """Everything within this officer's rights and reach; what is late first, what has no clock last."""
    found = [*_tips(session)]
    if looked_through() is None:  # a look through another role shows nothing of theirs
        found += [*_broadcasts(session), *_decisions(session), *_service(session), *_house(session)]
    clocked = sorted((one for one in found if one.due), key=lambda one: (one.due, one.since))
    return clocked + sorted((one for one in found if not one.due), key=lambda one: one.since)


def _tips(session: Session) -> Iterator[Duty]:
    if not may(Act.SEE_TIPS):
        return
    me = officer()
    lines: dict[int, tuple[str, Line]] = {}
    if may(Act.HAND_OVER):
        late = tip_queue.queue(
            session, unit_ids=me.unit_ids, statuses=OPEN, escalated=True, oldest_first=True, limit=EACH
        )
        lines |= {line.id: ("late", line) for line in late.lines}
    for line in tip_duties.to_take(session, unit_ids=me.unit_ids, limit=EACH):
        lines.setdefault(line.id, ("take", line))
    for line in tip_duties.to_close(session, officer_id=me.id, limit=EACH):
        lines.setdefault(line.id, ("close", line))
    for what, line in lines.values():
        due = line.take_due_at if line.status == "new" else line.close_due_at
        yield Duty(what, line.what, "inbox", url_for("tips.show", tip_id=line.id), line.created_at, due, line)


def _broadcasts(session: Session) -> Iterator[Duty]:
    me = officer()
    if may(Act.APPROVE_BROADCASTS) or may(Act.APPROVE_URGENT):
        for one in tip_duties.to_approve(session, limit=EACH):
            if one.author_id != me.id and (may(Act.APPROVE_BROADCASTS) or one.urgent):
                where = url_for("broadcasts.show", broadcast_id=one.id)
                what = _("Tin tuyên truyền chờ duyệt")
                yield Duty(what, one.title, "speakerphone", where, one.since, one.starts_at)
    if may(Act.SETTLE_UNKNOWN):
        for one in tip_duties.to_settle(session, limit=EACH):
            words = _("%(title)s: %(count)s lượt", title=one.title, count=number(one.count))
            where = url_for("broadcasts.show", broadcast_id=one.id)
            yield Duty(_("Lượt gửi chưa rõ đã tới hay chưa"), words, "help-circle", where, one.since)
    if may(Act.POST_ASSISTED) and (rows := assisted.waiting(session)):
        expires = [row.expires_at for row, _name in rows if row.expires_at]
        yield Duty(
            _("Đăng nhóm Zalo"),
            _("%(count)s lượt đăng nhóm Zalo đang chờ đồng chí", count=number(len(rows))),
            "clipboard-check",
            url_for("assisted.listing"),
            min(row.due_at for row, _name in rows),
            min(expires) if expires else None,
        )


def _decisions(session: Session) -> Iterator[Duty]:
    """Requests of colleagues that this officer may decide."""
    me, at = officer(), now()
    if may(Act.DECIDE_IDENTITY) and me.unit_id is None:
        for one in identities.listed(session, since=at - identity.ANSWER_WITHIN, until=at):
            mine = identity.may_decide(
                me.works_as, me.unit_id, officer_id=me.id, asked_by=one.asked_by, asked_body=one.asked_body
            )
            if one.state is RequestState.ASKED and mine:
                where, due = url_for("identities.listing"), one.asked_at + identity.ANSWER_WITHIN
                yield Duty(
                    _("Đề nghị mở danh tính chờ duyệt"), one.asked_by_name, "key", where, one.asked_at, due
                )
    if may(Act.DECIDE_UNSEAL):
        for asked in unsealing.lines(session, unit_ids=me.unit_ids, now=at):
            if asked.state is UnsealingState.ASKED and asked.asked_by != me.id:
                words = _(
                    "%(name)s, tin %(code)s, tệp %(file)s",
                    name=asked.asker,
                    code=asked.tip_code,
                    file=asked.file_number,
                )
                where, due = url_for("unsealing.listing"), asked.asked_at + ASKED_FOR
                yield Duty(_("Đề nghị mở niêm phong chờ duyệt"), words, "lock", where, asked.asked_at, due)


def _service(session: Session) -> Iterator[Duty]:
    """Complaints about service, orders of improvement, answers of surveys."""
    me = officer()
    if may(Act.WORK_COMPLAINTS):
        for row in service_duties.cases(session, unit_ids=me.unit_ids, limit=EACH):
            where, due = url_for("complaints.show", complaint_id=row.id), service_duties.due_at(row)
            yield Duty(_("Phản ánh về phục vụ"), row.code, "message-2", where, row.created_at, due)
    if may(Act.WORK_COMPLAINTS) and me.unit_id is not None:
        yield from _orders(session, service_duties.TO_PROVE, _("Văn bản chấn chỉnh cần nộp minh chứng"))
    if may(Act.ISSUE_ORDERS) and me.unit_id is None:
        yield from _orders(session, service_duties.TO_JUDGE, _("Minh chứng chờ xét"))
    if may(Act.SIFT_ANSWERS) and me.unit_id is None:
        count, oldest = service_duties.held_answers(session)
        if oldest is not None:
            words = _("%(count)s câu trả lời đang chờ xem lại", count=number(count))
            yield Duty(
                _("Sàng lọc câu trả lời khảo sát"), words, "checks", url_for("survey_results.sift"), oldest
            )


def _house(session: Session) -> Iterator[Duty]:
    """What keeps the house itself going: changes of units for a second look, official accounts about to fall silent."""
    me = officer()
    if may(Act.CHECK_UNITS):
        for row in unit_changes.waiting(session):
            if row.state == ChangeState.PROPOSED and row.author_id != me.id:
                where = url_for("units.show", unit_change_id=row.id)
                eve = row.since - timedelta(days=1)
                words = _("có hiệu lực từ %(day)s", day=f"{row.since:%d/%m/%Y}")
                yield Duty(
                    _("Việc sắp xếp đơn vị chờ xác nhận"),
                    words,
                    "transfer",
                    where,
                    row.created_at,
                    _end_of(eve),
                    last_day=eve,
                )
    if may(Act.SEE_HEALTH):
        for account, days in accounts.with_days_left(session, now=now()):
            ends = account.refresh_expires_at
            if ends is not None and days <= SOON:
                where, since = url_for("oa_accounts.listing"), ends - timedelta(days=SOON)
                yield Duty(_("Mã truy cập của OA sắp hết hạn"), account.name, "key", where, since, ends)


def _orders(session: Session, states: Collection[OrderStatus], what: str) -> Iterator[Duty]:
    for order, code in service_duties.orders(session, states, unit_ids=officer().unit_ids, limit=EACH):
        words = _("Phản ánh %(code)s", code=code)
        where = url_for("complaints.show", complaint_id=order.complaint_id)
        due, day = _end_of(order.due_on), order.due_on
        yield Duty(what, words, "clipboard-list", where, order.updated_at, due, last_day=day)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=VIETNAM)
