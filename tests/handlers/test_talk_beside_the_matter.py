"""Everyday turns of a talk: several questions at once, hints to a list, scolding, waiting, changing the subject."""

from __future__ import annotations

from datetime import date

import pytest

from domain.messages import Button, Photo, Sticker
from domain.places import PlaceAnswer
from domain.units import Unit, UnitLevel
from domain.vietnamese import strip_marks
from handlers import buttons, texts, words
from handlers.tip_words import asked_about_tip, is_no_tip
from tests.handlers.chat import CatalogueRecords, Chat


@pytest.fixture
def chat() -> Chat:
    return Chat()


def titles(offered: tuple[Button, ...]) -> list[str]:
    return [one.title for one in offered]


# ---- several questions in one message ------------------------------------------------------------------------------


def test_several_parts_of_a_first_question_are_all_answered(chat: Chat) -> None:
    chat.says("đăng ký tạm trú cần những giấy tờ gì, lệ phí bao nhiêu, mất mấy ngày")
    assert chat.told.startswith("📋 Đăng ký tạm trú")
    assert "🗂 Giấy tờ cần có" in chat.told
    assert "💰 Phí, lệ phí\n" not in chat.told, "the card says the fee"


def test_several_parts_of_the_card_at_hand_are_all_answered_in_few_messages(chat: Chat) -> None:
    for typed in ("nộp ở đâu, mất mấy ngày", "nop o dau, mat may ngay"):
        chat.says("đăng ký tạm trú").says(typed)
        assert "📍 Nơi làm" in chat.told
        assert "⏱ Thời hạn giải quyết" in chat.told
        assert len(chat.replies) == 1


def test_two_sentences_of_a_fee_stand_on_two_lines(chat: Chat) -> None:
    chat.says("đăng ký tạm trú").says("lệ phí bao nhiêu")
    assert "\n• Theo danh sách" in chat.told


# ---- hints to a list ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "hint", "name"),
    [("làm bằng lái xe máy", "bị mất", "Cấp lại giấy phép lái xe"), ("căn cước", "bị mất", "Cấp lại thẻ")],
)
def test_a_few_words_say_which_of_the_list_is_meant(chat: Chat, first: str, hint: str, name: str) -> None:
    for typed in (hint, strip_marks(hint)):
        chat = Chat().says(first)
        assert texts.BUTTON_NONE_OF_THESE in chat.titles
        chat.says(typed)
        assert name in chat.told


def test_words_that_tell_nothing_apart_do_not_make_the_first_of_the_list_right(chat: Chat) -> None:
    chat.says("căn cước").says("ừ thế à")
    assert not chat.told.startswith("📋")


def test_who_asks_on_twice_instead_of_choosing_is_answered_for_the_likeliest_by_name(chat: Chat) -> None:
    chat.says("đổi giấy tờ").says("lệ phí bao nhiêu")
    assert chat.told.startswith("Bạn muốn hỏi")
    chat.says("bao lâu thì có")
    assert chat.told.startswith("Tôi trả lời theo “")
    assert "⏱ Thời hạn giải quyết" in chat.told
    assert texts.BUTTON_CARD in chat.titles
    chat.says("không phải")
    assert texts.BUTTON_NONE_OF_THESE in chat.titles, "what came next is offered"


# ---- changing the subject -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("turn", ["thế còn hộ chiếu", "quay lại hộ chiếu đi", "vậy còn hộ chiếu thì sao ạ"])
def test_another_thing_that_is_named_is_turned_to(turn: str) -> None:
    for typed in (turn, strip_marks(turn)):
        chat = Chat().says("đăng ký tạm trú").says(typed)
        assert "hộ chiếu" in chat.told
        assert "chưa chắc" not in chat.told


@pytest.mark.parametrize("text", ["con tôi 5 tuổi", "còn phí?", "về quê làm được không"])
def test_a_child_a_fee_or_a_place_is_no_other_thing(text: str) -> None:
    assert words.turned_to(text) == ""


