"""A resident asks; the bot answers, asks back, or says honestly that it is not sure."""

from __future__ import annotations

from tests.town import Town


def test_the_passport_question_without_accents_gets_the_real_procedure(town: Town):
    citizen = town.citizen().says("lam ho chieu can giay to gi", answers=2)
    card, papers = (message["text"] for message in citizen.told())
    for part in (
        "Cấp hộ chiếu phổ thông ở trong nước",
        "Phí, lệ phí",
        "Thời hạn",
        "Nơi làm",
        "https://dichvucong.gov.vn",
        "cập nhật tháng 7/2026",
    ):
        assert part in card
    assert len(card) <= 700
    assert "Giấy tờ cần có" in papers
    assert "Ảnh 4x6" in papers
    assert "Mở trang nộp trực tuyến" in citizen.buttons()


def test_asking_on_keeps_the_procedure_until_another_is_named(town: Town):
    citizen = town.citizen().says("lam ho chieu")
    for question, part in (
        ("thế lệ phí bao nhiêu?", "100.000 đồng"),
        ("nop o dau", "Phòng Quản lý xuất nhập cảnh"),
        ("bao lau thi co", "8 ngày làm việc"),
        ("cần ảnh không", "Ảnh 4x6"),
        ("lam online duoc ko", "Nộp qua mạng"),
        ("con tôi thì sao", "dưới 14 tuổi"),
    ):
        citizen.says(question)
        assert part in citizen.last_words()
        assert "(Cấp hộ chiếu phổ thông ở trong nước)" in citizen.last_words()
    citizen.says("đăng ký tạm trú").says("phí bn ạ")
    assert "15.000 đồng" in citizen.last_words()
    citizen.says("mai trời có mưa không")
    assert "chưa chắc" in citizen.last_words()


def test_a_wrong_card_leads_on_and_after_two_misses_to_a_person(town: Town):
    citizen = town.citizen().says("cấp lại căn cước").says("không phải cái này")
    assert "hiểu chưa đúng" in citizen.last_words()
    citizen.presses("Không phải các mục này")
    assert {"Xem các lĩnh vực", "Gặp cán bộ", "Gọi 113"} <= set(citizen.buttons())
    citizen.presses("Gặp cán bộ").says("Tôi mất cả ví thì làm giấy nào trước ạ")
    assert "Đã chuyển câu hỏi" in citizen.last_words()


def test_an_old_paper_is_answered_with_what_holds_today(town: Town):
    citizen = town.citizen().says("xin giay chuyen ho khau", answers=2)
    became, card = (message["text"] for message in citizen.told())
    assert "đã bỏ từ ngày 01/7/2021" in became
    assert "Đăng ký thường trú" in card
    citizen.presses("Giấy tờ cần có")
    assert "(Đăng ký thường trú)" in citizen.last_words()


def test_a_card_of_yesterday_still_answers_its_buttons(town: Town):
    citizen = town.citizen().says("cấp lại căn cước bị mất")
    assert "• Cấp xã: " in citizen.last_words()
    assert "• Cấp tỉnh: " in citizen.last_words()
    citizen.says("đăng ký tạm trú").says("#proc.part:1.014064/steps")
    assert "(Cấp lại thẻ căn cước)" in citizen.last_words()


def test_a_question_nobody_can_place_gets_an_honest_no(town: Town):
    citizen = town.citizen().says("mai trời có mưa không")
    assert "chưa chắc" in citizen.last_words()
    assert {"Xem các lĩnh vực", "Gặp cán bộ"} <= set(citizen.buttons())


def test_from_the_menu_to_a_procedure_by_numbers(town: Town):
    citizen = town.citizen().says("xin chào").presses("Hỏi thủ tục")
    assert "1. Đăng ký, quản lý cư trú" in citizen.last_words()
    citizen.says("1")
    assert "Xin chọn thủ tục" in citizen.last_words()
    citizen.says("99")
    assert "từ 1 đến" in citizen.last_words()
    citizen.says("1")
    assert citizen.last_words().startswith("📋")


def test_a_field_with_many_procedures_is_read_page_by_page(town: Town):
    citizen = town.citizen().says("thủ tục").says("2")
    assert "trang 1/" in citizen.last_words()
    citizen.says("xem thêm")
    assert "trang 2/" in citizen.last_words()
    citizen.says("9")
    assert citizen.last_words().startswith("📋")


def test_a_support_topic_is_answered_and_leads_to_its_procedure(town: Town):
    citizen = town.citizen().says("#topic.show:topic:licence_points")
    assert "Hết điểm thì không được lái" in citizen.last_words()
    assert any(title.startswith("Đăng ký kiểm tra kiến thức") for title in citizen.buttons())


def test_words_that_report_something_are_offered_the_tip_flow_and_kept(town: Town):
    citizen = town.citizen().says("Có nhóm thanh niên đánh bạc ở đầu xóm")
    citizen.presses("Có, gửi tin báo").says("phường Bắc Giang")
    assert "Có nhóm thanh niên đánh bạc ở đầu xóm" in citizen.last_words()


def test_more_words_of_a_report_join_the_first_and_a_question_ends_the_offer(town: Town):
    citizen = (
        town.citizen()
        .says("Có nhóm thanh niên đánh bạc ở đầu xóm")
        .says("co ca may doi tuong cho vay nang lai")
    )
    citizen.presses("Có, gửi tin báo").says("phường Bắc Giang")
    assert "đánh bạc ở đầu xóm\nco ca may doi tuong" in citizen.last_words()

    other = town.citizen().says("Có nhóm thanh niên đánh bạc ở đầu xóm").says("làm hộ chiếu")
    assert "Cấp hộ chiếu phổ thông" in other.last_words()
    other.says("lệ phí bao nhiêu")
    assert "100.000 đồng" in other.last_words()


def test_danger_now_is_answered_with_the_numbers_and_a_tip_is_taken(town: Town):
    citizen = town.citizen().says("dang chay nha hang xom", answers=2)
    warning, where = (message["text"] for message in citizen.told())
    assert "114" in warning
    assert "Sự việc xảy ra ở đâu" in where
    citizen.says("phường Bắc Giang")
    assert "dang chay nha hang xom" in citizen.last_words()


def test_a_fire_that_is_none_and_a_licence_for_fire_safety_raise_no_alarm(town: Town):
    citizen = town.citizen().says("dạo này shop bán cháy hàng luôn ạ")
    assert "114" not in citizen.last_words()
    citizen.says("thủ tục thẩm duyệt phòng cháy chữa cháy cho quán")
    assert all("XIN GỌI NGAY" not in message["text"] for message in citizen.told())


def test_a_question_for_an_officer_reaches_the_province_desk(town: Town):
    citizen = town.citizen().says("gặp cán bộ").says("Tôi ở xa thì nộp hồ sơ thế nào")
    assert "Đã chuyển câu hỏi" in citizen.last_words()
    assert "nộp hồ sơ thế nào" in town.officer("inspector").opens_newest_tip().page


def test_stickers_old_buttons_and_strange_texts_find_a_courteous_way_back(town: Town):
    citizen = town.citizen()
    citizen.sends_sticker()
    assert "Bạn cần giúp việc gì" in citizen.last_words()
    citizen.says("#nut.khong.con:1")
    assert "không còn dùng được" in citizen.last_words()
    for strange in ("😀" * 5_000, "\u202e\u200f ngược", "a\u0300" * 2500, "\x00\x07 chuông"):
        citizen.says(strange)
    assert citizen.last_words()


def test_a_new_follower_is_welcomed(town: Town):
    assert "Xin chào bạn" in town.citizen().follows().last_words()
