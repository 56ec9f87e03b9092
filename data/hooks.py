"""Webhooks out as rows: queued with the change they tell of, claimed under a lease, settled, emptied."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from data import audit
from data.sealing import Sealer
from data.tables import ApiDelivery, ApiHook, Tip, TipMove
from data.tip_acts import GIVEN_BACK, STATUS, TAKEN
from domain.hooks import SECRET_BYTES, HookEvent, HookState

PURPOSE = "hook"
STATUS_MOVES = frozenset({"filed", TAKEN, GIVEN_BACK, STATUS})
"""Moves after which `after` is a status."""
SETTLES = timedelta(seconds=10)
"""Moves younger than this are looked at next time: a transaction with a smaller number may not be kept yet."""


@dataclass(frozen=True)
class Claimed:
    """A message somebody is sending. `attempts` counts this try."""

    id: int
    hook_id: int
    url: str
    event: str
    body: Mapping[str, Any]
    attempts: int
    created_at: datetime
    secret_sealed: bytes


def create(
    session: Session,
    sealer: Sealer,
    *,
    name: str,
    url: str,
    events: Sequence[HookEvent],
    unit_id: str | None,
    officer_id: int | None,
    now: datetime,
) -> tuple[ApiHook, str]:
    """A new address, and its secret in hex: shown once, kept sealed."""
    secret = secrets.token_bytes(SECRET_BYTES)
    hook = ApiHook(
        name=name,
        url=url,
        events=[str(one) for one in events],
        unit_id=unit_id,
        secret_sealed=sealer.seal(secret, purpose=PURPOSE),
        active=True,
        moves_seen=session.scalar(select(func.max(TipMove.id))) or 0,
        created_at=now,
        created_by=officer_id,
    )
    session.add(hook)
    session.flush()
    _note(session, hook, "hook.add", officer_id, now)
    return hook, secret.hex()


def switch(session: Session, hook_id: int, *, on: bool, officer_id: int, now: datetime) -> bool:
    """Stop telling this address, or begin again; what waited while it was off is not told."""
    hook = session.get(ApiHook, hook_id, with_for_update=True)
    if hook is None or hook.active is on:
        return False
    hook.active = on
    hook.moves_seen = session.scalar(select(func.max(TipMove.id))) or 0
    if not on:
        session.execute(
            update(ApiDelivery)
            .where(ApiDelivery.hook_id == hook_id, ApiDelivery.state == HookState.WAITING)
            .values(state=HookState.FAILED, reason="Địa chỉ đã ngừng dùng.", body={}, settled_at=now)
        )
    _note(session, hook, "hook.on" if on else "hook.off", officer_id, now)
    return True


def _note(session: Session, hook: ApiHook, action: str, officer_id: int | None, now: datetime) -> None:
    session.flush()
    audit.record(
        session,
        officer_id=officer_id,
        action=action,
        subject=f"hook:{hook.id}",
        before=None,
        after={"name": hook.name, "events": hook.events, "unit_id": hook.unit_id},
        now=now,
    )


def queue(
    session: Session, event: HookEvent, body: Mapping[str, Any], *, unit_id: str, now: datetime
) -> None:
    """Keep what is to be told, for every address that wants to hear it; in the transaction of the change."""
    wanted = or_(ApiHook.unit_id.is_(None), ApiHook.unit_id == unit_id)
    for hook in session.scalars(select(ApiHook).where(ApiHook.active, wanted)):
        if event in hook.events:
            _add(session, hook.id, event, body, now)


def _add(session: Session, hook_id: int, event: str, body: Mapping[str, Any], now: datetime) -> None:
    session.add(
        ApiDelivery(
            hook_id=hook_id,
            event=str(event),
            body=dict(body),
            state=HookState.WAITING,
            due_at=now,
            created_at=now,
        )
    )


def look_at_tip_moves(session: Session, *, now: datetime, limit: int = 500) -> int:
    """Turn new moves of tips into messages; returns how many. Tips that go past the units are told to nobody."""
    count = 0
    hooks = select(ApiHook).where(ApiHook.active).order_by(ApiHook.id).with_for_update()
    for hook in session.scalars(hooks).all():
        if HookEvent.TIP_MOVED not in hook.events:
            continue
        moves = session.execute(
            select(TipMove, Tip)
            .join(Tip, Tip.id == TipMove.tip_id)
            .where(TipMove.id > hook.moves_seen, TipMove.at <= now - SETTLES)
            .order_by(TipMove.id)
            .limit(limit)
        ).all()
        for move, tip in moves:
            hook.moves_seen = move.id
            told_of = not tip.bypass and not tip.unfinished and hook.unit_id in {None, tip.unit_id}
            if told_of and move.move in STATUS_MOVES:
                body = {
                    "tip": tip.id,
                    "status": move.after,
                    "at": move.at.isoformat(),
                    "unit_id": tip.unit_id,
                }
                _add(session, hook.id, HookEvent.TIP_MOVED, body, now)
                count += 1
    return count


# ---- sending -------------------------------------------------------------------------------------------------------


def claim_due(session: Session, *, now: datetime, limit: int, lease: timedelta) -> list[Claimed]:
    """Take up to `limit` messages whose time has come; whoever dies with one gives it back when the lease ends.

    A message may reach its address twice (a receiver tells by its number); it is never lost.
    """
    rows = session.execute(
        select(ApiDelivery, ApiHook)
        .join(ApiHook, ApiHook.id == ApiDelivery.hook_id)
        .where(
            ApiDelivery.state == HookState.WAITING,
            ApiDelivery.due_at <= now,
            or_(ApiDelivery.lease_until.is_(None), ApiDelivery.lease_until <= now),
        )
        .order_by(ApiDelivery.due_at, ApiDelivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=ApiDelivery)
    ).all()
    claimed = []
    for row, hook in rows:
        row.lease_until, row.attempts = now + lease, row.attempts + 1
        claimed.append(
            Claimed(
                row.id,
                hook.id,
                hook.url,
                row.event,
                dict(row.body),
                row.attempts,
                row.created_at,
                hook.secret_sealed,
            )
        )
    return claimed


def settle(
    session: Session,
    one: Claimed,
    *,
    state: HookState,
    status: int | None,
    reason: str | None,
    again_at: datetime | None,
    now: datetime,
) -> None:
    """Write down what came of a try; what is over loses its body."""
    values: dict[str, Any] = {"state": state, "status": status, "reason": reason, "lease_until": None}
    values |= {"due_at": again_at} if again_at else {"body": {}, "settled_at": now}
    session.execute(
        update(ApiDelivery)
        .where(
            ApiDelivery.id == one.id,
            ApiDelivery.attempts == one.attempts,
            ApiDelivery.state == HookState.WAITING,
        )
        .values(**values)
    )


def listed(session: Session) -> list[ApiHook]:
    """All addresses, newest first."""
    return list(session.scalars(select(ApiHook).order_by(ApiHook.id.desc())))


def log_of(session: Session, hook_id: int, *, limit: int = 50) -> list[ApiDelivery]:
    """What was told lately, newest first; never what was in it."""
    query = select(ApiDelivery).where(ApiDelivery.hook_id == hook_id)
    return list(session.scalars(query.order_by(ApiDelivery.id.desc()).limit(limit)))


def forget_log(session: Session, *, kept: timedelta, now: datetime) -> None:
    """Drop what was settled long ago."""
    session.execute(delete(ApiDelivery).where(ApiDelivery.settled_at < now - kept))
