"""The tip flow by its rules: what belongs to the tip, what is a command, what is for others."""

from __future__ import annotations

import pytest

from domain.messages import Text
from handlers import texts, tip_notice, words
from tests.handlers.chat import Chat


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
        ("xong ạ", words.DONE),
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


def test_who_turns_down_the_offer_after_a_warning_is_not_asked_for_a_ward_named_no() -> None:
    chat = Chat().says("bị cướp").says("không ạ")
    assert chat.told == texts.TIP_WHERE_NOT_NOW
    assert texts.BUTTON_STOP in chat.titles


def test_who_only_calls_in_an_empty_tip_has_told_nothing_yet() -> None:
    chat = Chat().says("tin báo").says("cho em hỏi chút")
    assert chat.told == texts.TIP_WHAT_AGAIN


@pytest.mark.parametrize("typed", ["không ạ", "dạ không", "Không, tôi hỏi việc khác", "khong can"])
def test_an_offer_may_be_turned_down_in_words(typed: str) -> None:
    chat = Chat().says("hàng xóm hát karaoke ồn ào quá").says(typed)
    assert chat.told == texts.PROCEDURE_ASK_SHORT


@pytest.mark.parametrize("typed", ["có ạ", "vâng nhé", "dạ có", "đúng rồi ạ"])
def test_an_offer_may_be_taken_in_words(typed: str) -> None:
    chat = Chat().says("hàng xóm hát karaoke ồn ào quá").says(typed)
    assert "Sự việc xảy ra ở đâu" in chat.told
