"""A frightened resident and the officers who can help: consent, the way past a unit, any order, honest ends."""

from __future__ import annotations

import re

import requests

from handlers import texts, tip_notice
from tests.citizen import Citizen
from tests.samples import photo
from tests.stories.test_tips import BAC_GIANG
from tests.town import OA, Town


def test_the_notice_comes_before_the_first_tip_and_nothing_leaves_without_consent(town: Town):
    citizen = town.citizen().says("tin báo")
    assert citizen.last_words() == texts.TIP_NOTICE
    for part in ("Ai xem", "Giữ bao lâu", "Zalo vẫn biết ai đã nhắn", "rút đồng ý"):
        assert part in citizen.last_words()
    assert citizen.buttons() == ["Tôi đồng ý", "Hủy"]
    citizen.says("Có nhóm đánh bạc sau chợ").says("phường Bắc Giang").says("xong")
    assert "tôi cần bạn đồng ý" in citizen.last_words()
    assert town.officer("duty", unit="07210").tips() == []
    citizen.presses("Đồng ý và gửi")
    assert "Mã tin báo" in citizen.last_words()
    assert "kể sự việc" in citizen.says("tin báo").last_words(), "the second time it is not asked again"


def test_the_notice_is_shown_again_when_its_words_change(town: Town, monkeypatch):
    citizen = town.citizen().begins_a_tip().says("hủy")
    assert "kể sự việc" in citizen.says("tin báo").last_words()
    citizen.says("hủy")
    monkeypatch.setattr(tip_notice, "EDITION", "another")
    assert "Bạn có đồng ý không" in citizen.says("tin báo").last_words()


def test_consent_can_be_taken_back(town: Town):
    citizen = town.citizen().begins_a_tip().says("Có trộm").sends_location(*BAC_GIANG).sends_it()
    code = citizen.code()
    citizen.says("rút đồng ý").presses("Rút đồng ý")
    assert "Đã rút đồng ý" in citizen.last_words()
    assert "Bổ sung, trả lời" not in citizen.says(code).buttons()
    assert "Bạn có đồng ý không" in citizen.says("tin báo").last_words()


def test_a_tip_about_the_ward_police_reaches_the_inspectors_and_is_invisible_to_the_unit(town: Town):
    citizen = town.citizen().begins_a_tip().says("Công an phường nhận tiền của sòng bạc")
    citizen.sends_location(*BAC_GIANG)
    assert "Tin báo sẽ gửi tới: Thanh tra Công an tỉnh" in citizen.last_words()
    assert "Công an phường Bắc Giang và các đơn vị khác không thấy" in citizen.last_words()
    citizen.sends_it()
    assert "chuyển tới Thanh tra Công an tỉnh" in citizen.last_words()

    tip = town.officer("inspector").opens_newest_tip()
    assert "nhận tiền của sòng bạc" in tip.page
    for officer in (
        town.officer("duty", unit="07210"),
        town.officer("unit_head", unit="07210"),
        town.officer("duty", unit="24"),
        town.officer("duty", "unit_head"),
    ):
        assert officer.tips() == []
        assert officer.goes_to(tip.path).status == 404


def test_the_resident_may_keep_a_tip_from_the_unit(town: Town):
    citizen = town.citizen().begins_a_tip().says("Có nhóm đánh bạc sau chợ").sends_location(*BAC_GIANG)
    citizen.presses("Không qua đơn vị này")
    assert "Thanh tra Công an tỉnh" in citizen.last_words()
    citizen.sends_it()
    assert town.officer("duty", unit="07210").tips() == []
    assert len(town.officer("inspector").tips()) == 1


def test_an_officer_who_is_named_does_not_read_it(town: Town):
    duty = town.officer("duty", unit="07210")  # “Cán bộ duty 07210”
    citizen = town.citizen().begins_a_tip().says("can bo duty 07210 hay ra quan uong")
    citizen.sends_location(*BAC_GIANG).sends_it()
    assert duty.tips() == []
    assert len(town.officer("inspector").tips()) == 1


def test_words_added_at_the_end_that_change_the_addressee_are_shown_first(town: Town):
    citizen = town.citizen().begins_a_tip().says("Có nhóm đánh bạc").sends_location(*BAC_GIANG)
    citizen.says("Công an phường bảo kê cho họ").presses("Gửi")
    assert "Nơi nhận vừa thay đổi" in citizen.last_words()
    assert "Thanh tra" in citizen.presses("Gửi").last_words()
    assert town.officer("duty", unit="07210").tips() == []


