"""What an officer asks the queue of tips for, as it stands in the address of the list and of each tip of it."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import request, url_for
from sqlalchemy.orm import Session

from console.access import officer
from console.desk import now
from console.forms import asked
from data import tip_queue
from data.tip_queue import ClockFilter, Page, Position
from data.tip_rules import shipped
from domain.tips import OPEN, TipStatus

VIEWS: dict[str, tuple[str, tuple[TipStatus, ...]]] = {
    "open": ("Chưa xong", tuple(status for status in TipStatus if status in OPEN)),
    **{str(status): ("", (status,)) for status in TipStatus},
    "all": ("Tất cả", tuple(TipStatus)),
}


@dataclass(frozen=True)
class Sought:
    """One wish. `unit_id` is of use to those only who see several units; `after` = where the page begins."""

    view: str
    words: str
    mine: bool
    oldest: bool
    category: str
    escalated: bool
    accusing: bool
    unit_id: str
    clock: str
    after: Position | None

    @property
    def filters(self) -> dict[str, str]:
        """The wish as it stands in an address, without the page."""
        given = {
            "view": "" if self.view == "open" else self.view,
            "q": self.words,
            "mine": "1" if self.mine else "",
            "order": "old" if self.oldest else "",
            "kind": self.category,
            "late": "1" if self.escalated else "",
            "police": "1" if self.accusing else "",
            "unit": self.unit_id,
            "clock": self.clock,
        }
        return {name: value for name, value in given.items() if value}

    @property
    def kept(self) -> dict[str, str]:
        """The wish with its page, for the addresses of acts on a tip: afterwards the list is still the same."""
        return self.filters | ({"after": write_position(self.after)} if self.after else {})

    def address(self, endpoint: str = "tips.queue", **changed: Any) -> str:
        given = self.filters | changed
        return url_for(endpoint, **{name: value for name, value in given.items() if value})

    def tip_address(self, tip_id: int) -> str:
        """The page of a tip beside this very list; the list goes on with the page it stands at."""
        given: dict[str, Any] = dict(self.kept)
        return url_for("tips.show", tip_id=tip_id, **given)


def sought_now() -> Sought:
    """The wish of the address of this request; what is odd in it is left out."""
    view = request.args.get("view", "open")
    clock = request.args.get("clock", "")
    return Sought(
        view=view if view in VIEWS else "open",
        words=asked("q"),
        mine=request.args.get("mine") == "1",
        oldest=request.args.get("order") == "old",
        category=kind if (kind := request.args.get("kind", "")) in shipped().kinds.kinds else "",
        escalated=request.args.get("late") == "1",
        accusing=request.args.get("police") == "1" and officer().unit_ids is None,
        unit_id=request.args.get("unit", "")[:40] if officer().unit_id is None else "",
        clock=clock if clock in set(ClockFilter) else "",
        after=read_position(request.args.get("after", "")),
    )


def page_of_queue(session: Session, sought: Sought) -> Page:
    """The tips the wish finds, within the officer's reach."""
    me = officer()
    return tip_queue.queue(
        session,
        unit_ids=me.unit_ids,
        statuses=VIEWS[sought.view][1],
        words=sought.words,
        taken_by=me.id if sought.mine else None,
        category=sought.category or None,
        escalated=sought.escalated,
        accusing=sought.accusing,
        unit_id=sought.unit_id or None,
        clock=ClockFilter(sought.clock) if sought.clock else None,
        now=now(),
        after=sought.after,
        oldest_first=sought.oldest,
    )


@dataclass(frozen=True)
class Neighbours:
    """The tips before and after one of the list; None where the list ends, or goes on with another page."""

    before: int | None
    after: int | None


def neighbours(page: Page, tip_id: int) -> Neighbours:
    """A tip that left the list (it was just closed, say) is followed by the first one of it."""
    ids = [line.id for line in page.lines]
    if tip_id not in ids:
        return Neighbours(None, ids[0] if ids else None)
    at = ids.index(tip_id)
    return Neighbours(ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None)


# ---- the place of a page in its address -------------------------------------------------------------------

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def write_position(position: Position) -> str:
    said = f"{(position.created_at - _EPOCH) // _MICROSECOND}.{position.tip_id}"
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def read_position(text: str) -> Position | None:
    """None for anything that is not one of ours: the first page is shown."""
    try:
        said = base64.urlsafe_b64decode(text[:80] + "=" * (-len(text[:80]) % 4)).decode("ascii")
        at, _, tip_id = said.partition(".")
        return Position(_EPOCH + int(at) * _MICROSECOND, min(int(tip_id), 1 << 62))
    except (ValueError, binascii.Error, OverflowError):
        return None
