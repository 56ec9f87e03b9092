"""The audit trail, for inspectors and administrators."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from console.access import allowed
from console.desk import database
from console.forms import asked
from data import audit, officers
from domain.broadcasts import VIETNAM
from domain.roles import Act

pages = Blueprint("trail", __name__)

PAGE = 50
ACTIONS = {
    "tip.taken": "Tiếp nhận tin báo",
    "tip.given_back": "Trả tin báo về hàng chờ",
    "tip.status": "Đổi trạng thái tin báo",
    "tip.answered": "Trả lời người báo tin",
    "tip.answer_arrived": "Xác nhận câu trả lời đã đến",
    "tip.answer_again": "Gửi lại câu trả lời chưa rõ",
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
    "broadcast.propose": "Trình duyệt tin tuyên truyền",
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
    "dossier.import": "Nhập bảng hồ sơ",
    "token.add": "Cấp khóa truy cập API",
    "token.revoke": "Thu hồi khóa truy cập API",
    "hook.add": "Thêm địa chỉ nhận tin",
    "hook.on": "Bật địa chỉ nhận tin",
    "hook.off": "Tắt địa chỉ nhận tin",
    "sending.stop": "Dừng mọi việc gửi",
    "sending.lift": "Cho gửi trở lại",
    "group.change": "Đổi cách gửi của nhóm",
    "statistics.export": "Xuất thống kê tin báo",
    "statistics.questions": "Xuất thống kê câu hỏi",
    "unit.propose": "Lập việc sắp xếp đơn vị",
    "unit.agree": "Xác nhận việc sắp xếp đơn vị",
    "unit.apply": "Áp dụng việc sắp xếp đơn vị",
    "unit.undo": "Hoàn tác việc sắp xếp đơn vị",
    "unit.drop": "Bỏ việc sắp xếp đơn vị",
    "setting.change": "Đổi thiết đặt",
    "setting.withdraw": "Hoàn tác thiết đặt",
    "registry.applied": "Áp dụng tệp danh sách",
    "registry.undone": "Hoàn tác tệp danh sách",
    "officer.add": "Thêm cán bộ",
    "officer.disable": "Đóng tài khoản",
    "officer.password": "Đặt mật khẩu",
    "officer.lock": "Tài khoản tạm khóa",
    "officer.login": "Đăng nhập",
    "officer.link": "Cấp đường dẫn đăng nhập",
    "officer.link_used": "Dùng đường dẫn đăng nhập",
    "officer.change": "Đổi họ tên, vai trò, đơn vị",
    "officer.enable": "Mở lại tài khoản",
    "officer.begin_anew": "Cấp lại từ đầu vì mất thiết bị",
    "officer.sessions_ended": "Kết thúc phiên đăng nhập",
    "officer.totp": "Đổi ứng dụng xác thực",
    "officer.passkey": "Thêm khóa truy cập",
    "officer.passkey_removed": "Bỏ khóa truy cập",
    "officer.recovery_codes": "Tạo mã dự phòng",
    "officer.recovery_used": "Dùng mã dự phòng",
    "officer.import": "Nhập cán bộ từ bảng tính",
    "officer.link_chat": "Nối Zalo của cán bộ",
    "officer.unlink_chat": "Bỏ nối Zalo của cán bộ",
    "broadcast.approve_urgent": "Duyệt khẩn",
    "broadcast.review": "Xem lại tin đã duyệt khẩn",
    "delivery.retry": "Gửi lại lượt gửi",
    "group_list.keep": "Lưu danh sách nhóm",
    "group_list.drop": "Xóa danh sách nhóm",
    "board.publish": "Công bố bảng QR",
    "shift.add": "Xếp ca trực",
    "shift.remove": "Bỏ ca trực",
    "survey.sift": "Sàng lọc câu trả lời khảo sát",
    "scores.freeze": "Chốt điểm tháng",
    "scores.correct": "Đính chính điểm tháng",
    "complaint.opened": "Nhận phản ánh phục vụ",
    "complaint.status": "Đổi trạng thái phản ánh",
    "complaint.reopened": "Mở lại phản ánh",
    "complaint.late": "Phản ánh quá hạn",
    "complaint.ordered": "Ban hành văn bản chấn chỉnh",
    "complaint.order": "Đổi trạng thái văn bản chấn chỉnh",
    "complaint.deleted": "Xóa phản ánh hết hạn lưu",
    "order.proof": "Nộp minh chứng chấn chỉnh",
    "order.accepted": "Chấp nhận minh chứng",
    "order.sent_back": "Trả lại minh chứng",
    "order.withdrawn": "Rút văn bản chấn chỉnh",
    "order.issued": "Ban hành văn bản chấn chỉnh",
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
    "officer_import": "lần nhập cán bộ",
    "group": "nhóm",
    "stop": "lần dừng gửi",
    "unit_change": "việc sắp xếp",
    "setting": "thiết đặt",
    "registry": "tệp danh sách",
    "shift": "ca trực",
    "board": "bảng QR",
    "complaint": "phản ánh",
    "dossier_import": "lần nhập hồ sơ",
    "group_list": "danh sách nhóm",
    "hook": "địa chỉ nhận tin",
    "improvement_order": "văn bản chấn chỉnh",
    "key": "khóa niêm phong",
    "score_month": "điểm tháng",
    "survey_answer": "câu trả lời khảo sát",
    "token": "khóa truy cập API",
}


CHECKED = 20_000
"""So many rows the button looks at; the command `audit verify` looks at all."""


@pages.get("/nhat-ky")
@allowed(Act.SEE_AUDIT)
def listing() -> ResponseReturnValue:
    before = request.args.get("before", "")
    sought, filters = _sought()
    with database().reading() as reading:
        rows = audit.listed(
            reading,
            limit=PAGE + 1,
            before_id=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None,
            sought=sought,
        )
        people = officers.names(reading)
        problems = audit.verify(reading, newest_rows=CHECKED) if request.args.get("check") == "1" else None
        newest = audit.newest(reading)
    return render_template(
        "pages/trail.html",
        rows=rows[:PAGE],
        next=url_for(".listing", **filters, before=rows[PAGE - 1].id) if len(rows) > PAGE else None,
        first=url_for(".listing", **filters) if before else None,
        problems=problems,
        checked=CHECKED,
        newest=newest,
        actions=ACTIONS,
        subjects=SUBJECTS,
        people=people,
        names={str(number): name for number, name in people},
        filters=filters,
    )


def _sought() -> tuple[audit.Sought, dict[str, Any]]:
    """What the address asks for, and the same as text for the form and the next page; nonsense is left out."""
    given = {name: asked(name) for name in ("ai", "viec", "tren", "so", "tu", "den")}
    since, until = _day(given["tu"]), _day(given["den"])
    who, kind = given["ai"], given["tren"] if given["tren"] in SUBJECTS else ""
    one = given["so"] if kind else ""
    action = given["viec"] if given["viec"] in ACTIONS else ""
    return (
        audit.Sought(
            officer_id=int(who) if who.isascii() and who.isdigit() and len(who) < 16 else None,
            action=action or None,
            kind=kind or None,
            subject=f"{kind}:{one}" if one else None,
            since=since,
            until=until + timedelta(days=1) if until else None,
        ),
        {name: value for name, value in given.items() if value},
    )


def _day(text: str) -> datetime | None:
    """The begin of this day in Vietnam."""
    try:
        return datetime.combine(date.fromisoformat(text), time(0), VIETNAM)
    except ValueError:
        return None
