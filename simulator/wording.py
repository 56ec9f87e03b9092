"""Vietnamese words of the pages that are lists: samples to try, places, what each switch does."""

from __future__ import annotations

PHRASES = (
    "Xin chào",
    "lam ho chieu can giay to gi",
    "Thủ tục đăng ký tạm trú",
    "Cấp lại thẻ căn cước bị mất",
    "Tôi muốn báo tin về an ninh trật tự",
    "Có người tụ tập đua xe trước cổng chợ",
    "Có cháy nhà, cứu với",
    "xong",
    "hủy",
)

PLACES = (
    ("Phường Bắc Giang", "21.28861", "106.22077"),
    ("Phường Kinh Bắc", "21.18610", "106.07630"),
    ("Phường Đa Mai", "21.28760", "106.16650"),
    ("Phường Từ Sơn", "21.11860", "105.96340"),
    ("Hà Nội (ngoài tỉnh)", "21.02850", "105.85420"),
)
"""Name, latitude and longitude in degrees; they lie somewhere in the ward, at no one's address."""

WITHOUT_WORDS = {
    "image": "[Ảnh]",
    "gif": "[Ảnh động]",
    "video": "[Clip]",
    "audio": "[Ghi âm]",
    "file": "[Tệp]",
    "location": "[Vị trí]",
    "sticker": "[Nhãn dán]",
    "card": "[Danh thiếp]",
}

EVENT_SWITCHES = (
    ("paused", "Tạm dừng gửi sự kiện", "Sự kiện xếp hàng chờ cho đến khi bật lại."),
    ("duplicate", "Gửi trùng", "Phần sự kiện được gửi hai lần, giống hệt nhau."),
    ("reorder", "Đảo thứ tự", "Phần sự kiện bị giữ lại và đến sau tin gửi sau nó."),
    (
        "retry_on_status",
        "Gửi lại khi trả lời khác 200",
        "Tắt: chỉ gửi lại khi không nối được hoặc quá 2 giây.",
    ),
    (
        "retry_scale",
        "Hệ số thời gian chờ gửi lại",
        "1: sau 30 giây, 5 phút, 15 phút, 30 phút, 1 giờ. 0,01: nhanh gấp trăm.",
    ),
)
API_SWITCHES = (
    ("delay_ms", "Trả lời chậm", "Mỗi lệnh gọi chờ thêm chừng này trước khi được xử lý."),
    (
        "drop_after_accept",
        "Nhận rồi ngắt kết nối",
        "Phần tin vẫn được gửi tới người dân, nhưng bên gọi không nhận được trả lời.",
    ),
    ("error_500", "Lỗi máy chủ 500", "Phần lệnh gọi trả về HTTP 500, không làm gì."),
    ("rate_limited", "Quá số lượt gọi (-32)", "Phần lệnh gọi bị từ chối vì quá nhanh."),
    ("down", "API ngừng hẳn", "Mọi lệnh gọi bị ngắt kết nối."),
)
