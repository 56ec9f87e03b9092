"""Asking whom it is done by, and for one paper: after a card, in the first question, and with a list on the screen."""

from __future__ import annotations

import pytest

from domain.vietnamese import strip_marks
from handlers import buttons, texts
from tests.handlers.chat import Chat


@pytest.fixture
def chat() -> Chat:
    return Chat()


def test_a_level_asked_in_the_first_question_is_answered_first_thing_on_the_card() -> None:
    for typed in ("đăng ký tạm trú ở công an tỉnh được không", "dang ky tam tru o cong an tinh duoc khong"):
        chat = Chat().says(typed)
        assert chat.told.startswith("Thủ tục này làm ở Công an cấp xã, không làm ở Công an tỉnh.")
        assert "📋 Đăng ký tạm trú" in chat.told


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("ở xã có làm không", "không làm ở Công an cấp xã"),
        ("làm ở công an tỉnh được không", "Được ạ, thủ tục này làm ở Công an tỉnh."),
        ("xã hay tỉnh ạ", "không làm ở Công an cấp xã"),
        ("lên huyện làm được không", "Công an huyện không còn"),
    ],
)
def test_a_level_asked_about_the_card_at_hand_is_answered_with_the_places(
    chat: Chat, question: str, says: str
) -> None:
    for typed in (question, strip_marks(question)):
        chat.says("làm hộ chiếu").says(typed)
        assert says in chat.told
        assert "Phòng Quản lý xuất nhập cảnh" in chat.told
        assert "📋" not in chat.told


def test_a_level_of_nothing_is_asked_back_about_and_answered_then(chat: Chat) -> None:
    chat.says("công an xã có làm không")
    assert "của thủ tục nào" in chat.told
    chat.says("đăng ký tạm trú")
    assert chat.told.startswith("Được ạ, thủ tục này làm ở Công an cấp xã.")


def test_the_button_of_a_faded_question_still_knows_the_level(chat: Chat) -> None:
    chat.says("đăng ký tạm trú").waits(hours=2).says("làm ở công an tỉnh được không").presses("Đúng")
    assert "không làm ở Công an tỉnh" in chat.told


def with_a_list(chat: Chat) -> Chat:
    chat.says("đổi giấy tờ")
    assert "1. " in chat.told
    return chat


@pytest.mark.parametrize("choice", ["3", "cái thứ 3", "button"])
def test_of_a_list_just_the_part_that_was_asked_is_shown_and_the_card_is_offered(
    chat: Chat, choice: str
) -> None:
    with_a_list(chat).says("lệ phí bao nhiêu")
    chat = chat.presses("3.") if choice == "button" else chat.says(choice)
    assert chat.told.startswith("💰 Phí, lệ phí")
    assert "📋" not in chat.told
    chat.presses(texts.BUTTON_CARD)
    assert "📋 Đổi chứng nhận đăng ký xe" in chat.told


def test_a_photo_asked_about_a_list_is_looked_up_in_the_one_chosen(chat: Chat) -> None:
    with_a_list(chat).says("cần ảnh không").says("3")
    assert "🗂 Giấy tờ bạn hỏi" in chat.told
    assert "Đổi chứng nhận đăng ký xe" in chat.told


def test_the_one_chosen_stays_at_hand(chat: Chat) -> None:
    with_a_list(chat).says("lệ phí bao nhiêu").says("3").says("nộp ở đâu")
    assert "Phòng CSGT" in chat.told


def test_a_list_without_a_part_asked_shows_the_card(chat: Chat) -> None:
    with_a_list(chat).says("3")
    assert chat.told.startswith("📋 Đổi chứng nhận đăng ký xe")


def test_a_paper_of_nothing_is_asked_back_about(chat: Chat) -> None:
    chat.says("cần ảnh không")
    assert "của thủ tục nào" in chat.told
    chat.says("làm hộ chiếu")
    assert "Ảnh 4x6" in chat.told


def test_a_paper_by_its_everyday_name_is_found_in_the_card_at_hand(chat: Chat) -> None:
    for typed in ("cần sổ đỏ không", "can so do ko", "không có bìa đỏ thì sao"):
        chat.presses_old(buttons.PROCEDURE_SHOW, "1.004222").says(typed)
        assert "chỗ ở hợp pháp" in chat.told
