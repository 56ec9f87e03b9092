"""A resident asks; the bot answers, asks back, or says honestly that it is not sure."""

from __future__ import annotations

from tests.town import Town


def test_the_passport_question_without_accents_gets_the_real_procedure(town: Town):
    citizen = town.citizen().says("lam ho chieu can giay to gi")
    card = citizen.told()[0]["text"]
    for part in (
        "Cấp hộ chiếu phổ thông ở trong nước",
        "Giấy tờ cần có",
        "Phí, lệ phí",
        "Thời hạn",
        "Nơi làm",
        "Căn cứ",
        "Cập nhật 07/2026",
    ):
        assert part in card
    assert "Mở trang nộp trực tuyến" in citizen.buttons()


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
    assert "Giấy tờ cần có" in citizen.told()[-1]["text"] + citizen.told()[-2]["text"]


def test_words_that_report_something_are_offered_the_tip_flow_and_kept(town: Town):
    citizen = town.citizen().says("Có nhóm thanh niên đánh bạc ở đầu xóm")
    citizen.presses("Có, gửi tin báo").says("phường Bắc Giang")
    assert "Có nhóm thanh niên đánh bạc ở đầu xóm" in citizen.last_words()


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
