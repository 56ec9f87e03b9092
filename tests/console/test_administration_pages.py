"""Units, settings, tokens, the trail and lists in Excel, as administrators meet them."""

from __future__ import annotations

import io
from datetime import date, timedelta

from openpyxl import Workbook, load_workbook
from werkzeug.test import TestResponse

from data import accounts
from data.tables import Complaint, GroupRow, OfficialAccount, RegistryImport, Tip, Token, UnitChange, UnitRow
from domain.complaints import ComplaintStatus
from domain.dossiers import DossierStep
from domain.group_days import GroupDays
from domain.roles import Role
from domain.tips import TipStatus
from tests.console.cells import of_the_office
from tests.console.pages import check_page
from tests.console.world import OA, WARD_3, WARD_5, Browser, World

FORM = "/console/don-vi/sap-xep"


def admin(world: World, name: str = "Quản trị") -> Browser:
    return world.browser(world.officer(Role.ADMIN, unit_id=None, name=name))


def propose(browser: Browser, **changed: object) -> TestResponse:
    given: dict[str, object] = {
        "old_ids": [WARD_3, WARD_5],
        "into": "new",
        "code": "07999",
        "kind": "phường",
        "short_name": "Thương Giang",
        "since": "2026-11-24",
        "basis": "Nghị quyết 12",
    }
    return browser.post(FORM, **(given | changed))


# ---- units ---------------------------------------------------------------------------------------------------------


def test_two_wards_become_one_with_a_second_person_and_are_undone_by_a_press(world: World) -> None:
    tip = world.tip()
    duty = world.browser(world.officer(Role.DUTY))
    author, second = admin(world), world.browser(world.officer(Role.INSPECTOR, unit_id=None))
    there = propose(author).location
    page = author.get(there)
    check_page(
        page,
        title="Việc sắp xếp số 1",
        h1="Phường Bắc Giang và Phường Đa Mai thành Phường Thương Giang từ ngày 24/11/2026",
    )
    assert "Tin báo chưa xong" in page.text
    assert "Xác nhận và áp dụng" not in page.text, "not by the one who prepared it"
    assert author.post(f"{there}/xac-nhan").status_code == 409
    of_one_ward = world.browser(world.officer(Role.INSPECTOR, name="Thanh tra phường"))
    assert "Xác nhận và áp dụng" not in of_one_ward.get(there).text
    assert of_one_ward.post(f"{there}/xac-nhan").status_code == 403, "other wards are not theirs to change"
    assert "Xác nhận và áp dụng" in second.get(there).text
    assert second.post(f"{there}/xac-nhan").status_code == 302
    assert second.post(f"{there}/xac-nhan").status_code == 409, "a second press does nothing"
    assert duty.get(f"/console/tin-bao/{tip}").status_code == 200, "the officer went along with the tip"
    assert "Theo đơn vị mới sau sắp xếp" in duty.get(f"/console/tin-bao/{tip}").text
    assert "Phường Thương Giang" in author.get("/console/don-vi").text
    assert author.post(f"{there}/hoan-tac").status_code == 302
    with world.database.reading() as session:
        assert session.get_one(Tip, tip).unit_id == WARD_3
        assert session.get_one(UnitChange, 1).state == "undone"


def test_an_officer_of_the_new_unit_opens_what_the_old_ones_closed(world: World) -> None:
    closed = world.tip(status=TipStatus.DONE)
    stranger = world.browser(world.officer(Role.DUTY, unit_id=WARD_5))
    assert stranger.get(f"/console/tin-bao/{closed}").status_code == 404
    there = propose(admin(world)).location
    admin(world, "Người xem").post(f"{there}/xac-nhan")
    assert stranger.get(f"/console/tin-bao/{closed}").status_code == 200


def test_what_was_typed_comes_back_with_every_fault(world: World) -> None:
    answer = propose(admin(world), code="1", basis="", old_ids=[WARD_3])
    check_page(answer, title="Sắp xếp đơn vị", h1="Sắp xếp đơn vị")
    assert answer.status_code == 422
    assert "Mã đơn vị gồm 5 chữ số" in answer.text
    assert "Mời ghi căn cứ" in answer.text
    assert 'value="Thương Giang"' in answer.text
    assert f'value="{WARD_3}" checked' in answer.text
    assert propose(admin(world, "B"), since="").status_code == 422


