"""Make-believe tips of a year at one ward, and a few that are open, for the pictures of bench/screenshots.py."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from data.tables import Tip, TipMessage, TipMove
from domain.broadcasts import VIETNAM
from domain.tips import TipStatus, new_code
from domain.vietnamese import fold

TIPS_A_MONTH, MONTHS = 64, 12
CENTRE = (21.2805, 106.2020)
"""Of the ward, so that the make-believe places lie within it."""
HOURS = (0, 1, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19, 19, 20, 20, 21, 21, 22, 22, 23)
SEEN: tuple[tuple[str, str, str], ...] = (
    (
        "traffic",
        "Xe tải đỗ dưới lòng đường cả buổi chiều, che khuất lối sang đường của học sinh.",
        "đường Xương Giang",
    ),
    ("traffic", "Đèn tín hiệu ở ngã tư hỏng từ sáng, xe đi lại lộn xộn.", "ngã tư chợ Thương"),
    ("order", "Nhóm thanh niên tụ tập, lớn tiếng chửi bới, mang theo gậy.", "công viên Ngô Gia Tự"),
    ("fraud", "Có người tự xưng nhân viên ngân hàng gọi điện hỏi mã OTP.", "qua điện thoại"),
    ("noise", "Quán hát mở loa rất to sau 23 giờ, nhiều đêm liền.", "ngõ 12 đường Lê Lợi"),
    ("fire", "Dây điện chập, tóe lửa ngay trên mái tôn.", "tổ dân phố số 5"),
    ("environment", "Có xe đổ trộm phế thải xuống bờ mương.", "bờ mương sau trường học"),
    ("gambling", "Trong nhà nghỉ có người đánh bạc ăn tiền vào buổi tối.", "đường Hùng Vương"),
    ("lost_found", "Nhặt được ví có giấy tờ, muốn gửi trả người mất.", "bến xe"),
)
"""Kind, words, place."""


def year_of_tips(session: Session, dice: random.Random, ward: str, officer: int, now: datetime) -> None:
    """Closed ones, most hours in the evening, at two places more than elsewhere."""
    tips: list[Tip] = []
    for month in range(MONTHS):
        for _ in range(TIPS_A_MONTH + dice.randint(-8, 8)):
            day = now.astimezone(VIETNAM) - timedelta(days=30 * month + dice.randint(1, 24))
            came = day.replace(hour=dice.choice(HOURS), minute=dice.randint(0, 59)).astimezone(UTC)
            kind, what, place = dice.choice(SEEN)
            tip = _tip(ward, kind, what, place, came)
            tip.latitude = CENTRE[0] + dice.choice((0.0, 0.0, 0.006)) + dice.uniform(-0.002, 0.002)
            tip.longitude = CENTRE[1] + dice.choice((0.0, 0.0, 0.011)) + dice.uniform(-0.002, 0.002)
            tip.status = dice.choice((TipStatus.DONE, TipStatus.DONE, TipStatus.DONE, TipStatus.PASSED_ON))
            tip.taken_by = tip.closed_by = officer
            tip.taken_at = came + timedelta(minutes=dice.randint(2, 55))
            tip.closed_at = tip.updated_at = min(tip.taken_at + timedelta(hours=dice.randint(1, 70)), now)
            tips.append(tip)
    session.add_all(tips)
    session.flush()  # once, and quickly: the residents of the demo write at the same time
    for tip in tips:
        session.add(TipMove(tip_id=tip.id, at=tip.created_at, move="filed", after=TipStatus.NEW))
        said = (tip.taken_at or now) + timedelta(minutes=dice.randint(1, 90))
        words = "Cảm ơn anh/chị đã báo. Đơn vị đã cử người tới kiểm tra."
        session.add(TipMessage(tip_id=tip.id, at=said, from_officer=True, officer_id=officer, text=words))


def open_tips(session: Session, ward: str, officer: int, now: datetime) -> None:
    """A late one that went to the unit head, one that accuses police, one in hand, one that waits for the reporter."""
    late, accuses, in_hand, waits = (
        _tip(ward, *SEEN[number], now - timedelta(hours=hours))
        for number, hours in ((5, 3), (7, 2), (4, 26), (3, 50))
    )
    late.urgent, late.escalation, late.take_due_at = True, 1, now - timedelta(hours=2)
    accuses.bypass, accuses.went_past, accuses.escalation = True, ward, 2
    accuses.what = "Cán bộ nhận tiền để bỏ qua lỗi vi phạm giao thông."
    for tip, status in ((in_hand, TipStatus.IN_PROGRESS), (waits, TipStatus.WAITING)):
        tip.status, tip.taken_by, tip.taken_at = status, officer, tip.created_at + timedelta(minutes=20)
        tip.close_due_at = now + timedelta(hours=30)
    session.add_all([late, accuses, in_hand, waits])
    session.flush()
    for tip in (late, accuses, in_hand, waits):
        session.add(TipMove(tip_id=tip.id, at=tip.created_at, move="filed", after=TipStatus.NEW))


def _tip(ward: str, kind: str, what: str, place: str, came: datetime) -> Tip:
    return Tip(
        code=new_code(),
        draft_key=new_code(),
        designation=f"Người báo tin Sen-{came:%H%M}",
        oa_id="",
        unit_id=ward,
        status=TipStatus.NEW,
        urgent=False,
        what=what,
        what_folded=fold(f"{what} {place}"),
        place=place,
        category=kind,
        created_at=came,
        updated_at=came,
    )
