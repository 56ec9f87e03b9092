"""What an officer reads when something cannot be done: not found, no right, session over, a fault of ours."""

from __future__ import annotations

import logging

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from console.access import SessionOver
from domain.errors import NotAllowed, NotStored

log = logging.getLogger(__name__)

WORDS = {
    400: ("Yêu cầu chưa hợp lệ", "Nội dung gửi lên không đọc được. Mời quay lại và thử lần nữa."),
    401: (
        "Phiên làm việc đã hết",
        "Vì an toàn, mỗi lần đăng nhập có giá trị trong một ca trực. Mời đăng nhập lại; nội dung đang soạn vẫn "
        "còn ở trang trước nếu bấm “Quay lại”.",
    ),
    403: (
        "Đồng chí không có quyền xem trang này",
        "Trang này dành cho vai trò khác. Nếu công việc cần đến, mời liên hệ quản trị hệ thống của đơn vị.",
    ),
    404: (
        "Không tìm thấy trang",
        "Đường dẫn không đúng, hoặc nội dung không còn thuộc đơn vị của đồng chí.",
    ),
    405: ("Thao tác không đúng cách", "Mời quay lại trang trước và bấm đúng nút trên trang."),
    410: ("Nội dung không còn", "Trang này đã hết hạn hoặc đã được gỡ. Mời quay về trang chính."),
    429: ("Thao tác hơi nhanh", "Hệ thống tạm dừng nhận từ máy này trong giây lát. Mời thử lại sau ít phút."),
    413: ("Nội dung quá dài", "Mời rút gọn nội dung rồi gửi lại."),
    500: (
        "Hệ thống gặp trục trặc",
        "Thao tác vừa rồi chưa được lưu. Lỗi đã được ghi lại; mời thử lại sau ít phút.",
    ),
    503: (
        "Hệ thống đang bận",
        "Thao tác vừa rồi chưa được lưu. Mời thử lại sau vài giây.",
    ),
}


def install(app: Flask) -> None:
    """Answer every error in our own words, without a word of what was asked for."""
    app.register_error_handler(CSRFError, lambda _: _page(401))
    app.register_error_handler(SessionOver, lambda _: _page(401))
    app.register_error_handler(NotAllowed, lambda _: _page(403))
    app.register_error_handler(NotStored, lambda _: _page(503))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    return _page(error.code)


def _fault(error: Exception) -> ResponseReturnValue:
    # The message of an exception may hold a resident's words: only its type and place are logged.
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    log.error("console page failed", extra={"error": type(error).__name__, "where": where})
    return _page(500)


def _page(code: int) -> ResponseReturnValue:
    title, words = WORDS.get(code, WORDS[400] if code < 500 else WORDS[500])
    return render_template("pages/error.html", code=code, title=title, words=words), code
