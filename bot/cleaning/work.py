"""From a sealed original to a clean copy that officers may look at; what cannot be cleaned is never shown."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import IO

import structlog
from sqlalchemy.orm import Session

from bot.attachment_work import AttachmentWork
from bot.cleaning.cleaner import Cleaner
from bot.cleaning.orders import CannotClean, Cleaned, CleanerDown, Order, TooMuch
from bot.media import tell
from bot.metrics import Metrics
from data import attachments
from data.attachments import TO_CLEAN, Part, View, bound
from data.media import MediaStore, file_type
from data.sealed_files import CHUNK, SealedFile, is_sealed, open_sealed, read_in_chunks, save_sealed
from data.sealing import CannotOpen, Sealer
from data.session import Database
from data.tables import AttachmentRow
from domain.tips import AttachmentKind, AttachmentState
from domain.work import Kind, Wake
from handlers import texts

log = structlog.get_logger()

OfferPlace = Callable[[Session, AttachmentRow, tuple[float, float], datetime], bool]
LEASE = timedelta(minutes=15)
"""Longer than the longest cage."""
WAITS = (timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=5))
"""After these the file is left sealed: what fails again and again is not tried for ever."""
DEATHS_MAX = 32
"""Workers that may die over one file. Several power cuts in a row must not pass for a file that kills; a hostile one
does not leave its cage."""
LIMIT = 1 << 32
NOT_SHOWN = "không tạo được bản xem an toàn; bản gốc được giữ niêm phong."
GONE = "bản gốc không còn trên đĩa."


class Cleaning(AttachmentWork):
    """`drain` makes one clean copy."""

    STATES, LEASE, WAITS = TO_CLEAN, LEASE, WAITS

    def __init__(
        self,
        database: Database,
        store: MediaStore,
        cleaner: Cleaner,
        sealer: Sealer,
        *,
        clock: Callable[[], datetime],
        wake: Wake,
        metrics: Metrics,
        offer: OfferPlace | None = None,
    ) -> None:
        """offer: says to the sender of a file that it names a place; True when something is on its way."""
        super().__init__(database, store, sealer, clock=clock, wake=wake, metrics=metrics)
        self._cleaner = cleaner
        self._offer = offer

    def _take(self, row: AttachmentRow) -> None:
        if row.attempts > DEATHS_MAX:  # nobody came back to say what is wrong with it
            return self._leave_sealed(row, NOT_SHOWN, "tries")
        try:
            if row.state == AttachmentState.CLEAR:
                return self._seal_old(row)
            with self._nameless() as view, self._nameless() as poster:
                self._keep(row, self._clean(row, view, poster), view, poster)
        except TooMuch as refused:
            self._refuse(row, refused.in_words(AttachmentKind(row.kind)))
        except CannotClean as error:
            self._leave_sealed(row, NOT_SHOWN, error.cause)
        except FileNotFoundError:
            self._leave_sealed(row, GONE, "gone")
        except (CleanerDown, CannotOpen, OSError) as error:
            self._later(row, error)

    def _clean(self, row: AttachmentRow, view: IO[bytes], poster: IO[bytes]) -> Cleaned:
        """The original is unsealed into a nameless file, for as long as its copy is being made."""
        assert row.original_key is not None
        assert row.mime is not None
        order = Order(row.mime, AttachmentKind(row.kind))
        with self._nameless() as plain:
            with open_sealed(
                self._store, row.original_key, sealer=self._sealer, bound=_bound(row, Part.ORIGINAL)
            ) as original:
                shutil.copyfileobj(original, plain, CHUNK)
            return self._cleaner.clean(order, plain, view, poster)

    def _keep(self, row: AttachmentRow, cleaned: Cleaned, view: IO[bytes], poster: IO[bytes]) -> None:
        made = self._seal(row, Part.VIEW, view)
        still = self._seal(row, Part.POSTER, poster) if cleaned.poster else None
        found = View(
            kind=cleaned.kind,
            mime=cleaned.mime,
            file=made,
            poster=still,
            width=cleaned.width,
            height=cleaned.height,
            seconds=cleaned.seconds,
            likeness=cleaned.likeness,
            peaks=cleaned.peaks,
            place=cleaned.place,
        )
        offered = False
        with self._database.transaction() as session:
            ours = attachments.cleaned(session, row, found, sealer=self._sealer, now=self._clock())
            if ours and found.place and self._offer:
                offered = self._offer(session, row, found.place, self._clock())
        if ours:
            self._metrics.media(AttachmentState.KEPT)
            if offered:
                self._wake(Kind.OUTBOX, row.citizen or "")
            return
        for file in (made, still):
            if file is not None:
                self._store.delete(file.media_key)

    def _nameless(self) -> IO[bytes]:
        """A file that has no name in any folder: when we are killed, the kernel frees it, and nobody finds it."""
        return tempfile.TemporaryFile(dir=self._store.folder)

    def _seal(self, row: AttachmentRow, part: Part, file: IO[bytes]) -> SealedFile:
        return save_sealed(
            self._store, read_in_chunks(file), sealer=self._sealer, bound=_bound(row, part), limit=LIMIT
        )

    def _seal_old(self, row: AttachmentRow) -> None:
        """What an older release kept in clear: sealed first, its clean copy comes next, the clear file goes."""
        assert row.media_key is not None
        bound_to = _bound(row, Part.ORIGINAL)
        old = row.media_key
        if is_sealed(self._store, old):  # a newer release was here before, and was taken back
            opened = open_sealed(self._store, old, sealer=self._sealer, bound=bound_to)
        else:
            opened = self._store.open(old)
        with opened:
            head = opened.read(4096)
            opened.seek(0)
            original = save_sealed(
                self._store, read_in_chunks(opened), sealer=self._sealer, bound=bound_to, limit=LIMIT
            )
        mime, kind = file_type(head) or (row.mime or "", row.kind)
        changed = row.sha256 is not None and row.sha256 != original.sha256
        words = f"lúc nhận ghi mã băm {row.sha256}" if changed else "niêm phong khi nâng cấp hệ thống"
        with self._database.transaction() as session:
            ours = attachments.sealed(
                session, row, original=original, mime=mime, kind=kind, now=self._clock(), words=words
            )
        self._store.delete(old if ours else original.media_key)
        self._wake(Kind.CLEANING, "")

    # -- what else may come of it -----------------------------------------------------------------------------------

    def _refuse(self, row: AttachmentRow, reason: str) -> None:
        """A bomb, or longer than is taken: nothing of it is kept, the citizen is told."""
        now = self._clock()
        with self._database.transaction() as session:
            ours = attachments.ended(session, row, state=AttachmentState.REFUSED, reason=reason, now=now)
            if ours:
                tell(session, row, texts.ATTACHMENT_REFUSED.format(reason=reason), now=now)
        if ours and row.original_key:
            self._store.delete(row.original_key)
        self._metrics.media(AttachmentState.REFUSED)
        self._wake(Kind.OUTBOX, row.citizen or "")

    def _leave_sealed(self, row: AttachmentRow, reason: str, cause: str) -> None:
        log.warning("media_not_cleaned", attachment_id=row.id, error=cause)
        now = self._clock()
        with self._database.transaction() as session:
            if attachments.unclean(session, row, reason=reason, cause=cause, now=now):
                tell(session, row, texts.ATTACHMENT_UNCLEAN, now=now)
        self._metrics.media(AttachmentState.UNCLEAN)
        self._wake(Kind.OUTBOX, row.citizen or "")

    def _later(self, row: AttachmentRow, error: Exception) -> None:
        if row.attempts > len(WAITS):
            return self._leave_sealed(row, NOT_SHOWN, type(error).__name__)
        return self._try_later(row, error)


def _bound(row: AttachmentRow, part: Part) -> str:
    return bound(row.draft_key, row.position, part)
