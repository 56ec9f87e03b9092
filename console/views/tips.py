"""The queue of tips and the page of one tip. What changes a tip is in tip_acts.py."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, abort, render_template, request, session
from flask.typing import ResponseReturnValue

from console.access import allowed, officer
from console.desk import database, now
from console.sought import VIEWS, Sought, neighbours, page_of_queue, sought_now, write_position
from data import tip_many, tip_queue, tip_relations, tips
from data.tip_rules import shipped
from data.tips import FullTip
from domain.roles import Act
from domain.tips import MOVES, OPEN, AttachmentState, TipStatus, words_needed

pages = Blueprint("tips", __name__)

ANSWER_MAX = 1500
"""Characters of an answer: with the heading it still fits one Zalo message."""
NOTE_MAX = 4000
REASON_MAX = 500
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


@pages.get("/tin-bao")
@allowed(Act.SEE_TIPS)
def queue() -> ResponseReturnValue:
    given = _listed(sought_now())
    undo = session.get("hoan-tac")
    with database().reading() as reading:
        known = undo and tip_many.may_undo(reading, undo, officer_id=officer().id, now=now())
    return render_template(
        "pages/tips.html", **given, views=VIEWS, reason_max=REASON_MAX, undo=undo if known else None
    )


@pages.get("/tin-bao/danh-sach")
@allowed(Act.SEE_TIPS)
def queue_part() -> ResponseReturnValue:
    """The list alone, for the page that looks again by itself; 204 when nothing changed."""
    if "beside" in request.args:
        return _beside_part(request.args.get("beside", 0, int))
    given = _listed(sought_now())
    if request.args.get("mark") == given["mark"]:
        return "", 204
    return render_template("pages/tips_part.html", **given, views=VIEWS)


def _beside_part(tip_id: int) -> ResponseReturnValue:
    """The narrow list beside an open tip; 204 when nothing in it changed."""
    sought = sought_now()
    with database().reading() as reading:
        page = page_of_queue(reading, sought)
    mark = _digest(tip_queue.change_mark(page))
    if request.args.get("mark") == mark:
        return "", 204
    return render_template(
        "pages/tips_beside.html", sought=sought, beside=page, beside_mark=mark, tip_id=tip_id
    )


def _listed(sought: Sought) -> dict[str, Any]:
    me = officer()
    with database().reading() as reading:
        page = page_of_queue(reading, sought)
        counts = tip_queue.count_by_status(reading, unit_ids=me.unit_ids)
        units = tips.units_of_today(reading)
    mark = _digest(f"{tip_queue.change_mark(page)}|{sorted(counts.items())}")
    return {
        "sought": sought,
        "page": page,
        "counts": counts,
        "mark": mark,
        "next": write_position(page.next) if page.next else None,
        "kinds": shipped().kinds.kinds,
        "sees_accusing": me.unit_ids is None,
        "units": units,
        "works": me.may(Act.WORK_TIPS),
        "may_hand_over": me.may(Act.HAND_OVER),
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
        sought = sought_now()
        beside = page_of_queue(reading, sought) if around else None
        linked = {link.line.id for link in links}
    line = full.line
    return {
        "full": full,
        "tip": line,
        "sought": sought,
        "beside": beside,
        "beside_mark": _digest(tip_queue.change_mark(beside)) if beside else "",
        "around": neighbours(beside, tip_id) if beside else None,
        "tip_id": tip_id,
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
