"""Photos and clips: fetched at once (their links die), hashed and sealed as they stream; who sent them is told."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.attachment_work import AttachmentWork
from bot.fetching import Fetcher, FetchFailed, LinkDead, LinkForbidden
from bot.metrics import Metrics
from data import attachments, broadcast_media, orders, outgoing
from data.attachments import Part, bound
from data.media import MediaStore, TooBig, file_type
from data.sealed_files import SealedFile, save_sealed
from data.sealing import Sealer
from data.session import Database
from data.tables import AttachmentRow, Citizen
from domain.media import LIMITS, Refusal
from domain.messages import Reply
from domain.tips import AttachmentKind, AttachmentState
from domain.work import Kind, Wake
from handlers import texts

LEASE = timedelta(minutes=3)
WAITS = (timedelta(seconds=2), timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5))
DISK_TRIES = 60
"""A full disk is our fault, not the link's: it is tried again for hours."""
HEAD = 4096
ORPHAN_AGE = timedelta(days=1)


class MediaRefused(Exception):
    """Not one of the types or sizes we take; the words are for the citizen and the officer."""


class Media(AttachmentWork):
    """`drain` fetches one waiting file."""

    STATES, LEASE, WAITS = attachments.TO_FETCH, LEASE, WAITS

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
        super().__init__(database, store, sealer, clock=clock, wake=wake, metrics=metrics)
        self._fetcher = fetcher

    def _take(self, row: AttachmentRow) -> None:
        assert row.link_sealed is not None
        link = self._sealer.open(row.link_sealed, purpose="link").decode()
        try:
            original, mime, kind = self._fetch(row, link)
        except LinkForbidden:
            self._end(row, AttachmentState.REFUSED, Refusal.SOURCE)
        except LinkDead:
            self._end(row, AttachmentState.LOST, "đường dẫn đã hết hạn.")
        except MediaRefused as error:
            self._end(row, AttachmentState.REFUSED, str(error))
        except FetchFailed as error:
            self._later(row, error, tries=len(WAITS))
        except OSError as error:
            self._later(row, error, tries=DISK_TRIES)
        else:
            self._settle(row, original, mime, kind)

    def _fetch(self, row: AttachmentRow, link: str) -> tuple[SealedFile, str, AttachmentKind]:
        """Bytes to disk, sealed; the type is read from the bytes, never from the name."""
        with self._fetcher.open(link) as (announced, chunks):
            head = _take_head(chunks)
            found = file_type(head)
            if found is None:
                raise MediaRefused(Refusal.TYPE if head else Refusal.EMPTY)
            mime, kind = found[0], AttachmentKind(found[1])
            limit = LIMITS[kind].size
            if announced is not None and announced > limit:
                raise MediaRefused(Refusal.size(kind))
            try:
                original = save_sealed(
                    self._store,
                    itertools.chain([head], chunks),
                    sealer=self._sealer,
                    bound=bound(row.draft_key, row.position, Part.ORIGINAL),
                    limit=limit,
                )
            except TooBig:
                raise MediaRefused(Refusal.size(kind)) from None
        return original, mime, kind

    def _settle(self, row: AttachmentRow, original: SealedFile, mime: str, kind: AttachmentKind) -> None:
        with self._database.transaction() as session:
            ours = attachments.sealed(
                session, row, original=original, mime=mime, kind=kind, now=self._clock()
            )
        if not ours:
            self._store.delete(original.media_key)
            return
        self._metrics.media(AttachmentState.SEALED)
        self._wake(Kind.CLEANING, "")

    def _later(self, row: AttachmentRow, error: Exception, *, tries: int) -> None:
        if row.attempts > tries:
            return self._end(row, AttachmentState.LOST, "không tải về được.")
        return self._try_later(row, error)

    def _end(self, row: AttachmentRow, state: AttachmentState, reason: str) -> None:
        """Refused or lost: kept as a fact, and the citizen is told; the tip stands."""
        now = self._clock()
        told = (
            texts.ATTACHMENT_REFUSED.format(reason=reason)
            if state is AttachmentState.REFUSED
            else texts.ATTACHMENT_LOST
        )
        with self._database.transaction() as session:
            if attachments.ended(session, row, state=state, reason=reason, now=now):
                tell(session, row, told, now=now)
        self._metrics.media(state)
        self._wake(Kind.OUTBOX, row.citizen or "")


def tell(session: Session, row: AttachmentRow, words: str, *, now: datetime) -> None:
    """Say to the one who sent this file what became of it; nobody is told when they asked to be forgotten."""
    if not row.citizen:
        return
    citizen = session.get(Citizen, row.citizen)
    assert citizen is not None
    outgoing.queue_replies(
        session,
        citizen=row.citizen,
        oa_id=citizen.oa_id,
        replies=[Reply(words)],
        event_id=None,
        tip_id=row.tip_id,
        now=now,
    )


def _take_head(chunks: Iterator[bytes]) -> bytes:
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= HEAD:
            break
    return head


def sweep_dropped(database: Database, store: MediaStore, *, now: datetime, limit: int = 100) -> int:
    """Delete from disk the files of tips that were stopped; returns how many attachments."""
    with database.transaction() as session:
        rows = attachments.dropped_files(session, limit=limit)
        keys = attachments.forget_files(session, rows, now=now, why="người gửi đã hủy tin báo")
    for key in keys:
        store.delete(key)
    return len(rows)


def sweep_orphans(database: Database, store: MediaStore, *, now: datetime) -> int:
    """Delete files that no row knows: a process died between keeping the file and keeping its row.

    Young ones are left alone, their row may be on its way.
    """
    store.drop_unfinished(before=now - ORPHAN_AGE)
    old = [key for key in store.stored_keys() if store.kept_at(key) < now - ORPHAN_AGE]
    with database.reading() as session:
        known = attachments.known_keys(session, old) | broadcast_media.known_keys(session, old)
        orphans = set(old) - known - orders.known_keys(session, old)
    for key in orphans:
        store.delete(key)
    return len(orphans)