def test_units_are_found_without_accents_also_those_that_ended(world: World) -> None:
    there = propose(admin(world)).location
    admin(world, "Người xem").post(f"{there}/xac-nhan")
    browser = admin(world, "C")
    check_page(browser.get("/console/don-vi"), title="Đơn vị", h1="Đơn vị")
    ended = browser.get("/console/don-vi?q=bac giang&xem=da-het").text
    assert "nay là Phường Thương Giang" in ended
    assert "Không tìm thấy đơn vị nào" in browser.get("/console/don-vi?q=khong co dau").text


# ---- settings ------------------------------------------------------------------------------------------------------


def test_a_clock_is_set_and_taken_back(world: World) -> None:
    browser = admin(world)
    check_page(browser.get("/console/thiet-dat"), title="Thiết đặt", h1="Thiết đặt")
    one = "/console/thiet-dat/drugs.take_minutes"
    check_page(browser.get(one), title="Sửa thiết đặt", h1="Ma túy: hạn tiếp nhận")
    wrong = browser.post(one, value="0", holds_from="2026-11-24", reason="Kế hoạch")
    assert wrong.status_code == 422
    assert "Giá trị phải từ 5 đến 2.880 phút" in wrong.text
    assert browser.post(one, value="15", holds_from="2026-11-24", reason="Kế hoạch").status_code == 302
    assert "Ma túy, hạn tiếp nhận: 15 phút" in browser.get("/console/thiet-dat").text
    assert browser.post("/console/thiet-dat/thay-doi/1/hoan-tac").status_code == 302
    assert browser.post("/console/thiet-dat/thay-doi/1/hoan-tac").status_code == 409
    assert browser.get("/console/thiet-dat/nothing.at_all").status_code == 404


def test_a_term_that_deletes_is_asked_about_first(world: World) -> None:
    world.tip(status=TipStatus.DONE, category="noise", closed_at=world.clock() - timedelta(days=200))
    browser = admin(world)
    given = {"value": "100", "holds_from": "2026-12-24", "reason": "Kế hoạch"}
    asked = browser.post("/console/thiet-dat/noise.keep_days", **given)
    assert asked.status_code == 200
    assert "sẽ có 1 tin đã đóng bị xóa hẳn" in asked.text
    assert "Chưa thay đổi gì" in browser.get("/console/thiet-dat").text
    assert (
        browser.post("/console/thiet-dat/noise.keep_days", **given, seen="100.2026-12-24").status_code == 302
    )


def test_clocks_of_complaints_and_every_other_term_stand_on_the_page_and_are_set_there(world: World) -> None:
    browser = admin(world)
    page = browser.get("/console/thiet-dat").text
    for words in (
        "Phản ánh phục vụ, hạn trả lời người dân: 80 giờ làm việc",
        "Phản ánh phục vụ, giữ phản ánh đã xong và lời góp ý trong khảo sát: 1.095 ngày",
        "Hồ sơ dịch vụ công, giữ hồ sơ đã trả kết quả, từ chối hoặc rút: 90 ngày",
        "Chung, giữ sổ bàn giao ca: 1.095 ngày",
    ):
        assert words in page
    one = "/console/thiet-dat/complaints.look_hours"
    given = {"holds_from": "2026-11-24", "reason": "Kế hoạch 45"}
    too_long = browser.post(one, **given, value="41")
    assert "Giá trị phải từ 1 đến 40 giờ làm việc" in too_long.text
    assert browser.post(one, **given, value="4").status_code == 302
    assert "Phản ánh phục vụ, hạn chỉ huy tiếp nhận: 4 giờ làm việc" in browser.get("/console/thiet-dat").text
    assert browser.post("/console/thiet-dat/thay-doi/1/hoan-tac").status_code == 302
    assert "Phản ánh phục vụ, hạn chỉ huy tiếp nhận: 8 giờ làm việc" in browser.get("/console/thiet-dat").text
    early = browser.post("/console/thiet-dat/shifts.sheet_days", **given, value="365")
    assert early.status_code == 422
    assert "để còn thời gian xem lại trước khi xóa" in early.text


