"""A cry that may be another word is asked about, with the number first; a danger that is over leads to a tip."""

from __future__ import annotations

import pytest

from domain.urgent import may_mean_something_else
from handlers import texts
from tests.domain import alarms, reports
from tests.handlers.chat import Chat


@pytest.fixture
def chat() -> Chat:
    return Chat()


def test_chay_without_accents_names_114_and_asks_before_a_tip_is_begun(chat: Chat) -> None:
    chat.says("chay")
    assert "114" in chat.replies[0].text
    assert "có phải đang cháy không" in chat.told
    assert chat.titles[0] == texts.BUTTON_CALL.format(number="114")
    chat.presses(texts.BUTTON_TIP_YES)
    assert texts.TIP_WHERE in chat.told


def test_who_meant_something_else_is_heard(chat: Chat) -> None:
    chat.says("chay").says("đăng ký tạm trú")
    assert "📋 Đăng ký tạm trú" in chat.told
    assert texts.PROCEDURE_ASK_SHORT in Chat().says("chay").says("không").told


def test_with_its_accents_or_with_one_more_word_a_cry_is_no_question(chat: Chat) -> None:
    for cry in ("cháy", "chay nha", "chay roi", "chay lon qua"):
        assert not may_mean_something_else(cry)
        assert "NẾU VIỆC ĐANG XẢY RA" in Chat().says(cry).told


def test_of_the_long_list_of_dangers_only_that_word_alone_is_asked_about() -> None:
    asked = [text for text, _ in alarms.DANGER + alarms.LATER_DANGER if may_mean_something_else(text)]
    assert asked == []


@pytest.mark.parametrize("text", reports.OVER)
def test_a_danger_that_is_over_leads_to_the_offer_of_a_tip(chat: Chat, text: str) -> None:
    chat.says(text)
    assert texts.BUTTON_TIP_YES in chat.titles
    assert "NẾU VIỆC ĐANG XẢY RA" not in chat.told
