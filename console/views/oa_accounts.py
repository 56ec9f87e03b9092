"""Official accounts and how long their tokens last. The tokens themselves are never shown, not even in part."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.access import allowed
from console.desk import database, now
from data import accounts, units
from data.accounts import DOWN, Account
from domain.roles import Act

pages = Blueprint("oa_accounts", __name__)

SOON, VERY_SOON = 30, 7
"""Days left from which the page speaks up: first politely, then in red."""


@pages.get("/oa")
@allowed(Act.SEE_HEALTH)
def listing() -> ResponseReturnValue:
    with database().reading() as reading:
        found = accounts.with_days_left(reading, now=now())
        names = units.names(reading, {one.unit_id for one, _days in found if one.unit_id})
    lines = [
        {
            "oa": one,
            "days": days,
            "unit": names.get(one.unit_id or "", _("Toàn tỉnh")),
            "state": _state(one, days),
            "paused": one.paused_until if one.paused_until and one.paused_until > now() else None,
        }
        for one, days in found
    ]
    return render_template("pages/oa_accounts.html", lines=lines)


def _state(one: Account, days: int) -> tuple[str, str, str]:
    """(tone, label, what to do)."""
    connect = _("Mời kết nối lại OA: xem “Kết nối OA” trong tài liệu vận hành.")
    if one.refresh_expires_at is None:
        return "gray", _("Chưa kết nối"), connect
    if one.state == DOWN or days == 0:
        return "red", _("Mất kết nối"), connect
    if days <= VERY_SOON:
        return "red", _("Sắp hết hạn"), connect
    if days <= SOON:
        return (
            "gold",
            _("Còn dưới một tháng"),
            _("Hệ thống tự gia hạn mỗi ngày; nếu số ngày không tăng lại, mời kiểm tra."),
        )
    return "green", _("Bình thường"), ""
