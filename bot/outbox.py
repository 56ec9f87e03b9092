"""Sends queued replies and writes down what came of each.

One row: claimed (committed) → pace taken, identity opened, sending (committed) → Zalo → settled (committed).
No transaction is open while Zalo is slow; a worker that dies leaves a lease, and `sweep` does the rest.
"""

from __future__ import annotations

import random
import time as clock_time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot.endings import NOT_LET_IN, TOKEN_TROUBLE, Ending, ending_of, note_on_circuit
from bot.zalo.answers import Sent
from bot.zalo.client import ZaloClient
from bot.zalo.tokens import Tokens
from data import accounts, outgoing, pace
from data.outgoing import OutgoingRow, Overdue
from data.sealing import CannotOpen, Sealer
from data.session import Database
from data.tables import Identity
from domain.broadcasts import DeliveryStatus as S
from domain.errors import (
    NotStored,
    OfficialAccountDown,
    SendError,
    SlowDown,
    TokenRefused,
    TryAgainLater,
    UploadAgain,
    WillNeverWork,
)

log = structlog.get_logger()

BATCH = 4
"""Rows one call of drain claims; few, because they are sent one after another."""
CLAIM_LEASE = timedelta(minutes=3)
"""Longer than BATCH slow sends, with uploads and a renewed token."""
SENDING_LEASE = timedelta(minutes=1)
"""Longer than one slow send."""
SETTLE_WAITS = (0.1, 0.5, 2.0)
"""Seconds: what came of a send is worth telling the database more than once."""

NOBODY = "Không còn biết người nhận (dữ liệu đã xóa theo yêu cầu, hoặc thiếu khóa giải mã)."
FILE_GONE = "Tệp gửi kèm không còn trong kho."


@dataclass(frozen=True)
class MediaFile:
    """A file of the media store to send along; `name` is what the reader may see."""

    name: str
    content: bytes


@dataclass(frozen=True)
class SendResult:
    """What one try came to, for counting. Times in seconds: from queueing, and of the call itself."""

    oa_id: str
    state: S
    code: int | None
    since_queued: float
    took: float


OpenMedia = Callable[[str], MediaFile]
"""`open_media(name)`: the file of that name; raises FileNotFoundError."""


def no_media(name: str) -> MediaFile:
    raise FileNotFoundError(name)


def _watch_nothing(result: SendResult) -> None:
    return None


