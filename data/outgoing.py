"""What we say to citizens: a row before it is sent, one citizen in order, four ends (sent, failed, expired,
unknown). States and their meaning: domain.broadcasts.DeliveryStatus.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Update, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from data.replies import content_of_reply, messages_of, reply_as_json, reply_from_json
from data.tables import OfficialAccount, Outgoing
from domain.broadcasts import DeliveryStatus as S
from domain.messages import Reply

REPLY_LIFETIME = timedelta(days=7)
"""An answer older than this is not sent any more: Zalo's own window for writing to a citizen."""
ECHO_CLOCKS = timedelta(seconds=5)
"""How far Zalo's clock and ours may be apart."""
ECHO_WITHIN = timedelta(minutes=10)
"""An echo later than this after the request cannot be its own."""
LEASE_OVER = "Máy chủ dừng giữa lúc gửi; chưa rõ tin đã đến hay chưa."
TOO_OLD = "Quá hạn gửi."


@dataclass(frozen=True)
class OutgoingRow:
    """A row somebody has claimed. `lease_until` and `attempts` prove that it is still theirs."""

    id: int
    citizen: str
    oa_id: str
    reply: Reply
    attempts: int
    lease_until: datetime | None
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True)
class Overdue:
    """What a sweep found: rows given back to waiting, rows nobody can tell about, rows too old to send."""

    given_back: int
    unknown: int
    expired: int

    def __bool__(self) -> bool:
        return bool(self.given_back or self.unknown or self.expired)


# ---- queueing ---------------------------------------------------------------------------------------------


def queue_replies(
    session: Session,
    *,
    citizen: str,
    oa_id: str,
    replies: Iterable[Reply],
    event_id: int | None,
    tip_id: int | None = None,
    now: datetime,
    first_position: int = 0,
    lifetime: timedelta | None = REPLY_LIFETIME,
) -> list[int]:
    """Keep what is to be said to one citizen, in this order; return the row numbers.

    event_id        the event that is answered; None for words of an officer
    first_position  replies already queued for this event (event and position are unique together)
    lifetime        how long it is worth sending; None = until it is sent
    """
    rows = [
        Outgoing(
            citizen=citizen,
            oa_id=oa_id,
            event_id=event_id,
            position=position,
            tip_id=tip_id,
            body=reply_as_json(message),
            content=content_of_reply(message),
            state=S.WAITING,
            due_at=now,
            expires_at=None if lifetime is None else now + lifetime,
            created_at=now,
        )
        for position, message in enumerate(
            (message for reply in replies for message in messages_of(reply)), start=first_position
        )
    ]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def release_held(session: Session, citizen: str, *, now: datetime) -> int:
    """The citizen wrote again: what waited for that goes out. Returns how many."""
    return _changed(
        session,
        update(Outgoing)
        .where(_open(), Outgoing.citizen == citizen, Outgoing.state == S.HELD)
        .values(state=S.WAITING, due_at=now, attempts=0, reason=None, error_code=None),
    )


# ---- taking and beginning ---------------------------------------------------------------------------------


def claim_due(session: Session, *, now: datetime, limit: int, lease: timedelta) -> list[OutgoingRow]:
    """Take up to `limit` messages whose time has come, so that no other worker sends them.

    One citizen is answered in order: only the earliest open row of a citizen is taken, and none while another
    one of theirs is under way. Held and unknown rows block nobody. Official accounts that are down or paused
    are left alone. Commit before sending.
    PostgreSQL skips rows others hold; for SQLite, with its single writer, SQLAlchemy drops that clause.
    """
    other = aliased(Outgoing)
    blocked = exists().where(
        _open(other),
        other.citizen == Outgoing.citizen,
        other.id != Outgoing.id,
        or_(
            other.state.in_((S.CLAIMED, S.SENDING)),
            (other.state == S.WAITING) & (other.id < Outgoing.id) & _not_too_old(other, now),
        ),
    )
    resting = exists().where(
        OfficialAccount.oa_id == Outgoing.oa_id,
        or_(OfficialAccount.state != "ok", OfficialAccount.paused_until > now),
    )
    due = (
        select(Outgoing.id)
        .where(
            _open(),
            Outgoing.state == S.WAITING,
            Outgoing.due_at <= now,
            _not_too_old(Outgoing, now),
            ~blocked,
            ~resting,
        )
        .order_by(Outgoing.due_at, Outgoing.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Outgoing)
        .cte("due")
    )
    rows = session.scalars(
        update(Outgoing)
        .where(Outgoing.id.in_(select(due.c.id)))
        .values(state=S.CLAIMED, lease_until=now + lease)
        .returning(Outgoing)
        .execution_options(populate_existing=True)
    ).all()
    return [_row(one) for one in sorted(rows, key=lambda one: (one.due_at, one.id))]


