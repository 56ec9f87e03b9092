"""Broadcasts: the list, one broadcast with its deliveries, and what officers do with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from console.access import allowed, may, officer
from console.cautioning import cautions_of
from console.desk import database, desk, now
from console.forms import asked, length_fault, number, typed
from console.language import translated
from console.views.broadcast_fields import KINDS
from data import (
    audiences,
    broadcast_moves,
    broadcast_reports,
    broadcasts,
    calendar,
    delivery_lines,
    officers,
    on_duty,
    settling,
    stops,
    walls,
)
from data.broadcast_kinds import kinds
from data.tables import Broadcast, Run
from domain.broadcasts import BroadcastStatus, ChannelKind, DeliveryStatus, in_quiet_hours
from domain.errors import MoveRefused, NotAllowed
from domain.reasons import said_again
from domain.repeats import read_repeat
from domain.roles import Act
from domain.work import Kind

pages = Blueprint("broadcasts", __name__)

PAGE = 25
REASON_MAX = 500
SHOWN_AT_ONCE = 300
FILTERS: dict[str, tuple[str, tuple[DeliveryStatus, ...]]] = {
    "all": ("Tất cả", ()),
    "trouble": (
        "Cần xem",
        (DeliveryStatus.UNKNOWN, DeliveryStatus.FAILED, DeliveryStatus.EXPIRED),
    ),
    "waiting": ("Chờ gửi", (DeliveryStatus.WAITING, DeliveryStatus.CLAIMED, DeliveryStatus.SENDING)),
    "sent": ("Đã gửi", (DeliveryStatus.SENT,)),
}
BEFORE_SENDING = {BroadcastStatus.DRAFT, BroadcastStatus.PROPOSED}
CHANNELS = {
    ChannelKind.GMF: "Nhóm qua OA",
    ChannelKind.OA_PAGE: "Trang OA của đơn vị",
    ChannelKind.ASSISTED: "Cán bộ đăng",
    ChannelKind.TRAINING: "Tập huấn, không gửi thật",
}
LIVE = {
    BroadcastStatus.PROPOSED,
    BroadcastStatus.SCHEDULED,
    BroadcastStatus.SENDING,
    BroadcastStatus.PAUSED,
}
"""The page looks again by itself: somebody else, or the clock, may move it on."""
VERDICTS = {
    "yes": "Duyệt",
    "no": "Không duyệt",
    "urgent": "Trực ban duyệt khẩn",
    "review_ok": "Đã xem lại: đúng quy định",
    "review_fault": "Đã xem lại: có sai sót",
}


@pages.get("/tuyen-truyen")
@allowed(Act.SEE_BROADCASTS)
def listing() -> ResponseReturnValue:
    status, before = request.args.get("status", ""), request.args.get("before", "")
    wanted = BroadcastStatus(status) if status in set(BroadcastStatus) else None
    with database().reading() as reading:
        lines = broadcasts.listed(
            reading,
            status=wanted,
            limit=PAGE + 1,
            before_id=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None,
        )
        counts = broadcasts.counts(reading)
        stop = stops.standing(reading)
        reviews = broadcast_reports.open_reviews(reading) if may(Act.APPROVE_BROADCASTS) else []
    return render_template(
        "pages/broadcasts.html",
        lines=lines[:PAGE],
        next=lines[PAGE - 1].id if len(lines) > PAGE else None,
        status=wanted,
        first=not before,
        counts=counts,
        kinds=KINDS,
        writes=may(Act.WRITE_BROADCASTS),
        can_stop=may(Act.STOP_SENDING),
        stop=stop,
        reviews=reviews,
        repeat_words=repeat_words,
    )


@pages.get("/tuyen-truyen/<int:broadcast_id>")
@allowed(Act.SEE_BROADCASTS)
def show(broadcast_id: int) -> ResponseReturnValue:
    return page_of(broadcast_id)


@pages.get("/tuyen-truyen/<int:broadcast_id>/tien-do")
@allowed(Act.SEE_BROADCASTS)
def part(broadcast_id: int) -> ResponseReturnValue:
    """The state and the deliveries alone, for the page that looks again by itself; 204 when nothing changed."""
    with database().reading() as reading:
        if request.args.get("mark") == _look(reading, broadcast_id).mark:
            return "", 204
    return render_template("pages/broadcast_part.html", **_opened(broadcast_id))


def page_of(
    broadcast_id: int, *, fault: str | None = None, words: str = "", code: int = 200
) -> ResponseReturnValue:
    given = _opened(broadcast_id)
    return render_template("pages/broadcast.html", **given, fault=fault, words=words), code


@dataclass(frozen=True)
class _Look:
    """What changes while it is sent; `mark` is another when any of it is."""

    row: Broadcast
    runs: list[Run]
    run: Run | None
    view: str
    words: str
    lines: list[delivery_lines.DeliveryLine]
    progress: dict[DeliveryStatus, int]

    @property
    def mark(self) -> str:
        moved = [(line.id, line.state, line.reason) for line in self.lines]
        said = f"{self.row.version}{sorted(self.progress.items())}{moved}"
        return hashlib.sha256(said.encode()).hexdigest()[:12]


def _look(reading: Session, broadcast_id: int) -> _Look:
    view, words = request.args.get("view", "all"), asked("q")
    view = view if view in FILTERS else "all"
    row = broadcasts.get(reading, broadcast_id)
    if row is None:
        abort(404)
    runs = broadcasts.runs_of(reading, broadcast_id)
    chosen = next((run for run in runs if str(run.id) == request.args.get("run")), None)
    run = chosen or (runs[0] if runs else None)
    run_id = run.id if run else None
    lines = delivery_lines.page(
        reading, broadcast_id, run_id=run_id, states=FILTERS[view][1], words=words, limit=SHOWN_AT_ONCE
    )
    progress = walls.progress(reading, broadcast_id, run_id=run_id)
    return _Look(row, runs, run, view, words, lines, progress)


def _opened(broadcast_id: int) -> dict[str, Any]:
    me = officer()
    with database().reading() as reading:
        look = _look(reading, broadcast_id)
        row, run, progress = look.row, look.run, look.progress
        run_id = run.id if run else None
        approvals = broadcasts.approvals_of(reading, broadcast_id)
        day = audiences.day_of(row, now=now())
        audience = audiences.groups_of(reading, row.audience, on=day)
        left_out = audiences.left_out(reading, row.audience, on=day) if row.status in BEFORE_SENDING else []
        changes = audiences.changes_since_approval(reading, row, now=now())
        left = walls.time_left(reading, row, run_id=run_id, now=now())
        clashes = calendar.conflicts_of(reading, row, now=now()) if row.status in BEFORE_SENDING else []
        warnings = cautions_of(reading, row.text) if row.status in BEFORE_SENDING else []
        followed = broadcasts.get(reading, row.follows_id) if row.follows_id else None
        followers = broadcasts.followers_of(reading, broadcast_id)
        stop = stops.standing(reading)
        urgent_duty = on_duty.standing(reading, me.id, now=now())
        urgent_by = broadcast_reports.urgent_approver(reading, broadcast_id)
        author = officers.names_of(reading, [row.author_id]).get(row.author_id, "")
    total = sum(progress.values())
    status = BroadcastStatus(row.status)
    moving = status in LIVE or bool(progress[DeliveryStatus.WAITING] or progress[DeliveryStatus.SENDING])
    return {
        "broadcast": row,
        "status": status,
        "kinds": KINDS,
        "channels": CHANNELS,
        "verdicts": VERDICTS,
        "runs": look.runs,
        "run": run,
        "lines": look.lines,
        "progress": progress,
        "total": total,
        "settled": sum(
            progress[one] for one in (DeliveryStatus.SENT, DeliveryStatus.FAILED, DeliveryStatus.EXPIRED)
        ),
        "approvals": approvals,
        "audience": audience,
        "left_out": left_out,
        "groups_mark": audiences.mark_of(audiences.snapshot(audience)),
        "changes": changes,
        "left": left,
        "clashes": clashes,
        "cautions": warnings,
        "followed": followed,
        "followers": followers,
        "stop": stop,
        "retries": status is not BroadcastStatus.WITHDRAWN
        and (may(Act.WRITE_BROADCASTS) or may(Act.APPROVE_BROADCASTS))
        and bool(progress[DeliveryStatus.FAILED] + progress[DeliveryStatus.EXPIRED]),
        "urgent_duty": urgent_duty,
        "urgent_approves": may(Act.APPROVE_URGENT) and me.id != row.author_id,
        "media": broadcasts.media_of(row),
        "lifetime": lifetime_words(row.lifetime_minutes),
        "urgent_way": row.urgent and row.kind in kinds() and kinds()[row.kind].urgent_way,
        "reviews": may(Act.APPROVE_BROADCASTS) and me.id not in {row.author_id, urgent_by},
        "author": author,
        "filters": FILTERS,
        "view": look.view,
        "q": look.words,
        "moving": moving,
        "repeat_in_words": repeat_words(row.repeat),
        "quiet": row.starts_at is not None and in_quiet_hours(row.starts_at),
        "writes": me.may(Act.WRITE_BROADCASTS),
        "approves": me.may(Act.APPROVE_BROADCASTS) and row.author_id != me.id,
        "stops": me.may(Act.WRITE_BROADCASTS) or me.may(Act.APPROVE_BROADCASTS),
        "settles": me.may(Act.SETTLE_UNKNOWN),
        "mark": look.mark,
    }


def repeat_words(repeat: str | None) -> str:
    """“07:00 hằng ngày”; empty for a broadcast that goes out once."""
    if not repeat:
        return ""
    try:
        return translated(read_repeat(repeat).in_words())
    except ValueError:
        return repeat


def lifetime_words(minutes: int) -> str:
    """“3 ngày”, “12 giờ”, “20 phút”."""
    if minutes % 1440 == 0:
        return str(ngettext("%(num)s ngày", "%(num)s ngày", minutes // 1440))
    if minutes % 60 == 0:
        return str(ngettext("%(num)s giờ", "%(num)s giờ", minutes // 60))
    return str(ngettext("%(num)s phút", "%(num)s phút", minutes))


@pages.app_template_filter("kept")
def kept_words(text: str | None) -> str:
    """A reason that was kept in a row, in the language of this page."""
    return translated(said_again(text)) if text else ""


# ---- acts -------------------------------------------------------------------------------------------------


@pages.post("/tuyen-truyen/<int:broadcast_id>/trinh-duyet")
@allowed(Act.WRITE_BROADCASTS)
def propose(broadcast_id: int) -> ResponseReturnValue:
    return carry_out(
        broadcast_id, broadcast_moves.propose, "Đã trình duyệt. Người duyệt sẽ thấy tin này ở trang chính."
    )


@pages.post("/tuyen-truyen/<int:broadcast_id>/rut-ve")
@allowed(Act.WRITE_BROADCASTS)
def take_back(broadcast_id: int) -> ResponseReturnValue:
    return carry_out(broadcast_id, broadcast_moves.take_back, "Đã rút về bản nháp để sửa.")


@pages.post("/tuyen-truyen/<int:broadcast_id>/duyet")
@allowed(Act.APPROVE_BROADCASTS, fresh=True)
def approve(broadcast_id: int) -> ResponseReturnValue:
    return approved_by(broadcast_moves.approve, broadcast_id, "Đã duyệt. Tin sẽ gửi theo lịch.")


def approved_by(act: Callable[..., None], broadcast_id: int, well: str) -> ResponseReturnValue:
    """Carry out an approval of the groups this officer's page showed."""
    seen = request.form.get("groups") or None

    def say_yes(writing: Session, row: Broadcast, **given: Any) -> None:
        act(writing, row, seen=seen, **given)

    response = carry_out(broadcast_id, say_yes, well)
    desk().wake(Kind.DELIVERIES, "")
    return response


