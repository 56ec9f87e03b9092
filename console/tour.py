"""The guided tour: a few steps over the real pages, for what the officer's roles may do.

A step is a card on its page, reached by an ordinary address (`?huong-dan=2`): it needs no script, only the frame
around the part it speaks of does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import LazyString, lazy_gettext
from flask_security import current_user

from domain.roles import Act

ASKED = "huong-dan"


@dataclass(frozen=True)
class Step:
    """`target`: a CSS selector of the part it speaks of; `acts`: any of them; empty = for everybody."""

    endpoint: str
    target: str
    title: LazyString
    words: LazyString
    acts: frozenset[Act] = frozenset()


STEPS = (
    Step(
        "home.show",
        ".page-head",
        lazy_gettext("Trang chính: việc cần làm ngay"),
        lazy_gettext(
            "Mọi việc chờ đồng chí xếp theo đồng hồ: việc gần hết giờ nhất đứng đầu. Bấm vào là tới việc."
        ),
    ),
    Step(
        "tips.queue",
        ".search",
        lazy_gettext("Tìm và lọc tin báo"),
        lazy_gettext(
            "Gõ không dấu cũng tìm được, trong lời kể, địa điểm và trao đổi. Các nút bên dưới lọc theo người phụ trách, "
            "đồng hồ và loại việc."
        ),
        frozenset({Act.SEE_TIPS}),
    ),
    Step(
        "tips.queue",
        "#danh-sach",
        lazy_gettext("Mở một tin để xử lý"),
        lazy_gettext(
            "Bấm vào một dòng để mở tin, rồi bấm “Tiếp nhận”. Danh sách tự cập nhật; chữ đang gõ không bị mất. "
            "Bấm phím ? để xem các phím tắt."
        ),
        frozenset({Act.WORK_TIPS}),
    ),
    Step(
        "shifts.current",
        ".page-head",
        lazy_gettext("Bàn giao ca"),
        lazy_gettext(
            "Cuối ca, viết vài dòng cho đồng chí sau. Người nhận bấm một nút là nhận cả sổ và các tin đang dở."
        ),
        frozenset({Act.WORK_TIPS}),
    ),
    Step(
        "identities.listing",
        ".page-head",
        lazy_gettext("Mở danh tính"),
        lazy_gettext(
            "Người báo tin chỉ có biệt danh. Cần biết là ai thì nêu căn cứ; một đồng chí thuộc đơn vị khác duyệt. "
            "Thời hạn xem ngắn, mọi lần xem đều ghi sổ."
        ),
        frozenset({Act.ASK_IDENTITY, Act.DECIDE_IDENTITY}),
    ),
    Step(
        "roster.show",
        ".page-head",
        lazy_gettext("Lịch trực"),
        lazy_gettext("Ai trực lúc nào. Khi theo lịch không có ai trực, tin quá hạn được báo thẳng lên tỉnh."),
        frozenset({Act.SEE_ROSTER}),
    ),
    Step(
        "tip_statistics.show",
        ".page-head",
        lazy_gettext("Thống kê"),
        lazy_gettext(
            "Bấm vào một số để xem các tin đằng sau. Số quá nhỏ được giấu để không ai bị đoán ra. Xuất được "
            "Excel và in được."
        ),
        frozenset({Act.SEE_STATISTICS}),
    ),
    Step(
        "tip_map.show",
        ".page-head",
        lazy_gettext("Bản đồ tin báo"),
        lazy_gettext("Cùng số liệu với bảng bên cạnh. Bấm vào một phường, xã để xem gần hơn."),
        frozenset({Act.SEE_TIPS}),
    ),
    Step(
        "complaints.listing",
        ".page-head",
        lazy_gettext("Phản ánh phục vụ"),
        lazy_gettext(
            "Điểm thấp và phản ánh của người dân là việc có hạn: chỉ huy đơn vị xác minh, trả lời; Thanh tra theo dõi."
        ),
        frozenset({Act.SEE_COMPLAINTS}),
    ),
    Step(
        "scores.show",
        ".page-head",
        lazy_gettext("Điểm tháng, khảo sát"),
        lazy_gettext(
            "Điểm hằng tháng của đơn vị, kèm khoảng tin cậy. Bấm vào một đơn vị để biết vì sao được điểm ấy."
        ),
        frozenset({Act.SEE_SCORES}),
    ),
    Step(
        "assisted.listing",
        ".page-head",
        lazy_gettext("Đăng nhóm Zalo"),
        lazy_gettext("Nhóm nào chưa kết nối tự động thì chép nội dung, đăng tay, rồi bấm “Đã đăng”."),
        frozenset({Act.POST_ASSISTED}),
    ),
    Step(
        "broadcasts.listing",
        ".page-head",
        lazy_gettext("Tin tuyên truyền"),
        lazy_gettext(
            "Soạn, duyệt, lên lịch và theo dõi từng lượt gửi. Người soạn không tự duyệt tin của mình."
        ),
        frozenset({Act.SEE_BROADCASTS}),
    ),
    Step(
        "catalogue.listing",
        ".page-head",
        lazy_gettext("Thủ tục"),
        lazy_gettext(
            "Những gì bot trả lời người dân. Mục “Vì sao bot trả lời vậy?” giải thích từng câu trả lời."
        ),
        frozenset({Act.SEE_CATALOGUE}),
    ),
    Step(
        "unsealing.listing",
        ".page-head",
        lazy_gettext("Mở niêm phong bản gốc"),
        lazy_gettext(
            "Ảnh và video hiện ở bản xem. Bản gốc chỉ mở khi có hai đồng chí: người đề nghị và người duyệt."
        ),
        frozenset({Act.ASK_UNSEAL, Act.DECIDE_UNSEAL}),
    ),
    Step(
        "boards.listing",
        ".page-head",
        lazy_gettext("Bảng mã QR"),
        lazy_gettext(
            "In bảng để người dân quét. Đơn vị đổi tên hay sáp nhập, mã đã in vẫn dẫn tới đúng nơi."
        ),
        frozenset({Act.SEE_BOARDS}),
    ),
    Step(
        "dossiers.listing",
        ".page-head",
        lazy_gettext("Hồ sơ của người dân"),
        lazy_gettext(
            "Cập nhật hồ sơ đến bước nào bằng tệp Excel; người dân hỏi bot là biết, không cần gọi điện."
        ),
        frozenset({Act.SEE_DOSSIERS}),
    ),
    Step(
        "group_registry.listing",
        ".page-head",
        lazy_gettext("Nhóm Zalo"),
        lazy_gettext(
            "Nhóm nào gửi tự động, nhóm nào đăng tay, nhóm nào cần xử lý. “Đối chiếu với Zalo” cho biết thực "
            "tế."
        ),
        frozenset({Act.MANAGE_GROUPS}),
    ),
    Step(
        "systems.listing",
        ".page-head",
        lazy_gettext("Hệ thống kết nối"),
        lazy_gettext("Cấp và thu hồi khóa cho các hệ thống khác của tỉnh; khóa chỉ hiện một lần."),
        frozenset({Act.MANAGE_API}),
    ),
    Step(
        "staff.listing",
        ".page-head",
        lazy_gettext("Cán bộ"),
        lazy_gettext("Thêm cán bộ, chọn đơn vị và vai trò, cấp đường dẫn đăng nhập một lần."),
        frozenset({Act.MANAGE_OFFICERS}),
    ),
    Step(
        "units.listing",
        ".page-head",
        lazy_gettext("Đơn vị, thiết đặt"),
        lazy_gettext(
            "Sáp nhập đơn vị từ một ngày, có người thứ hai xem lại và hoàn tác được. Các thẻ bên cạnh: OA, "
            "thiết đặt, danh bạ."
        ),
        frozenset({Act.MANAGE_UNITS, Act.CHECK_UNITS}),
    ),
    Step(
        "trail.listing",
        ".page-head",
        lazy_gettext("Nhật ký thao tác"),
        lazy_gettext("Ai làm gì, lúc nào; bấm “Kiểm tra toàn vẹn” để biết nhật ký có bị sửa không."),
        frozenset({Act.SEE_AUDIT}),
    ),
    Step(
        "as_role.choose",
        ".page-head",
        lazy_gettext("Xem như vai trò"),
        lazy_gettext("Biết một vai trò thấy những trang nào mà không thấy dữ liệu của ai."),
        frozenset({Act.MANAGE_OFFICERS}),
    ),
    Step(
        "account.show",
        "h1",
        lazy_gettext("Tài khoản"),
        lazy_gettext("Đổi mật khẩu và đăng xuất ở đây. Một lần đăng nhập có giá trị trong một ca trực."),
    ),
)


@dataclass(frozen=True)
class Here:
    """The step on this page: its number counts from 1."""

    step: Step
    number: int
    count: int
    next: str | None


def own_steps() -> list[Step]:
    """The tour of the officer behind this request."""
    return [one for one in STEPS if not one.acts or any(current_user.may(act) for act in one.acts)]


def address_of(steps: list[Step], number: int) -> str:
    given: dict[str, Any] = {ASKED: number}
    return url_for(steps[number - 1].endpoint, **given)


def step_of_request() -> Here | None:
    """The step this address asks for, if it is one of the officer's own and belongs to this page."""
    asked = request.args.get(ASKED, "")
    if request.method != "GET" or not (asked.isascii() and asked.isdigit() and len(asked) < 3):
        return None
    steps, number = own_steps(), int(asked)
    if not 1 <= number <= len(steps) or steps[number - 1].endpoint != request.endpoint:
        return None
    return Here(
        steps[number - 1],
        number,
        len(steps),
        address_of(steps, number + 1) if number < len(steps) else None,
    )
