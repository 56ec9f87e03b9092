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
    "original.ask": "Đề nghị mở niêm phong bản gốc",
    "original.approve": "Duyệt mở niêm phong",
    "original.refuse": "Không duyệt mở niêm phong",
    "original.withdraw": "Rút đề nghị mở niêm phong",
    "original.unseal": "Tải bản gốc đã mở niêm phong",
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
    "tip.undone": "Hoàn tác thao tác trên tin",
    "tip.taken_over": "Nhận tin khi bàn giao ca",
    "shift.hand_over": "Bàn giao ca",
    "shift.take_over": "Nhận ca",
    "officer.looks_as": "Xem như vai trò khác",
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
    "learning.propose": "Đề xuất dạy bot",
    "learning.apply": "Áp dụng điều bot học",
    "learning.drop": "Bỏ đề xuất dạy bot",
    "learning.undo": "Hoàn tác điều bot học",
    "learning.aside": "Để câu hỏi ngoài phạm vi",
    "catalogue.create": "Thêm thủ tục",
    "catalogue.edit": "Sửa thủ tục",
    "catalogue.sheet": "Sửa thủ tục từ bảng tính",
    "catalogue.checked": "Kiểm tra lại thủ tục",
    "catalogue.undo": "Hoàn tác sửa thủ tục",
    "catalogue.schedule": "Hẹn ngày sửa thủ tục",
    "catalogue.call_off": "Bỏ hẹn sửa thủ tục",
    "catalogue.begin": "Thay đổi hẹn trước bắt đầu",
    "catalogue.import": "Nhập bảng tính thủ tục",
    "officer.add": "Thêm cán bộ",
    "officer.disable": "Đóng tài khoản",
    "officer.password": "Đặt mật khẩu",
    "officer.lock": "Tài khoản tạm khóa",
    "officer.login": "Đăng nhập",
    "officer.link": "Cấp đường dẫn đăng nhập",
}
SUBJECTS = {
    "tip": "tin báo",
    "broadcast": "tin tuyên truyền",
    "officer": "cán bộ",
    "delivery": "lượt gửi",
    "attachment": "tệp",
    "learning": "điều bot học",
    "procedure": "thủ tục",
    "import": "lần nhập",
    "shift": "sổ bàn giao ca",
}


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
