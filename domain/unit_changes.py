"""Units that become others (“xã A và B thành phường C từ ngày …”): its states, who may do what, what may be written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.errors import MoveRefused
from domain.said import said
from domain.units import Unit, UnitLevel


class ChangeState(StrEnum):
    PROPOSED = "proposed"
    AGREED = "agreed"
    APPLIED = "applied"
    UNDONE = "undone"
    DROPPED = "dropped"


S = ChangeState
MOVES: Mapping[ChangeState, frozenset[ChangeState]] = {
    S.PROPOSED: frozenset({S.AGREED, S.DROPPED}),
    S.AGREED: frozenset({S.APPLIED, S.DROPPED}),
    S.APPLIED: frozenset({S.UNDONE}),
    S.UNDONE: frozenset(),
    S.DROPPED: frozenset(),
}
STATE_LABELS: Mapping[ChangeState, str] = {
    S.PROPOSED: "Chờ người thứ hai xem",
    S.AGREED: "Đã xem, chờ đến ngày",
    S.APPLIED: "Đang có hiệu lực",
    S.UNDONE: "Đã hoàn tác",
    S.DROPPED: "Đã bỏ",
}
KINDS = ("phường", "xã", "đặc khu")
AHEAD, BACK = timedelta(days=730), timedelta(days=366)
"""How far from today the day of a change may lie."""
BASIS_MAX = 500
_CODE = re.compile(r"[0-9]{5}")
_NAME = re.compile(r"[^\W_][\w .'\-–]{0,79}")


@dataclass(frozen=True)
class NewUnit:
    """A commune-level unit that does not exist yet; `short_name` without its kind."""

    code: str
    kind: str
    short_name: str

    @property
    def name(self) -> str:
        return f"{self.kind[:1].upper()}{self.kind[1:]} {self.short_name}"

    def unit(self, since: date, province: str) -> Unit:
        return Unit(
            self.code, self.name, self.short_name, self.kind, UnitLevel.COMMUNE, since, province=province
        )


def check_move(before: ChangeState, after: ChangeState) -> None:
    """Raise MoveRefused when a change in this state cannot become that."""
    if after not in MOVES[before]:
        raise MoveRefused(
            said(
                "Việc sắp xếp này đang “%(state)s” nên không làm bước đó được.",
                state=said(STATE_LABELS[before]),
            )
        )


def check_second_person(author_id: int, officer_id: int) -> None:
    """Who prepared it does not give the second look."""
    if author_id == officer_id:
        raise MoveRefused("Người lập không tự xác nhận được. Mời một đồng chí khác xem và xác nhận.")


def faults_of_new(new: NewUnit) -> list[str]:
    """What is wrong with a unit that is to be made, in words for the form."""
    faults = []
    if not _CODE.fullmatch(new.code):
        faults.append("Mã đơn vị gồm 5 chữ số, theo danh mục đơn vị hành chính.")
    if new.kind not in KINDS:
        faults.append("Mời chọn loại đơn vị: phường, xã hoặc đặc khu.")
    if not _NAME.fullmatch(new.short_name):
        faults.append("Tên đơn vị gồm chữ và số, không quá 80 ký tự.")
    elif new.short_name.casefold().startswith(tuple(f"{kind} " for kind in KINDS)):
        faults.append("Tên không ghi lại loại đơn vị: ghi “Bắc Giang”, không ghi “Phường Bắc Giang”.")
    return faults


def faults_of_day(since: date, today: date) -> list[str]:
    if since > today + AHEAD:
        return ["Ngày có hiệu lực cách hôm nay quá hai năm. Mời xem lại."]
    if since < today - BACK:
        return ["Ngày có hiệu lực đã qua hơn một năm. Mời xem lại."]
    return []
