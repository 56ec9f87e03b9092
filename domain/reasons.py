"""Reasons with blanks that are kept in rows: why something was not sent, why sending stopped.

A row keeps the filled sentence, so that everybody can read it. What it was filled into stands here, so that a page
in another language can say it again (`said_again`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from domain.said import Said, said

OVER_CAP = "Nhóm đã nhận đủ %(cap)s tin trong 7 ngày. Nếu thật cần, xin chọn nhóm này rồi bấm “Gửi lại”."
GROUP_NOT_BEGUN = "Nhóm chưa bắt đầu: ngày đầu của nhóm là %(day)s."
GROUP_OVER = "Nhóm đã kết thúc: ngày cuối của nhóm là %(day)s."
STOPPED_IN_A_ROW = (
    "Hệ thống tự dừng: %(failed)s nhóm liên tiếp đều lỗi như nhau (%(reason)s). "
    "Xin khắc phục rồi bấm “Tiếp tục”: các nhóm này sẽ được gửi lại."
)
STOPPED_BY_SHARE = (
    "Hệ thống tự dừng: %(failed)s trong %(ended)s nhóm đã gửi lỗi như nhau (%(reason)s). "
    "Xin khắc phục rồi bấm “Tiếp tục”: các nhóm này sẽ được gửi lại."
)
HELD_UNTIL_THEY_WRITE = (
    "%(why)s Người dân hiện không nhận được tin của trang; tin được giữ đến khi họ nhắn lại."
)
STRANGE_CODE = "Zalo báo lỗi %(code)s chưa rõ nghĩa."
TEXT_LENGTH = "Tin phải có từ 1 đến %(most)s ký tự."
BUTTON_COUNT = "Một tin có nhiều nhất %(most)s nút."
BUTTON_LENGTH = "Nội dung của nút dài quá %(most)s ký tự."
FILE_SIZE = "Tệp gửi kèm phải có từ 1 byte đến %(most)s MB."
_KEPT = (
    STOPPED_IN_A_ROW, STOPPED_BY_SHARE, OVER_CAP, HELD_UNTIL_THEY_WRITE, STRANGE_CODE, TEXT_LENGTH, BUTTON_COUNT,
    BUTTON_LENGTH, FILE_SIZE, GROUP_NOT_BEGUN, GROUP_OVER,
)  # fmt: skip


def said_again(text: str) -> str:
    """The sentence that a kept text was filled into, with what stands in its blanks; else the text as it stands."""
    for words in _KEPT:
        if found := _form(words).fullmatch(text):
            return said(words, **{name: _looked_up(value) for name, value in found.groupdict().items()})
    return text


def _looked_up(value: str) -> Said:
    again = said_again(value)
    return again if isinstance(again, Said) else said(again)


@lru_cache
def _form(words: str) -> re.Pattern[str]:
    pieces = re.split(r"%\((\w+)\)s", words)
    return re.compile(
        "".join(
            f"(?P<{piece}>.+?)" if number % 2 else re.escape(piece) for number, piece in enumerate(pieces)
        ),
        re.DOTALL,
    )