def test_see_more_of_the_card_at_hand_or_of_nothing(chat: Chat) -> None:
    chat.says("xem thêm")
    assert "chọn lĩnh vực" in chat.told
    chat.says("đăng ký tạm trú").says("xem thêm")
    assert texts.BUTTON_WRONG_CARD in chat.titles


# ---- beside the matter ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["mày là ai", "bạn là người hay máy", "ad là robot à", "ai đấy"])
def test_who_asks_who_we_are_is_told(text: str) -> None:
    for typed in (text, strip_marks(text)):
        assert Chat().says(typed).told == texts.WHO_AM_I


@pytest.mark.parametrize(
    "text", ["làm ăn kiểu gì thế", "ngu vl", "gọi mãi không ai nghe", "tệ quá", "hành dân vừa thôi"]
)
def test_who_scolds_gets_an_apology_and_a_person(text: str) -> None:
    for typed in (text, strip_marks(text)):
        chat = Chat().says(typed)
        assert chat.told == texts.DISPLEASED
        assert chat.titles[0] == texts.BUTTON_OFFICER


def test_scolding_does_not_lose_the_card_at_hand(chat: Chat) -> None:
    chat.says("đăng ký tạm trú").says("trả lời ngu quá").says("lệ phí bao nhiêu")
    assert "15.000 đồng" in chat.told


@pytest.mark.parametrize(
    "text", ["làm cái căn cước 2 tháng chưa có", "nộp hồ sơ từ tháng trước mà chưa thấy gì"]
)
def test_who_waits_too_long_is_led_to_the_look_up_and_to_a_person(text: str) -> None:
    for typed in (text, strip_marks(text)):
        chat = Chat().says(typed)
        assert chat.told == texts.STILL_WAITING
        assert chat.titles == [texts.BUTTON_DOSSIER, texts.BUTTON_OFFICER]


def test_who_lost_a_thing_may_report_it_or_ask_for_papers(chat: Chat) -> None:
    for typed in ("mất xe máy", "mat may tinh roi"):
        chat.says(typed)
        assert chat.told == texts.LOST_THING
        assert chat.titles[0] == texts.BUTTON_TIP


def test_a_form_is_found_by_its_code(chat: Chat) -> None:
    chat.says("cho xin mẫu ct01")
    assert "Mẫu CT01" in chat.told
    chat.says("1")
    assert "📝 Mẫu đơn, tờ khai" in chat.told
    assert "Mẫu NA99" not in Chat().says("mẫu na99").told


