"""The second factor of officers: authenticator app, passkeys, recovery codes.

The app's key lies sealed, recovery codes as hashes (a code has 79 random bits, so a slow hash would add nothing),
of a passkey only the public half. Every change leaves an audit row without any secret in it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from passlib.exc import TokenError
from passlib.totp import TOTP
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from data import audit
from data.tables import Officer, Passkey, SecondFactor

PURPOSE = "second factor"
"""What the keys of authenticator apps are sealed for."""
CODES = 10
"""Recovery codes given out at a time."""
PASSKEYS_MAX = 10
NAME_MAX = 60
STEP_S = 30
"""A code of the app lasts half a minute; the one before and the one after are taken too (clocks differ)."""
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
Open = Callable[[bytes], bytes]


@dataclass(frozen=True)
class KnownPasskey:
    id: int
    credential_id: bytes
    name: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Factors:
    """What an officer can prove themself with."""

    totp_since: datetime | None = None
    codes_left: int = 0
    passkeys: tuple[KnownPasskey, ...] = ()

    @property
    def any(self) -> bool:
        return self.totp_since is not None or bool(self.passkeys)


def factors_of(session: Session, officer_id: int) -> Factors:
    row = session.get(SecondFactor, officer_id)
    keys = session.scalars(select(Passkey).where(Passkey.officer_id == officer_id).order_by(Passkey.id))
    return Factors(
        totp_since=row.totp_since if row else None,
        codes_left=len(row.recovery) if row else 0,
        passkeys=tuple(
            KnownPasskey(key.id, key.credential_id, key.name, key.created_at, key.used_at) for key in keys
        ),
    )


def who_has_any(session: Session, officer_ids: Collection[int]) -> set[int]:
    """Of these officers, those with an app or a passkey."""
    apps = session.scalars(
        select(SecondFactor.officer_id).where(
            SecondFactor.officer_id.in_(officer_ids), SecondFactor.totp_since.is_not(None)
        )
    )
    keys = session.scalars(select(Passkey.officer_id).where(Passkey.officer_id.in_(officer_ids)))
    return {*apps, *keys}


# ---- authenticator app ------------------------------------------------------------------------------------


def new_key() -> str:
    """A new key for an authenticator app, in base 32."""
    return str(TOTP.new().base32_key)


def counter_of(key: str, code: str, *, now: datetime, last: int | None = None) -> int | None:
    """The half minute this code stands for; None when it is wrong, too old or used already (`last`)."""
    try:
        match = TOTP(key=key).match(code, time=now, window=STEP_S, last_counter=last)
    except TokenError:
        return None
    return int(match.counter)


def set_key(session: Session, officer_id: int, *, sealed: bytes, counter: int, now: datetime) -> None:
    """Take this app from now on; another one that was there no longer counts. `counter` was proved just now."""
    row = _row(session, officer_id)
    had = row.totp_since is not None
    row.totp_sealed, row.totp_counter, row.totp_since = sealed, counter, now
    _note(session, officer_id, "officer.totp", {"app": had}, {"app": True}, now=now)


def use_code(session: Session, officer_id: int, code: str, *, open_key: Open, now: datetime) -> bool:
    """Is this the app's code of now, not used before? It is used up by this."""
    row = session.scalar(select(SecondFactor).where(SecondFactor.officer_id == officer_id).with_for_update())
    if row is None or row.totp_sealed is None:
        return False
    counter = counter_of(open_key(row.totp_sealed).decode(), code, now=now, last=row.totp_counter)
    if counter is None:
        return False
    row.totp_counter = counter
    session.flush()
    return True


# ---- recovery codes -----------------------------------------------------------------------------------------


def new_codes(session: Session, officer_id: int, *, now: datetime) -> list[str]:
    """A new set of recovery codes; older ones are void. They are shown once and cannot be read again."""
    codes = [
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4)) for _ in range(CODES)
    ]
    keep_codes(session, officer_id, codes, now=now)
    return codes