def test_what_a_term_outside_tips_would_delete_is_counted_by_its_name(world: World) -> None:
    browser = admin(world)
    world.shift_sheet(world.officer(Role.DUTY))
    world.dossier(step=DossierStep.GIVEN, on=date(2026, 11, 20))
    case = world.complaint()
    with world.database.transaction() as session:
        session.get_one(Complaint, case).status = ComplaintStatus.CLOSED
    given = {"holds_from": "2027-12-24", "reason": "Kế hoạch"}
    for key, value, words in (
        ("shifts.sheet_days", "365", "sẽ có 1 sổ bàn giao ca bị xóa hẳn"),
        ("dossiers.ended_days", "30", "sẽ có 1 hồ sơ bị xóa hẳn"),
        ("complaints.keep_days", "365", "sẽ có 1 phản ánh đã xong bị xóa hẳn"),
    ):
        address = f"/console/thiet-dat/{key}"
        assert words in browser.post(address, **given, value=value).text
        assert browser.post(address, **given, value=value, seen=f"{value}.2027-12-24").status_code == 302


def test_a_day_off_is_added(world: World) -> None:
    browser = admin(world)
    assert browser.post("/console/thiet-dat/ngay-nghi", day="", name="Tết", reason="x").status_code == 422
    browser.post("/console/thiet-dat/ngay-nghi", day="2027-02-05", name="Nghỉ Tết", reason="Thông báo")
    assert "<dt>05/02/2027</dt><dd>Nghỉ Tết</dd>" in browser.get("/console/thiet-dat").text


# ---- tokens --------------------------------------------------------------------------------------------------------


def an_account_whose_token_ends(world: World, *, in_: timedelta) -> None:
    with world.database.transaction() as session:
        session.add(OfficialAccount(oa_id=OA, name="OA tỉnh", created_at=world.clock()))
        session.flush()
        session.add(
            Token(
                oa_id=OA,
                access_sealed=b"sealed-access",
                refresh_sealed=b"sealed-refresh",
                access_expires_at=world.clock() + timedelta(hours=20),
                refresh_expires_at=world.clock() + in_,
                renewed_at=world.clock(),
            )
        )


def test_tokens_show_their_days_and_never_themselves(world: World) -> None:
    an_account_whose_token_ends(world, in_=timedelta(days=6, hours=2))
    page = admin(world).get("/console/oa")
    check_page(page, title="OA và mã truy cập", h1="OA và mã truy cập")
    assert "6 ngày" in page.text
    assert "Sắp hết hạn" in page.text
    assert "sealed" not in page.text


def test_an_account_that_rests_says_until_when_and_why(world: World) -> None:
    with world.database.transaction() as session:
        for oa_id in (OA, "77"):
            session.add(OfficialAccount(oa_id=oa_id, name=f"OA {oa_id}", created_at=world.clock()))
        session.flush()
        for _ in range(3):
            accounts.note_failure(session, OA, now=world.clock(), reason="Máy chủ Zalo đang bận.")
    browser = admin(world)
    resting = browser.get("/console/oa").text
    assert resting.count("Đang tạm nghỉ") == 1
    assert "(Máy chủ Zalo đang bận.)" in resting
    world.clock.goes(minutes=5)
    assert "Đang tạm nghỉ" not in browser.get("/console/oa").text


def test_home_of_an_administrator_has_what_the_house_needs_and_says_when_it_needs_nothing(
    world: World,
) -> None:
    ours = world.officer(Role.ADMIN, unit_id=None, name="Quản trị")
    home = world.browser(ours).get("/console/").text
    assert "không OA nào sắp hết hạn" in home

    change = of_the_office(world, world.officer(Role.ADMIN, unit_id=None, name="Quản trị kia"))[
        "unit_change_id"
    ]
    an_account_whose_token_ends(world, in_=timedelta(days=6))
    home = world.browser(ours).get("/console/").text
    duties = home.partition('id="viec"')[2]
    token, units = (
        duties.index("Mã truy cập của OA sắp hết hạn"),
        duties.index("Việc sắp xếp đơn vị chờ xác nhận"),
    )
    assert token < units, "the one whose clock ends first"
    assert f'href="/console/don-vi/sap-xep/{change}"' in duties
    author = world.row(ours + 1)
    assert "Việc sắp xếp đơn vị chờ xác nhận" not in world.browser(author.id).get("/console/").text


