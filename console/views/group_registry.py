"""The registry of groups: how each is reached, how it fares, what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.access import allowed, officer
from console.desk import database, desk, now, today
from console.forms import asked
from console.views.broadcasts import CHANNELS
from data import accounts, group_registry
from data.tables import GroupRow
from domain.broadcasts import ChannelKind
from domain.errors import MoveRefused
from domain.group_days import GroupDays
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
            on=today(),
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
        return _page(code, given=request.form, fault="Mời chọn kênh.", code=422)
    try:
        days = GroupDays(_day("first_day"), _day("last_day"))
        with database().transaction() as writing:
            group_registry.change(
                writing,
                code,
                channel=ChannelKind(channel),
                oa_id=request.form.get("oa_id"),
                zalo_group_id=request.form.get("zalo_group_id", "")[:100],
                active=request.form.get("active") == "1",
                days=days,
                officer_id=officer().id,
                now=now(),
            )
    except ValueError as refused:
        return _page(code, given=request.form, fault=str(refused), code=422)
    except MoveRefused:
        abort(404)
    desk().wake(Kind.DELIVERIES, "")
    flash(_("Đã lưu. Tin đã duyệt trước đó không tự đổi theo; xin xem phần “Nhóm thay đổi” của tin."), "good")
    return redirect(url_for("group_registry.listing", q=request.form.get("name", "")))


def _day(name: str) -> date | None:
    """A day of the form; None: left empty. Raises ValueError with words."""
    text = request.form.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError("Ngày đầu hoặc ngày cuối chưa đúng. Mời chọn lại trên lịch.") from None


def _page(
    group: str, *, given: Mapping[str, str] | None = None, fault: str | None = None, code: int = 200
) -> ResponseReturnValue:
    """The page of one group; what was typed comes back with a fault."""
    with database().reading() as reading:
        row = reading.get(GroupRow, group)
        if row is None:
            abort(404)
        (line,) = [one for one in group_registry.listed(reading, on=today()) if one.code == group]
        oas = accounts.list_accounts(reading)
    return render_template(
        "pages/group.html",
        line=line,
        row=row,
        given=_as_kept(line) if given is None else given,
        oas=oas,
        choices=CHOICES,
        states=STATES,
        fault=fault,
    ), code


def _as_kept(line: group_registry.GroupLine) -> dict[str, str]:
    """The fields of the form as they are kept."""
    return {
        "channel": line.channel,
        "oa_id": line.oa_id or "",
        "zalo_group_id": line.zalo_group_id or "",
        "active": "1" if line.active else "",
        "first_day": line.days.first.isoformat() if line.days.first else "",
        "last_day": line.days.last.isoformat() if line.days.last else "",
    }


def _strangers(found: dict[str, dict[str, list[list[str]]]]) -> list[list[str]]:
    """Groups Zalo lists and we do not know: [OA, group id, name]."""
    return [[oa, *one] for oa, told in found.items() for one in told.get("strangers", [])]
