"""The catalogue at the console: browse, edit, preview, two at once, history, undo, days to come, sheets."""

from __future__ import annotations

import html
import io
import re
from datetime import UTC, date, datetime
from typing import Any

from openpyxl import load_workbook
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from data import link_checks
from data.record_text import as_texts
from data.tables import ProcedureRow
from domain.roles import Role
from domain.tips import new_code
from tests.console.pages import check_page
from tests.console.world import Browser, World

PAGE = "/console/thu-tuc/1.000001"


def editor(world: World, name: str = "Trần Thị Lan") -> Browser:
    return world.browser(
        world.officer(Role.EDITOR, unit_id=None, name=name, email=f"{new_code()}@example.vn")
    )


def form(world: World, **changed: str) -> dict[str, str | list[str]]:
    """The form of the record as it is now, with some fields typed over."""
    with world.database.reading() as session:
        row = session.get_one(ProcedureRow, "1.000001")
    return {**as_texts(row.body), "version": str(row.version), "reason": "Theo thông tư mới", **changed}


def typed(page: TestResponse, field: str) -> str:
    """What stands in a field of the form that came back."""
    found = re.search(
        rf'<textarea[^>]*name="{field}"[^>]*>(.*?)</textarea>', page.text, re.DOTALL
    ) or re.search(rf'<input[^>]*name="{field}"[^>]*value="([^"]*)"', page.text)
    assert found, field
    return html.unescape(found[1])


# ---- browsing --------------------------------------------------------------------------------------------------------


def test_browsing_finds_without_accents_and_filters(world: World) -> None:
    world.record()
    world.record(
        "1.000002", name="Đăng ký tạm trú", field="residence", fee=None, status="abolished", aliases=[]
    )
    browser = world.browser(world.officer(Role.DUTY))

    page = browser.get("/console/thu-tuc")
    check_page(page, title="Thủ tục", h1="Thủ tục")
    assert "Thêm thủ tục" not in page.text, "a duty officer reads only"

    def shown(query: str) -> list[str]:
        return re.findall(r'class="row-words">([^<]+)<', browser.get(f"/console/thu-tuc?{query}").text)

    assert shown("q=dang ky tam tru") == ["Đăng ký tạm trú"]
    assert shown("q=lam ho chieu") == ["Cấp hộ chiếu phổ thông ở trong nước"]
    assert shown("linh-vuc=residence") == ["Đăng ký tạm trú"]
    assert shown("tinh-trang=current") == ["Cấp hộ chiếu phổ thông ở trong nước"]
    assert shown("luu-y=fee_ends") == ["Cấp hộ chiếu phổ thông ở trong nước"]
    assert shown("luu-y=unchecked") == []
    assert shown("muc=1") == []
    assert len(shown("linh-vuc=nope&trang=x")) == 2


def test_a_record_shows_its_card_warnings_and_history(world: World) -> None:
    world.record()
    page = editor(world).get(PAGE)

    check_page(page, title="Cấp hộ chiếu phổ thông ở trong nước", h1="Cấp hộ chiếu phổ thông ở trong nước")
    assert "📋 Cấp hộ chiếu" in page.text
    assert "hết hạn ngày 31/12/2026" in page.text
    assert "Chưa có ai sửa" in page.text
    assert editor(world).get("/console/thu-tuc/khong-co").status_code == 404


def test_checked_today_takes_the_record_off_the_list(world: World) -> None:
    world.record(checked="2025-01")
    browser = editor(world)
    assert "Chưa kiểm tra lại từ 01/2025" in browser.get(PAGE).text
    browser.post(f"{PAGE}/da-kiem-tra")
    page = browser.get(PAGE).text
    assert "Chưa kiểm tra lại" not in page
    assert "11/2026" in page
    assert "Trần Thị Lan" in page


def test_the_first_page_says_what_there_is_to_do_for_an_editor(world: World) -> None:
    world.record()
    world.question("câu hỏi lạ lắm thay")
    page = editor(world).get("/console/")
    check_page(page, title="Trang chính", h1="Chào đồng chí Trần Thị Lan")
    assert "<strong>1</strong><span>Câu hỏi chưa chắc, chờ xem" in page.text
    assert "<strong>1</strong><span>Thủ tục cần xem lại" in page.text
    assert "Câu hỏi chưa chắc" not in world.browser(world.officer(Role.DUTY)).get("/console/").text


