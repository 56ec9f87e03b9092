"""Official accounts: which there are, their sealed tokens, and the circuit that lets one of them rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Update, case, or_, select, update
from sqlalchemy.orm import Session

from data.pace import BY_PACKAGE, OA_REQUESTS_PER_MINUTE
from data.sealing import Sealer
from data.tables import OfficialAccount, Token
from domain.vietnamese import fold

OK = "ok"
DOWN = "down"
REFRESH_TOKEN_LIFE = timedelta(days=90)
"""Three months (docs/zalo.md, "OAuth"); each new pair is taken to start them anew."""
FAILURES_BEFORE_REST = 3
REST_FIRST = timedelta(seconds=5)
REST_LONGEST = timedelta(minutes=2)
PURPOSE = "token"


@dataclass(frozen=True)
class Account:
    """One official account as an administrator sees it; the expiries are None before it was connected."""

    oa_id: str
    name: str
    unit_id: str | None
    state: str
    requests_per_minute: int
    paused_until: datetime | None
    pause_reason: str | None
    access_expires_at: datetime | None
    refresh_expires_at: datetime | None


@dataclass(frozen=True)
class OaTokens:
    """The opened pair; never printed. `version` counts the pairs, so that a change is seen."""

    access_token: str
    refresh_token: str
    access_expires_at: datetime
    version: int

    def __repr__(self) -> str:
        return f"OaTokens(version={self.version})"


# ---- accounts ---------------------------------------------------------------------------------------------


def add_account(
    session: Session,
    *,
    oa_id: str,
    name: str,
    now: datetime,
    unit_id: str | None = None,
    requests_per_minute: int | None = None,
) -> None:
    """Add an official account, or bring the name (and what else is given) of a known one up to date."""
    account = session.get(OfficialAccount, oa_id)
    if account is None:
        account = OfficialAccount(
            oa_id=oa_id, name=name, requests_per_minute=OA_REQUESTS_PER_MINUTE, created_at=now
        )
        session.add(account)
    account.name = name
    if unit_id is not None:
        account.unit_id = unit_id
    if requests_per_minute is not None:
        account.requests_per_minute = requests_per_minute
    session.flush()


def note_package(session: Session, oa_id: str, package: str) -> None:
    """Zalo says which package the OA has: its pace follows. A name we do not know changes nothing."""
    name = fold(package)
    limit = next((limit for known, limit in BY_PACKAGE.items() if known in name), None)
    if limit is not None:
        session.get_one(OfficialAccount, oa_id).requests_per_minute = limit


def list_accounts(session: Session) -> list[Account]:
    """All official accounts, by id."""
    rows = session.execute(
        select(OfficialAccount, Token)
        .outerjoin(Token, Token.oa_id == OfficialAccount.oa_id)
        .order_by(OfficialAccount.oa_id)
    )
    return [
        Account(
            oa_id=account.oa_id,
            name=account.name,
            unit_id=account.unit_id,
            state=account.state,
            requests_per_minute=account.requests_per_minute,
            paused_until=account.paused_until,
            pause_reason=account.pause_reason,
            access_expires_at=token.access_expires_at if token else None,
            refresh_expires_at=token.refresh_expires_at if token else None,
        )
        for account, token in rows
    ]


def with_days_left(session: Session, *, now: datetime) -> list[tuple[Account, int]]:
    """All official accounts with the whole days their refresh token still has; 0 when it has none."""
    return [
        (account, max(0, (account.refresh_expires_at - now).days) if account.refresh_expires_at else 0)
        for account in list_accounts(session)
    ]


def oa_ids(session: Session) -> frozenset[str]:
    """The ids of our official accounts."""
    return frozenset(session.scalars(select(OfficialAccount.oa_id)))


# ---- tokens -----------------------------------------------------------------------------------------------


def tokens_of(session: Session, oa_id: str, sealer: Sealer) -> OaTokens | None:
    """The pair of an OA; None when it was never connected. Raises CannotOpen."""
    row = session.get(Token, oa_id)
    if row is None:
        return None
    return OaTokens(
        access_token=sealer.open(row.access_sealed, purpose=PURPOSE).decode(),
        refresh_token=sealer.open(row.refresh_sealed, purpose=PURPOSE).decode(),
        access_expires_at=row.access_expires_at,
        version=row.version,
    )


def lease_refresh(session: Session, oa_id: str, *, version: int, now: datetime, lease: timedelta) -> bool:
    """Become the one who refreshes pair number `version`. False: somebody else is at it, or it is done."""
    return bool(
        _changed(
            session,
            update(Token)
            .where(
                Token.oa_id == oa_id,
                Token.version == version,
                or_(Token.lease_until.is_(None), Token.lease_until <= now),
            )
            .values(lease_until=now + lease),
        )
    )


def free_refresh(session: Session, oa_id: str, *, version: int) -> None:
    """Nothing came of it: the next one may try."""
    session.execute(
        update(Token).where(Token.oa_id == oa_id, Token.version == version).values(lease_until=None)
    )


def store_pair(
    session: Session,
    sealer: Sealer,
    *,
    oa_id: str,
    access_token: str,
    refresh_token: str,
    expires_in: timedelta,
    now: datetime,
    replaces: int | None = None,
) -> bool:
    """Keep a new pair, sealed; the account is ok again.

    replaces  the version it was traded for: False, and nothing kept, when that is no longer the newest one
    """
    sealed = {
        "access_sealed": sealer.seal(access_token.encode(), purpose=PURPOSE),
        "refresh_sealed": sealer.seal(refresh_token.encode(), purpose=PURPOSE),
        "access_expires_at": now + expires_in,
        "refresh_expires_at": now + REFRESH_TOKEN_LIFE,
        "renewed_at": now,
        "lease_until": None,
    }
    row = session.get(Token, oa_id, with_for_update=True)
    if replaces is not None and (row is None or row.version != replaces):
        return False
    if row is None:
        row = Token(oa_id=oa_id, version=1, **sealed)
        session.add(row)
    else:
        for name, value in sealed.items():
            setattr(row, name, value)
        row.version += 1
    session.execute(
        update(OfficialAccount)
        .where(OfficialAccount.oa_id == oa_id)
        .values(state=OK, failures=0, paused_until=None, pause_reason=None)
    )
    session.flush()
    return True


def is_down(session: Session, oa_id: str) -> bool:
    """Does the OA wait for an administrator?"""
    return session.scalar(select(OfficialAccount.state).where(OfficialAccount.oa_id == oa_id)) == DOWN


def set_down(session: Session, oa_id: str, *, version: int, reason: str) -> bool:
    """Zalo refuses the pair number `version`. False when a newer pair has been stored meanwhile."""
    current = session.scalar(select(Token.version).where(Token.oa_id == oa_id).with_for_update())
    if current != version:
        return False
    session.execute(
        update(OfficialAccount).where(OfficialAccount.oa_id == oa_id).values(state=DOWN, pause_reason=reason)
    )
    free_refresh(session, oa_id, version=version)
    return True


# ---- the circuit ------------------------------------------------------------------------------------------


def paused_until(session: Session, oa_id: str, *, now: datetime) -> datetime | None:
    """When somebody may send for this OA again; None when now."""
    until = session.scalar(select(OfficialAccount.paused_until).where(OfficialAccount.oa_id == oa_id))
    return until if until is not None and until > now else None


def pause(session: Session, oa_id: str, *, until: datetime, reason: str) -> None:
    """Nobody sends for this OA before `until`. A longer pause stays."""
    session.execute(
        update(OfficialAccount)
        .where(
            OfficialAccount.oa_id == oa_id,
            or_(OfficialAccount.paused_until.is_(None), OfficialAccount.paused_until < until),
        )
        .values(paused_until=until, pause_reason=reason)
    )


def note_failure(session: Session, oa_id: str, *, now: datetime, reason: str) -> datetime | None:
    """Zalo could not be reached for this OA. After FAILURES_BEFORE_REST in a row it rests, longer each time;
    returns until when."""
    failures = session.scalar(
        update(OfficialAccount)
        .where(OfficialAccount.oa_id == oa_id)
        .values(failures=OfficialAccount.failures + 1)
        .returning(OfficialAccount.failures)
        .execution_options(synchronize_session=False)
    )
    if failures is None or failures < FAILURES_BEFORE_REST:
        return None
    until = now + rest_after(failures)
    pause(session, oa_id, until=until, reason=reason)
    return until


def note_success(session: Session, oa_id: str, *, now: datetime) -> None:
    """Zalo took something: the circuit closes. A pause that still runs stays (the answer may be an older one)."""
    over = OfficialAccount.paused_until <= now
    session.execute(
        update(OfficialAccount)
        .where(OfficialAccount.oa_id == oa_id, or_(OfficialAccount.failures > 0, over))
        .values(
            failures=0,
            paused_until=case((over, None), else_=OfficialAccount.paused_until),
            pause_reason=case((over, None), else_=OfficialAccount.pause_reason),
        )
        .execution_options(synchronize_session=False)
    )


def rest_after(failures: int) -> timedelta:
    """5 s, 10 s, 20 s … up to two minutes."""
    return min(REST_FIRST * (1 << min(max(failures - FAILURES_BEFORE_REST, 0), 10)), REST_LONGEST)


def _changed(session: Session, statement: Update) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", result).rowcount
