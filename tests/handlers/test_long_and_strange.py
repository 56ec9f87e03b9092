"""Long and strange messages are answered in a moment: no rule of a talk runs away."""

from __future__ import annotations

import time

import pytest

from tests.handlers.chat import Chat

ONE_MESSAGE_MAX_S = 3.0


@pytest.mark.parametrize(
    "text",
    [
        "vu viec " * 3_000,
        "the con " * 3_000,
        "toi em minh " * 2_000 + "la ai",
        "cho xin so " * 2_000 + "cong an",
        "khong toi em " * 2_000,
        "o xa hay tinh " * 2_000 + "khong",
        "can giay gi mat may ngay " * 1_000,
        "xa " * 8_000,
        "tin bao " * 3_000 + "den dau",
        "a" * 60_000,
    ],
)
def test_a_long_message_is_answered_in_a_moment(text: str) -> None:
    chat = Chat().says("đăng ký tạm trú")
    begun = time.perf_counter()
    assert chat.says(text).told
    assert time.perf_counter() - begun < ONE_MESSAGE_MAX_S
