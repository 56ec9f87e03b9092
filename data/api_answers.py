"""Answers to writes, kept under the key the sender chose, so that a repeat gets the same answer and changes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data.tables import ApiAnswer, ApiToken

KEPT = timedelta(hours=24)


class OtherRequest(Exception):
    """The key was used for another request."""


@dataclass(frozen=True)
class Answered:
    """What was answered before."""

    status: int
    body: Mapping[str, Any]


def find(session: Session, token_id: int, key: str, request: bytes, *, now: datetime) -> Answered | None:
    """The answer given before; None for a new key. Raises OtherRequest when the key stood for something else.

    Writes of one token wait for each other here, so that two with the same key cannot both be new.
    """
    session.execute(select(ApiToken.id).where(ApiToken.id == token_id).with_for_update())
    row = session.scalar(select(ApiAnswer).where(ApiAnswer.token_id == token_id, ApiAnswer.key == key))
    if row is None:
        return None
    if row.at <= now - KEPT:
        session.delete(row)
        session.flush()
        return None
    if row.request_hash != hash_of(request):
        raise OtherRequest
    assert row.response_hash == hash_of(_written(row.body))
    return Answered(row.status, row.body)


def keep(
    session: Session,
    token_id: int,
    key: str,
    request: bytes,
    *,
    status: int,
    body: Mapping[str, Any],
    now: datetime,
) -> None:
    """Remember the answer, in the transaction of what it tells of."""
    session.add(
        ApiAnswer(
            token_id=token_id,
            key=key,
            request_hash=hash_of(request),
            response_hash=hash_of(_written(body)),
            status=status,
            body=dict(body),
            at=now,
        )
    )


def forget(session: Session, *, now: datetime) -> None:
    session.execute(delete(ApiAnswer).where(ApiAnswer.at < now - KEPT))


def hash_of(said: bytes) -> str:
    return hashlib.sha256(said).hexdigest()


def _written(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
