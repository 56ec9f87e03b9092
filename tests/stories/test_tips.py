"""From a citizen's phone to the right officer, and back."""

from __future__ import annotations

import pytest

from tests.samples import colour, photo
from tests.town import Town

BAC_GIANG = (21.28861, 106.22077)
"""A point inside phường Bắc Giang (the ward's own inner point)."""


@pytest.fixture(params=["town", "town_on_postgres"])
def anywhere(request: pytest.FixtureRequest) -> Town:
    town: Town = request.getfixturevalue(request.param)
    return town


def test_a_tip_reaches_the_ward_police_of_its_place_with_its_media_and_is_answered(anywhere: Town):
    citizen = anywhere.citizen()
    citizen.begins_a_tip().says("Có nhóm đánh bạc sau chợ")
    citizen.sends_location(*BAC_GIANG)
    assert "Công an phường Bắc Giang" in citizen.last_words()
    citizen.sends_photo("1.jpg", photo(seed=1)).sends_photo("2.jpg", photo(seed=2)).sends_clip()
    citizen.presses("Gửi")
    assert citizen.was_told("Đã nhận tin báo")

    officer = anywhere.officer("duty", unit="07210")
    tip = officer.opens_newest_tip()
    assert "Có nhóm đánh bạc sau chợ" in tip.page
    files = [officer.fetches(path) for path in tip.media(3)]
    assert [file.headers["Content-Type"] for file in files] == ["image/jpeg", "image/jpeg", "video/mp4"]
    assert [colour(file.content) for file in files[:2]] == [colour(photo(seed=1)), colour(photo(seed=2))]
    assert files[2].content[4:8] == b"ftyp"

    tip.is_taken().is_answered("Công an phường đang xác minh, cảm ơn bạn.")
    assert citizen.was_told("Công an phường đang xác minh, cảm ơn bạn.")
    citizen.presses("Bổ sung, trả lời").says("Họ vẫn còn ở đó")
    assert citizen.was_told("Đã chuyển cho cán bộ đang xử lý")
    officer.goes_to(tip.path)
    assert "Họ vẫn còn ở đó" in officer.page


def test_another_ward_never_sees_the_tip(town: Town):
    citizen = town.citizen()
    citizen.begins_a_tip().says("Việc riêng của phường Bắc Giang").sends_location(*BAC_GIANG).says("xong")
    tip = town.officer("duty", unit="07210").opens_newest_tip()
    stranger = town.officer("duty", unit="07228")
    assert stranger.tips() == []
    assert stranger.goes_to(tip.path).status in {403, 404}
    assert "Việc riêng" not in stranger.page


def test_no_page_says_who_the_reporter_is(town: Town):
    citizen = town.citizen()
    citizen.begins_a_tip().says("Có trộm").sends_location(*BAC_GIANG).says("xong")
    officer = town.officer("duty", unit="07210")
    tip = officer.opens_newest_tip()
    for user_id in citizen.user_ids.values():
        assert user_id not in tip.page
    assert "Người báo tin " in tip.page


def test_an_old_commune_name_leads_to_the_police_of_today(town: Town):
    citizen = town.citizen().begins_a_tip().says("Có người đánh bạc").says("thôn 2, xã Tân Hưng, Lạng Giang")
    assert "Công an xã Lạng Giang" in citizen.last_words()


def test_when_two_places_have_the_name_the_bot_asks(town: Town):
    citizen = town.citizen().begins_a_tip().says("Có người đánh bạc").says("xã Phúc Sơn")
    offered = citizen.buttons()
    assert sum("Phúc Sơn" in title for title in offered) == 2
    citizen.presses(next(title for title in offered if "Sơn Động" in title))
    assert "Công an xã Đại Sơn" in citizen.last_words()


def test_a_place_outside_the_province_is_said_to_be_outside(town: Town):
    citizen = town.citizen().begins_a_tip().says("Có người đánh bạc").sends_location(21.03, 105.85)
    assert "nằm ngoài tỉnh" in citizen.last_words()
    assert "Chuyển trực ban Công an tỉnh" in citizen.buttons()


def test_photos_may_come_first(town: Town):
    citizen = town.citizen().sends_photo(answers=2)
    citizen.says("Xe đua trên đường").sends_location(*BAC_GIANG)
    assert "1 tệp" in citizen.last_words()
    citizen.says("xong").says("đồng ý")
    assert len(town.officer("duty", unit="07210").opens_newest_tip().media(1)) == 1