def _not_too_old(table: type[Outgoing], now: datetime) -> ColumnElement[bool]:
    return or_(table.expires_at.is_(None), table.expires_at > now)


def _open(table: type[Outgoing] = Outgoing) -> ColumnElement[bool]:
    """The condition of the partial indexes, word for word: SQLite uses one only where the query repeats it."""
    states = [str(one) for one in (S.WAITING, S.CLAIMED, S.SENDING, S.HELD, S.UNKNOWN)]
    return table.state.in_(bindparam("open_states", states, expanding=True, literal_execute=True))


def _row(one: Outgoing) -> OutgoingRow:
    return OutgoingRow(
        id=one.id,
        citizen=one.citizen,
        oa_id=one.oa_id,
        reply=reply_from_json(one.body),
        attempts=one.attempts,
        lease_until=one.lease_until,
        created_at=one.created_at,
        expires_at=one.expires_at,
    )


def begin_sending(
    session: Session, row: OutgoingRow, *, now: datetime, lease: timedelta
) -> OutgoingRow | None:
    """From here on the request may have left. Commit, then send; None when the row is no longer ours."""
    done = _changed(
        session,
        update(Outgoing)
        .where(Outgoing.id == row.id, Outgoing.state == S.CLAIMED, Outgoing.lease_until == row.lease_until)
        .values(state=S.SENDING, sending_at=now, lease_until=now + lease, attempts=row.attempts + 1),
    )
    return replace(row, attempts=row.attempts + 1, lease_until=now + lease) if done else None


def give_back(session: Session, row: OutgoingRow, *, due_at: datetime) -> bool:
    """A claimed row that was not begun goes back to the line."""
    return bool(
        _changed(
            session,
            update(Outgoing)
            .where(
                Outgoing.id == row.id, Outgoing.state == S.CLAIMED, Outgoing.lease_until == row.lease_until
            )
            .values(state=S.WAITING, lease_until=None, due_at=due_at),
        )
    )


# ---- what came of it --------------------------------------------------------------------------------------
# Each tells by (id, attempts) whether it is still this try. A row whose lease ended meanwhile is `unknown`,
# and the worker that comes back late still knows better.


def settle_sent(session: Session, row: OutgoingRow, *, message_id: str | None, now: datetime) -> bool:
    """Zalo took it."""
    return _settle(
        session, row, state=S.SENT, sent_at=now, zalo_message_id=message_id, reason=None, error_code=None
    )


def settle_retry(
    session: Session, row: OutgoingRow, *, at: datetime, code: int | None, reason: str, counted: bool = True
) -> bool:
    """It did not go through; again at `at`. counted=False: the message is not to blame, the try does not count."""
    attempts = row.attempts if counted else row.attempts - 1
    return _settle(
        session, row, state=S.WAITING, due_at=at, error_code=code, reason=reason, attempts=attempts
    )


def settle_held(session: Session, row: OutgoingRow, *, code: int | None, reason: str) -> bool:
    """Zalo lets nobody write to the citizen now: kept for their next message."""
    return _settle(session, row, state=S.HELD, error_code=code, reason=reason)


def settle_failed(session: Session, row: OutgoingRow, *, code: int | None, reason: str) -> bool:
    """It ends here; `reason` is for an officer."""
    return _settle(session, row, state=S.FAILED, error_code=code, reason=reason)


def settle_unclear(session: Session, row: OutgoingRow, *, reason: str) -> bool:
    """The request left, no answer came: an echo or a person will tell."""
    return _settle(session, row, state=S.UNKNOWN, error_code=None, reason=reason)


def _settle(session: Session, row: OutgoingRow, **values: Any) -> bool:
    return bool(
        _changed(
            session,
            update(Outgoing)
            .where(
                Outgoing.id == row.id,
                Outgoing.state.in_((S.SENDING, S.UNKNOWN)),
                Outgoing.attempts == row.attempts,
            )
            .values(lease_until=None, **values),
        )
    )


def refuse_claimed(session: Session, row: OutgoingRow, *, reason: str) -> bool:
    """A claimed row that cannot be sent at all (nobody knows any more who the citizen is)."""
    return bool(
        _changed(
            session,
            update(Outgoing)
            .where(
                Outgoing.id == row.id, Outgoing.state == S.CLAIMED, Outgoing.lease_until == row.lease_until
            )
            .values(state=S.FAILED, lease_until=None, reason=reason),
        )
    )


