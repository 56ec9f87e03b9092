"""Unsealing originals: one officer asks, another one decides, the first one downloads while it is open."""

from __future__ import annotations

import hashlib
from typing import BinaryIO

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.access import allowed, may, officer
from console.desk import database, desk, now
from console.forms import length_fault, typed
from data import case_file, custody, tips, unsealing
from data.attachments import Part, bound
from data.sealed_files import read_in_chunks
from data.sealing import CannotOpen
from data.tables import AttachmentRow, Tip
from domain.errors import MoveRefused
from domain.roles import Act
from domain.unsealing import (
    CASE_MAX,
    OPEN_FOR,
    REASON_MAX,
    REASON_MIN,
    UNSEALING_LABELS,
    UnsealingState,
)

pages = Blueprint("unsealing", __name__)

TONES = {
    UnsealingState.ASKED: "gold",
    UnsealingState.APPROVED: "green",
    UnsealingState.REFUSED: "red",
    UnsealingState.WITHDRAWN: "gray",
    UnsealingState.EXPIRED: "gray",
}


@pages.get("/niem-phong")
@allowed(Act.ASK_UNSEAL, Act.DECIDE_UNSEAL)
def listing() -> ResponseReturnValue:
    """The requests of this officer's reach, those that wait for a decision first."""
    return _listing()


@pages.get("/niem-phong/tep/<int:file_id>")
@allowed(Act.ASK_UNSEAL, Act.DECIDE_UNSEAL)
def file(file_id: int) -> ResponseReturnValue:
    """One original: its chain of custody, its requests, and the form to ask for it."""
    return _file_page(file_id)


@pages.post("/niem-phong/tep/<int:file_id>")
@allowed(Act.ASK_UNSEAL)
def ask(file_id: int) -> ResponseReturnValue:
    reason, case = typed("reason"), typed("case_number")
    _reachable(file_id)
    fault = length_fault(case, most=CASE_MAX, what="số hồ sơ") if case else None
    try:
        if fault:
            raise MoveRefused(fault)
        with database().transaction() as writing:
            unsealing.ask(
                writing, file_id, officer_id=officer().id, reason=reason, case_number=case, now=now()
            )
    except MoveRefused as refused:
        return _file_page(
            file_id, fault=str(refused), given={"reason": reason, "case_number": case}, code=422
        )
    flash(_("Đã gửi đề nghị. Một đồng chí khác có thẩm quyền sẽ duyệt."), "good")
    return redirect(url_for("unsealing.file", file_id=file_id))


@pages.post("/niem-phong/<int:unsealing_id>/duyet")
@allowed(Act.DECIDE_UNSEAL, fresh=True)
def decide(unsealing_id: int) -> ResponseReturnValue:
    """Yes or no, by somebody other than the one who asked."""
    verdict = request.form.get("verdict", "")
    words = typed("words")
    try:
        with database().transaction() as writing:
            row = unsealing.find(writing, unsealing_id, unit_ids=officer().unit_ids, lock=True)
            if row is None:
                abort(404)
            fault = length_fault(words, most=REASON_MAX, what="lý do") if words else None
            if fault or verdict not in {"approve", "refuse"}:
                raise MoveRefused(fault or "Mời chọn duyệt hoặc không duyệt.")
            unsealing.decide(
                writing,
                row,
                officer_id=officer().id,
                approve=verdict == "approve",
                words=words,
                now=now(),
            )
    except MoveRefused as refused:
        return _listing(fault=str(refused), code=409)
    flash(_("Đã duyệt mở niêm phong.") if verdict == "approve" else _("Đã ghi nhận không duyệt."), "good")
    return redirect(url_for("unsealing.listing"))


@pages.post("/niem-phong/<int:unsealing_id>/rut")
@allowed(Act.ASK_UNSEAL)
def withdraw(unsealing_id: int) -> ResponseReturnValue:
    try:
        with database().transaction() as writing:
            row = unsealing.find(writing, unsealing_id, unit_ids=officer().unit_ids, lock=True)
            if row is None:
                abort(404)
            unsealing.withdraw(writing, row, officer_id=officer().id, now=now())
    except MoveRefused as refused:
        return _listing(fault=str(refused), code=409)
    flash(_("Đã rút đề nghị."), "good")
    return redirect(url_for("unsealing.listing"))


