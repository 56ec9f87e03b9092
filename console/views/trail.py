"""The audit trail, for inspectors and administrators."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from console.access import allowed
from console.desk import database
from data import audit
from domain.roles import Act

pages = Blueprint("trail", __name__)

PAGE = 50
ACTIONS = {
    "tip.taken": "Tiếp nhận tin báo",
    "tip.given_back": "Trả tin báo về hàng chờ",
    "tip.status": "Đổi trạng thái tin báo",
    "tip.answered": "Trả lời người báo tin",
    "tip.noted": "Ghi chú nội bộ",
    "tip.handed_over": "Chuyển tin báo sang đơn vị khác",
    "tip.merged": "Gộp tin báo",
    "tip.linked": "Nối tin báo liên quan",
    "tip.same_reporter": "Nối các tin cùng người báo",
    "tip.sorted": "Đổi loại việc",
    "tip.revealed": "Xem chi tiết đã che",
    "tip.hold_on": "Giữ tin cho vụ việc",
    "tip.hold_off": "Thôi giữ tin cho vụ việc",
    "tip.identity_asked": "Đề nghị mở danh tính",
    "tip.identity_decided": "Quyết định đề nghị mở danh tính",
    "tip.identity_opened": "Xem danh tính",
    "tip.deleted": "Xóa tin hết hạn lưu",
    "key.rotated": "Đổi khóa niêm phong",
    "broadcast.create": "Soạn tin tuyên truyền",
    "broadcast.edit": "Sửa tin tuyên truyền",
    "broadcast.propose": "Trình duyệt",
    "broadcast.take_back": "Rút về bản nháp",
    "broadcast.approve": "Duyệt",
    "broadcast.refuse": "Không duyệt",
    "broadcast.pause": "Tạm dừng gửi",
    "broadcast.resume": "Cho gửi tiếp",
    "broadcast.withdraw": "Rút tin",
    "delivery.settle": "Kết luận lượt gửi chưa rõ",
    "delivery.posted": "Xác nhận đã đăng nhóm",
    "officer.add": "Thêm cán bộ",
    "officer.disable": "Đóng tài khoản",
    "officer.password": "Đặt mật khẩu",
    "officer.lock": "Tài khoản tạm khóa",
    "officer.login": "Đăng nhập",
    "officer.link": "Cấp đường dẫn đăng nhập",
}
SUBJECTS = {"tip": "tin báo", "broadcast": "tin tuyên truyền", "officer": "cán bộ", "delivery": "lượt gửi"}


@pages.get("/nhat-ky")
@allowed(Act.SEE_AUDIT)
def listing() -> ResponseReturnValue:
    before = request.args.get("before", "")
    with database().reading() as reading:
        rows = audit.listed(
            reading,
            limit=PAGE + 1,
            before_id=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None,
        )
        problems = audit.verify(reading) if request.args.get("check") == "1" else None
    return render_template(
        "pages/trail.html",
        rows=rows[:PAGE],
        next=rows[PAGE - 1].id if len(rows) > PAGE else None,
        first=not before,
        problems=problems,
        actions=ACTIONS,
        subjects=SUBJECTS,
    )