def test_a_place_alone_is_answered_with_its_police(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    ward = Unit("07210", "Phường Bắc Giang", "Bắc Giang", "phường", UnitLevel.COMMUNE, date(2025, 7, 1))
    monkeypatch.setattr(CatalogueRecords, "place_named", lambda self, text: PlaceAnswer(unit=ward))
    chat.says("phường Bắc Giang")
    assert chat.told == texts.PLACE_ALONE.format(unit=ward.police_name)


@pytest.mark.parametrize("call", ["cháu ơi bà hỏi tí", "a lô công an à", "a", "hm"])
def test_calls_of_every_age_are_answered(call: str) -> None:
    told = Chat().says(call).told
    assert told in {texts.CALLED, texts.WELCOME}


def test_done_and_stop_without_a_tip_are_answered_plainly(chat: Chat) -> None:
    assert chat.says("xong").told == texts.NOTHING_TO_SEND
    assert chat.says("tôi muốn hủy").told == texts.NOTHING_TO_STOP
    assert chat.says("thôi được rồi").told == texts.THANKS


def test_the_ways_out_are_told_once_and_then_in_one_line(chat: Chat) -> None:
    chat.says("mai trời có mưa không").says("quán phở nào ngon")
    assert chat.told == texts.PROCEDURE_WAY_OUT
    chat.says("giá vàng hôm nay bao nhiêu")
    assert chat.told == texts.STILL_NOT
    assert texts.BUTTON_OFFICER in chat.titles


def test_who_complains_of_police_reads_of_the_way_past_the_unit(chat: Chat) -> None:
    chat.says("tôi muốn tố cáo công an xã nhận tiền")
    assert chat.replies[-1].text == texts.TIP_ABOUT_POLICE
    assert titles(chat.replies[-1].buttons) == [texts.BUTTON_TIP]
    assert texts.TIP_ABOUT_POLICE not in Chat().says("đăng ký tạm trú").told


# ---- in the middle of a tip -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["không, tôi hỏi hộ chiếu", "gửi nhầm", "em chỉ hỏi thôi", "nhầm rồi ạ"])
def test_words_that_say_that_no_tip_was_meant_do_not_become_one(chat: Chat, text: str) -> None:
    chat.presses_old(buttons.TIP_START).says(text)
    assert chat.told == texts.PROCEDURE_ASK_SHORT
    assert chat.standing.step is None


def test_a_file_sent_by_mistake_is_said_to_be_dropped(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CatalogueRecords, "attachments", lambda self, draft: 1)
    assert chat.presses_old(buttons.TIP_START).says("gửi nhầm").told == texts.TIP_NOT_MEANT


def test_words_of_a_tip_that_begin_like_a_no_are_kept(chat: Chat) -> None:
    for told in ("không có ai ở nhà lúc bị trộm", "không làm gì mà nó đánh"):
        chat = Chat().presses_old(buttons.TIP_START).says(told)
        assert (chat.standing.draft or {})["what"] == told


@pytest.mark.parametrize(
    "detail", ["nó giấu tên thật, không ai biết nhà", "có ai biết nó ở đâu thì mách", "lộ tên nó rồi"]
)
def test_a_detail_that_sounds_like_such_a_question_is_a_part_of_the_tip(detail: str) -> None:
    assert asked_about_tip(detail) == asked_about_tip(strip_marks(detail)) == ""


def test_what_is_told_after_a_no_is_never_dropped() -> None:
    assert not is_no_tip("không báo ai cả mà đêm qua có thằng trộm vào nhà tôi lấy xe")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("bao giờ xử lý", texts.TIP_NOT_SENT_YET),
        ("có lộ tên tôi không", texts.TIP_WHO_SEES),
        ("gửi chưa", texts.TIP_NOT_SENT_YET),
    ],
)
def test_a_question_about_the_tip_is_answered_and_does_not_become_a_part_of_it(
    chat: Chat, question: str, answer: str
) -> None:
    chat.presses_old(buttons.TIP_START).says("nhà bên hát karaoke ầm ĩ").says(question)
    assert chat.told.startswith(answer)
    assert (chat.standing.draft or {})["what"] == "nhà bên hát karaoke ầm ĩ"


# ---- telling what happened, piece by piece --------------------------------------------------------------------------


@pytest.mark.parametrize("detail", ["hôm qua", "ở đầu xóm", "lúc 9 giờ tối"])
def test_a_detail_right_after_an_offer_joins_the_words_of_the_tip(chat: Chat, detail: str) -> None:
    chat.says("hàng xóm đánh vợ").says(detail)
    assert chat.told == texts.TIP_SUGGESTED_MORE
    chat.says("có")
    assert detail in (chat.standing.draft or {})["what"]


def test_a_beating_that_goes_on_is_answered_with_113_before_the_offer(chat: Chat) -> None:
    chat.says("hàng xóm đánh vợ").says("đang đánh luôn")
    assert "113" in chat.replies[0].text
    assert texts.BUTTON_TIP_YES in chat.titles


@pytest.mark.parametrize("text", ["làm hộ chiếu", "đăng ký tạm trú ở đâu", "gặp cán bộ", "menu", "cảm ơn"])
def test_another_wish_right_after_an_offer_is_no_detail(chat: Chat, text: str) -> None:
    chat.says("hàng xóm đánh vợ").says(text)
    assert chat.told != texts.TIP_SUGGESTED_MORE


