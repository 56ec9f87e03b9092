"""The wall: every group of a broadcast on the ward map and as tiles, live; and its export."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from console.access import allowed
from console.desk import database, now
from console.filters import DELIVERY_TONES, moment
from console.language import translated
from console.sheets import excel
from console.views.broadcasts import CHANNELS, FILTERS, kept_words
from data import broadcast_reports, broadcasts, calendar, planning, walls
from data.tables import Broadcast, Run
from data.ward_shapes import drawing
from domain.broadcasts import DELIVERY_LABELS, BroadcastStatus, ChannelKind, DeliveryStatus
from domain.posts import posts_of
from domain.roles import Act

pages = Blueprint("broadcast_wall", __name__)

LIVE = {BroadcastStatus.SCHEDULED, BroadcastStatus.SENDING, BroadcastStatus.PAUSED}
MOVING = {DeliveryStatus.WAITING, DeliveryStatus.SENDING}
HEAD = (
    "Lần gửi", "Mã nhóm", "Nhóm", "Đơn vị phụ trách", "Kênh", "Phần", "Kết quả", "Lúc", "Lý do", "Thành viên",
    "Người đăng",
)  # fmt: skip


@pages.get("/tuyen-truyen/<int:broadcast_id>/ban-do")
@allowed(Act.SEE_BROADCASTS)
def show(broadcast_id: int) -> ResponseReturnValue:
    return render_template("pages/broadcast_wall.html", **_opened(broadcast_id), drawing=drawing())


@pages.get("/tuyen-truyen/<int:broadcast_id>/ban-do/tien-do")
@allowed(Act.SEE_BROADCASTS)
def part(broadcast_id: int) -> ResponseReturnValue:
    """Colours and tiles alone, for the page that looks again by itself; 204, after three queries, when nothing
    changed (docs/decisions/0018).
    """
    with database().reading() as reading:
        if request.args.get("mark") == _look(reading, broadcast_id).mark:
            return "", 204
    return render_template("pages/broadcast_wall_part.html", **_opened(broadcast_id), drawing=drawing())


@pages.get("/tuyen-truyen/<int:broadcast_id>/bang.xlsx")
@allowed(Act.SEE_BROADCASTS, fresh=True)
def export(broadcast_id: int) -> ResponseReturnValue:
    with database().reading() as reading:
        if broadcasts.get(reading, broadcast_id) is None:
            abort(404)
        rows = [
            (
                moment(one.run), one.code, one.group, one.unit, translated(CHANNELS[ChannelKind(one.channel)]),
                one.part + 1, translated(DELIVERY_LABELS[one.state]), moment(one.sent_at) if one.sent_at else "",
                kept_words(one.reason), one.members, one.posted_by or "",
            )
            for one in broadcast_reports.deliveries_of(reading, broadcast_id)
        ]  # fmt: skip
    return excel(f"tin-{broadcast_id}", [(_("Lượt gửi"), [translated(one) for one in HEAD], rows)])


@pages.get("/tuyen-truyen/<int:broadcast_id>/chay-thu")
@allowed(Act.SEE_BROADCASTS)
def dry_run(broadcast_id: int) -> ResponseReturnValue:
    """What would be sent where and when, were it planned at its next time; nothing is sent."""
    with database().reading() as reading:
        row = broadcasts.get(reading, broadcast_id)
        if row is None:
            abort(404)
        until = now() + timedelta(days=62)
        times = calendar.times_of(row, now=now(), until=until)
        lines = planning.plan(reading, row, now=times[0] if times else now())
        parts = posts_of(row.text, row.link, broadcasts.media_of(row))
    return render_template(
        "pages/broadcast_dry_run.html",
        broadcast=row,
        times=times[:12],
        lines=lines,
        parts=parts,
        channels=CHANNELS,
        sending=sum(line.reason is None for line in lines),
    )


@dataclass(frozen=True)
class _Look:
    """What the wall is made of; `mark` is another when any of it is."""

    row: Broadcast
    runs: list[Run]
    run: Run | None
    tiles: list[walls.Tile]

    @property
    def mark(self) -> str:
        said = "".join(f"{tile.state:.2}" for tile in self.tiles) + self.row.status
        return hashlib.sha256(said.encode()).hexdigest()[:12]


def _look(reading: Session, broadcast_id: int) -> _Look:
    row = broadcasts.get(reading, broadcast_id)
    if row is None:
        abort(404)
    runs = broadcasts.runs_of(reading, broadcast_id)
    run = next((one for one in runs if str(one.id) == request.args.get("run")), runs[0] if runs else None)
    return _Look(row, runs, run, walls.wall(reading, broadcast_id, run_id=run.id if run else None))


def _opened(broadcast_id: int) -> dict[str, Any]:
    view = request.args.get("view", "all")
    view = view if view in FILTERS else "all"
    with database().reading() as reading:
        look = _look(reading, broadcast_id)
        row, run, tiles = look.row, look.run, look.tiles
        left = walls.time_left(reading, row, run_id=run.id if run else None, now=now())
    by_ward: dict[str, list[DeliveryStatus]] = {}
    for tile in tiles:
        by_ward.setdefault(tile.unit_code, []).append(tile.state)
    counts: dict[DeliveryStatus, int] = {}
    for tile in tiles:
        counts[tile.state] = counts.get(tile.state, 0) + 1
    wanted = FILTERS[view][1]
    return {
        "broadcast": row,
        "status": BroadcastStatus(row.status),
        "run": run,
        "runs": look.runs,
        "tiles": [tile for tile in tiles if not wanted or tile.state in wanted],
        "total": len(tiles),
        "counts": counts,
        "ward_tone": {code: DELIVERY_TONES[walls.worst(states)] for code, states in by_ward.items()},
        "ward_words": {
            code: ", ".join(
                f"{translated(DELIVERY_LABELS[state]).lower()} {states.count(state)}"
                for state in dict.fromkeys(states)
            )
            for code, states in by_ward.items()
        },
        "left": left,
        "filters": FILTERS,
        "view": view,
        "moving": row.status in LIVE or any(state in counts for state in MOVING),
        "mark": look.mark,
    }