def test_later_words_that_accuse_the_unit_do_not_reach_it(town: Town):
    citizen = town.citizen().begins_a_tip().says("Có nhóm đánh bạc").sends_location(*BAC_GIANG).sends_it()
    officer = town.officer("duty", unit="07210")
    tip = officer.opens_newest_tip()
    citizen.says(f"{citizen.code()} trưởng công an phường nhận tiền của họ")
    assert "tách thành tin riêng" in citizen.last_words()
    assert "nhận tiền" not in officer.goes_to(tip.path).page
    assert "nhận tiền" in town.officer("inspector").opens_newest_tip().page


def test_any_order_with_a_procedure_question_in_between(town: Town):
    citizen = town.citizen().sends_photo(answers=2)
    for number in range(2, 22):
        citizen.sends_photo(f"{number}.jpg", photo(seed=number))
    citizen.sends_sticker()
    citizen.says("làm hộ chiếu cần giấy tờ gì", answers=2)
    said = [message["text"] for message in citizen.told()]
    assert any("Cấp hộ chiếu phổ thông" in text for text in said)
    citizen.presses("Tôi đồng ý").says("Có nhóm đánh bạc sau chợ")
    citizen.says("thêm").says("phường Bắc Giang")
    citizen.says("họ có 5 người").sends_clip().says("xong")
    assert citizen.was_told("Mã tin báo")
    page = town.officer("duty", unit="07210").opens_newest_tip()
    assert len(page.media(22)) == 22
    assert "họ có 5 người" in page.page
    assert "hộ chiếu" not in page.page


def test_the_kind_is_suggested_confirmed_by_sending_or_changed(town: Town):
    citizen = town.citizen().begins_a_tip().says("Có nhóm đánh bạc sau chợ").sends_location(*BAC_GIANG)
    assert "Loại việc: Cờ bạc, lô đề" in citizen.last_words()
    citizen.says("loại")
    number = re.search(r"(\d+)\. Tiếng ồn", citizen.last_words())
    assert number
    assert "Loại việc: Tiếng ồn" in citizen.says(number[1]).last_words()
    citizen.sends_it()
    assert "Tiếng ồn" in town.officer("duty", unit="07210").opens_newest_tip().page


def test_denunciation_and_feedback_are_explained(town: Town):
    citizen = (
        town.citizen().begins_a_tip().says("Tôi tố cáo chủ tịch xã chiếm đất").sends_location(*BAC_GIANG)
    )
    assert "Luật Tố cáo" in citizen.last_words()
    citizen.says("sửa").says("Góp ý: thái độ tiếp dân chưa tốt")
    assert "phản ánh, góp ý" in citizen.last_words()


def test_what_could_tell_who_reports_is_warned_of_hidden_and_shown_for_one_recorded_click(town: Town):
    citizen = town.citizen().begins_a_tip().says("Tôi là hàng xóm cạnh nhà. Họ đánh bạc, gọi tôi 0912345678")
    citizen.sends_location(*BAC_GIANG)
    assert "chi tiết dễ lộ bạn là ai: số điện thoại" in citizen.last_words().replace(
        "quan hệ của người báo, ", ""
    )
    citizen.sends_it()
    officer = town.officer("duty", unit="07210")
    tip = officer.opens_newest_tip()
    assert "0912345678" not in tip.page
    assert "Họ đánh bạc" in tip.page
    officer.posts(f"{tip.path}/hien-chi-tiet")
    assert "0912345678" in tip.page
    assert "Xem chi tiết đã che" in officer.goes_to(tip.path).page
    assert "0912345678" not in officer.page, "the click shows it once"


def test_the_ward_of_the_last_tip_is_offered_first(town: Town):
    citizen = town.citizen().begins_a_tip().says("Có trộm").says("phường Bắc Giang").sends_it()
    citizen.says("tin báo").says("Lại có trộm")
    assert citizen.buttons()[0] == "Công an phường Bắc Giang"
    citizen.presses("Công an phường Bắc Giang")
    assert "Tin báo sẽ gửi tới: Công an phường Bắc Giang" in citizen.last_words()


def test_not_settled_opens_the_tip_again(town: Town):
    citizen = (
        town.citizen().begins_a_tip().says("Nhà bên hát karaoke ồn ào").sends_location(*BAC_GIANG).sends_it()
    )
    code = citizen.code()
    officer = town.officer("duty", unit="07210")
    tip = officer.opens_newest_tip().is_taken()
    officer.posts(f"{tip.path}/trang-thai", to="done", words="Đã nhắc nhở gia đình đó.")
    assert citizen.was_told("Đã nhắc nhở gia đình đó.")
    assert {"Đã giải quyết", "Chưa giải quyết"} == set(citizen.buttons())
    citizen._read = len(citizen.told())
    citizen.presses("Chưa giải quyết")
    assert "đã được mở lại" in citizen.last_words()
    officer.goes_to(tip.path).posts(f"{tip.path}/tiep-nhan")
    assert "cán bộ khác hoặc chỉ huy" in officer.page
    assert "đang chờ trực ban" in citizen.says(code).last_words()


