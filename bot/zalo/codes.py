"""Zalo's error numbers → what has to be done next. docs/zalo.md, "Errors" (source D unless said, read 2026-11).

A new code is one line in TABLE. The words are for an officer to act on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import structlog

from domain.broadcasts import VIETNAM
from domain.errors import (
    QuotaUsedUp,
    SendError,
    SlowDown,
    TokenRefused,
    TryAgainLater,
    UploadAgain,
    WillNeverWork,
    WindowClosed,
)
from domain.reasons import HELD_UNTIL_THEY_WRITE, STRANGE_CODE
from domain.said import said

log = structlog.get_logger()

TOO_FAST = -32
SENDING_FAILED = -200
NIGHT = -234
NIGHT_BEGINS, NIGHT_ENDS = time(22, 0), time(6, 0)
"""Vietnam time between which Zalo takes answers only (docs/zalo.md, "Errors")."""
CLOCKS_APART = timedelta(minutes=5)
"""Waited when Zalo says night and our clock does not."""
AFTER_MINUTE = timedelta(seconds=1)
"""Added to the end of the minute, for clocks that are a little apart."""


@dataclass(frozen=True)
class Known:
    """One line of the table. `kind` is what to raise; `words` say it to an officer."""

    kind: type[SendError] | type[TokenRefused]
    words: str
    source: str = "D"


_OLD_API = "Ứng dụng chưa được cấu hình đúng trên Zalo; quản trị viên cần kiểm tra."


def _quiet(why: str) -> str:
    return said(HELD_UNTIL_THEY_WRITE, why=said(why))


TABLE: Mapping[int, Known] = {
    # wait
    TOO_FAST: Known(SlowDown, "Zalo báo gửi quá nhanh; hệ thống tự chờ sang phút sau.", "D, H, X"),
    SENDING_FAILED: Known(TryAgainLater, "Zalo báo gửi không thành công, không nêu lý do."),
    -214: Known(TryAgainLater, "Bài viết đang được Zalo xử lý."),
    NIGHT: Known(SlowDown, "Zalo không nhận loại tin này từ 22 giờ đến 6 giờ; sẽ gửi sau 6 giờ."),
    # do a step first
    -100: Known(UploadAgain, "Tệp tải lên Zalo đã hết hạn; hệ thống tải lại.", "D, H"),
    -216: Known(TokenRefused, "Mã truy cập của trang không còn hiệu lực.", "D, S"),
    -220: Known(TokenRefused, "Mã truy cập của trang đã hết hạn hoặc bị gỡ."),
    # the citizen cannot be written to now
    -213: Known(WindowClosed, _quiet("Người dân chưa quan tâm trang.")),
    -217: Known(WindowClosed, _quiet("Người dân đã chặn lời mời của trang.")),
    -218: Known(WindowClosed, _quiet("Người dân đã nhận đủ số tin Zalo cho phép.")),
    -222: Known(WindowClosed, _quiet("Tài khoản người dân bị khóa hoặc lâu không hoạt động."), "S"),
    -227: Known(WindowClosed, _quiet("Tài khoản người dân bị khóa hoặc không hoạt động quá 45 ngày.")),
    -230: Known(WindowClosed, _quiet("Đã quá 7 ngày kể từ lần cuối người dân nhắn cho trang.")),
    -232: Known(WindowClosed, _quiet("Người dân chưa từng nhắn, hoặc đã quá hạn tương tác.")),
    -244: Known(WindowClosed, _quiet("Người dân đã hạn chế loại tin này.")),
    -305: Known(WindowClosed, _quiet("Đã quá 48 giờ để trả lời tin này."), "S"),
    -311: Known(WindowClosed, _quiet("Đã dùng hết lượt trả lời cho người dân này."), "S"),
    # the allowance
    -211: Known(QuotaUsedUp, "Trang đã dùng hết hạn mức của tính năng này; chờ kỳ mới hoặc mua thêm."),
    # a person has to change something
    -201: Known(WillNeverWork, "Zalo báo nội dung hoặc tệp gửi đi không hợp lệ.", "D, S, H"),
    -202: Known(WillNeverWork, _OLD_API, "S"),
    -204: Known(WillNeverWork, "Trang Zalo này đã bị xóa hoặc bị khóa."),
    -205: Known(WillNeverWork, "Zalo báo không có trang này; kiểm tra mã trang."),
    -207: Known(WillNeverWork, _OLD_API, "S"),
    -208: Known(WillNeverWork, _OLD_API, "S"),
    -209: Known(WillNeverWork, "Ứng dụng chưa được kích hoạt trên Zalo.", "D, N, S"),
    -210: Known(WillNeverWork, "Nội dung vượt giới hạn Zalo cho phép (độ dài hoặc số lượng)."),
    -212: Known(WillNeverWork, "Ứng dụng chưa đăng ký dùng tính năng này của Zalo."),
    -215: Known(WillNeverWork, _OLD_API, "S"),
    -219: Known(WillNeverWork, "Ứng dụng đã bị gỡ hoặc bị khóa trên Zalo."),
    -221: Known(WillNeverWork, "Trang cần được Zalo xác thực trước khi gửi."),
    -223: Known(WillNeverWork, "Trang chưa cấp quyền này cho ứng dụng, hoặc đã hết lượt đăng bài."),
    -224: Known(WillNeverWork, "Gói dịch vụ của trang không có tính năng này; cần nâng gói."),
    -233: Known(WillNeverWork, "Zalo không hỗ trợ loại tin này."),
    -235: Known(WillNeverWork, "Loại trang này không được dùng tính năng."),
    -237: Known(WillNeverWork, "Nhóm đã hết hạn hoặc bị khóa; cần gia hạn gói nhóm."),
    -238: Known(WillNeverWork, "Gói nhóm đã được dùng hoặc bị khóa; cần chọn gói khác."),
    -240: Known(WillNeverWork, "Zalo đã đóng cách gửi cũ; cần cập nhật phần mềm."),
    -241: Known(WillNeverWork, "Gói nhóm miễn phí đã dùng hết; cần mua gói nhóm."),
    -242: Known(WillNeverWork, _OLD_API),
    -248: Known(WillNeverWork, "Zalo từ chối vì nội dung vi phạm quy định của nền tảng; cần sửa nội dung."),
    -249: Known(WillNeverWork, "Mẫu tin này không gửi được cho người dùng.", "N, X"),
    -320: Known(WillNeverWork, "Ứng dụng cần liên kết tài khoản thanh toán Zalo Cloud."),
    -321: Known(WillNeverWork, "Tài khoản Zalo Cloud không đủ tiền."),
    -403: Known(WillNeverWork, "Trang không còn ở trong nhóm này; cần mời lại trang vào nhóm."),
    -1340: Known(WillNeverWork, "Không tìm thấy biểu mẫu quảng cáo."),
    -1341: Known(WillNeverWork, "Không có quyền với biểu mẫu quảng cáo."),
    112: Known(WillNeverWork, "Ứng dụng chưa liên kết với trang Zalo nào.", "N"),
}


def error_for(code: int, *, now: datetime) -> SendError | TokenRefused:
    """What to raise for Zalo's `code` (never 0). A code nobody listed is tried again, and logged by number.

    now  aware UTC: how long SlowDown waits depends on the clock
    """
    known = TABLE.get(code)
    if known is None:
        log.warning("zalo_code_not_listed", code=code)
        return TryAgainLater(said(STRANGE_CODE, code=code), code)
    if issubclass(known.kind, TokenRefused):
        return known.kind(known.words)
    if issubclass(known.kind, SlowDown):
        wait = until_morning(now) if code == NIGHT else until_next_minute(now)
        return known.kind(known.words, code, wait=wait)
    return known.kind(known.words, code)


def until_next_minute(now: datetime) -> timedelta:
    """To just after the minute's end, when Zalo begins to count anew."""
    start = now.replace(second=0, microsecond=0)
    return start + timedelta(minutes=1) + AFTER_MINUTE - now


def until_morning(now: datetime) -> timedelta:
    """To the next NIGHT_ENDS in Vietnam."""
    local = now.astimezone(VIETNAM)
    if NIGHT_ENDS <= local.time() < NIGHT_BEGINS:
        return CLOCKS_APART
    day = local.date() if local.time() < NIGHT_ENDS else local.date() + timedelta(days=1)
    return datetime.combine(day, NIGHT_ENDS, tzinfo=VIETNAM) - now
