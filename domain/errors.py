"""What can go wrong, by what has to be done next.

HouseError
├─ SendError            what we said did not get through
│  ├─ TryAgainLater     network before the request left, 5xx, code nobody listed  → a later try
│  │  └─ SlowDown       carries .wait, a timedelta                                → every sender of the OA waits
│  ├─ Unclear           the connection broke after the request had left           → state "unknown", never repeated blindly
│  ├─ WindowClosed      Zalo lets nobody write to this citizen now                → kept for their next message
│  ├─ UploadAgain       the attachment id is no longer good                       → upload, then send
│  ├─ QuotaUsedUp       the allowance is gone until its reset                     → wait for the reset
│  └─ WillNeverWork     left the group, wrong parameter                           → give up, show the reason
├─ TokenRefused         access token no longer good                               → refresh once, then tell an administrator
├─ OfficialAccountDown  the refresh token is refused too                          → alarm; sending waits, nothing is dropped
├─ NotAllowed           this officer may not do this                              → 403
├─ MoveRefused          this status does not lead to that one                     → tell the officer what changed
├─ NotStored            the database could not take it in time                    → 503, the sender tries again
├─ BadSettings          settings missing or wrong                                 → exit 2, all of them named
└─ BadContent           data/content does not add up                              → stop, file and line named
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta


class HouseError(Exception):
    """Root of every error this program raises on purpose."""


class SendError(HouseError):
    """What we said did not get through.

    code    Zalo's error number, None when the network failed first
    reason  Vietnamese, for an officer; never the citizen's words or ids
    """

    def __init__(self, reason: str, code: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class TryAgainLater(SendError):
    """Nothing was sent; the same request may work later."""


class SlowDown(TryAgainLater):
    """Zalo asks everybody of this OA to wait at least `wait`."""

    def __init__(self, reason: str, code: int | None = None, wait: timedelta = timedelta(seconds=60)) -> None:
        super().__init__(reason, code)
        self.wait = wait


class Unclear(SendError):
    """The request left, no answer came back: it may have been sent."""


class WindowClosed(SendError):
    """The citizen cannot be written to until they write again."""


class UploadAgain(SendError):
    """The uploaded attachment has expired at Zalo."""


class QuotaUsedUp(SendError):
    """The allowance for this kind of message is used up."""


class WillNeverWork(SendError):
    """Repeating it cannot help; a person has to change something first."""


class TokenRefused(HouseError):
    """The OA's access token is not accepted."""


class OfficialAccountDown(HouseError):
    """The OA cannot be used until an administrator connects it again."""


class NotAllowed(HouseError):
    """This officer may not do this."""


class MoveRefused(HouseError):
    """The allowed-moves table has no such move."""


class NotStored(HouseError):
    """The database did not take it in time; nothing was acknowledged."""


class _Problems(HouseError):
    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


class BadSettings(_Problems):
    """Every missing or wrong setting, one line each."""


class BadContent(_Problems):
    """Every fault found in the data files, one line each: `file:line: what`."""