@pages.post("/tuyen-truyen/<int:broadcast_id>/tu-choi")
@allowed(Act.APPROVE_BROADCASTS)
def refuse(broadcast_id: int) -> ResponseReturnValue:
    words = typed("words")
    if fault := length_fault(words, most=REASON_MAX, what="lý do không duyệt"):
        return page_of(broadcast_id, fault=fault, words=words, code=422)

    def act(writing: Session, row: Broadcast, **given: Any) -> None:
        broadcast_moves.refuse(writing, row, words=words, **given)

    return carry_out(broadcast_id, act, "Đã trả lại để người soạn sửa.", words=words)


@pages.post("/tuyen-truyen/<int:broadcast_id>/tam-dung")
@allowed(Act.WRITE_BROADCASTS, Act.APPROVE_BROADCASTS)
def pause(broadcast_id: int) -> ResponseReturnValue:
    return carry_out(broadcast_id, broadcast_moves.pause, "Đã tạm dừng. Những nhóm chưa gửi sẽ chờ.")


@pages.post("/tuyen-truyen/<int:broadcast_id>/tiep-tuc")
@allowed(Act.WRITE_BROADCASTS, Act.APPROVE_BROADCASTS)
def resume(broadcast_id: int) -> ResponseReturnValue:
    response = carry_out(broadcast_id, broadcast_moves.resume, "Đã cho gửi tiếp.")
    desk().wake(Kind.DELIVERIES, "")
    return response