@pages.post("/niem-phong/<int:unsealing_id>/tai")
@allowed(Act.ASK_UNSEAL, fresh=True)
def download(unsealing_id: int) -> ResponseReturnValue:
    """The original with its record, while the request is open. It is checked whole before its first byte leaves."""
    me, at = officer(), now()
    try:
        with database().reading() as reading:
            row = unsealing.find(reading, unsealing_id, unit_ids=me.unit_ids)
            if row is None:
                abort(404)
            unsealing.check_open(row, officer_id=me.id, now=at)
            attachment = reading.get(AttachmentRow, row.attachment_id)
        original = _opened(attachment)
        try:
            assert attachment is not None
            manifest = _written_down(unsealing_id, attachment, me_name=me.name)
        except BaseException:
            original.close()
            raise
    except MoveRefused as refused:
        return _listing(fault=str(refused), code=409)
    response = Response(case_file.packed(original, manifest), mimetype="application/zip")
    response.call_on_close(original.close)
    response.headers["Content-Disposition"] = f"attachment; filename={manifest.stem}.zip"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _opened(attachment: AttachmentRow | None) -> BinaryIO:
    """The original, its hash compared with the one it had when it came."""
    if attachment is None or attachment.original_key is None:
        raise MoveRefused("Bản gốc không còn.")
    try:
        opened = desk().open_media(
            attachment.original_key, bound(attachment.draft_key, attachment.position, Part.ORIGINAL)
        )
        try:
            digest = hashlib.sha256()
            for chunk in read_in_chunks(opened):
                digest.update(chunk)
            if digest.hexdigest() != attachment.sha256:
                raise CannotOpen("not the bytes that came")
            opened.seek(0)
        except BaseException:
            opened.close()
            raise
    except (FileNotFoundError, CannotOpen):
        raise MoveRefused(
            "Bản gốc trên đĩa không còn nguyên vẹn nên không mở. Mời báo quản trị hệ thống."
        ) from None
    return opened


def _written_down(unsealing_id: int, attachment: AttachmentRow, *, me_name: str) -> case_file.Manifest:
    """Note the download, then the record that says so."""
    at, me = now(), officer()
    assert attachment.sha256 is not None
    with database().transaction() as writing:
        row = unsealing.find(writing, unsealing_id, unit_ids=me.unit_ids, lock=True)
        if row is None:
            abort(404)
        unsealing.downloaded(writing, row, officer_id=me.id, sha256=attachment.sha256, now=at)
        line = unsealing.lines(writing, unit_ids=me.unit_ids, now=at, unsealing_id=unsealing_id)[0]
        tip = writing.get_one(Tip, line.tip_id)
        return case_file.Manifest(
            request=line,
            unit_name=tips.unit_name(writing, tip.unit_id),
            mime=attachment.mime or "",
            size=attachment.size or 0,
            sha256=attachment.sha256,
            taken_by=me_name,
            taken_at=at,
            chain=custody.of_attachment(writing, attachment.id),
        )


def _reachable(file_id: int) -> tips.File:
    with database().reading() as reading:
        found = tips.find_file(reading, file_id, unit_ids=officer().unit_ids)
    if found is None:
        abort(404)
    return found


def _listing(*, fault: str | None = None, code: int = 200) -> ResponseReturnValue:
    with database().reading() as reading:
        lines = unsealing.lines(reading, unit_ids=officer().unit_ids, now=now())
    waiting = [line for line in lines if line.state is UnsealingState.ASKED]
    return render_template(
        "pages/unsealing.html",
        waiting=waiting,
        others=[line for line in lines if line.state is not UnsealingState.ASKED],
        decides=may(Act.DECIDE_UNSEAL),
        labels=UNSEALING_LABELS,
        tones=TONES,
        open_hours=int(OPEN_FOR.total_seconds()) // 3600,
        reason_max=REASON_MAX,
        fault=fault,
    ), code


def _file_page(
    file_id: int, *, fault: str | None = None, given: dict[str, str] | None = None, code: int = 200
) -> ResponseReturnValue:
    found = _reachable(file_id)
    with database().reading() as reading:
        tip = tips.find(reading, found.tip_id, unit_ids=officer().unit_ids)
        lines = unsealing.lines(reading, unit_ids=officer().unit_ids, now=now(), attachment_id=file_id)
        chain = custody.of_attachment(reading, file_id)
        problems = custody.verify(reading, file_id)
    assert tip is not None
    return render_template(
        "pages/unsealing_file.html",
        file=found,
        tip=tip,
        lines=lines,
        chain=chain,
        problems=problems,
        acts=custody.ACT_LABELS,
        labels=UNSEALING_LABELS,
        tones=TONES,
        asks=may(Act.ASK_UNSEAL),
        mine=[
            line
            for line in lines
            if line.asked_by == officer().id and line.state in {UnsealingState.ASKED, UnsealingState.APPROVED}
        ],
        open_hours=int(OPEN_FOR.total_seconds()) // 3600,
        reason_min=REASON_MIN,
        reason_max=REASON_MAX,
        case_max=CASE_MAX,
        fault=fault,
        given=given or {},
    ), code
