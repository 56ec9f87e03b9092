"""More of what officers do with a broadcast: the urgent way, the review, another try, an update, a test to oneself."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from console.access import allowed, officer
from console.desk import database, desk, now
from console.forms import length_fault, typed
from console.views.broadcasts import REASON_MAX, approved_by, carry_out, page_of
from data import broadcast_moves, broadcasts, officer_chats, settling
from data.tables import Broadcast
from domain.broadcasts import BroadcastStatus
from domain.errors import MoveRefused
from domain.roles import Act
from domain.work import Kind

pages = Blueprint("broadcast_acts", __name__)

FOLLOW_UPS = {"update": "Cập nhật", "withdrawal": "Đính chính, rút lại"}
OPENINGS = {"update": "CẬP NHẬT: ", "withdrawal": "ĐÍNH CHÍNH: "}
FOLLOWED = {
    BroadcastStatus.SENDING,
    BroadcastStatus.PAUSED,
    BroadcastStatus.SCHEDULED,
    BroadcastStatus.DONE,
    BroadcastStatus.WITHDRAWN,
}


@pages.post("/tuyen-truyen/<int:broadcast_id>/duyet-khan")
@allowed(Act.APPROVE_URGENT, fresh=True)
def approve_urgent(broadcast_id: int) -> ResponseReturnValue:
    return approved_by(
        broadcast_moves.approve_urgent,
        broadcast_id,
        "Đã duyệt khẩn. Người duyệt tin sẽ xem lại trong vòng 24 giờ.",
    )


@pages.post("/tuyen-truyen/<int:broadcast_id>/xem-lai")
@allowed(Act.APPROVE_BROADCASTS)
def review(broadcast_id: int) -> ResponseReturnValue:
    verdict, words = request.form.get("verdict"), typed("words")
    if verdict not in {"ok", "fault"}:
        abort(400)
    if verdict == "fault" and (fault := length_fault(words, most=REASON_MAX, what="nhận xét")):
        return page_of(broadcast_id, fault=fault, words=words, code=422)

    def act(writing: Session, row: Broadcast, **given: Any) -> None:
        broadcast_moves.review(writing, row, fault=verdict == "fault", words=words[:REASON_MAX], **given)

    return carry_out(broadcast_id, act, "Đã ghi nhận kết quả xem lại.", words=words)


@pages.post("/tuyen-truyen/<int:broadcast_id>/gui-lai")
@allowed(Act.WRITE_BROADCASTS, Act.APPROVE_BROADCASTS)
def retry(broadcast_id: int) -> ResponseReturnValue:
    chosen = [int(one) for one in request.form.getlist("deliveries") if one.isascii() and one.isdigit()]
    if not chosen:
        return page_of(broadcast_id, fault="Mời chọn ít nhất một nhóm để gửi lại.", code=422)
    try:
        with database().transaction() as writing:
            count = settling.retry(writing, broadcast_id, chosen[:1000], officer_id=officer().id, now=now())
    except MoveRefused as refused:
        return page_of(broadcast_id, fault=str(refused), code=409)
    desk().wake(Kind.DELIVERIES, "")
    again = ngettext("Đang gửi lại %(num)s lượt.", "Đang gửi lại %(num)s lượt.", count)
    flash(again if count else _("Các nhóm đã chọn không còn gì để gửi lại."), "good")
    return redirect(url_for("broadcasts.show", broadcast_id=broadcast_id))


@pages.post("/tuyen-truyen/<int:broadcast_id>/tin-noi")
@allowed(Act.WRITE_BROADCASTS)
def follow_up(broadcast_id: int) -> ResponseReturnValue:
    """A draft that goes to exactly those who got this one, after it. A withdrawal also stops what is not sent."""
    kind = request.form.get("kind", "")
    if kind not in FOLLOW_UPS:
        abort(400)
    with database().transaction() as writing:
        row = writing.get(Broadcast, broadcast_id, with_for_update=True)
        if row is None:
            abort(404)
        if row.status not in FOLLOWED or row.follows_id is not None:
            refused = "Chỉ cập nhật, đính chính được tin gốc đã gửi."
        else:
            refused = ""
            if kind == "withdrawal" and row.status not in {BroadcastStatus.DONE, BroadcastStatus.WITHDRAWN}:
                broadcast_moves.withdraw(
                    writing, row, version=row.version, officer_id=officer().id, now=now()
                )
            content = broadcasts.Content(
                title=f"{FOLLOW_UPS[kind]}: {row.title}"[: broadcasts.TITLE_MAX],
                text=OPENINGS[kind] + "…",
                audience={"follows": row.id},
                kind=row.kind,
                urgent=row.urgent,
                starts_at=now(),
                lifetime_minutes=row.lifetime_minutes,
                quiet_ok=row.quiet_ok,
                training=row.training,
                follows=(row.id, kind),
            )
            made = broadcasts.create(writing, content, author_id=officer().id, now=now()).id
    if refused:
        return page_of(broadcast_id, fault=refused, code=409)
    flash(
        _("Đã tạo bản nháp gửi tới đúng các nhóm đã nhận tin gốc. Mời soạn nội dung rồi trình duyệt."), "good"
    )
    return redirect(url_for("broadcast_form.change", broadcast_id=made))


@pages.post("/tuyen-truyen/<int:broadcast_id>/gui-thu")
@allowed(Act.WRITE_BROADCASTS, Act.APPROVE_BROADCASTS)
def send_to_myself(broadcast_id: int) -> ResponseReturnValue:
    with database().transaction() as writing:
        row = broadcasts.get(writing, broadcast_id)
        if row is None:
            abort(404)
        sent = officer_chats.send_test(writing, officer().id, row, now=now())
    if not sent:
        return page_of(
            broadcast_id,
            fault="Đồng chí chưa liên kết Zalo của mình. Mời vào mục Tài khoản, phần “Zalo của tôi” để liên kết.",
            code=409,
        )
    desk().wake(Kind.OUTBOX, "")
    flash(_("Đã gửi bản thử vào Zalo của đồng chí."), "good")
    return redirect(url_for("broadcasts.show", broadcast_id=broadcast_id))