def test_more_words_with_the_code_join_the_same_tip(town: Town):
    citizen = town.citizen().begins_a_tip().says("Có trộm").sends_location(*BAC_GIANG).sends_it()
    code = citizen.code()
    citizen.says(f"{code} họ đi xe màu đỏ biển 98B1-234.56")
    assert "Đã chuyển" in citizen.last_words() or "Đã bổ sung" in citizen.last_words()
    page = town.officer("duty", unit="07210").opens_newest_tip().page
    assert "họ đi xe màu đỏ" in page
    stranger = town.citizen().says(f"{code} tôi cũng thấy thế đấy các anh ạ")
    assert "họ đi xe" not in stranger.last_words()


def test_progress_by_code_on_the_public_page(town: Town):
    citizen = town.citizen().begins_a_tip().says("Bí mật của tôi").sends_location(*BAC_GIANG).sends_it()
    page = requests.post(f"{town.bot}/tin-bao", data={"code": citizen.code()}, timeout=5).text
    assert "đang chờ trực ban tiếp nhận" in page
    assert "Bí mật" not in page


def test_no_page_log_or_number_carries_who_the_reporter_is(town: Town, caplog):
    citizen = Citizen(town.zalo, "Nguyễn Thị Rất Riêng")
    citizen.begins_a_tip().says("Có nhóm đánh bạc, gọi tôi 0912345678").sends_location(*BAC_GIANG)
    citizen.sends_photo().sends_it()
    with town.database.reading() as session:
        from sqlalchemy import select

        from data.tables import Tip

        tip = session.scalars(select(Tip)).one()
        opaque, tip_id = str(tip.citizen), tip.id
    secrets = [*citizen.user_ids.values(), opaque, "Rất Riêng", "0912345678"]
    people = [
        town.officer("inspector"),
        town.officer("duty", unit="07210"),
        town.officer("unit_head", unit="07210"),
        town.officer("duty", "unit_head"),
        town.officer("admin", "broadcaster", "approver"),
    ]
    console = _console_rules(town)
    seen = 0
    for officer in people:
        for rule in console:
            address = re.sub(r"<int:tip_id>", str(tip_id), rule)
            address = (
                re.sub(r"<int:\w+>", "1", address)
                .replace("<path:name>", "console.css")
                .replace("<token>", "x")
            )
            page = officer.goes_to(address)
            seen += page.status == 200
            for secret in secrets:
                assert secret not in page.page, (address, secret)
    assert seen > 25
    outside = [
        requests.get(f"{town.bot}{path}", timeout=5).text
        for path in ("/metrics", "/readyz", "/tin-bao", "/khong-co")
    ]
    outside.append(requests.post(f"{town.bot}/tin-bao", data={"code": citizen.code()}, timeout=5).text)
    outside.append(caplog.text)
    for secret in secrets:
        assert all(secret not in text for text in outside), secret
    assert OA


def _console_rules(town: Town) -> list[str]:
    """Every address of the console that can be opened with GET."""
    from console.app import create_console

    console = create_console(
        database=town.database,
        secret_key="s" * 40,
        secure=False,
        open_media=lambda *_: None,  # type: ignore[arg-type]
        compose_answer=lambda *_: (),
    )
    return sorted({rule.rule for rule in console.url_map.iter_rules() if "GET" in (rule.methods or ())})


def test_an_identity_is_opened_by_two_persons_for_a_limited_time(town: Town):
    citizen = town.citizen().begins_a_tip().says("Có trộm").sends_location(*BAC_GIANG).sends_it()
    head, inspector = town.officer("unit_head", unit="07210"), town.officer("inspector")
    tip = head.opens_newest_tip()
    head.posts(
        f"{tip.path}/de-nghi-danh-tinh",
        identity_reason="Cần lời khai",
        legal_basis="Điều 88 Bộ luật Tố tụng hình sự",
    )
    (user_id,) = citizen.user_ids.values()
    assert "quyet-dinh" not in head.goes_to("/console/danh-tinh").page
    decide = re.search(r"/console/danh-tinh/\d+/quyet-dinh", inspector.goes_to("/console/danh-tinh").page)
    assert decide
    inspector.posts(decide[0], words="Đồng ý theo căn cứ", answer="yes")
    show = decide[0].replace("quyet-dinh", "xem")
    assert user_id not in inspector.posts(show).page
    assert user_id in head.goes_to("/console/danh-tinh").posts(show).page
    listed = inspector.goes_to("/console/danh-tinh").page
    assert "đã xem 1 lần" in listed
    assert user_id not in listed
