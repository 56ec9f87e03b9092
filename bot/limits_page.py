"""The public page that says what may come with a tip, from the same table the program keeps."""

from __future__ import annotations

from flask import Blueprint, Response
from markupsafe import escape

from domain.media import in_words

ADDRESS = "/gioi-han-tep"
_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

_PAGE = """<!doctype html>
<html lang="vi">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ảnh, video gửi kèm tin báo</title></head>
<body>
<main>
<h1>Ảnh, video gửi kèm tin báo</h1>
<p>Khi gửi tin báo qua Zalo, bạn có thể gửi kèm:</p>
<ul>
{lines}
</ul>
<p>Tệp gốc được niêm phong. Cán bộ chỉ xem bản sao đã bỏ tên máy, vị trí và các thông tin ẩn khác; tệp gốc chỉ được mở
khi hai cán bộ có thẩm quyền cùng đồng ý và được ghi lại. Tệp không mở được một cách an toàn sẽ không được xem, và bạn
sẽ được báo để gửi lại.</p>
</main>
</body>
</html>
"""


def limits_blueprint() -> Blueprint:
    pages = Blueprint("limits", __name__)

    @pages.get(ADDRESS)
    def show() -> Response:
        lines = "\n".join(f"<li>{escape(line)}</li>" for line in in_words())
        answer = Response(_PAGE.format(lines=lines), mimetype="text/html")
        answer.headers["Content-Security-Policy"] = _POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    return pages
