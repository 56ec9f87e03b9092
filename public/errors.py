"""What a resident reads when something cannot be shown; never a word of what they asked for."""

from __future__ import annotations

import logging

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

from domain.errors import NotStored

log = logging.getLogger(__name__)

WORDS: dict[int, tuple[LazyString, LazyString]] = {
    400: (
        _l("Trang chưa đọc được yêu cầu này"),
        _l("Xin bạn quay lại trang trước và thử lần nữa."),
    ),
    404: (
        _l("Không tìm thấy trang"),
        _l("Đường dẫn có thể đã cũ hoặc gõ nhầm. Mời bạn tìm lại ở trang đầu, hoặc nhắn Zalo để được giúp."),
    ),
    405: (_l("Trang chưa đọc được yêu cầu này"), _l("Xin bạn quay lại trang trước và bấm nút trên trang.")),
    413: (_l("Nội dung dài quá"), _l("Xin bạn rút gọn rồi gửi lại giúp.")),
    429: (_l("Bạn thử nhiều lần quá"), _l("Xin đợi ít phút rồi thử lại.")),
    500: (
        _l("Trang đang gặp trục trặc"),
        _l("Xin lỗi bạn vì sự bất tiện này. Mời bạn thử lại sau ít phút."),
    ),
    503: (_l("Trang đang bận"), _l("Việc vừa rồi chưa được lưu. Xin bạn thử lại sau vài giây.")),
}


def install(app: Flask) -> None:
    app.register_error_handler(NotStored, _busy)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def _busy(error: NotStored) -> ResponseReturnValue:
    try:
        return error_page(503)
    except NotStored:
        return _bare(503)


def error_page(code: int) -> ResponseReturnValue:
    """The page of one error, in the voice of the other pages."""
    title, words = WORDS.get(code, WORDS[400] if code < 500 else WORDS[500])
    return render_template("pages/error.html", code=code, title=title, words=words), code


def _bare(code: int) -> ResponseReturnValue:
    """The words alone: what stands around them could not be read either (a database that is away)."""
    title, words = WORDS.get(code, WORDS[500])
    page = f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1><p>{words}</p>'
    return page, code


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    return error_page(error.code)


def _fault(error: Exception) -> ResponseReturnValue:
    # The message of an exception may hold a resident's words: only its type and place are logged.
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    log.error("public page failed", extra={"error": type(error).__name__, "where": where})
    try:
        return error_page(500)
    except Exception:
        return _bare(500)