@pages.post("/tuyen-truyen/<int:broadcast_id>/rut")
@allowed(Act.WRITE_BROADCASTS, Act.APPROVE_BROADCASTS)
def withdraw(broadcast_id: int) -> ResponseReturnValue:
    return carry_out(broadcast_id, broadcast_moves.withdraw, "Đã rút tin. Không gửi thêm nhóm nào nữa.")


@pages.post("/tuyen-truyen/<int:broadcast_id>/luot/<int:delivery_id>/ket-qua")
@allowed(Act.SETTLE_UNKNOWN)
def settle(broadcast_id: int, delivery_id: int) -> ResponseReturnValue:
    """A person has looked into the group: the message is there, or it is to be sent again."""
    if request.form.get("sent") not in {"yes", "no"}:
        abort(400)
    try:
        with database().transaction() as writing:
            settling.settle_unknown(
                writing,
                delivery_id,
                broadcast_id=broadcast_id,
                sent=request.form["sent"] == "yes",
                officer_id=officer().id,
                now=now(),
            )
    except MoveRefused as refused:
        return page_of(broadcast_id, fault=str(refused), code=409)
    desk().wake(Kind.DELIVERIES, "")
    flash(_("Đã ghi nhận kết quả."), "good")
    return redirect(url_for("broadcasts.show", broadcast_id=broadcast_id))


def carry_out(
    broadcast_id: int, act: Callable[..., None], well: str, *, words: str = ""
) -> ResponseReturnValue:
    """Carry out the act, whole or not at all; say what came of it."""
    try:
        with database().transaction() as writing:
            row = writing.get(Broadcast, broadcast_id, with_for_update=True)
            if row is None:
                abort(404)
            act(writing, row, version=number("version"), officer_id=officer().id, now=now())
    except NotAllowed as refused:
        return page_of(broadcast_id, fault=str(refused), words=words, code=403)
    except MoveRefused as refused:
        return page_of(broadcast_id, fault=str(refused), words=words, code=409)
    except ValueError as refused:
        return page_of(broadcast_id, fault=str(refused), words=words, code=422)
    flash(translated(well), "good")
    return redirect(url_for("broadcasts.show", broadcast_id=broadcast_id))
