"""The end of a shift: the sheet, the next officer who takes it over, the list that is kept."""

from __future__ import annotations

from data import audit
from domain.roles import Role
from domain.tips import TipStatus
from tests.console.pages import check_page
from tests.console.world import WARD_5, World

HERE = "/console/ban-giao"


def test_a_shift_is_handed_over_and_taken_by_one_press(world: World) -> None:
    hoa, lan = world.officer(Role.DUTY), world.officer(Role.DUTY, name="Trần Lan")
    first, next_one = world.browser(hoa), world.browser(lan)
    mine = world.tip(what="Đánh nhau ở chợ")
    world.tip(what="Chuyện của phường khác", unit_id=WARD_5)
    first.post(f"/console/tin-bao/{mine}/tiep-nhan")
    first.post(f"/console/tin-bao/{mine}/ghi-chu", text="Ghi")
    world.clock.goes(minutes=5)

    page = first.get(HERE)
    check_page(page, title="Bàn giao ca", h1="Bàn giao ca")
    assert "Đánh nhau ở chợ" in page.text
    assert "Ghi chú nội bộ" in page.text
    assert "Chuyện của phường khác" not in page.text
    sheet = first.post(HERE, note="Gọi lại lúc 7 giờ").location
    kept = first.get(sheet)
    check_page(kept, title="Sổ bàn giao ca", h1="Sổ bàn giao ca")
    assert "Nhận ca</button>" not in kept.text, "nobody takes over from themselves"

    home = next_one.get("/console/").text
    assert "<strong>Nguyễn Thị Hoa</strong> đã bàn giao ca lúc 24/11/2026 12:05" in home
    assert "Gọi lại lúc 7 giờ" in next_one.get(sheet).text
    next_one.post(f"{sheet}/nhan-ca", back="home")
    assert "Đã nhận ca, cùng 1 tin đang xử lý dở." in next_one.get("/console/").text
    assert world.full(mine).line.taken_by == lan
    assert world.full(mine).moves[-1].move == "taken_over"
    assert "Trần Lan, 24/11/2026 12:05" in first.get(sheet).text
    assert "Nhận ca" not in next_one.get("/console/").text
    with world.database.reading() as session:
        assert [row.action for row in audit.listed(session, limit=1)] == ["shift.take_over"]


def test_the_second_who_takes_a_shift_reads_that_another_was_first(world: World) -> None:
    sheet = world.shift_sheet(world.officer(Role.DUTY))
    lan, minh = (world.browser(world.officer(Role.DUTY, name=name)) for name in ("Lan", "Minh"))

    for browser in (lan, minh):
        browser.post(f"{HERE}/{sheet}/nhan-ca")

    assert "đã có đồng chí khác nhận" in minh.get(HERE).text
    assert "Lan đã nhận" in minh.get(HERE).text


def test_a_sheet_holds_no_words_of_a_resident_and_stays_at_its_desk(world: World) -> None:
    tip = world.tip(what="Lời kể rất riêng", status=TipStatus.NEW)
    sheet = world.shift_sheet(world.officer(Role.DUTY), note="Xem tin đầu")
    other = world.browser(world.officer(Role.DUTY, unit_id=WARD_5))

    with world.database.engine.connect() as connection:
        row = str(connection.exec_driver_sql("SELECT * FROM shift_sheets").first())
    assert "riêng" not in row
    assert str(tip) in row
    assert other.get(f"{HERE}/{sheet}").status_code == 404
    assert other.post(f"{HERE}/{sheet}/nhan-ca").status_code == 404


def test_acts_on_tips_that_accuse_police_stand_on_no_shared_sheet(world: World) -> None:
    inspector = world.officer(Role.INSPECTOR, unit_id=None)
    hidden = world.tip(bypass=True, went_past=WARD_5)
    browser = world.browser(inspector)
    browser.post(f"/console/tin-bao/{hidden}/tiep-nhan")

    page = browser.get(HERE).text

    assert "Trong ca chưa có thao tác nào" in page
    assert "Không còn tin nào chưa xong." in page


def test_an_empty_desk_is_said_as_the_good_thing_it_is(world: World) -> None:
    hoa = world.officer(Role.DUTY)
    browser = world.browser(hoa)
    assert "Không còn tin nào chưa xong." in browser.get(HERE).text
    assert "Chưa có sổ bàn giao nào" in browser.get(HERE).text
    assert browser.post(HERE, note="x" * 2001).status_code == 422


def test_a_sheet_of_a_busy_desk_names_the_most_urgent_and_says_that_there_are_more(world: World) -> None:
    for _ in range(101):
        world.tip()

    page = world.browser(world.officer(Role.DUTY)).get(HERE).text

    assert 'Tin chưa xong <span class="count">100</span>' in page
    assert "Chỉ nêu 100 tin gần hết hạn nhất" in page