def test_a_link_that_did_not_open_three_nights_running_is_on_the_list(world: World) -> None:
    dead = "https://dichvucong.gov.vn/khong-con"
    world.record(url=dead, fee=None)
    world.record("1.000002", url="https://dichvucong.gov.vn/con", fee=None, name="Đăng ký tạm trú")
    with world.database.transaction() as session:
        for day in (24, 25, 26):
            night = datetime(2026, 11, day - 1, 18, tzinfo=UTC)
            link_checks.keep(session, dead, "404", ok=False, today=date(2026, 11, day), now=night)
    browser = editor(world)

    listed = browser.get("/console/thu-tuc?luu-y=link").text
    assert re.findall(r'class="row-words">([^<]+)<', listed) == ["Cấp hộ chiếu phổ thông ở trong nước"]
    assert "không mở được từ 24/11/2026: trang không còn ở đó (mã 404)" in listed
    assert "không mở được từ 24/11/2026: trang không còn ở đó (mã 404)" in browser.get(PAGE).text
    assert "không mở được" not in browser.get("/console/thu-tuc/1.000002").text


# ---- editing ---------------------------------------------------------------------------------------------------------


def test_a_preview_shows_the_card_and_keeps_nothing(world: World) -> None:
    world.record()
    browser = editor(world)
    check_page(browser.get(f"{PAGE}/sua"), title="Sửa thủ tục", h1="Sửa thủ tục")

    page = browser.post(f"{PAGE}/sua", **form(world, fee="Miễn phí cho mọi người", then="preview"))

    check_page(page, title="Sửa thủ tục", h1="Sửa thủ tục")
    assert "Miễn phí cho mọi người" in re.sub(r"<(textarea|input)[^>]*>[^<]*", "", page.text)
    assert world.body()["fee"].startswith("200.000")


def test_what_is_saved_is_what_the_bot_answers(world: World) -> None:
    world.record()
    browser = editor(world)
    saved = browser.post(f"{PAGE}/sua", **form(world, fee="Miễn phí", aliases="làm hộ chiếu\ncuốn sổ bay"))

    assert saved.status_code == 302
    assert world.body()["fee"] == "Miễn phí"
    assert world.body()["aliases"] == ["làm hộ chiếu", "cuốn sổ bay"]
    page = browser.get(PAGE).text
    assert "Theo thông tư mới" in page
    assert "200.000 đ; đến hết 31/12/2026 thu 100.000 đ" in page
    told = browser.post("/console/vi-sao", question="cuon so bay")
    assert "Cấp hộ chiếu phổ thông" in told.text


def test_what_breaks_a_rule_is_named_at_its_field_and_nothing_typed_is_lost(world: World) -> None:
    world.record()
    given = form(world, sources="", valid_from="ngày mai", note="Lời đang viết dở")
    page = editor(world).post(f"{PAGE}/sua", **given)

    check_page(page, title="Sửa thủ tục", h1="Sửa thủ tục")
    assert page.status_code == 422
    assert "Mục này không được để trống." in page.text
    assert "Ngày phải viết như" in page.text
    assert (typed(page, "note"), typed(page, "valid_from")) == ("Lời đang viết dở", "ngày mai")
    without = editor(world).post(f"{PAGE}/sua", **form(world, fee="1 đ", reason=""))
    assert (without.status_code, "Mời nhập lý do" in without.text) == (422, True)
    assert typed(without, "fee") == "1 đ"
    assert world.body()["fee"].startswith("200.000")


def test_the_second_of_two_who_save_at_once_is_told_and_loses_no_typed_text(world: World) -> None:
    world.record()
    mine = form(world, fee="300.000 đ", note="Ghi chú của Hoa")
    editor(world, "Trần Thị Lan").post(f"{PAGE}/sua", **form(world, where="Công an xã", fee="250.000 đ"))

    page = editor(world, "Nguyễn Thị Hoa").post(f"{PAGE}/sua", **mine)

    assert page.status_code == 409
    check_page(page, title="Sửa thủ tục", h1="Sửa thủ tục")
    assert "Trần Thị Lan vừa sửa" in page.text
    assert "250.000 đ" in page.text
    assert "Hai bên cùng sửa: <strong>Phí, lệ phí</strong>" in page.text
    assert (typed(page, "fee"), typed(page, "note")) == ("300.000 đ", "Ghi chú của Hoa")
    assert typed(page, "where") == "Công an xã", "what the other changed is not undone by saving again"
    assert world.body()["fee"] == "250.000 đ"


def test_a_change_for_a_later_day_waits_and_can_be_called_off(world: World) -> None:
    world.record()
    browser = editor(world)
    browser.post(f"{PAGE}/sua", **form(world, fee="400.000 đ", live_from="2027-01-01"))

    page = browser.get(PAGE).text
    assert "Hẹn áp dụng từ 01/01/2027" in page
    assert world.body()["fee"].startswith("200.000")
    address = re.search(rf'action="({PAGE}/bo-hen/\d+)"', page)
    assert address
    browser.post(address[1])
    assert "Hẹn áp dụng" not in browser.get(PAGE).text
    past = browser.post(f"{PAGE}/sua", **form(world, fee="1 đ", live_from="2020-01-01"))
    assert (past.status_code, "đã qua" in past.text) == (422, True)