def test_who_was_harmed_and_asks_what_to_do_is_offered_a_tip(chat: Chat) -> None:
    for typed in ("em bị lừa mất 50 triệu giờ phải làm sao", "em bi lua mat 50 trieu gio phai lam sao"):
        assert texts.BUTTON_TIP_YES in chat.says(typed).titles
    assert texts.BUTTON_TIP_YES not in Chat().says("em bị mất trộm giấy tờ làm lại ở đâu").titles


def test_more_about_a_lost_child_leads_to_a_tip(chat: Chat) -> None:
    assert texts.BUTTON_TIP_YES in chat.says("con tôi đi lạc").says("ở bến xe").titles


def test_how_far_a_tip_is_needs_no_code_right_after_it_was_sent(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Tin báo" not in chat.says("đến đâu rồi").told
    monkeypatch.setattr(CatalogueRecords, "newest_tip", lambda self, within=None: "TB-AAAA-BBBB-C")
    monkeypatch.setattr(CatalogueRecords, "tip_status", lambda self, code: "đang xử lý")
    for typed in ("đến đâu rồi", "gửi chưa", "bao giờ xử lý", "xu ly chua"):
        assert Chat().says(typed).told == texts.TIP_STATUS.format(code="TB-AAAA-BBBB-C", status="đang xử lý")


def test_a_photo_for_an_officer_is_not_taken_for_a_tip(chat: Chat) -> None:
    chat.says("gặp cán bộ").sends(Photo("https://example.vn/1.jpg"))
    assert chat.told == texts.OFFICER_ONLY_WORDS


def test_another_case_of_the_card_at_hand_is_no_guess_at_other_fields(chat: Chat) -> None:
    chat.says("đăng ký thường trú").says("chồng tôi ở tỉnh khác thì sao")
    assert "chưa có thông tin chính thức" in chat.told
    assert "Đăng ký thường trú" in chat.told


def test_who_asks_where_to_go_from_a_place_of_old_reads_whose_it_is_today(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward = Unit("07210", "Phường Bắc Giang", "Bắc Giang", "phường", UnitLevel.COMMUNE, date(2025, 7, 1))
    monkeypatch.setattr(CatalogueRecords, "place_named", lambda self, text: PlaceAnswer(unit=ward))
    chat.says("tôi ở xã Đồng Sơn cũ giờ làm giấy tờ ở đâu")
    assert chat.replies[0].text == texts.POLICE_OF_PLACE.format(unit=ward.police_name)


# ---- small things of a talk -----------------------------------------------------------------------------------------


def test_a_sticker_in_the_middle_keeps_the_card_at_hand(chat: Chat) -> None:
    chat.says("đăng ký tạm trú").sends(Sticker())
    assert chat.told == texts.PROCEDURE_ASK_SHORT
    chat.says("lệ phí bao nhiêu")
    assert "15.000 đồng" in chat.told


@pytest.mark.parametrize("thanks", ["thôi cảm ơn", "không cảm ơn nhé", "thôi ok"])
def test_who_gives_up_with_thanks_is_let_go(chat: Chat, thanks: str) -> None:
    assert chat.says("đăng ký tạm trú").says(thanks).told == texts.THANKS


def test_whether_the_result_is_sent_home_is_answered_from_the_record(chat: Chat) -> None:
    for typed in ("ship về nhà được không", "co gui ve nha khong", "nhận qua bưu điện được không"):
        chat.says("làm hộ chiếu").says(typed)
        assert "📮 Nhận kết quả" in chat.told
        assert "bưu chính" in chat.told


def test_a_wrong_date_on_a_card_is_no_wrongly_parked_car(chat: Chat) -> None:
    for typed in ("do sai ngày sinh", "do sai ten"):
        assert texts.BUTTON_TIP_YES not in chat.says("đổi căn cước").says(typed).titles
