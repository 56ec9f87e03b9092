"""Is the second factor of this form right? One place for the log-in and for the question before dangerous acts."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from console import passkeys
from console.accounts import OnDuty
from console.desk import database, desk, now
from data import officers, second_factors

CODE, RECOVERY, PASSKEY = "xac_nhan_ma", "xac_nhan_du_phong", "xac_nhan_khoa"
FIELDS = frozenset({CODE, RECOVERY, PASSKEY})
CODE_DIGITS = 6


@dataclass(frozen=True)
class Proof:
    """How it was proved (totp, recovery, passkey), or why not, in words. `fault` counts only while `how` is empty."""

    how: str = ""
    fault: str = ""


def is_tried() -> bool:
    """Does this form bring a second factor at all?"""
    return request.method == "POST" and any(name in request.form for name in FIELDS)


def prove(me: OnDuty) -> Proof:
    """Check what the form brings; a wrong one counts like a wrong password, with the same waits."""
    if me.locked:
        return Proof(
            fault=_("Đã nhập sai nhiều lần. Vì an toàn, tài khoản tạm khóa; xin đồng chí chờ rồi thử lại.")
        )
    given = {name: request.form.get(name, "").strip() for name in FIELDS}
    if not any(given.values()):
        return Proof(fault=_("Mời nhập mã xác nhận."))
    how = _how(me, given)
    if how:
        return Proof(how=how)
    with database().transaction() as writing:
        officers.login_failed(writing, me.id, now=now())
    if given[PASSKEY]:
        return Proof(fault=_("Khóa truy cập chưa được chấp nhận. Mời thử lại hoặc dùng cách khác."))
    if given[RECOVERY]:
        return Proof(fault=_("Mã dự phòng chưa đúng hoặc đã dùng rồi."))
    return Proof(
        fault=_("Mã xác nhận chưa đúng hoặc đã dùng rồi. Mời chờ mã mới trên ứng dụng rồi nhập lại.")
    )


def _how(me: OnDuty, given: dict[str, str]) -> str:
    with database().transaction() as writing:
        if given[PASSKEY]:
            return "passkey" if passkeys.prove(writing, me, given[PASSKEY]) else ""
        if given[RECOVERY]:
            used = second_factors.use_recovery(writing, me.id, given[RECOVERY], now=now())
            return "recovery" if used else ""
        code = "".join(given[CODE].split())
        if len(code) != CODE_DIGITS or not code.isascii() or not code.isdigit():
            return ""
        right = second_factors.use_code(writing, me.id, code, open_key=desk().secrets.open, now=now())
        return "totp" if right else ""
