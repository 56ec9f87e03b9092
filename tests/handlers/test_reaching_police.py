"""“Số điện thoại công an tỉnh”: the numbers that hold, which unit it is today, and no list that is out of use."""

from __future__ import annotations

from datetime import date

import pytest

from domain.places import PlaceAnswer
from domain.units import Unit, UnitLevel
from domain.vietnamese import strip_marks
from handlers import texts
from handlers.reaching import POLICE_NUMBERS, asks_to_reach_police, names_place
from tests.domain.catalogue import topics
from tests.handlers.chat import CatalogueRecords, Chat


@pytest.fixture
def chat() -> Chat:
    return Chat()


@pytest.mark.parametrize(
    "question",
    [
        "số điện thoại công an tỉnh",
        "cho xin sđt công an phường",
        "số công an xã là số mấy ạ",
        "số trực ban công an tỉnh",
        "công an tỉnh ở đâu",
        "địa chỉ công an phường Bắc Giang",
        "đường dây nóng csgt",
    ],
)
def test_who_wants_to_reach_the_police_gets_the_numbers_that_hold(chat: Chat, question: str) -> None:
    for typed in (question, strip_marks(question)):
        chat.says(typed)
        assert all(number in chat.told for number in ("113", "114", "115"))
        assert "chưa có danh bạ chính thức" in chat.told
        assert texts.BUTTON_CALL.format(number="113") in chat.titles
        assert texts.BUTTON_OFFICER in chat.titles


def test_the_list_of_2021_is_said_to_be_out_of_use_and_none_of_its_numbers_is_told() -> None:
    topic = next(one for one in topics() if one.id == POLICE_NUMBERS)
    told = "\n".join(topic.answer)
    assert "không còn dùng" in told
    assert not any(
        len(word.strip(".,;:()")) >= 7 and word.strip(".,;:()").isdecimal() for word in told.split()
    )


def test_of_a_place_the_unit_of_today_is_named_first(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    ward = Unit("07210", "Phường Bắc Giang", "Bắc Giang", "phường", UnitLevel.COMMUNE, date(2025, 7, 1))
    monkeypatch.setattr(CatalogueRecords, "place_named", lambda self, text: PlaceAnswer(unit=ward))
    chat.says("sđt công an phường Trần Phú")
    assert chat.replies[0].text == texts.POLICE_OF_PLACE.format(unit=ward.police_name)
    chat.says("số điện thoại công an tỉnh Bắc Giang")
    assert "Nơi bạn hỏi nay thuộc" not in chat.told


@pytest.mark.parametrize(
    "question",
    [
        "sdt hỏi thẻ cccd công an bắc giang",
        "công an phường nào làm căn cước",
        "gọi công an xã mấy lần không thấy xuống",
        "số lạ giả danh công an gọi điện",
        "địa chỉ công an quận giờ ở đâu",
        "công an làm việc mấy giờ",
    ],
)
def test_a_matter_is_no_call_for_a_number(question: str) -> None:
    assert not asks_to_reach_police(question)
    assert not asks_to_reach_police(strip_marks(question))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("sđt công an phường Trần Phú", True),
        ("tôi ở xã Đồng Sơn cũ", True),
        ("công an huyện Việt Yên giải thể rồi", False),
        ("nhà em ở thị xã Việt Yên", False),
        ("tra cứu hồ sơ công an nộp online", False),
        ("công an tỉnh Bắc Giang", False),
        ("xã nào làm", False),
    ],
)
def test_only_a_commune_named_by_its_kind_is_looked_up(text: str, named: bool) -> None:
    assert names_place(text) is names_place(strip_marks(text)) is named


def test_the_card_at_hand_is_not_lost_over_a_number(chat: Chat) -> None:
    chat.says("đăng ký tạm trú").says("số điện thoại công an phường").says("lệ phí bao nhiêu")
    assert "15.000 đồng" in chat.told
