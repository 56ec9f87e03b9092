"""A new DATA_KEY: everything sealed in rows is sealed anew with the first key, so that the old one can go.

The pepper keeps its value, so citizens stay who they are. Files of the media store are not touched here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from data import accounts, hooks, second_factors
from data.sealing import CannotOpen, Sealer
from data.session import Database
from data.tables import ApiHook, AttachmentRow, EventRow, Identity, SealedKey, SecondFactor, Token

BATCH = 500


@dataclass(frozen=True)
class _Sealed:
    """One sealed column: its table's key, the column, and for what it was sealed."""

    name: str
    key: InstrumentedAttribute[Any]
    column: InstrumentedAttribute[Any]
    purpose: Callable[[Any], str]


SEALED = (
    _Sealed("keys", SealedKey.name, SealedKey.sealed, lambda row: row.name),
    _Sealed("identities", Identity.citizen, Identity.sealed, lambda row: "identity"),
    _Sealed("access tokens", Token.oa_id, Token.access_sealed, lambda row: accounts.PURPOSE),
    _Sealed("refresh tokens", Token.oa_id, Token.refresh_sealed, lambda row: accounts.PURPOSE),
    _Sealed("events", EventRow.id, EventRow.body_sealed, lambda row: "event"),
    _Sealed("webhook secrets", ApiHook.id, ApiHook.secret_sealed, lambda row: hooks.PURPOSE),
    _Sealed("links", AttachmentRow.id, AttachmentRow.link_sealed, lambda row: "link"),
    _Sealed(
        "authenticator apps",
        SecondFactor.officer_id,
        SecondFactor.totp_sealed,
        lambda row: second_factors.PURPOSE,
    ),
)


def rotate(database: Database, sealer: Sealer) -> tuple[dict[str, int], dict[str, int]]:
    """Seal anew; ({what: how many}, {what: how many could not be opened}). Safe to break off and to repeat."""
    done: dict[str, int] = {}
    failed: dict[str, int] = {}
    for one in SEALED:
        last: Any = None
        while True:
            last, count, lost = _some(database, sealer, one, last)
            done[one.name] = done.get(one.name, 0) + count
            failed[one.name] = failed.get(one.name, 0) + lost
            if last is None:
                break
    return done, {name: count for name, count in failed.items() if count}


def _some(database: Database, sealer: Sealer, one: _Sealed, last: Any) -> tuple[Any, int, int]:
    """A few rows after `last`; None as the new last means there are no more."""
    count = lost = 0
    with database.transaction() as session:
        query = select(one.column.class_).where(one.column.is_not(None)).order_by(one.key).limit(BATCH)
        rows = session.scalars(query if last is None else query.where(one.key > last)).all()
        for row in rows:
            purpose = one.purpose(row)
            try:
                plain = sealer.open(getattr(row, one.column.key), purpose=purpose)
            except CannotOpen:
                lost += 1
                continue
            setattr(row, one.column.key, sealer.seal(plain, purpose=purpose))
            count += 1
        return (getattr(rows[-1], one.key.key) if len(rows) == BATCH else None), count, lost
