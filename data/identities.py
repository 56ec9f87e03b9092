"""Requests to know who a reporter is, and the list of them. The identity itself is unsealed by the caller."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from data.tables import Identity, IdentityRequest, Officer, Tip
from data.tip_acts import record
from data.tip_queue import within
from domain import identity
from domain.errors import MoveRefused, NotAllowed
from domain.identity import RequestState
from domain.roles import Role

Unseal = Callable[[bytes], bytes]
"""Opens what `data.intake.meet` sealed."""
ASKED, DECIDED, OPENED = "identity_asked", "identity_decided", "identity_opened"


@dataclass(frozen=True)
class Request:
    """One request as the list shows it. Nothing here says who the reporter is."""

    id: int
    tip_id: int
    tip_code: str
    designation: str
    asked_by: int
    asked_by_name: str
    asked_body: str
    asked_at: datetime
    reason: str
    legal_basis: str
    state: RequestState
    decided_by_name: str | None
    decided_at: datetime | None
    decision_words: str
    opens_until: datetime | None
    times_opened: int


def ask(
    session: Session, tip: Tip, *, officer_id: int, body: str, reason: str, legal_basis: str, now: datetime
) -> int:
    """Ask to know who reported this; both reason and legal basis are needed."""
    if not reason.strip() or not legal_basis.strip():
        raise MoveRefused("Mời ghi cả lý do và căn cứ pháp lý.")
    if tip.citizen is None:
        raise MoveRefused("Người báo tin đã xóa dữ liệu; hệ thống không còn biết đó là ai.")
    waiting = session.scalar(
        select(IdentityRequest.id).where(
            IdentityRequest.tip_id == tip.id,
            IdentityRequest.state == RequestState.ASKED,
            IdentityRequest.asked_at > now - identity.ANSWER_WITHIN,
        )
    )
    if waiting is not None:
        raise MoveRefused("Tin này đang có một đề nghị chờ duyệt.")
    row = IdentityRequest(
        tip_id=tip.id,
        asked_by=officer_id,
        asked_body=body,
        asked_at=now,
        reason=reason,
        legal_basis=legal_basis,
        state=RequestState.ASKED,
    )
    session.add(row)
    session.flush()
    record(session, tip, ASKED, None, None, officer_id=officer_id, now=now)
    return row.id


def decide(
    session: Session,
    request_id: int,
    *,
    approve: bool,
    officer_id: int,
    roles: Iterable[Role],
    unit_id: str | None,
    words: str,
    now: datetime,
) -> None:
    """Another person of another body says yes or no. NotAllowed for anybody else; MoveRefused when it is over."""
    row = session.get(IdentityRequest, request_id)
    if row is None:
        raise MoveRefused("Không có đề nghị này.")
    if not identity.may_decide(
        roles, unit_id, officer_id=officer_id, asked_by=row.asked_by, asked_body=row.asked_body
    ):
        raise NotAllowed("decide an identity request of one's own body")
    if not words.strip():
        raise MoveRefused("Mời ghi ý kiến duyệt hoặc không duyệt.")
    state = RequestState.APPROVED if approve else RequestState.REFUSED
    changed = session.execute(
        update(IdentityRequest)
        .where(
            IdentityRequest.id == request_id,
            IdentityRequest.state == RequestState.ASKED,
            IdentityRequest.asked_at > now - identity.ANSWER_WITHIN,
        )
        .values(
            state=state,
            decided_by=officer_id,
            decided_at=now,
            decision_words=words,
            opens_until=now + identity.OPEN_FOR if approve else None,
        )
        .returning(IdentityRequest.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not changed:
        raise MoveRefused("Đề nghị này đã được quyết định hoặc đã quá hạn.")
    tip = session.get_one(Tip, row.tip_id)
    record(session, tip, DECIDED, RequestState.ASKED, state, officer_id=officer_id, now=now)


def open_identity(
    session: Session, request_id: int, *, officer_id: int, unseal: Unseal, now: datetime
) -> tuple[Tip, str]:
    """The tip and what Zalo calls its reporter, to the one who asked, while the approval lasts.

    Every look is written down. Raises NotAllowed for anybody else, MoveRefused when the time is over.
    """
    row = session.get(IdentityRequest, request_id)
    if row is None:
        raise MoveRefused("Không có đề nghị này.")
    if row.asked_by != officer_id:
        raise NotAllowed("open an identity that somebody else asked for")
    if row.state != RequestState.APPROVED or row.opens_until is None or now >= row.opens_until:
        raise MoveRefused("Chưa được duyệt, hoặc thời hạn xem đã hết.")
    tip = session.get_one(Tip, row.tip_id)
    sealed = session.get(Identity, tip.citizen) if tip.citizen else None
    if sealed is None:
        raise MoveRefused("Người báo tin đã xóa dữ liệu; hệ thống không còn biết đó là ai.")
    row.times_opened += 1
    row.opened_at = row.opened_at or now
    record(session, tip, OPENED, None, None, officer_id=officer_id, now=now)
    return tip, unseal(sealed.sealed).decode()


def listed(
    session: Session, *, since: datetime, until: datetime, asked_by: int | None = None
) -> list[Request]:
    """Every request of a time, newest first; of one officer when `asked_by` is given."""
    where = [IdentityRequest.asked_at >= since, IdentityRequest.asked_at < until]
    if asked_by is not None:
        where.append(IdentityRequest.asked_by == asked_by)
    return _requests(session, where)


def of_tip(session: Session, tip_id: int, *, unit_ids: Collection[str] | None) -> list[Request]:
    """The requests about one tip within reach."""
    reach = select(Tip.id).where(within(unit_ids), Tip.id == tip_id)
    return _requests(session, [IdentityRequest.tip_id.in_(reach)])


def _requests(session: Session, where: list) -> list[Request]:  # type: ignore[type-arg]  # conditions of any column
    asker, decider = aliased(Officer), aliased(Officer)
    rows = session.execute(
        select(IdentityRequest, Tip.code, Tip.designation, asker.name, decider.name)
        .join(Tip, Tip.id == IdentityRequest.tip_id)
        .join(asker, asker.id == IdentityRequest.asked_by)
        .outerjoin(decider, decider.id == IdentityRequest.decided_by)
        .where(*where)
        .order_by(IdentityRequest.asked_at.desc(), IdentityRequest.id.desc())
    )
    return [
        Request(
            id=row.id,
            tip_id=row.tip_id,
            tip_code=code,
            designation=designation,
            asked_by=row.asked_by,
            asked_by_name=asked_name,
            asked_body=row.asked_body,
            asked_at=row.asked_at,
            reason=row.reason,
            legal_basis=row.legal_basis,
            state=RequestState(row.state),
            decided_by_name=decided_name,
            decided_at=row.decided_at,
            decision_words=row.decision_words,
            opens_until=row.opens_until,
            times_opened=row.times_opened,
        )
        for row, code, designation, asked_name, decided_name in rows
    ]
