"""Who may do what at the console: one readable table.

`Scope` says on whose tips: UNIT the officer's own unit, PROVINCE every unit. An officer with several roles
may do what any of them may.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from domain.said import said


class Role(StrEnum):
    DUTY = "duty"
    UNIT_HEAD = "unit_head"
    BROADCASTER = "broadcaster"
    APPROVER = "approver"
    INSPECTOR = "inspector"
    EDITOR = "editor"
    ADMIN = "admin"


ROLE_LABELS: Mapping[Role, str] = {
    Role.DUTY: "Trực ban",
    Role.UNIT_HEAD: "Chỉ huy đơn vị",
    Role.BROADCASTER: "Cán bộ tuyên truyền",
    Role.APPROVER: "Người duyệt tin",
    Role.INSPECTOR: said("Thanh tra"),
    Role.EDITOR: "Cán bộ biên tập thủ tục",
    Role.ADMIN: "Quản trị hệ thống",
}


class Act(StrEnum):
    SEE_TIPS = "see_tips"
    WORK_TIPS = "work_tips"
    HAND_OVER = "hand_over"
    ASK_UNSEAL = "ask_unseal"
    DECIDE_UNSEAL = "decide_unseal"
    SEE_BROADCASTS = "see_broadcasts"
    WRITE_BROADCASTS = "write_broadcasts"
    APPROVE_BROADCASTS = "approve_broadcasts"
    APPROVE_URGENT = "approve_urgent"
    STOP_SENDING = "stop_sending"
    MANAGE_GROUPS = "manage_groups"
    SETTLE_UNKNOWN = "settle_unknown"
    POST_ASSISTED = "post_assisted"
    MANAGE_OFFICERS = "manage_officers"
    SEE_CATALOGUE = "see_catalogue"
    EDIT_CATALOGUE = "edit_catalogue"
    TEACH = "teach"
    SEE_AUDIT = "see_audit"
    SEE_HEALTH = "see_health"
    ASK_IDENTITY = "ask_identity"
    DECIDE_IDENTITY = "decide_identity"
    LINK_REPORTERS = "link_reporters"
    HOLD_TIPS = "hold_tips"
    SEE_STATISTICS = "see_statistics"
    SEE_COMPLAINTS = "see_complaints"
    WORK_COMPLAINTS = "work_complaints"
    ISSUE_ORDERS = "issue_orders"
    SEE_SCORES = "see_scores"
    SIFT_ANSWERS = "sift_answers"
    CORRECT_SCORES = "correct_scores"
    SEE_BOARDS = "see_boards"
    EDIT_BOARDS = "edit_boards"
    SEE_DOSSIERS = "see_dossiers"
    SEND_DOSSIERS = "send_dossiers"
    MANAGE_API = "manage_api"
    SEE_ROSTER = "see_roster"
    KEEP_ROSTER = "keep_roster"
    MANAGE_UNITS = "manage_units"
    CHECK_UNITS = "check_units"
    MANAGE_SETTINGS = "manage_settings"


MAY: Mapping[Role, frozenset[Act]] = {
    Role.DUTY: frozenset(
        {
            Act.SEE_TIPS,
            Act.WORK_TIPS,
            Act.POST_ASSISTED,
            Act.ASK_UNSEAL,
            Act.SEE_CATALOGUE,
            Act.SEE_BOARDS,
            Act.SEE_DOSSIERS,
            Act.SEND_DOSSIERS,
            Act.SEE_ROSTER,
        }
    ),
    Role.UNIT_HEAD: frozenset(
        {
            Act.SEE_TIPS,
            Act.WORK_TIPS,
            Act.HAND_OVER,
            Act.POST_ASSISTED,
            Act.SEE_BROADCASTS,
            Act.ASK_UNSEAL,
            Act.DECIDE_UNSEAL,
            Act.SEE_CATALOGUE,
            Act.APPROVE_URGENT,
            Act.ASK_IDENTITY,
            Act.DECIDE_IDENTITY,
            Act.SEE_STATISTICS,
            Act.SEE_COMPLAINTS,
            Act.WORK_COMPLAINTS,
            Act.SEE_SCORES,
            Act.SEE_BOARDS,
            Act.EDIT_BOARDS,
            Act.SEE_DOSSIERS,
            Act.SEND_DOSSIERS,
            Act.SEE_ROSTER,
            Act.KEEP_ROSTER,
        }
    ),
    Role.BROADCASTER: frozenset(
        {Act.SEE_BROADCASTS, Act.WRITE_BROADCASTS, Act.SETTLE_UNKNOWN, Act.STOP_SENDING}
    ),
    Role.APPROVER: frozenset(
        {Act.SEE_BROADCASTS, Act.APPROVE_BROADCASTS, Act.SETTLE_UNKNOWN, Act.STOP_SENDING}
    ),
    Role.INSPECTOR: frozenset(
        {
            Act.SEE_TIPS,
            Act.SEE_BROADCASTS,
            Act.SEE_AUDIT,
            Act.HAND_OVER,
            Act.WORK_TIPS,
            Act.ASK_UNSEAL,
            Act.DECIDE_UNSEAL,
            Act.SEE_CATALOGUE,
            Act.ASK_IDENTITY,
            Act.DECIDE_IDENTITY,
            Act.LINK_REPORTERS,
            Act.HOLD_TIPS,
            Act.SEE_STATISTICS,
            Act.SEE_COMPLAINTS,
            Act.WORK_COMPLAINTS,
            Act.ISSUE_ORDERS,
            Act.SEE_SCORES,
            Act.SIFT_ANSWERS,
            Act.CORRECT_SCORES,
            Act.SEE_BOARDS,
            Act.SEE_ROSTER,
            Act.CHECK_UNITS,
        }
    ),
    Role.EDITOR: frozenset(
        {Act.SEE_CATALOGUE, Act.EDIT_CATALOGUE, Act.TEACH, Act.SEE_BOARDS, Act.EDIT_BOARDS}
    ),
    Role.ADMIN: frozenset(
        {
            Act.MANAGE_OFFICERS,
            Act.SEE_AUDIT,
            Act.SEE_HEALTH,
            Act.SEE_BROADCASTS,
            Act.SEE_CATALOGUE,
            Act.EDIT_CATALOGUE,
            Act.TEACH,
            Act.MANAGE_GROUPS,
            Act.STOP_SENDING,
            Act.SEE_BOARDS,
            Act.EDIT_BOARDS,
            Act.SEE_DOSSIERS,
            Act.SEND_DOSSIERS,
            Act.MANAGE_API,
            Act.MANAGE_UNITS,
            Act.CHECK_UNITS,
            Act.MANAGE_SETTINGS,
        }
    ),
}
"""An administrator runs the system and sees no tips. TEACH: kept questions, and what the bot learns from them.
CHECK_UNITS: the second look at a change of units that somebody else prepared."""


def may(roles: Iterable[Role], act: Act) -> bool:
    """May somebody with these roles do this?"""
    return any(act in MAY[role] for role in roles)


ACT_LABELS: Mapping[Act, str] = {
    Act.SEE_TIPS: "Xem tin báo",
    Act.WORK_TIPS: "Tiếp nhận, trả lời, xử lý tin báo",
    Act.HAND_OVER: "Chuyển tin báo sang đơn vị khác",
    Act.ASK_UNSEAL: "Đề nghị và tải bản gốc đã được duyệt",
    Act.DECIDE_UNSEAL: "Duyệt mở niêm phong bản gốc",
    Act.SEE_BROADCASTS: "Xem tin tuyên truyền",
    Act.WRITE_BROADCASTS: "Soạn tin tuyên truyền",
    Act.APPROVE_BROADCASTS: "Duyệt tin tuyên truyền",
    Act.APPROVE_URGENT: "Duyệt tin khẩn khi trực chỉ huy",
    Act.STOP_SENDING: "Dừng toàn bộ việc gửi tin",
    Act.MANAGE_GROUPS: "Quản lý các nhóm Zalo",
    Act.SETTLE_UNKNOWN: "Kết luận lượt gửi chưa rõ",
    Act.POST_ASSISTED: "Đăng tay và xác nhận ở nhóm",
    Act.MANAGE_OFFICERS: "Quản lý tài khoản cán bộ",
    Act.SEE_CATALOGUE: "Xem danh mục thủ tục",
    Act.EDIT_CATALOGUE: "Sửa danh mục thủ tục",
    Act.TEACH: "Dạy bot từ câu hỏi đã che",
    Act.SEE_AUDIT: "Xem nhật ký thao tác",
    Act.SEE_HEALTH: "Xem tình trạng hệ thống",
    Act.ASK_IDENTITY: "Đề nghị mở danh tính",
    Act.DECIDE_IDENTITY: "Duyệt mở danh tính",
    Act.LINK_REPORTERS: "Nối các tin cùng người báo",
    Act.HOLD_TIPS: "Giữ tin cho vụ việc",
    Act.SEE_STATISTICS: "Xem thống kê tin báo",
    Act.SEE_COMPLAINTS: "Xem phản ánh về phục vụ",
    Act.WORK_COMPLAINTS: "Xử lý, trả lời phản ánh; nộp minh chứng",
    Act.ISSUE_ORDERS: "Ban hành và xét văn bản chấn chỉnh",
    Act.SEE_SCORES: "Xem điểm phục vụ và kết quả khảo sát",
    Act.SIFT_ANSWERS: "Sàng lọc câu trả lời khảo sát",
    Act.CORRECT_SCORES: "Đính chính điểm tháng đã chốt",
    Act.SEE_BOARDS: "Xem và in bảng mã QR",
    Act.EDIT_BOARDS: "Soạn và công bố bảng mã QR",
    Act.SEE_DOSSIERS: "Xem hồ sơ đến bước nào",
    Act.SEND_DOSSIERS: "Cập nhật hồ sơ bằng bảng tính",
    Act.MANAGE_API: "Cấp khóa và địa chỉ cho hệ thống kết nối",
    Act.SEE_ROSTER: "Xem lịch trực của đơn vị",
    Act.KEEP_ROSTER: "Xếp lịch trực của đơn vị",
    Act.MANAGE_UNITS: "Lập, áp dụng, hoàn tác việc sắp xếp đơn vị",
    Act.CHECK_UNITS: "Xác nhận việc sắp xếp đơn vị do đồng chí khác lập",
    Act.MANAGE_SETTINGS: "Đổi các hạn, thời gian lưu và ngày nghỉ",
}
"""Every act as the page of rights calls it."""

DANGEROUS = frozenset(
    {
        Act.DECIDE_UNSEAL,
        Act.DECIDE_IDENTITY,
        Act.APPROVE_BROADCASTS,
        Act.APPROVE_URGENT,
        Act.STOP_SENDING,
        Act.MANAGE_OFFICERS,
        Act.CORRECT_SCORES,
        Act.SEND_DOSSIERS,
        Act.MANAGE_API,
        Act.MANAGE_UNITS,
        Act.CHECK_UNITS,
        Act.MANAGE_SETTINGS,
    }
)
"""Acts that ask for the second factor again when it was given a while ago (console.freshness)."""

SECOND_FACTOR_FOR = DANGEROUS | {Act.SEE_TIPS}


def needs_second_factor(roles: Iterable[Role]) -> bool:
    """Is a second factor obligatory for somebody with these roles? Only editors of the catalogue may do without."""
    return any(SECOND_FACTOR_FOR & MAY[role] for role in roles)