def test_the_words_can_be_changed_before_sending(town: Town):
    citizen = town.citizen().begins_a_tip().says("Có xe đỗ chắn lối").sends_location(*BAC_GIANG)
    citizen.says("sửa").says("Đúng ra là có người gây rối")
    assert "Đúng ra là có người gây rối" in citizen.last_words()
    assert "Có xe đỗ chắn lối" not in citizen.last_words()


def test_a_stopped_tip_reaches_nobody(town: Town):
    citizen = town.citizen().begins_a_tip().says("Thôi không báo").sends_location(*BAC_GIANG)
    citizen.says("hủy")
    assert "Đã hủy tin báo" in citizen.last_words()
    assert town.officer("duty", unit="07210").tips() == []


def test_the_code_tells_how_far_the_tip_is_and_nothing_else(town: Town):
    citizen = town.citizen().begins_a_tip().says("Bí mật của tôi").sends_location(*BAC_GIANG).says("xong")
    code = citizen.last_words().split("Mã tin báo: ")[1].split()[0]
    another = town.citizen().says(code)
    assert "đang chờ trực ban tiếp nhận" in another.last_words()
    assert "Bí mật" not in another.last_words()
    assert another.buttons() == ["Về menu"], "only the reporter may add to a tip"
    town.officer("duty", unit="07210").opens_newest_tip().is_taken()
    citizen.says(code)
    assert "đã tiếp nhận" in citizen.last_words()


def test_a_file_that_cannot_be_taken_is_told_to_the_citizen_and_the_tip_stands(town: Town):
    citizen = town.citizen().begins_a_tip().says("Có người lừa đảo").sends_location(*BAC_GIANG)
    citizen.sends_file("virus.exe", b"MZ" + b"\0" * 200)
    assert citizen.was_told("loại tệp này chưa được hỗ trợ")
    citizen.presses("Gửi")
    assert "chưa được hỗ trợ" in town.officer("duty", unit="07210").opens_newest_tip().page


def test_a_dead_media_link_is_told_and_the_tip_stands(town: Town):
    citizen = town.citizen().begins_a_tip().says("Có người lừa đảo").sends_location(*BAC_GIANG)
    town.link_dies_at_once()
    citizen.sends_photo()
    assert citizen.was_told("đường dẫn đã hết hạn")
    citizen.presses("Gửi")
    assert "đường dẫn đã hết hạn" in town.officer("duty", unit="07210").opens_newest_tip().page


def test_danger_is_answered_first_and_the_tip_is_still_taken(town: Town):
    citizen = town.citizen().says("đang cháy nhà ở phường Bắc Giang", answers=2)
    first, second = citizen.told()
    assert "114" in first["text"]
    assert [button["type"] for button in first["buttons"]] == ["oa.open.phone"]
    assert "Sự việc xảy ra ở đâu" in second["text"]
    citizen.says("phường Bắc Giang").sends_it()
    page = town.officer("duty", unit="07210").opens_newest_tip().page
    assert "đang cháy nhà" in page


def test_a_citizen_who_asks_to_be_forgotten_cannot_be_written_to_any_more(town: Town):
    citizen = town.citizen().begins_a_tip().says("Có trộm").sends_location(*BAC_GIANG).says("xong")
    officer = town.officer("duty", unit="07210")
    tip = officer.opens_newest_tip()
    citizen.asks_to_be_forgotten()
    for _ in range(200):
        if "yêu cầu xóa dữ liệu" in officer.goes_to(tip.path).page:
            break
    assert "yêu cầu xóa dữ liệu" in officer.page
    assert "Có trộm" in officer.page


def test_when_zalo_says_everything_twice_it_is_heard_once(town: Town):
    town.chaos(duplicate=1)
    citizen = (
        town.citizen().begins_a_tip().says("Có nhóm đua xe trước chợ").sends_location(*BAC_GIANG).says("xong")
    )
    citizen.says("menu")  # answered after everything before it

    told = [message["text"] for message in citizen.told()]
    assert sum("Đã nhận tin báo" in text for text in told) == 1
    assert len(told) == len(set(told)), "nothing was said twice"
    assert len(town.officer("duty", unit="07210").tips()) == 1