class Outbox:
    """`drain` sends what is due; any number of threads and processes may call it.

    open_media  gives a reply's picture or file
    watch       is told of every try
    jitter      0.0 to 1.0, spreads retries
    """

    def __init__(
        self,
        database: Database,
        client: ZaloClient,
        tokens: Tokens,
        sealer: Sealer,
        *,
        clock: Callable[[], datetime],
        open_media: OpenMedia = no_media,
        watch: Callable[[SendResult], None] = _watch_nothing,
        jitter: Callable[[], float] = random.random,
        sleep: Callable[[float], None] = clock_time.sleep,
    ) -> None:
        self._database = database
        self._client = client
        self._tokens = tokens
        self._sealer = sealer
        self._clock = clock
        self._open_media = open_media
        self._watch = watch
        self._jitter = jitter
        self._sleep = sleep

    def drain(self, now: datetime | None = None) -> int:
        """Take a few replies that are due and send them; returns how many it took. 0: nothing is due now."""
        with self._database.transaction() as session:
            rows = outgoing.claim_due(session, now=now or self._clock(), limit=BATCH, lease=CLAIM_LEASE)
        left = list(rows)
        try:
            while left:
                self._handle(left[0])
                del left[0]
        finally:
            if left:  # something broke: whoever comes next need not wait for the lease
                self._give_back(left)
        return len(rows)

    def sweep(self, now: datetime | None = None) -> Overdue:
        """Ends what is too old and takes back what dead workers left. To be called now and then."""
        now = now or self._clock()
        with self._database.transaction() as session:
            overdue = outgoing.release_overdue(session, now=now)
        if overdue.unknown:
            log.warning("outgoing_unknown", rows=overdue.unknown)
        return overdue

    # -- one row --------------------------------------------------------------------------------------------

    def _handle(self, row: OutgoingRow) -> None:
        try:
            token = self._tokens.access_token(row.oa_id, self._clock())
        except OfficialAccountDown:
            return self._wait(row)
        except TryAgainLater as error:
            return self._wait(row, error)
        begun = self._begin(row)
        if begun is None:
            return None
        sending, user_id = begun
        started = clock_time.monotonic()
        try:
            sent = self._send(sending, token, user_id)
        except OfficialAccountDown:
            ending = Ending(S.WAITING, NOT_LET_IN, at=self._clock() + TOKEN_TROUBLE, counted=False)
            self._settle(sending, ending, started)
        except SendError as error:
            ending = ending_of(error, sending.attempts, now=self._clock(), jitter=self._jitter())
            self._settle(sending, ending, started, error=error)
        else:
            self._settle(sending, Ending(S.SENT), started, message_id=sent.message_id)

    def _begin(self, row: OutgoingRow) -> tuple[OutgoingRow, str] | None:
        """Everything that is needed before the request leaves, in one transaction."""
        now = self._clock()
        with self._database.transaction() as session:
            pause = accounts.paused_until(session, row.oa_id, now=now)
            if pause is not None:
                outgoing.give_back(session, row, due_at=pause)
                return None
            identity = session.get(Identity, row.citizen)
            try:
                user_id = self._sealer.open(identity.sealed, purpose="identity").decode() if identity else ""
            except CannotOpen:
                log.error("identity_sealed_with_unknown_key", outgoing_id=row.id)
                user_id = ""
            if not user_id:
                outgoing.refuse_claimed(session, row, reason=NOBODY)
                return None
            pace_now = pace.take(session, row.oa_id, _requests(row), now)
            if isinstance(pace_now, pace.WaitUntil):
                outgoing.give_back(session, row, due_at=pace_now.at)
                return None
            sending = outgoing.begin_sending(session, row, now=now, lease=SENDING_LEASE)
        return (sending, user_id) if sending else None

    def _send(self, row: OutgoingRow, token: str, user_id: str) -> Sent:
        """With a token that is refused: renewed by one, then once more."""
        try:
            return self._send_once(row, token, user_id)
        except TokenRefused:
            try:
                return self._send_once(row, self._tokens.refused(row.oa_id, token), user_id)
            except TokenRefused as error:
                log.error("new_token_refused", oa_id=row.oa_id)
                raise SlowDown(NOT_LET_IN, wait=TOKEN_TROUBLE) from error

    def _send_once(self, row: OutgoingRow, token: str, user_id: str) -> Sent:
        reply = row.reply
        if not reply.image and not reply.file:
            return self._client.send_text(token, user_id, reply.text, reply.buttons)
        try:
            return self._send_media(row, token, user_id)
        except UploadAgain:
            try:
                return self._send_media(row, token, user_id)
            except UploadAgain as error:
                raise TryAgainLater(error.reason, error.code) from error

    def _send_media(self, row: OutgoingRow, token: str, user_id: str) -> Sent:
        reply = row.reply
        try:
            media = self._open_media(reply.image or reply.file)
        except FileNotFoundError:
            raise WillNeverWork(FILE_GONE) from None
        if reply.file:
            return self._client.send_file(
                token, user_id, self._client.upload_file(token, media.name, media.content)
            )
        gif = media.content[:4] == b"GIF8"
        upload = self._client.upload_gif if gif else self._client.upload_image
        return self._client.send_image(
            token, user_id, upload(token, media.name, media.content), caption=reply.text
        )

    # -- what came of it ------------------------------------------------------------------------------------

    def _wait(self, row: OutgoingRow, trouble: TryAgainLater | None = None) -> None:
        """There is no token now; nothing was tried."""
        now = self._clock()
        with self._database.transaction() as session:
            outgoing.give_back(session, row, due_at=now + TOKEN_TROUBLE)
            if trouble is not None:
                accounts.note_failure(session, row.oa_id, now=now, reason=trouble.reason)

    def _give_back(self, rows: list[OutgoingRow]) -> None:
        now = self._clock()
        with suppress(NotStored), self._database.transaction() as session:
            for row in rows:
                outgoing.give_back(session, row, due_at=now)

    def _settle(
        self,
        row: OutgoingRow,
        ending: Ending,
        started: float,
        *,
        message_id: str | None = None,
        error: SendError | None = None,
    ) -> None:
        """Write the end of one try down, and what it says about the OA; then tell the counter."""
        now = self._clock()
        took = clock_time.monotonic() - started
        for wait in (*SETTLE_WAITS, None):
            try:
                with self._database.transaction() as session:
                    _write(session, row, ending, message_id=message_id, now=now)
                    note_on_circuit(session, row.oa_id, error, now=now)
                break
            except NotStored:
                if wait is None:  # the lease ends, the row becomes unknown, its echo or a person will tell
                    log.error("outgoing_not_settled", outgoing_id=row.id, state=ending.state)
                    raise
                self._sleep(wait)
        if ending.state is not S.SENT:
            log.info(
                "outgoing_not_sent",
                outgoing_id=row.id,
                oa_id=row.oa_id,
                state=ending.state,
                code=ending.code,
                attempt=row.attempts,
            )
        since = (now - row.created_at).total_seconds()
        self._watch(SendResult(row.oa_id, ending.state, ending.code, since_queued=since, took=took))


def _write(
    session: Session, row: OutgoingRow, ending: Ending, *, message_id: str | None, now: datetime
) -> None:
    code, reason = ending.code, ending.reason
    match ending.state:
        case S.SENT:
            outgoing.settle_sent(session, row, message_id=message_id, now=now)
        case S.HELD:
            outgoing.settle_held(session, row, code=code, reason=reason)
        case S.UNKNOWN:
            outgoing.settle_unclear(session, row, reason=reason)
        case S.WAITING:
            at = ending.at or now
            outgoing.settle_retry(session, row, at=at, code=code, reason=reason, counted=ending.counted)
        case _:
            outgoing.settle_failed(session, row, code=code, reason=reason)


def _requests(row: OutgoingRow) -> int:
    """Calls of Zalo this message takes: a picture or file is uploaded first."""
    return 2 if row.reply.image or row.reply.file else 1
