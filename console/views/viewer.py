"""One photo, clip or voice message of a tip, large: with the others beside it, zoom, turning and single frames."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from console.access import allowed, officer
from console.desk import database, now
from console.views.media import mark_words
from data import tips
from domain.roles import Act
from domain.tips import AttachmentKind, AttachmentState

pages = Blueprint("viewer", __name__)

SHOWN = frozenset({AttachmentKind.PHOTO, AttachmentKind.CLIP, AttachmentKind.VOICE})


@pages.get("/xem-tep/<int:file_id>")
@allowed(Act.SEE_TIPS)
def show(file_id: int) -> ResponseReturnValue:
    with database().reading() as reading:
        file = tips.open_file(reading, file_id, unit_ids=officer().unit_ids)
        if file is None or file.kind not in SHOWN:
            abort(404)
        full = tips.open_tip(reading, file.tip_id, unit_ids=officer().unit_ids, now=now())
    if full is None:
        abort(404)
    files = [one for one in full.files if one.state is AttachmentState.KEPT and one.kind in SHOWN]
    at = next(number for number, one in enumerate(files) if one.id == file_id)
    return render_template(
        "pages/viewer.html",
        file=file,
        files=files,
        at=at,
        tip=full.line,
        before=files[at - 1] if at else None,
        after=files[at + 1] if at + 1 < len(files) else None,
        mark=mark_words(),
    )