def test_a_step_is_undone_with_a_reason(world: World) -> None:
    world.record()
    browser = editor(world)
    browser.post(f"{PAGE}/sua", **form(world, fee="Miễn phí"))
    address = re.search(rf'action="({PAGE}/hoan-tac/\d+)"', browser.get(PAGE).text)
    assert address

    assert browser.post(address[1], reason="").status_code == 422
    browser.post(address[1], reason="Nhầm thủ tục")

    assert world.body()["fee"].startswith("200.000")
    assert "Nhầm thủ tục" in browser.get(PAGE).text
    other = world.record("1.000002")
    step = address[1].rsplit("/", 1)[1]
    assert browser.post(f"/console/thu-tuc/{other}/hoan-tac/{step}", reason="x").status_code == 409


def test_a_new_record_is_made_by_the_form(world: World) -> None:
    world.record()
    browser = editor(world)
    check_page(browser.get("/console/thu-tuc-moi"), title="Thêm thủ tục", h1="Thêm thủ tục")
    given: dict[str, str | list[str]] = {
        **as_texts(world.body()),
        "id": "1.000009",
        "name": "Cấp giấy thông hành",
        "reason": "Mới ban hành",
    }

    assert browser.post("/console/thu-tuc-moi", **given).location == "/console/thu-tuc/1.000009"
    taken = browser.post("/console/thu-tuc-moi", **given)
    assert (taken.status_code, "đã có trong danh mục" in taken.text) == (422, True)


# ---- sheets ----------------------------------------------------------------------------------------------------------


def upload(browser: Browser, content: bytes, name: str = "a.xlsx") -> TestResponse:
    fields: dict[str, Any] = {
        "csrf_token": browser.token(),
        "file": FileStorage(io.BytesIO(content), filename=name, name="file"),
    }
    boundary, body = encode_multipart(fields)
    return browser.client.post(
        "/console/thu-tuc-bang-tinh",
        data=body,
        content_type=f'multipart/form-data; boundary="{boundary}"',
    )


def changed_sheet(browser: Browser, **cells: str) -> bytes:
    """The exported sheet with some cells of its first record typed over."""
    book = load_workbook(io.BytesIO(browser.get("/console/thu-tuc-bang-tinh/danh-muc.xlsx").data))
    page = book.active
    assert page is not None
    heading = [cell.value for cell in page[1]]
    for label, value in cells.items():
        page.cell(2, heading.index(label.replace("_", " ")) + 1, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_sheet_goes_out_and_comes_back_with_every_difference_shown_first(world: World) -> None:
    world.record()
    browser = editor(world)
    check_page(browser.get("/console/thu-tuc-bang-tinh"), title="Bảng tính thủ tục", h1="Bảng tính thủ tục")
    assert browser.get("/console/thu-tuc-bang-tinh/danh-muc.csv").data.startswith(b"\xef\xbb\xbf")
    assert browser.get("/console/thu-tuc-bang-tinh/mau.xlsx").data.startswith(b"PK")

    address = upload(browser, changed_sheet(browser, Nơi_làm="Công an xã")).location
    page = browser.get(address)

    check_page(page, title="So sánh tệp nhập", h1="So sánh tệp nhập")
    assert "Công an tỉnh" in page.text
    assert "Công an xã" in page.text
    assert world.body()["where"] == "Công an tỉnh"
    browser.post(f"{address}/ap-dung")
    assert world.body()["where"] == "Công an xã"
    again = browser.post(f"{address}/ap-dung")
    assert again.status_code == 409


def test_problems_of_a_sheet_are_named_and_it_cannot_be_applied(world: World) -> None:
    world.record()
    browser = editor(world)
    address = upload(browser, changed_sheet(browser, Lĩnh_vực="Nấu ăn", Nơi_làm="Công an xã")).location
    page = browser.get(address)

    assert "<td>Lĩnh vực</td>" in page.text
    assert "Áp dụng" not in page.text.split("<h1>")[1].split("bấm “Áp dụng”")[0]
    assert browser.post(f"{address}/ap-dung").status_code == 409
    assert world.body()["where"] == "Công an tỉnh"
    assert browser.post(f"{address}/bo").status_code == 302


def test_what_is_no_sheet_is_refused_in_words_and_a_large_one_gets_in(world: World) -> None:
    browser = editor(world)
    refused = upload(browser, b"PK broken")
    assert (refused.status_code, "Không đọc được tệp Excel" in refused.text) == (422, True)
    large = upload(browser, "Mã trong danh mục\n".encode() + b"1.9\n" * (1 << 19), "a.csv")
    assert (large.status_code, "hơn 5000 dòng" in large.text) == (422, True)
    assert upload(browser, b"x" * (9 << 20), "a.csv").status_code == 413
