"""The queue of tips and the page of one tip. What changes a tip is in tip_acts.py."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from console.access import allowed, officer
from console.desk import database, now
from console.forms import asked
from data import tip_queue, tip_relations, tips
from data.tip_queue import Position
from data.tip_rules import shipped
from data.tips import FullTip
from domain.roles import Act
from domain.tips import MOVES, OPEN, AttachmentState, TipStatus, words_needed

pages = Blueprint("tips", __name__)

ANSWER_MAX = 1500
"""Characters of an answer: with the heading it still fits one Zalo message."""
NOTE_MAX = 4000
SAMPLES = (
    "Công an đã nhận được tin báo của anh/chị và đang cử cán bộ xác minh. Xin cảm ơn anh/chị đã kịp thời thông tin.",
    "Xin anh/chị cho biết thêm: sự việc xảy ra lúc nào, ở vị trí nào (số nhà, ngõ, mốc gần đó), đặc điểm người hoặc "
    "phương tiện liên quan. Xin cảm ơn anh/chị.",
    "Nếu sự việc đang diễn ra và có nguy hiểm, xin anh/chị giữ khoảng cách an toàn và gọi ngay 113.",
    "Sự việc anh/chị báo đã được kiểm tra, xử lý. Xin cảm ơn anh/chị đã cùng giữ gìn an ninh, trật tự.",
    "Xin lỗi anh/chị, nội dung này không thuộc thẩm quyền giải quyết của Công an. Xin anh/chị liên hệ Ủy ban nhân dân "
    "xã, phường nơi xảy ra sự việc để được hướng dẫn.",
)
"""Courteous beginnings an officer can put into an answer and change."""

VIEWS: dict[str, tuple[str, tuple[TipStatus, ...]]] = {
    "open": ("Chưa xong", tuple(status for status in TipStatus if status in OPEN)),
    **{str(status): ("", (status,)) for status in TipStatus},
    "all": ("Tất cả", tuple(TipStatus)),
}


@dataclass(frozen=True)
class Sought:
    """What the officer asked the queue for, as it stands in the address."""

    view: str
    words: str
    mine: bool
    oldest: bool
    category: str
    escalated: bool
    accusing: bool
    after: Position | None

    def address(self, endpoint: str = "tips.queue", **changed: Any) -> str:
        given: dict[str, Any] = {
            "view": self.view,
            "q": self.words,
            "mine": "1" if self.mine else "",
            "order": "old" if self.oldest else "",
            "kind": self.category,
            "late": "1" if self.escalated else "",
            "police": "1" if self.accusing else "",
        } | changed
        return url_for(endpoint, **{name: value for name, value in given.items() if value})


def _sought() -> Sought:
    view = request.args.get("view", "open")
    return Sought(
        view=view if view in VIEWS else "open",
        words=asked("q"),
        mine=request.args.get("mine") == "1",
        oldest=request.args.get("order") == "old",
        category=kind if (kind := request.args.get("kind", "")) in shipped().kinds.kinds else "",
        escalated=request.args.get("late") == "1",
        accusing=request.args.get("police") == "1" and officer().unit_ids is None,
        after=_read_position(request.args.get("after", "")),
    )


@pages.get("/tin-bao")
@allowed(Act.SEE_TIPS)
def queue() -> ResponseReturnValue:
    return render_template("pages/tips.html", **_listed(_sought()), views=VIEWS)


@pages.get("/tin-bao/danh-sach")
@allowed(Act.SEE_TIPS)
def queue_part() -> ResponseReturnValue:
    """The list alone, for the page that looks again by itself; 204 when nothing changed."""
    given = _listed(_sought())
    if request.args.get("mark") == given["mark"]:
        return "", 204
    return render_template("pages/tips_part.html", **given, views=VIEWS)


def _listed(sought: Sought) -> dict[str, Any]:
    me = officer()
    with database().reading() as reading:
        page = tip_queue.queue(
            reading,
            unit_ids=me.unit_ids,
            statuses=VIEWS[sought.view][1],
            words=sought.words,
            taken_by=me.id if sought.mine else None,
            category=sought.category or None,
            escalated=sought.escalated,
            accusing=sought.accusing,
            after=sought.after,
            oldest_first=sought.oldest,
        )
        counts = tip_queue.count_by_status(reading, unit_ids=me.unit_ids)
    mark = _digest(f"{tip_queue.change_mark(page)}|{sorted(counts.items())}")
    return {
        "sought": sought,
        "page": page,
        "counts": counts,
        "mark": mark,
        "next": _write_position(page.next) if page.next else None,
        "kinds": shipped().kinds.kinds,
        "sees_accusing": me.unit_ids is None,
    }


@pages.get("/tin-bao/<int:tip_id>")
@allowed(Act.SEE_TIPS)
def show(tip_id: int) -> ResponseReturnValue:
    return page_of(tip_id)


@pages.get("/tin-bao/<int:tip_id>/dien-bien")
@allowed(Act.SEE_TIPS)
def part(tip_id: int) -> ResponseReturnValue:
    """The parts of the page that changed since `mark`, for the page that looks again by itself."""
    given = _opened(tip_id, around=False)
    marks = _marks(given["full"])
    known = dict(zip(marks, request.args.get("mark", "").split("."), strict=False))
    changed = [name for name, mark in marks.items() if known.get(name) != mark]
    if not changed:
        return "", 204
    return render_template("pages/tip_part.html", **given, changed=changed)


def page_of(
    tip_id: int,
    *,
    fault: str | None = None,
    typed: dict[str, str] | None = None,
    code: int = 200,
    reveal: bool = False,
) -> ResponseReturnValue:
    """The page of one tip; after a refused act with what the officer had typed, so that nothing is lost.

    reveal  with what is hidden otherwise; the caller has written down who looks
    """
    given = _opened(tip_id, reveal=reveal)
    return render_template("pages/tip.html", **given, fault=fault, typed=typed or {}), code


def _opened(tip_id: int, *, reveal: bool = False, around: bool = True) -> dict[str, Any]:
    """Everything a page of the tip shows; `around`: also the tips that are linked or look similar."""
    me = officer()
    with database().reading() as reading:
        full = tips.open_tip(reading, tip_id, unit_ids=me.unit_ids, now=now(), reveal=reveal)
        row = tips.find(reading, tip_id, unit_ids=me.unit_ids)
        if full is None or row is None:
            abort(404)
        units = tips.units_of_today(reading)
        links = tip_relations.links_of(reading, tip_id, unit_ids=me.unit_ids) if around else []
        alike = tip_relations.similar(reading, row, unit_ids=me.unit_ids) if around else []
        linked = {link.line.id for link in links}
    line = full.line
    return {
        "full": full,
        "tip": line,
        "mark": ".".join(_marks(full).values()),
        "steps": _steps(full),
        "words_needed": {step: words_needed(line.status, step) for step in _steps(full)},
        "links": links,
        "similar": [one for one in alike if one.line.id not in linked],
        "kinds": shipped().kinds.kinds,
        "may_ask_identity": me.may(Act.ASK_IDENTITY) and full.reachable,
        "may_hold": me.may(Act.HOLD_TIPS),
        "may_link_reporters": me.may(Act.LINK_REPORTERS) and full.reachable,
        "units": units,
        "unit_names": dict(units),
        "works": me.may(Act.WORK_TIPS),
        "hands_over": me.may(Act.HAND_OVER) and line.status in OPEN,
        "is_mine": line.taken_by == me.id,
        "answer_max": ANSWER_MAX,
        "note_max": NOTE_MAX,
        "samples": SAMPLES,
        "ready": AttachmentState.KEPT,
        "unseals": me.may(Act.ASK_UNSEAL),
    }


def _steps(full: FullTip) -> list[TipStatus]:
    """The statuses offered as buttons; taking, giving back and merging have their own."""
    own = {TipStatus.TAKEN, TipStatus.DUPLICATE} | (
        {TipStatus.NEW} if full.line.status is TipStatus.TAKEN else set()
    )
    return [status for status in TipStatus if status in MOVES[full.line.status] and status not in own]


def _marks(full: FullTip) -> dict[str, str]:
    """Part of the page → a mark that changes when the part does."""
    line = full.line
    return {
        "state": _digest(f"{line.version}{line.taken_by_name}{line.escalation}"),
        "files": _digest(repr([(file.id, file.state) for file in full.files])),
        "talk": _digest(repr([(said.id, said.delivery, said.seen_at) for said in full.said])),
        "history": _digest(repr([(move.at, move.move) for move in full.moves])),
        "notes": _digest(repr([note.id for note in full.notes])),
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


# ---- the place of a page in its address -------------------------------------------------------------------

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def _write_position(position: Position) -> str:
    said = f"{(position.created_at - _EPOCH) // _MICROSECOND}.{position.tip_id}"
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def _read_position(text: str) -> Position | None:
    """None for anything that is not one of ours: the first page is shown."""
    try:
        said = base64.urlsafe_b64decode(text[:80] + "=" * (-len(text[:80]) % 4)).decode("ascii")
        at, _, tip_id = said.partition(".")
        return Position(_EPOCH + int(at) * _MICROSECOND, min(int(tip_id), 1 << 62))
    except (ValueError, binascii.Error, OverflowError):
        return None
