"""Tokens of the API: made once and shown once, hashed, with scopes, an end, and a mark of when they were last used."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import audit, pace
from data.tables import ApiToken
from domain.api_scopes import Scope

BEGINS = "cn_"
SHOWN = 7
"""So many first characters are kept readable, to tell tokens apart."""
LASTS_MAX = timedelta(days=366)
PER_MINUTE = 120
USED_EVERY = timedelta(minutes=1)
"""The mark of last use is not written more often than that."""


@dataclass(frozen=True)
class Caller:
    """Who is behind a request. unit_id None: the whole province."""

    token_id: int
    scopes: frozenset[Scope]
    unit_id: str | None

    def reach(self) -> list[str] | None:
        return None if self.unit_id is None else [self.unit_id]


@dataclass(frozen=True)
class TooFast:
    """The token has used up this minute."""

    wait: timedelta


def issue(
    session: Session,
    *,
    name: str,
    scopes: Sequence[Scope],
    unit_id: str | None,
    lasts: timedelta,
    officer_id: int | None,
    now: datetime,
    per_minute: int = PER_MINUTE,
) -> tuple[ApiToken, str]:
    """A new token; the second value is the token itself, which nobody can read again."""
    if lasts > LASTS_MAX or lasts <= timedelta(0) or not scopes or not name:
        raise ValueError("a token has a name, scopes and an end within a year")
    token = BEGINS + secrets.token_urlsafe(32)
    row = ApiToken(
        name=name,
        shown=token[:SHOWN],
        hash=_hash(token),
        scopes=[str(one) for one in sorted(set(scopes))],
        unit_id=unit_id,
        per_minute=per_minute,
        created_at=now,
        created_by=officer_id,
        expires_at=now + lasts,
    )
    session.add(row)
    session.flush()
    said = {"name": name, "scopes": row.scopes, "unit_id": unit_id, "expires_at": row.expires_at.isoformat()}
    _note(session, row, "token.add", said, officer_id, now)
    return row, token


def revoke(session: Session, token_id: int, *, officer_id: int, now: datetime) -> bool:
    """End a token at once; False when there is none or it was ended before."""
    row = session.get(ApiToken, token_id, with_for_update=True)
    if row is None or row.revoked_at is not None:
        return False
    row.revoked_at = now
    _note(session, row, "token.revoke", {"name": row.name}, officer_id, now)
    return True


def _note(
    session: Session,
    row: ApiToken,
    action: str,
    after: Mapping[str, object],
    officer_id: int | None,
    now: datetime,
) -> None:
    session.flush()
    audit.record(
        session,
        officer_id=officer_id,
        action=action,
        subject=f"token:{row.id}",
        before=None,
        after=after,
        now=now,
    )


def admit(session: Session, token: str, *, now: datetime) -> Caller | TooFast | None:
    """Who shows this token; None when it is unknown, over or revoked. Counts the request, and marks the use."""
    row = session.scalar(select(ApiToken).where(ApiToken.hash == _hash(token)))
    if row is None or row.revoked_at is not None or row.expires_at <= now:
        return None
    if not pace.take_one(session, f"api:{row.id}", row.per_minute, now):
        return TooFast(pace.window_of(now) + pace.MINUTE - now)
    if row.last_used_at is None or now - row.last_used_at >= USED_EVERY:
        row.last_used_at = now
    known = {one for one in row.scopes if one in set(Scope)}
    return Caller(row.id, frozenset(Scope(one) for one in known), row.unit_id)


def listed(session: Session) -> list[ApiToken]:
    """All tokens, newest first."""
    return list(session.scalars(select(ApiToken).order_by(ApiToken.id.desc())))


def _hash(token: str) -> str:
    """Plain SHA-256: a token is 256 random bits, there is nothing to guess."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
