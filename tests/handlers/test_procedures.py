"""A conversation about procedures: asking on, being wrong, lists, old names, old buttons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.aspects import Asked, Aspect
from domain.messages import BUTTON_TITLE_MAX, BUTTONS_MAX, REPLY_TEXT_MAX, Reply
from domain.places import PlaceAnswer
from domain.units import Unit, UnitLevel
from handlers import buttons, texts
from handlers.cards import card_replies, more_reply, part_replies, topic_replies, wish_for
from handlers.talk import FADES_AFTER, Talk
from tests.domain.catalogue import procedures, topics
from tests.handlers.chat import NOON, CatalogueRecords, Chat, with_and_without_marks

FIRST_MESSAGE_MAX = 700
"""Characters: what a phone of 390 px shows at once."""


@pytest.fixture
def chat() -> Chat:
    return Chat()


def after_the_passport_card(chat: Chat) -> Chat:
    chat.says("làm hộ chiếu")
    assert "Cấp hộ chiếu phổ thông ở trong nước" in chat.told
    return chat


# ---- asking on -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "label", "known"),
    [
        ("thế lệ phí bao nhiêu?", "Phí, lệ phí", "100.000 đồng"),
        ("nộp ở đâu", "Nơi làm", "Phòng Quản lý xuất nhập cảnh"),
        ("bao lâu thì có", "Thời hạn", "8 ngày làm việc"),
        ("cần ảnh không", "Giấy tờ bạn hỏi", "Ảnh 4x6"),
        ("làm online được ko", "Nộp qua mạng", "https://dichvucong.gov.vn"),
        ("con tôi thì sao", "Làm cho con", "dưới 14 tuổi"),
        ("cần giấy tờ gì ạ", "Giấy tờ cần có", "Tờ khai"),
        ("các bước thế nào", "Các bước", "1. "),
        ("theo luật nào", "Căn cứ pháp lý", "49/2019/QH14"),
        ("nhờ người khác làm hộ được không", "Nhờ người khác", "đại diện"),
    ],
)
def test_asking_on_gets_just_that_part_of_the_card_at_hand(
    chat: Chat, question: str, label: str, known: str
) -> None:
    for typed in with_and_without_marks(question):
        after_the_passport_card(chat).says(typed)
        assert label in chat.told
        assert known in chat.told
        assert "📋" not in chat.told, "not the whole card again"


def test_what_the_record_does_not_know_is_said_with_the_link(chat: Chat) -> None:
    after_the_passport_card(chat).says("dùng được mấy năm")
    assert "chưa có thông tin chính thức" in chat.told
    assert "https://dichvucong.gov.vn" in chat.told


def test_the_conversation_goes_on_part_after_part_even_after_thanks(chat: Chat) -> None:
    after_the_passport_card(chat).says("lệ phí bao nhiêu").says("cảm ơn ạ").says("nộp ở đâu")
    assert "Phòng Quản lý xuất nhập cảnh" in chat.told


def test_a_question_that_names_another_procedure_leads_there(chat: Chat) -> None:
    after_the_passport_card(chat).says("đăng ký tạm trú mất bao lâu")
    assert "Đăng ký tạm trú" in chat.told
    assert "hộ chiếu" not in chat.told
    chat.says("lệ phí bao nhiêu")
    assert "15.000 đồng" in chat.told


def test_naming_the_same_procedure_again_gets_the_part_alone(chat: Chat) -> None:
    after_the_passport_card(chat).says("làm hộ chiếu phổ thông ở trong nước mất bao lâu")
    assert "Thời hạn" in chat.told


@pytest.mark.parametrize(
    "message",
    ["giá vàng hôm nay bao nhiêu", "mai trời có mưa không", "quán phở nào ngon", "wifi quán này mật khẩu gì"],
)
def test_an_out_of_scope_message_gets_no_part_of_the_old_card(chat: Chat, message: str) -> None:
    for typed in with_and_without_marks(message):
        after_the_passport_card(chat).says(typed)
        assert "(Cấp hộ chiếu" not in chat.told


def test_a_child_that_has_a_procedure_of_its_own_is_led_there(chat: Chat) -> None:
    chat.says("làm căn cước").says("con tôi thì sao").presses("Cấp thẻ căn cước cho người dưới 14 tuổi")
    assert "📋 Cấp thẻ căn cước cho người dưới 14 tuổi" in chat.told


def test_memory_fades_and_asks_whether_the_old_one_is_meant(chat: Chat) -> None:
    after_the_passport_card(chat).waits(minutes=31).says("lệ phí bao nhiêu")
    assert "Đã lâu" in chat.told
    assert "Cấp hộ chiếu phổ thông ở trong nước" in chat.told
    assert "100.000 đồng" not in chat.told
    chat.says("đúng")
    assert "100.000 đồng" in chat.told


def test_within_the_stated_time_it_has_not_faded(chat: Chat) -> None:
    assert timedelta(minutes=30) == FADES_AFTER
    after_the_passport_card(chat).waits(minutes=29).says("lệ phí bao nhiêu")
    assert "100.000 đồng" in chat.told


def test_the_button_of_a_faded_question_answers_it(chat: Chat) -> None:
    after_the_passport_card(chat).waits(hours=5).says("cần ảnh không").presses("Đúng, Cấp hộ chiếu")
    assert "Ảnh 4x6" in chat.told


def test_after_a_week_nothing_is_remembered(chat: Chat) -> None:
    after_the_passport_card(chat).waits(days=8).says("lệ phí bao nhiêu")
    assert "của thủ tục nào" in chat.told


def test_a_part_without_a_procedure_asks_which_and_then_answers_it(chat: Chat) -> None:
    chat.says("cần giấy tờ gì ạ")
    assert "của thủ tục nào" in chat.told
    chat.says("làm hộ chiếu")
    assert "📋 Cấp hộ chiếu" in chat.told
    assert "🗂 Giấy tờ cần có" in chat.told


def test_a_first_question_about_papers_gets_the_card_and_the_papers(chat: Chat) -> None:
    chat.says("lam ho chieu can giay to gi")
    assert [reply.text[0] for reply in chat.replies] == ["📋", "🗂"]
    assert chat.replies[0].buttons == ()


def test_a_miss_in_between_does_not_lose_the_card_at_hand(chat: Chat) -> None:
    after_the_passport_card(chat).says("mai trời có mưa không").says("lệ phí bao nhiêu")
    assert "100.000 đồng" in chat.told


def test_another_case_is_searched_with_what_is_spoken_of(chat: Chat) -> None:
    chat.presses_old(buttons.PROCEDURE_SHOW, "1.004194").says("chủ nhà không cho thì sao ạ")
    assert "chưa có thông tin chính thức" in chat.told
    assert "Đăng ký tạm trú" in chat.told
    chat.says("lệ phí bao nhiêu")
    assert "15.000 đồng" in chat.told


@pytest.mark.parametrize("thanks", ["ok cảm ơn nhé", "cam on ad nhieu", "vâng cảm ơn anh chị", "thank you"])
def test_thanks_in_any_words_keep_the_card(chat: Chat, thanks: str) -> None:
    after_the_passport_card(chat).says(thanks)
    assert chat.told == texts.THANKS
    chat.says("nộp ở đâu")
    assert "Phòng Quản lý xuất nhập cảnh" in chat.told


def test_a_paper_nobody_knows_of_is_no_part_of_the_card(chat: Chat) -> None:
    after_the_passport_card(chat).says("có cần mua bia không")
    assert "(Cấp hộ chiếu" not in chat.told


@pytest.mark.parametrize(
    "call",
    [
        "alo ad",
        "cho em hỏi chút ạ",
        "co ai khong",
        "chị ơi",
        "ad oi cho hoi",
        "em chào anh chị ạ",
        "giup toi voi",
    ],
)
def test_who_only_calls_is_answered_and_has_missed_nothing(chat: Chat, call: str) -> None:
    chat.says(call).says(call)
    assert "chưa chắc" not in chat.told
    assert "chưa hiểu đúng" not in chat.told
    assert texts.BUTTON_PROCEDURES in chat.titles


def test_calling_in_between_keeps_the_card_at_hand(chat: Chat) -> None:
    after_the_passport_card(chat).says("ad ơi cho em hỏi chút").says("nộp ở đâu")
    assert "Phòng Quản lý xuất nhập cảnh" in chat.told


def test_a_greeting_in_between_keeps_it_too(chat: Chat) -> None:
    after_the_passport_card(chat).says("chào ad").says("nộp ở đâu")
    assert "Phòng Quản lý xuất nhập cảnh" in chat.told


@pytest.mark.parametrize(
    ("first", "then", "name"),
    [
        ("đăng ký tạm trú", "thế còn gia hạn", "Gia hạn tạm trú"),
        ("cấp lại thẻ căn cước", "vậy còn đổi thì sao ạ", "Cấp đổi thẻ căn cước"),
        ("đăng ký thường trú", "còn xóa thì sao", "Xóa đăng ký thường trú"),
    ],
)
def test_what_else_is_done_with_it_is_of_what_is_spoken_of(
    chat: Chat, first: str, then: str, name: str
) -> None:
    for typed in with_and_without_marks(then):
        chat.says(first).says(typed)
        assert f"📋 {name}\n" in chat.told


def test_another_age_leads_to_the_procedure_of_that_age(chat: Chat) -> None:
    chat.says("em 13 tuoi lam can cuoc dc k a").says("16 tuổi thì sao")
    assert "📋 Cấp thẻ căn cước cho người từ đủ 14 tuổi" in chat.told


@pytest.mark.parametrize("word", ["ok bạn", "vâng ạ", "em hiểu rồi ạ", "dạ vâng"])
def test_a_word_that_one_has_understood_is_no_question(chat: Chat, word: str) -> None:
    after_the_passport_card(chat).says(word)
    assert chat.told == texts.THANKS


@pytest.mark.parametrize("word", ["👍", "❤️", "xin cảm ơn", "không có gì"])
def test_a_thumb_and_a_kind_word_are_answered_kindly(chat: Chat, word: str) -> None:
    chat.says(word)
    assert chat.told == texts.THANKS


@pytest.mark.parametrize("word", ["không", "không ạ", "có", "ừ"])
def test_yes_and_no_to_nothing_are_no_misses(chat: Chat, word: str) -> None:
    chat.says(word).says(word)
    assert chat.told == texts.PROCEDURE_ASK_SHORT
    after_the_passport_card(chat).says(word).says("nộp ở đâu")
    assert "Phòng Quản lý xuất nhập cảnh" in chat.told


def test_a_number_without_a_list_is_said_to_choose_nothing(chat: Chat) -> None:
    after_the_passport_card(chat).says("2")
    assert chat.told == texts.NUMBER_OF_NOTHING
    chat.says("113")
    assert chat.told != texts.NUMBER_OF_NOTHING


@pytest.mark.parametrize("choice", ["2", "số 2", "cái thứ 2", "mục 2 ạ", "thứ hai", "cái thứ hai nhé"])
def test_one_of_a_list_may_be_chosen_in_words(chat: Chat, choice: str) -> None:
    chat.says("khóa vneid")
    listed = Talk.of(chat.standing.draft or {}).show
    for typed in with_and_without_marks(choice):
        chat.presses_old(buttons.PROCEDURE_ASK).says("khóa vneid").says(typed)
        assert Talk.of(chat.standing.draft or {}).about == listed[1]


def test_the_first_and_the_last_of_a_list_are_words_too(chat: Chat) -> None:
    listed = Talk.of(chat.says("khóa vneid").standing.draft or {}).show
    assert Talk.of(chat.says("cái đầu tiên").standing.draft or {}).about == listed[0]
    assert Talk.of(chat.says("khóa vneid").says("cái cuối cùng ạ").standing.draft or {}).about == listed[-1]


@pytest.mark.parametrize(
    ("title", "told"),
    [
        (texts.BUTTON_MORE, "bạn cần gì thêm ạ"),
        (texts.BUTTON_NOTE, "ℹ️ Lưu ý"),
        (texts.BUTTON_CASES, "🔀 Trường hợp khác"),
        (texts.BUTTON_ONLINE, "💻 Nộp qua mạng"),
        (texts.BUTTON_PAPERS, "🗂 Giấy tờ cần có"),
        (texts.BUTTON_FIELDS, "chọn lĩnh vực"),
    ],
)
def test_the_title_of_a_button_may_be_typed(chat: Chat, title: str, told: str) -> None:
    for typed in with_and_without_marks(title):
        after_the_passport_card(chat).says(typed)
        assert told in chat.told


@pytest.mark.parametrize(
    "wish", ["nói chuyện với người thật", "tôi muốn gặp công an", "cho em gặp nhân viên ạ", "gap can bo"]
)
def test_who_wants_a_person_is_led_to_one(chat: Chat, wish: str) -> None:
    assert chat.says(wish).told == texts.OFFICER_ASK


@pytest.mark.parametrize("scolding", ["bot ngu quá", "trả lời gì kỳ vậy", "chán thế"])
def test_who_scolds_is_offered_a_way_out_at_once(chat: Chat, scolding: str) -> None:
    assert chat.says(scolding).told == texts.DISPLEASED


def test_no_to_a_list_leads_on_and_yes_to_the_only_one_shows_it(chat: Chat) -> None:
    chat.says("khóa vneid").says("không")
    assert "hiểu chưa đúng" in chat.told
    chat.presses_old(buttons.PROCEDURE_SHOW, "topic:household_book")
    chat.standing = replace(chat.standing, draft=Talk(show=("1.001456",)).draft(chat.now))
    chat.says("vâng")
    assert "📋 Cấp hộ chiếu" in chat.told


def test_slang_at_the_end_names_nothing(chat: Chat) -> None:
    after_the_passport_card(chat).says("bn tiền v")
    assert "100.000 đồng" in chat.told
    chat.says("ai nộp thay được không")
    assert "(Cấp hộ chiếu" in chat.told


def test_a_lost_licence_is_not_taken_for_a_paper_of_the_dossier(chat: Chat) -> None:
    chat.says("em bi mat bang lai thi lam lai the nao")
    assert "📋 Cấp lại giấy phép lái xe" in chat.told
    assert "Giấy tờ bạn hỏi" not in chat.told


def test_what_the_card_at_hand_answered_is_no_question_we_were_unsure_of(chat: Chat) -> None:
    chat.says("làm căn cước cho con 10 tuổi").says("bố mẹ phải đi cùng không")
    assert "🤝 Nhờ người khác làm thay" in chat.told
    assert [decision for decision, _ in chat.records.noted] == ["answer", "answer"]


# ---- topics in between -----------------------------------------------------------------------------------------------


def test_opening_hours_in_between_do_not_change_the_subject(chat: Chat) -> None:
    after_the_passport_card(chat).says("công an xã có làm việc thứ 7 không")
    assert "Giờ nhận hồ sơ" in chat.told
    chat.says("lệ phí bao nhiêu")
    assert "(Cấp hộ chiếu" in chat.told
    assert "100.000 đồng" in chat.told


def test_a_part_of_a_topic_is_answered_with_all_we_know_and_the_procedure_that_may_be_meant(
    chat: Chat,
) -> None:
    chat.says("vneid mức 2 là gì").says("can mang gi")
    assert "Về giấy tờ cần có, tôi chỉ có những thông tin sau" in chat.told
    chat.presses("Cấp tài khoản định danh điện tử mức độ 02")
    assert "🗂 Giấy tờ cần có" in chat.told


def test_another_case_of_a_topic_is_said_not_to_be_known(chat: Chat) -> None:
    chat.says("công an xã có làm việc thứ 7 không").says("chủ nhật thì sao")
    assert "Về “Giờ nhận hồ sơ”" in chat.told
    assert "chưa có thông tin chính thức" in chat.told


@pytest.mark.parametrize(
    ("question", "number"),
    [("115 là số gì", "115"), ("bạo hành trẻ em báo ai", "111"), ("con tôi đi lạc", "113")],
)
def test_a_topic_that_names_a_hotline_can_be_called_with_one_press(
    chat: Chat, question: str, number: str
) -> None:
    chat.says(question)
    assert number in [button.phone for button in chat.buttons]


def test_who_was_swindled_is_not_sent_to_a_procedure(chat: Chat) -> None:
    chat.says("công an gọi điện bảo nâng cấp vneid mức 2 có phải lừa đảo không").says("giờ làm sao")
    assert texts.TOPIC_SAYS in chat.told
    assert chat.titles == [texts.BUTTON_WRONG_CARD, texts.BUTTON_OFFICER]


def test_a_place_that_is_named_is_no_other_procedure(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    place = PlaceAnswer(
        unit=Unit("07210", "Phường Bắc Giang", "Bắc Giang", "phường", UnitLevel.COMMUNE, date(2025, 7, 1))
    )
    monkeypatch.setattr(
        chat.records, "place_named", lambda text: place if text == "bac giang" else PlaceAnswer()
    )
    after_the_passport_card(chat).says("ở bắc giang nộp chỗ nào")
    assert "📍 Nơi làm" in chat.told
    assert "(Cấp hộ chiếu" in chat.told


# ---- what is known not to be known -----------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["vượt đèn đỏ phạt bao nhiêu tiền", "uống rượu lái xe phạt thế nào"])
def test_what_a_wrong_costs_is_said_not_to_be_known(chat: Chat, question: str) -> None:
    for typed in with_and_without_marks(question):
        chat.says(typed)
        assert chat.told == texts.PENALTY_NOT_KNOWN
        assert "Gặp cán bộ" in chat.titles


def test_who_asks_where_to_report_may_do_it_here(chat: Chat) -> None:
    chat.says("mất xe máy báo ở đâu")
    assert chat.titles == [texts.BUTTON_TIP_YES, texts.BUTTON_TIP_NO]


# ---- being wrong -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "refusal", ["không phải", "khong phai cai nay", "sai rồi", "ko phải ạ", "không đúng rồi", "nhầm rồi"]
)
def test_a_refused_card_leads_to_what_came_next(chat: Chat, refusal: str) -> None:
    after_the_passport_card(chat).says(refusal)
    assert "hiểu chưa đúng" in chat.told
    assert chat.titles[-1] == texts.BUTTON_NONE_OF_THESE
    assert all("Cấp hộ chiếu phổ thông ở trong nước" not in title for title in chat.titles)


def test_one_that_is_left_is_not_called_several(chat: Chat) -> None:
    chat.says("lam so ho khau").says("không phải")
    if len(Talk.of(chat.standing.draft or {}).show) == 1:
        assert "Có phải bạn hỏi mục này không" in chat.told


def test_two_misses_in_a_row_lead_to_fields_a_person_and_the_hotline(chat: Chat) -> None:
    after_the_passport_card(chat).says("không phải").presses(texts.BUTTON_NONE_OF_THESE)
    assert "Xem các lĩnh vực" in chat.titles
    assert "Gặp cán bộ" in chat.titles
    assert any(button.phone for button in chat.buttons)
    assert "chưa hiểu đúng" in chat.told


def test_two_questions_nobody_can_place_lead_there_too(chat: Chat) -> None:
    chat.says("mai trời có mưa không")
    assert "chưa chắc" in chat.told
    chat.says("quán phở nào ngon")
    assert "chọn một cách" in chat.told
    chat.says("làm hộ chiếu").says("lệ phí bao nhiêu").says("mai trời có mưa không")
    assert "chưa chắc" in chat.told, "a card that was read begins anew"


def test_a_refusal_may_name_what_was_meant(chat: Chat) -> None:
    chat.says("cấp lại căn cước").says("không phải, tôi muốn làm hộ chiếu")
    assert "📋 Cấp hộ chiếu" in chat.told


def test_words_that_only_begin_like_a_refusal_ask_on(chat: Chat) -> None:
    after_the_passport_card(chat).says("không phải nộp lệ phí à")
    assert "hiểu chưa đúng" not in chat.told


def test_a_refusal_with_nothing_left_asks_back(chat: Chat) -> None:
    chat.says("sai rồi")
    assert "nói rõ thêm" in chat.told


# ---- lists -----------------------------------------------------------------------------------------------------------


def test_a_field_lists_its_procedures_by_everyday_demand_page_by_page(chat: Chat) -> None:
    chat.says("thủ tục").says("2")
    rows = CatalogueRecords().procedures_of("citizen_id")
    assert "1. " in chat.told
    assert rows[0].name.split(" (")[0] in chat.told
    assert "trang 1/" in chat.told
    seen = chat.told
    chat.says("xem thêm")
    assert "trang 2/" in chat.told
    assert "11. " in chat.told
    assert "\n1. " not in chat.told
    if "Xem thêm thủ tục" in chat.titles:
        chat.presses("Xem thêm thủ tục")
        assert "trang 3/" in chat.told
    for _ in range(9):
        chat.says("xem thêm")
    assert texts.LIST_END in chat.told
    chat.says("1")
    assert seen.split("\n1. ")[1].split("\n")[0] in chat.told, "numbers of earlier pages still hold"


def test_daily_procedures_come_before_rare_ones(chat: Chat) -> None:
    chat.says("thủ tục").says("2")
    ids = Talk.of(chat.standing.draft or {}).show
    ranks = [one.priority for wanted in ids for one in procedures() if one.id == wanted]
    assert ranks == sorted(ranks)


def test_of_equals_what_residents_do_for_themselves_comes_first(chat: Chat) -> None:
    chat.says("thủ tục").says("3")
    first = Talk.of(chat.standing.draft or {}).show[0]
    assert "công dân Việt Nam" in next(one.name for one in procedures() if one.id == first)


def test_a_number_of_a_list_long_gone_asks_to_choose_anew(chat: Chat) -> None:
    chat.says("thủ tục").waits(hours=3).says("2")
    assert "đã lâu" in chat.told
    assert "1. Đăng ký, quản lý cư trú" in chat.told


@pytest.mark.parametrize(
    "question", ["căn cước", "đăng ký xe", "hộ chiếu mất", "khóa vneid", "thẻ tạm trú", "giấy antt"]
)
def test_choices_never_show_two_members_of_one_family(chat: Chat, question: str) -> None:
    chat.says(question)
    shown = Talk.of(chat.standing.draft or {}).show
    families = [one.family for wanted in shown for one in procedures() if one.id == wanted]
    assert len(families) == len(set(families))


def test_a_family_is_one_card_with_its_levels(chat: Chat) -> None:
    chat.says("cấp lại căn cước bị mất")
    assert "• Cấp xã: " in chat.told
    assert "• Cấp tỉnh: " in chat.told


def test_a_part_asked_while_a_list_is_shown_is_asked_back_with_the_list(chat: Chat) -> None:
    chat.says("khóa vneid")
    listed = Talk.of(chat.standing.draft or {}).show
    assert len(listed) > 1
    chat.says("nộp ở đâu")
    assert "nơi làm của mục nào" in chat.told
    assert Talk.of(chat.standing.draft or {}).show == listed
    chat.says("1")
    assert Talk.of(chat.standing.draft or {}).about == listed[0]


def test_a_paper_asked_while_a_list_is_shown_is_looked_up_in_the_one_chosen(chat: Chat) -> None:
    listed = Talk.of(chat.says("đăng ký xe điện").standing.draft or {}).show
    chat.says("cần ảnh ko")
    assert Talk.of(chat.standing.draft or {}).show == listed
    chat.says("có")
    assert chat.told == texts.PROCEDURE_NUMBER.format(last=len(listed))
    chat.says("1")
    assert "🗂 Giấy tờ bạn hỏi" in chat.told
    assert texts.BUTTON_CARD in chat.titles


def test_an_age_alone_asks_for_what_the_card_says_of_children(chat: Chat) -> None:
    chat.says("làm căn cước cho bé").says("bé 3 tuổi")
    assert "👶 Làm cho con" in chat.told
    assert "Dưới 6 tuổi" in chat.told


def test_a_part_asked_while_a_field_is_shown_keeps_its_numbers(chat: Chat) -> None:
    chat.says("thủ tục").says("2").says("làm online được không")
    assert "cách nộp qua mạng của thủ tục nào" in chat.told
    chat.says("1")
    assert "💻 Nộp qua mạng" in chat.told


# ---- old names -------------------------------------------------------------------------------------------------------


def test_an_abolished_paper_is_answered_with_what_holds_today(chat: Chat) -> None:
    chat.says("xin giay chuyen ho khau")
    assert "“Cấp giấy chuyển hộ khẩu” đã bỏ từ ngày 01/7/2021" in chat.replies[0].text
    assert "📋 Đăng ký thường trú" in chat.told


def test_a_paper_nothing_replaced_is_said_to_be_needed_no_more(chat: Chat) -> None:
    chat.says("đổi sổ hộ khẩu rách")
    assert "không phải làm thủ tục này nữa" in chat.replies[0].text
    assert "Còn dùng sổ hộ khẩu không" in chat.told


def test_whether_an_old_paper_still_holds_is_answered_at_once(chat: Chat) -> None:
    chat.says("sổ hộ khẩu còn dùng không")
    assert chat.told.startswith("ℹ️ Còn dùng sổ hộ khẩu không")
    assert "📌" not in chat.told


def test_who_wants_an_old_paper_hears_what_holds_today_and_is_not_offered_it_again(chat: Chat) -> None:
    chat.says("lam so ho khau")
    assert "không phải làm thủ tục này nữa" in chat.replies[0].text
    assert chat.replies[1].text.startswith("ℹ️ Còn dùng sổ hộ khẩu không")
    assert "(thủ tục cũ)" not in chat.told


def test_a_replaced_procedure_names_its_successor(chat: Chat) -> None:
    chat.says("sang tên xe máy ở huyện")
    assert "đã được thay từ ngày 02/10/2023" in chat.replies[0].text
    assert "📋 " in chat.told


def test_a_name_that_only_changed_its_office_is_not_explained_each_time(chat: Chat) -> None:
    chat.says("cấp lại căn cước công dân")
    assert "📌" not in chat.told
    assert "📋 Cấp lại thẻ căn cước" in chat.told


@pytest.mark.parametrize("gone", [one for one in procedures() if not one.is_current], ids=lambda one: one.id)
def test_the_button_of_a_card_that_is_no_more_explains_what_became(chat: Chat, gone) -> None:
    chat.presses_old(buttons.PROCEDURE_SHOW, gone.id)
    assert "📌 Thủ tục “" in chat.told
    assert chat.buttons


# ---- buttons ---------------------------------------------------------------------------------------------------------


def test_old_buttons_of_every_kind_still_work(chat: Chat) -> None:
    chat.presses_old(buttons.PROCEDURE_SHOW, "1.001456")
    assert "📋 Cấp hộ chiếu" in chat.told
    chat.presses_old(buttons.TOPIC_SHOW, "topic:hotline_113")
    assert "Gọi 113" in chat.told
    chat.presses_old(buttons.PROCEDURE_FIELD, "residence")
    assert "Lĩnh vực Đăng ký, quản lý cư trú" in chat.told
    chat.presses_old(buttons.PROCEDURE_ASK)
    assert "chọn lĩnh vực" in chat.told
    chat.waits(days=90).presses_old(buttons.PROCEDURE_PART, f"1.001456/{Aspect.PAPERS.value}")
    assert "Ảnh 4x6" in chat.told
    chat.says("lệ phí bao nhiêu")
    assert "100.000 đồng" in chat.told, "the card of a pressed part is at hand"


@pytest.mark.parametrize("value", ["", "/", "khong-co/papers", "1.001456/", "1.001456/khong-co", "a/b/c/d"])
def test_a_button_that_means_nothing_any_more_leads_back(chat: Chat, value: str) -> None:
    for name in (
        buttons.PROCEDURE_PART,
        buttons.PROCEDURE_MORE,
        buttons.PROCEDURE_PAGE,
        buttons.PROCEDURE_SHOW,
    ):
        chat.presses_old(name, value)
        assert chat.told
        assert chat.buttons


def test_the_rest_of_a_card_is_one_press_away(chat: Chat) -> None:
    chat.presses_old(buttons.PROCEDURE_SHOW, "1.001445").presses("Việc khác")
    assert {"Lưu ý", "Không phải mục này", "Gặp cán bộ", "Về menu"} <= set(chat.titles)
    chat.presses("Lưu ý")
    assert "2 ngày làm việc" in chat.told


def test_a_topic_offers_the_procedure_its_answer_speaks_of(chat: Chat) -> None:
    chat.says("bị trừ hết 12 điểm").presses("Đăng ký kiểm tra kiến thức")
    assert "📋 Đăng ký kiểm tra kiến thức" in chat.told


def test_a_draft_of_an_older_version_or_of_nonsense_is_read_without_harm() -> None:
    assert Talk.of({"show": ["1", "2"]}).show == ("1", "2")
    assert Talk.of({"show": 7, "misses": "x", "at": None, "about": []}) == Talk()
    assert not Talk.of({"at": "gestern"}).is_fresh(NOON)
    assert Talk.of({"aspect": "gone"}).asked is None


# ---- Zalo's limits, for every record -----------------------------------------------------------------------------------


def assert_zalo_carries(replies: list[Reply]) -> None:
    for reply in replies:
        assert 0 < len(reply.text) <= REPLY_TEXT_MAX
        assert len(reply.buttons) <= BUTTONS_MAX
        for button in reply.buttons:
            assert 0 < len(button.title) <= BUTTON_TITLE_MAX
            assert [button.press, button.url, button.phone].count(None) == 2
            assert button.press is None or len(f"#{button.press.button}:{button.press.value}") <= 1000


@pytest.mark.parametrize("procedure", [p for p in procedures() if p.is_current], ids=lambda one: one.id)
def test_every_card_with_its_parts_and_buttons_fits_zalo_and_a_phone(procedure) -> None:
    records = CatalogueRecords()
    [first] = card_replies(records, procedure)  # type: ignore[arg-type]
    assert len(first.text) <= FIRST_MESSAGE_MAX
    assert [button.title for button in first.buttons[:3]] == [
        "Giấy tờ cần có",
        "Các bước làm",
        "Căn cứ pháp lý",
    ]
    wish = wish_for(records, procedure)  # type: ignore[arg-type]
    told = [first, more_reply(wish)]
    for aspect in Aspect:
        told += part_replies(wish, Asked(aspect, "anh"))
    assert_zalo_carries(told)


@pytest.mark.parametrize("topic", topics(), ids=lambda one: one.id)
def test_every_topic_fits_zalo(topic) -> None:
    assert_zalo_carries(topic_replies(CatalogueRecords(), topic))  # type: ignore[arg-type]


def test_every_page_of_every_field_fits_zalo(chat: Chat) -> None:
    for key, _ in chat.records.fields():
        for page in range(12):
            chat.presses_old(buttons.PROCEDURE_PAGE, f"{key}/{page}")
            assert_zalo_carries(list(chat.replies))
