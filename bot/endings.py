"""What one try to send comes to, for the message and for its official account. Rules only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from bot.zalo.codes import NIGHT, SENDING_FAILED
from data import accounts
from domain.broadcasts import RETRY_WAITS, VIETNAM, GiveUp, NobodyKnows, Retry, after_failure
from domain.broadcasts import DeliveryStatus as S
from domain.errors import QuotaUsedUp, SendError, SlowDown, TryAgainLater, Unclear, WindowClosed

FEW_TRIES = 3
"""For an error without a reason (-200)."""
QUOTA_RESET = time(0, 5)
"""Vietnam time at which a used-up allowance is tried again."""
"""An allowance ends at different hours by package; the first minutes of a day are asked for all of them."""
QUOTA_SPREAD = timedelta(minutes=5)
SLOW_SPREAD = timedelta(seconds=3)
"""Most that jitter adds, so that the waiting ones do not come back all at once."""
TOKEN_TROUBLE = timedelta(minutes=1)
"""How long an OA waits whose token is refused, or cannot be renewed just now."""
NOT_LET_IN = "Zalo không chấp nhận mã truy cập của trang."


@dataclass(frozen=True)
class Ending:
    """What one try comes to. at: when again, for WAITING; counted: does the try count against the message?"""

    state: S
    reason: str = ""
    code: int | None = None
    at: datetime | None = None
    counted: bool = True


def ending_of(error: SendError, tries: int, *, now: datetime, jitter: float) -> Ending:
    """Say what becomes of a message that did not go through.

    tries   sends made so far, this one included
    jitter  0.0 to 1.0
    A message is only given up for what Zalo says about itself: a line that is down, a busy Zalo and a used-up
    allowance make it wait until it is too old.
    """
    code, reason = error.code, error.reason
    if isinstance(error, WindowClosed):
        return Ending(S.HELD, reason, code)
    if isinstance(error, QuotaUsedUp):
        return Ending(S.WAITING, reason, code, at=_next_reset(now) + jitter * QUOTA_SPREAD, counted=False)
    if isinstance(error, SlowDown):
        return Ending(S.WAITING, reason, code, at=now + error.wait + jitter * SLOW_SPREAD, counted=False)
    if code == SENDING_FAILED and tries >= FEW_TRIES:
        return Ending(S.FAILED, reason, code)
    if isinstance(error, TryAgainLater) and code is None:
        tries = min(tries, len(RETRY_WAITS))
    match after_failure(tries, error, now=now, jitter=jitter):
        case Retry(at=at):
            return Ending(S.WAITING, reason, code, at=at)
        case NobodyKnows():
            return Ending(S.UNKNOWN, reason, code)
        case GiveUp():
            return Ending(S.FAILED, reason, code)


def note_on_circuit(session: Session, oa_id: str, error: SendError | None, *, now: datetime) -> None:
    """What one try says about the whole OA: Zalo answers, asks everybody to wait, or cannot be reached.

    At night (-234) only that kind of message waits: answers go out around the clock.
    """
    if isinstance(error, SlowDown) and error.code != NIGHT:
        accounts.pause(session, oa_id, until=now + error.wait, reason=error.reason)
    elif isinstance(error, Unclear) or (isinstance(error, TryAgainLater) and error.code is None):
        accounts.note_failure(session, oa_id, now=now, reason=error.reason)
    else:
        accounts.note_success(session, oa_id, now=now)


def _next_reset(now: datetime) -> datetime:
    local = now.astimezone(VIETNAM)
    today = datetime.combine(local.date(), QUOTA_RESET, tzinfo=VIETNAM)
    return today if today > now else today + timedelta(days=1)