def settle_unknown(session: Session, outgoing_id: int, *, sent: bool, now: datetime) -> bool:
    """A person has looked: it arrived (`sent`), or it is to be sent again. False when it is no longer unknown."""
    values: dict[str, Any] = {"reason": None, "error_code": None}
    if sent:
        values |= {"state": S.SENT, "sent_at": now}
    else:
        values |= {"state": S.WAITING, "due_at": now, "attempts": 0, "sending_at": None}
    return bool(
        _changed(
            session,
            update(Outgoing).where(Outgoing.id == outgoing_id, Outgoing.state == S.UNKNOWN).values(**values),
        )
    )


# ---- what Zalo tells later --------------------------------------------------------------------------------


def match_echo(session: Session, *, oa_id: str, message_id: str, to: str, content: str, at: datetime) -> bool:
    """Zalo says the OA sent `message_id` to a citizen: is it one of ours whose answer was lost?

    to  the citizen's opaque key; at: when Zalo sent it
    True when a row has this id, or when one with the same content was begun shortly before and has no answer:
    the one begun last, because one citizen has at most one message under way. Such a row becomes sent.
    Not to be asked for messages an officer typed in Zalo's own chat tool.
    """
    known = session.scalar(
        select(Outgoing.id).where(Outgoing.zalo_message_id == message_id, Outgoing.oa_id == oa_id).limit(1)
    )
    if known is not None:
        return True
    lost = session.scalar(
        select(Outgoing.id)
        .where(
            _open(),
            Outgoing.citizen == to,
            Outgoing.oa_id == oa_id,
            Outgoing.content == content,
            Outgoing.zalo_message_id.is_(None),
            Outgoing.state.in_((S.UNKNOWN, S.SENDING, S.WAITING, S.CLAIMED)),
            Outgoing.sending_at <= at + ECHO_CLOCKS,
            Outgoing.sending_at >= at - ECHO_WITHIN,
        )
        .order_by(Outgoing.sending_at.desc(), Outgoing.id.desc())
        .limit(1)
        .with_for_update()
    )
    if lost is None:
        return False
    return bool(
        _changed(
            session,
            update(Outgoing)
            .where(Outgoing.id == lost, Outgoing.zalo_message_id.is_(None))
            .values(
                state=S.SENT,
                zalo_message_id=message_id,
                sent_at=at,
                lease_until=None,
                reason=None,
                error_code=None,
            ),
        )
    )


def mark_seen(session: Session, message_ids: Sequence[str], *, now: datetime) -> int:
    """The citizen has read these messages of ours. Returns how many we know."""
    if not message_ids:
        return 0
    return _changed(
        session,
        update(Outgoing)
        .where(Outgoing.zalo_message_id.in_(message_ids), Outgoing.seen_at.is_(None))
        .values(seen_at=now),
    )


# ---- sweeping ---------------------------------------------------------------------------------------------


def release_overdue(session: Session, *, now: datetime) -> Overdue:
    """Leases of workers that died: claimed goes back to waiting, sending becomes unknown. What was not sent in
    its time is ended.
    """
    expired = expire(session, now=now)
    over = _open() & (Outgoing.lease_until <= now)
    given_back = _changed(
        session,
        update(Outgoing).where(Outgoing.state == S.CLAIMED, over).values(state=S.WAITING, lease_until=None),
    )
    unknown = _changed(
        session,
        update(Outgoing)
        .where(Outgoing.state == S.SENDING, over)
        .values(state=S.UNKNOWN, lease_until=None, reason=LEASE_OVER),
    )
    return Overdue(given_back=given_back, unknown=unknown, expired=expired)


def expire(session: Session, *, now: datetime) -> int:
    """End what was not sent in its time. Returns how many."""
    return _changed(
        session,
        update(Outgoing)
        .where(_open(), Outgoing.state.in_((S.WAITING, S.HELD)), Outgoing.expires_at <= now)
        .values(state=S.EXPIRED, reason=TOO_OLD),
    )


def next_due(session: Session) -> datetime | None:
    """When the next waiting message is due; None when none waits."""
    return session.scalar(
        select(Outgoing.due_at).where(_open(), Outgoing.state == S.WAITING).order_by(Outgoing.due_at).limit(1)
    )


def _changed(session: Session, statement: Update) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", result).rowcount
