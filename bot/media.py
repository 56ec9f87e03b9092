"""Photos and clips: fetched at once (their links die), checked, kept; who sent them is told what came of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import structlog
from PIL import Image, UnidentifiedImageError
from sqlalchemy.orm import Session

from bot.fetching import Fetcher, FetchFailed, LinkDead, LinkForbidden
from bot.metrics import Metrics
from data import attachments, broadcast_media, outgoing
from data.media import LIMITS, Kept, MediaStore, TooBig, file_type
from data.sealing import Sealer
from data.session import Database
from data.tables import AttachmentRow, Citizen
from domain.messages import Reply
from domain.tips import AttachmentState
from domain.work import Kind, Wake
from handlers import texts

log = structlog.get_logger()

LEASE = timedelta(minutes=3)
WAITS = (timedelta(seconds=2), timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5))
PIXELS_MAX = 60_000_000
"""A picture that would unfold to more pixels than this is not opened."""
HEAD = 4096
ORPHAN_AGE = timedelta(days=1)


class MediaRefused(Exception):
    """Not one of the types or sizes we take; the words are for the citizen and the officer."""


class Media:
    """`drain` fetches one waiting file; any number of threads and processes may call it."""

    def __init__(
        self,
        database: Database,
        store: MediaStore,
        fetcher: Fetcher,
        sealer: Sealer,
        *,
        clock: Callable[[], datetime],
        wake: Wake,
        metrics: Metrics,
    ) -> None:
        self._database = database
        self._store = store
        self._fetcher = fetcher
        self._sealer = sealer
        self._clock = clock
        self._wake = wake
        self._metrics = metrics

    def drain(self) -> int:
        with self._database.transaction() as session:
            claimed = attachments.claim_due(session, now=self._clock(), limit=1, lease=LEASE)
        for row in claimed:
            self._take(row)
        return len(claimed)

    def _take(self, row: AttachmentRow) -> None:
        assert row.link_sealed is not None
        link = self._sealer.open(row.link_sealed, purpose="link").decode()
        try:
            kept, mime, kind = self._fetch(link, row.kind)
        except LinkForbidden:
            self._end(row, AttachmentState.REFUSED, "nguồn tệp không được phép.")
        except LinkDead:
            self._end(row, AttachmentState.LOST, "đường dẫn đã hết hạn.")
        except (MediaRefused, TooBig) as error:
            self._end(row, AttachmentState.REFUSED, str(error))
        except (FetchFailed, OSError) as error:
            self._later(row, error)
        else:
            self._settle(row, kept, mime, kind)

    def _fetch(self, link: str, said_kind: str) -> tuple[Kept, str, str]:
        """Bytes to disk; the type is read from the bytes, never from the name."""
        with self._fetcher.open(link) as (announced, chunks):
            head = _take_head(chunks)
            found = file_type(head)
            if found is None:
                raise MediaRefused("loại tệp này chưa được hỗ trợ.")
            mime, kind = found
            limit = LIMITS[kind]
            if announced is not None and announced > limit:
                raise MediaRefused(too_big(limit))
            try:
                return self._store.save(itertools.chain([head], chunks), limit=limit), mime, kind
            except TooBig:
                raise MediaRefused(too_big(limit)) from None

    def _settle(self, row: AttachmentRow, kept: Kept, mime: str, kind: str) -> None:
        size: tuple[int, int] | None = None
        if kind == "photo":
            try:
                size = self._measure(kept.media_key)
            except MediaRefused as error:
                self._store.delete(kept.media_key)
                return self._end(row, AttachmentState.REFUSED, str(error))
        with self._database.transaction() as session:
            ours = attachments.kept(
                session,
                row,
                media_key=kept.media_key,
                mime=mime,
                kind=kind,
                size=kept.size,
                sha256=kept.sha256,
                width=size[0] if size else None,
                height=size[1] if size else None,
                now=self._clock(),
            )
        if not ours:
            self._store.delete(kept.media_key)
        self._metrics.media(AttachmentState.KEPT)
        return None

    def _measure(self, media_key: str) -> tuple[int, int] | None:
        """Width and height from the header alone; None where the format is not one we can read."""
        try:
            with self._store.open(media_key) as stream, Image.open(stream) as picture:
                width, height = picture.size
        except Image.DecompressionBombError:
            raise MediaRefused("ảnh có kích thước quá lớn.") from None
        except (UnidentifiedImageError, OSError, ValueError):
            return None
        if width * height > PIXELS_MAX:
            raise MediaRefused("ảnh có kích thước quá lớn.")
        return width, height

    def _later(self, row: AttachmentRow, error: Exception) -> None:
        if row.attempts > len(WAITS):
            return self._end(row, AttachmentState.LOST, "không tải về được.")
        log.info("media_later", attachment_id=row.id, attempt=row.attempts, error=type(error).__name__)
        with self._database.transaction() as session:
            attachments.try_later(session, row, due_at=self._clock() + WAITS[row.attempts - 1])
        return None

    def _end(self, row: AttachmentRow, state: AttachmentState, reason: str) -> None:
        """Refused or lost: kept as a fact, and the citizen is told; the tip stands."""
        now = self._clock()
        told = (
            texts.ATTACHMENT_REFUSED.format(reason=reason)
            if state is AttachmentState.REFUSED
            else texts.ATTACHMENT_LOST
        )
        with self._database.transaction() as session:
            if attachments.ended(session, row, state=state, reason=reason, now=now) and row.citizen:
                outgoing.queue_replies(
                    session,
                    citizen=row.citizen,
                    oa_id=_oa_of(session, row.citizen),
                    replies=[Reply(told)],
                    event_id=None,
                    tip_id=row.tip_id,
                    now=now,
                )
        self._metrics.media(state)
        self._wake(Kind.OUTBOX, row.citizen or "")


def too_big(limit: int) -> str:
    return f"tệp lớn hơn {limit // (1 << 20)} MB."


def _take_head(chunks: Iterator[bytes]) -> bytes:
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= HEAD:
            break
    return head


def _oa_of(session: Session, citizen: str) -> str:
    row = session.get(Citizen, citizen)
    assert row is not None
    return row.oa_id


def sweep_dropped(database: Database, store: MediaStore, *, limit: int = 100) -> int:
    """Delete from disk the files of tips that were stopped; returns how many."""
    with database.transaction() as session:
        rows = attachments.dropped_files(session, limit=limit)
        keys = [row.media_key for row in rows if row.media_key]
        for row in rows:
            row.media_key = None
    for key in keys:
        store.delete(key)
    return len(keys)


def sweep_orphans(database: Database, store: MediaStore, *, now: datetime) -> int:
    """Delete files that no row knows: a process died between keeping the file and keeping its row.

    Young ones are left alone, their row may be on its way.
    """
    store.drop_unfinished(before=now - ORPHAN_AGE)
    old = [key for key in store.stored_keys() if store.kept_at(key) < now - ORPHAN_AGE]
    with database.reading() as session:
        orphans = set(old) - attachments.known_keys(session, old) - broadcast_media.known_keys(session, old)
    for key in orphans:
        store.delete(key)
    return len(orphans)