def keep_codes(session: Session, officer_id: int, codes: Collection[str], *, now: datetime) -> None:
    row = _row(session, officer_id)
    row.recovery, row.recovery_since = [hash_of(code) for code in codes], now
    _note(session, officer_id, "officer.recovery_codes", None, {"codes": len(codes)}, now=now)


def use_recovery(session: Session, officer_id: int, code: str, *, now: datetime) -> bool:
    """Is this one of the codes not used yet? It is used up by this, with an audit row."""
    row = session.scalar(select(SecondFactor).where(SecondFactor.officer_id == officer_id).with_for_update())
    hashed = hash_of(code)
    if row is None or hashed not in row.recovery:
        return False
    row.recovery = [one for one in row.recovery if one != hashed]
    _note(session, officer_id, "officer.recovery_used", None, {"codes": len(row.recovery)}, now=now)
    return True


# ---- passkeys -----------------------------------------------------------------------------------------------


def add_passkey(
    session: Session,
    officer_id: int,
    *,
    credential_id: bytes,
    public_key: bytes,
    sign_count: int,
    name: str,
    now: datetime,
) -> bool:
    """Keep a passkey; False when it is there already or the officer has PASSKEYS_MAX of them."""
    session.scalar(select(Officer.id).where(Officer.id == officer_id).with_for_update())
    known = session.scalar(select(Passkey.id).where(Passkey.credential_id == credential_id))
    count = session.scalar(select(func.count()).where(Passkey.officer_id == officer_id)) or 0
    if known is not None or count >= PASSKEYS_MAX:
        return False
    session.add(
        Passkey(
            officer_id=officer_id,
            credential_id=credential_id,
            public_key=public_key,
            sign_count=sign_count,
            name=name[:NAME_MAX],
            created_at=now,
        )
    )
    _note(session, officer_id, "officer.passkey", {"passkeys": count}, {"passkeys": count + 1}, now=now)
    return True


def find_passkey(session: Session, officer_id: int, credential_id: bytes) -> Passkey | None:
    return session.scalar(
        select(Passkey)
        .where(Passkey.officer_id == officer_id, Passkey.credential_id == credential_id)
        .with_for_update()
    )


def remove_passkey(session: Session, officer_id: int, passkey_id: int, *, now: datetime) -> bool:
    """Forget a passkey of this officer; False when there is none of this number."""
    row = session.get(Passkey, passkey_id)
    if row is None or row.officer_id != officer_id:
        return False
    session.delete(row)
    _note(session, officer_id, "officer.passkey_removed", {"name": row.name}, None, now=now)
    return True


def remove_app(session: Session, officer_id: int, *, now: datetime) -> None:
    row = _row(session, officer_id)
    row.totp_sealed = row.totp_counter = row.totp_since = None
    _note(session, officer_id, "officer.totp", {"app": True}, {"app": False}, now=now)


def forget_all(session: Session, officer_id: int) -> None:
    """No app, no passkey, no code is left: the officer sets them up anew. The caller leaves the audit row."""
    session.execute(delete(Passkey).where(Passkey.officer_id == officer_id))
    session.execute(delete(SecondFactor).where(SecondFactor.officer_id == officer_id))


def _row(session: Session, officer_id: int) -> SecondFactor:
    row = session.scalar(select(SecondFactor).where(SecondFactor.officer_id == officer_id).with_for_update())
    if row is None:
        row = SecondFactor(officer_id=officer_id, recovery=[])
        session.add(row)
        session.flush()
    return row


def hash_of(code: str) -> str:
    """However it was typed: capitals, spaces and dashes do not count."""
    plain = "".join(letter for letter in code.casefold() if letter.isalnum())
    return hashlib.sha256(f"recovery:{plain}".encode()).hexdigest()


def _note(
    session: Session,
    officer_id: int,
    action: str,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
    *,
    now: datetime,
) -> None:
    session.flush()
    audit.record(
        session,
        officer_id=officer_id,
        action=action,
        subject=f"officer:{officer_id}",
        before=before,
        after=after,
        now=now,
    )
