"""The registry of groups: how each is reached, how it fares, what to do about it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.access import allowed, officer
from console.desk import database, desk, now
from console.forms import asked
from console.views.broadcasts import CHANNELS
from data import accounts, group_registry
from data.tables import GroupRow
from domain.broadcasts import ChannelKind
from domain.errors import MoveRefused
from domain.roles import Act
from domain.work import Kind

pages = Blueprint("group_registry", __name__)

CHOICES = {channel: words for channel, words in CHANNELS.items() if channel is not ChannelKind.TRAINING}
STATES = {
    group_registry.ZaloState.OK: "Zalo: bình thường",
    group_registry.ZaloState.DISABLED: "Zalo: gói nhóm hết hạn",
    group_registry.ZaloState.GONE: "Zalo: không còn thấy nhóm",
}


@pages.get("/nhom")
@allowed(Act.MANAGE_GROUPS)
def listing() -> ResponseReturnValue:
    words, trouble, channel = asked("q"), "loi" in request.args, request.args.get("kenh", "")
    with database().reading() as reading:
        lines = group_registry.listed(
            reading,
            words=words,
            only_trouble=trouble,
            channel=ChannelKind(channel) if channel in CHOICES else None,
        )
        check = group_registry.newest_check(reading)
        strangers = _strangers(check.found if check and check.found else {})
    return render_template(
        "pages/group_registry.html",
        lines=lines,
        q=words,
        trouble=trouble,
        channel=channel,
        choices=CHOICES,
        states=STATES,
        check=check,
        strangers=strangers,
    )


@pages.post("/nhom/kiem-tra")
@allowed(Act.MANAGE_GROUPS)
def check() -> ResponseReturnValue:
    """Asks for a comparison with Zalo's list; a loop carries it out."""
    with database().transaction() as writing:
        group_registry.ask_for_check(writing, officer_id=officer().id, now=now())
    flash(_("Đã yêu cầu đối chiếu với danh sách của Zalo. Kết quả có sau ít phút."), "good")
    return redirect(url_for("group_registry.listing"))


@pages.get("/nhom/<code>")
@allowed(Act.MANAGE_GROUPS)
def show(code: str) -> ResponseReturnValue:
    return _page(code)


@pages.post("/nhom/<code>")
@allowed(Act.MANAGE_GROUPS)
def change(code: str) -> ResponseReturnValue:
    channel = request.form.get("channel", "")
    if channel not in CHOICES:
        return _page(code, fault="Mời chọn kênh.", code=422)
    try:
        with database().transaction() as writing:
            group_registry.change(
                writing,
                code,
                channel=ChannelKind(channel),
                oa_id=request.form.get("oa_id"),
                zalo_group_id=request.form.get("zalo_group_id", "")[:100],
                active=request.form.get("active") == "1",
                officer_id=officer().id,
                now=now(),
            )
    except ValueError as refused:
        return _page(code, fault=str(refused), code=422)
    except MoveRefused:
        abort(404)
    desk().wake(Kind.DELIVERIES, "")
    flash(_("Đã lưu. Tin đã duyệt trước đó không tự đổi theo; xin xem phần “Nhóm thay đổi” của tin."), "good")
    return redirect(url_for("group_registry.listing", q=request.form.get("name", "")))


def _page(group: str, *, fault: str | None = None, code: int = 200) -> ResponseReturnValue:
    with database().reading() as reading:
        row = reading.get(GroupRow, group)
        if row is None:
            abort(404)
        (line,) = [one for one in group_registry.listed(reading) if one.code == group]
        oas = accounts.list_accounts(reading)
    return render_template(
        "pages/group.html", line=line, row=row, oas=oas, choices=CHOICES, states=STATES, fault=fault
    ), code


def _strangers(found: dict[str, dict[str, list[list[str]]]]) -> list[list[str]]:
    """Groups Zalo lists and we do not know: [OA, group id, name]."""
    return [[oa, *one] for oa, told in found.items() for one in told.get("strangers", [])]
