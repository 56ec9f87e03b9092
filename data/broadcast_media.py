"""Pictures and files that officers put into broadcasts, and what Zalo calls them after an upload."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data.tables import BroadcastMedia, OaUpload
from domain.posts import Attached, AttachedKind

UPLOAD_GOOD_FOR = timedelta(days=6)
"""Zalo keeps an upload for about seven days (docs/zalo.md, "Upload"); a day less, for a send that waits."""


def keep(session: Session, media: Attached, *, mime: str, officer_id: int, now: datetime) -> None:
    """The bytes are in the media store; from now on a row knows them."""
    session.add(
        BroadcastMedia(
            media_key=media.key,
            kind=media.kind,
            name=media.name,
            mime=mime,
            size=media.size,
            sha256=media.sha256,
            officer_id=officer_id,
            created_at=now,
        )
    )
    session.flush()


def find(session: Session, keys: Sequence[str]) -> list[Attached]:
    """Those of `keys` that are known, in the order asked for."""
    rows = session.scalars(select(BroadcastMedia).where(BroadcastMedia.media_key.in_(keys)))
    known = {
        row.media_key: Attached(row.media_key, AttachedKind(row.kind), row.name, row.size, row.sha256)
        for row in rows
    }
    return [known[key] for key in keys if key in known]


def known_keys(session: Session, keys: Sequence[str]) -> set[str]:
    """Those of `keys` that some broadcast's file has."""
    known: set[str] = set()
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        known.update(
            session.scalars(select(BroadcastMedia.media_key).where(BroadcastMedia.media_key.in_(part)))
        )
    return known


def uploaded(session: Session, oa_id: str, sha256: str, *, now: datetime) -> str | None:
    """What Zalo calls this file for this OA, while it is still good."""
    row = session.get(OaUpload, (oa_id, sha256))
    return row.attachment_id if row and row.uploaded_at > now - UPLOAD_GOOD_FOR else None


def note_upload(session: Session, oa_id: str, sha256: str, attachment_id: str, *, now: datetime) -> None:
    row = session.get(OaUpload, (oa_id, sha256)) or OaUpload(oa_id=oa_id, sha256=sha256)
    row.attachment_id, row.uploaded_at = attachment_id, now
    session.add(row)
    session.flush()


def forget_upload(session: Session, oa_id: str, sha256: str) -> None:
    session.execute(delete(OaUpload).where(OaUpload.oa_id == oa_id, OaUpload.sha256 == sha256))