# ---- the trail -----------------------------------------------------------------------------------------------------


def test_the_trail_is_filtered_paged_and_checked(world: World) -> None:
    browser = admin(world)
    for number in range(60):
        browser.post(
            "/console/thiet-dat/drugs.take_minutes",
            value=str(15 + number),
            holds_from="2026-11-24",
            reason="x",
        )
    first = browser.get("/console/nhat-ky?viec=setting.change&tren=setting")
    check_page(first, title="Nhật ký thao tác", h1="Nhật ký thao tác")
    assert first.text.count("<td>Đổi thiết đặt</td>") == 50
    assert "key: drugs.take_minutes" in first.text
    following = first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert browser.get(following).text.count("<td>Đổi thiết đặt</td>") == 10
    assert browser.get("/console/nhat-ky?tren=setting&so=7").text.count("<td>Đổi thiết đặt</td>") == 1
    assert browser.get("/console/nhat-ky?viec=setting.change&den=2026-11-23").text.count("<tr>") == 0
    assert "Nhật ký nguyên vẹn" in browser.get("/console/nhat-ky?check=1").text


# ---- lists in Excel ------------------------------------------------------------------------------------------------


def sheet_of(browser: Browser, subject: str) -> tuple[list[str], list[list[str]]]:
    answer = browser.get(f"/console/danh-ba/{subject}.xlsx")
    rows = [
        [str(cell or "") for cell in row]
        for row in load_workbook(io.BytesIO(answer.data)).worksheets[0].values
    ]
    return rows[0], rows[1:]


def send(browser: Browser, subject: str, head: list[str], rows: list[list[str]]) -> TestResponse:
    book, out = Workbook(), io.BytesIO()
    sheet = book.create_sheet(index=0)
    for row in (head, *rows):
        sheet.append(row)
    book.save(out)
    out.seek(0)
    return browser.post(f"/console/danh-ba/{subject}", file=(out, "sua.xlsx"))


def test_a_list_goes_out_comes_back_the_same_and_changes_only_after_a_look(world: World) -> None:
    world.group("BG-1", "Nhóm phường Bắc Giang")
    world.group("BG-2", "=1+1")
    browser = admin(world)
    check_page(browser.get("/console/danh-ba"), title="Nhập, xuất danh sách", h1="Nhập, xuất danh sách")
    head, rows = sheet_of(browser, "nhom")
    same = browser.get(send(browser, "nhom", head, rows).location)
    assert "Tệp giống hệt danh sách hiện có" in same.text
    rows[0][1], rows[0][2] = "Nhóm Bắc Giang mới", WARD_5
    rows.append(["BG-3", "Nhóm thêm", WARD_3, "assisted", "", "", "Có", "01/12/2026", ""])
    rows[1][8] = "2026-12-31"
    there = send(browser, "nhom", head, rows).location
    page = browser.get(there)
    check_page(page, title="So sánh tệp với danh sách", h1="Nhóm Zalo: so sánh tệp với danh sách")
    assert "3 dòng, 3 dòng khác, trong đó 1 dòng mới" in page.text
    with world.database.reading() as session:
        assert session.get_one(GroupRow, "BG-1").unit_id == WARD_3, "a look changes nothing"
    assert browser.post(f"{there}/ap-dung").status_code == 302
    assert browser.post(f"{there}/ap-dung").status_code == 409
    with world.database.reading() as session:
        assert (session.get_one(GroupRow, "BG-1").unit_id, session.get_one(GroupRow, "BG-3").active) == (
            WARD_5,
            True,
        )
        assert session.get_one(GroupRow, "BG-1").name_folded == "nhom bac giang moi"
        assert session.get_one(GroupRow, "BG-3").days == GroupDays(first=date(2026, 12, 1))
        assert session.get_one(GroupRow, "BG-2").days == GroupDays(last=date(2026, 12, 31))
    assert sheet_of(browser, "nhom")[1][1][8] == "31/12/2026", "as days are written here"
    assert browser.post(f"{there}/hoan-tac").status_code == 302
    with world.database.reading() as session:
        assert session.get_one(GroupRow, "BG-1").name == "Nhóm phường Bắc Giang"
        assert session.get(GroupRow, "BG-3") is None
        assert session.get_one(GroupRow, "BG-2").days == GroupDays()


