"""The tip flow by its rules: what belongs to the tip, what is a command, what is for others."""

from __future__ import annotations

import pytest

from domain.messages import Text
from handlers import texts, tip_notice, words


@pytest.mark.parametrize(
    "said",
    [
        "làm hộ chiếu cần giấy tờ gì",
        "lam lai can cuoc het bao nhieu tien",
        "thủ tục đăng ký tạm trú",
        "mất mấy ngày thì có bằng lái",
        "đổi bằng lái xe ở đâu",
    ],
)
def test_questions_about_papers_are_noticed_in_the_middle_of_a_tip(said: str) -> None:
    assert words.asks_about_papers(said)


@pytest.mark.parametrize(
    "said",
    ["họ có 5 người", "ở thôn 3 xã Tân Tiến", "chúng nó đánh bạc cả đêm", "biển số 98B1-234.56", "x" * 500],
)
def test_parts_of_a_tip_are_not_taken_for_questions(said: str) -> None:
    assert not words.asks_about_papers(said)


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("Đồng ý", words.AGREE),
        ("dong y", words.AGREE),
        ("thêm", words.ADD),
        ("LOẠI", words.KIND),
        ("rút đồng ý", words.WITHDRAW),
        ("xong.", words.DONE),
        ("huỷ", words.STOP),
        ("sửa", words.EDIT),
    ],
)
def test_commands_are_known_with_and_without_accents(said: str, command: frozenset[str]) -> None:
    assert words.is_one_of(Text(said), command)


def test_the_edition_of_the_notice_is_its_own_words() -> None:
    import hashlib

    assert hashlib.sha256(texts.TIP_NOTICE.encode()).hexdigest()[:12] == tip_notice.EDITION
    assert len(texts.TIP_NOTICE) < 2000
    for ticked in ("đã đồng ý", "mặc định"):
        assert ticked not in texts.TIP_NOTICE.split("\n\n")[0]