def test_a_faulty_list_says_where_and_cannot_be_applied(world: World) -> None:
    world.group("BG-1", "Nhóm phường Bắc Giang")
    browser = admin(world)
    head, rows = sheet_of(browser, "nhom")
    rows[0][2], rows[0][3] = "nowhere", "gmf"
    rows[0][7], rows[0][8] = "01/12/2026", "30/11/2026"
    rows.append(["BG-2", "Nhóm Đa Mai", WARD_5, "assisted", "", "", "Có", "ngày mai", ""])
    there = send(browser, "nhom", head, rows).location
    page = browser.get(there).text
    assert "Không phải đơn vị đang hoạt động" in page
    assert "cần có OA và mã nhóm Zalo" in page
    assert "Ngày cuối (30/11/2026) đang trước ngày đầu (01/12/2026)" in page
    assert "Mời ghi ngày dạng 31/12/2026." in page
    assert browser.post(f"{there}/ap-dung").status_code == 409
    head, rows = sheet_of(browser, "don-vi")
    rows[0][1], rows[1][7] = "Tên khác", "999"
    page = browser.get(send(browser, "don-vi", head, rows).location).text
    assert "chỉ để xem" in page
    assert "Tọa độ nằm ngoài Việt Nam" in page
    nothing = browser.post("/console/danh-ba/nhom", file=(io.BytesIO(b"no sheet"), "x.xlsx"))
    assert nothing.status_code == 422


def test_what_was_changed_meanwhile_is_not_overwritten(world: World) -> None:
    world.group("BG-1", "Nhóm phường Bắc Giang")
    browser = admin(world)
    head, rows = sheet_of(browser, "nhom")
    rows[0][1] = "Tên từ tệp"
    there = send(browser, "nhom", head, rows).location
    with world.database.transaction() as session:
        session.get_one(GroupRow, "BG-1").name = "Tên người khác vừa sửa"
    answer = browser.post(f"{there}/ap-dung")
    assert answer.status_code == 409
    assert "Đã có người sửa" in answer.text


def test_units_and_topics_take_changes_too_and_each_role_its_own_lists(world: World) -> None:
    browser = admin(world)
    head, rows = sheet_of(browser, "don-vi")
    rows[0][6], rows[0][7] = "0204 3555 113", "21,27"
    there = send(browser, "don-vi", head, rows).location
    browser.post(f"{there}/ap-dung")
    with world.database.reading() as session:
        row = session.get_one(UnitRow, rows[0][0])
        assert (row.phone, row.latitude) == ("0204 3555 113", 21.27)
    head, rows = sheet_of(browser, "chu-de")
    topic = [
        "tro-giup",
        "Trợ giúp",
        "hotline",
        "gọi ai",
        "citizen",
        "Xin gọi 113.",
        "",
        "",
        "https://x.vn",
        "high",
        "",
    ]
    there = send(browser, "chu-de", head, [*rows, topic]).location
    assert browser.post(f"{there}/ap-dung").status_code == 302, browser.get(there).text
    editor = world.browser(world.officer(Role.EDITOR, unit_id=None))
    assert editor.get("/console/danh-ba/chu-de.xlsx").status_code == 200
    assert editor.get("/console/danh-ba/nhom.xlsx").status_code == 404
    with world.database.reading() as session:
        groups_sheet = session.get_one(RegistryImport, 1)
    assert editor.get(f"/console/danh-ba/lan-nhap/{groups_sheet.id}").status_code == 404
