"""What administrators and inspectors walk through, on a phone and at a desk: officers and their sessions, units that
become one, terms, the trail, a list in Excel."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from domain.roles import Role
from tests.console.doors import code_of_app, sets_up_the_app_in, spare_code
from tests.console.walks import IN_A_TABLE, Walker
from tests.console.world import WARD_3, WARD_5

pytestmark = pytest.mark.browser
SECRET = "một câu để nhớ"


def admin_of(walker: Walker) -> int:
    return walker.officer(Role.ADMIN, name="Quản trị", unit_id=None)


def test_an_officer_is_invited_comes_in_is_sent_out_and_closed(walker: Walker) -> None:
    """Invitation → app and recovery codes → password → home; all sessions ended → log-in by password and app →
    closed, for which the administrator is asked again."""
    world, page, admin = walker.world, walker.page, admin_of(walker)
    email = f"moi.{'phone' if walker.narrow else 'desk'}@bacninh.example"
    walker.comes_in(admin)
    walker.opens("/console/")
    walker.chooses_from_menu("Cán bộ")
    walker.unfolds("Thêm cán bộ")
    walker.writes("Họ tên", "Lê Văn Mới")
    walker.writes("Địa chỉ thư điện tử để đăng nhập", email)
    page.locator("#unit_id").select_option(WARD_3)
    walker.presses(page.locator("label.check").filter(has_text="Trực ban"))
    walker.presses_button("Thêm và lấy đường dẫn đăng nhập")
    link = page.locator("#duong-dan").inner_text()

    page.context.clear_cookies()
    page.goto(link)
    walker.presses_button("Vào làm việc")
    app = page.locator("#khoa-chu").inner_text().replace(" ", "")
    sets_up_the_app_in(page, at=world.clock().timestamp())
    walker.writes("Mật khẩu mới", SECRET)
    walker.writes("Nhập lại mật khẩu mới", SECRET)
    walker.presses_button("Lưu mật khẩu")
    walker.sees("Đổi mật khẩu")
    walker.opens("/console/")
    walker.is_at("Chào đồng chí Lê Văn Mới")
    theirs = page.context.cookies()

    walker.comes_in(admin)
    walker.opens(f"/console/can-bo?q={email}")
    walker.presses_link("Lê Văn Mới")
    walker.presses_button("Kết thúc mọi phiên")
    walker.sees("Không có phiên đăng nhập nào đang mở.")
    its_page = page.url
    page.context.clear_cookies()
    page.context.add_cookies(theirs)  # type: ignore[arg-type]  # what it gave it takes
    walker.opens("/console/")
    walker.is_at("Đăng nhập")
    world.clock.goes(minutes=1)
    walker.writes("Địa chỉ thư điện tử", email)
    walker.writes("Mật khẩu", SECRET)
    walker.presses_button("Đăng nhập")
    walker.writes("Mã 6 số trên ứng dụng xác thực", code_of_app(world.clock().timestamp(), app))
    walker.presses(page.get_by_role("button", name="Xác nhận", exact=True))
    walker.is_at("Chào đồng chí Lê Văn Mới")

    walker.comes_in(admin)
    page.goto(its_page)
    world.clock.goes(minutes=11)
    walker.presses_button("Đóng tài khoản")
    walker.is_at("Xác nhận lại trước khi tiếp tục")
    walker.unfolds("Dùng mã dự phòng")
    walker.writes("Mã dự phòng", spare_code())
    walker.presses_button("Xác nhận bằng mã dự phòng")
    walker.sees("Đã đóng tài khoản của Lê Văn Mới")
    expect(page.get_by_role("button", name="Mở lại tài khoản")).to_be_visible()


def test_two_wards_become_one_and_are_two_again(walker: Walker) -> None:
    """Prepared by one, looked at and applied by another, undone by a press: the tip goes along both ways."""
    world, page, admin = walker.world, walker.page, admin_of(walker)
    second = walker.officer(Role.INSPECTOR, name="Thanh tra", unit_id=None)
    tip = world.tip()
    walker.comes_in(admin)
    walker.opens("/console/")
    walker.chooses_from_menu("Đơn vị, thiết đặt")
    walker.presses_link("Sắp xếp đơn vị")
    for ward in ("Phường Bắc Giang", "Phường Đa Mai"):
        walker.presses(page.locator("label.check").filter(has_text=ward))
    walker.writes("Tên, không ghi loại", "Thương Giang")
    walker.writes("Mã đơn vị hành chính (5 số)", "07998" if walker.narrow else "07999")
    page.get_by_label("Loại", exact=True).select_option("phường")
    page.locator("#since").fill(world.clock().date().isoformat())
    page.locator("#basis").fill("Nghị quyết 12")
    walker.presses_button("Lập và xem trước")
    walker.sees("Tin báo chưa xong")
    there = page.url

    walker.comes_in(second)
    page.goto(there)
    walker.presses_button("Xác nhận và áp dụng")
    walker.sees("mục đã theo sang đơn vị mới")
    assert world.full(tip).line.unit_name.endswith("Thương Giang")
    walker.comes_in(admin)
    page.goto(there)
    walker.presses_button("Hoàn tác việc sắp xếp")
    expect(page.locator(".pill").first).to_have_text("Đã hoàn tác")
    assert world.full(tip).line.unit_id == WARD_3


def test_a_term_is_changed_from_a_day_on_and_called_back_and_the_trail_tells_of_it(walker: Walker) -> None:
    world, page = walker.world, walker.page
    later = world.clock().date() + timedelta(days=60)
    walker.comes_in(walker.officer(Role.ADMIN, Role.INSPECTOR, name="Quản trị", unit_id=None))
    walker.opens("/console/thiet-dat")
    for term, value in (("Ma túy, hạn tiếp nhận", "25"), ("Ma túy, giữ tin đã đóng", "1900")):
        walker.presses(page.get_by_role("link", name=term), IN_A_TABLE)
        page.locator("#value").fill(value)
        page.locator("#holds_from").fill(later.isoformat())
        page.locator("#reason").fill("Kế hoạch 12")
        walker.presses_button("Lưu")
        walker.sees("Đã lưu.")
    for _ in range(2):
        walker.presses(page.get_by_role("button", name="Hoàn tác: Ma túy").first)
        walker.sees("Giá trị trước đó có hiệu lực trở lại.")

    walker.chooses_from_menu("Nhật ký thao tác")
    page.get_by_label("Việc", exact=True).select_option(label="Đổi thiết đặt")
    walker.presses(page.get_by_role("button", name="Lọc", exact=True))
    walker.unfolds("Chi tiết")
    walker.sees("key: drugs.")
    walker.presses_link("Kiểm tra toàn vẹn")
    walker.sees("Nhật ký nguyên vẹn từ dòng đầu tới dòng cuối.")


def test_a_list_goes_out_to_excel_comes_back_is_compared_applied_and_undone(
    walker: Walker, tmp_path: Path
) -> None:
    world, page = walker.world, walker.page
    world.group("BG-1", "Nhóm phường Bắc Giang", unit_id=WARD_5)
    walker.comes_in(admin_of(walker))
    walker.opens("/console/danh-ba")
    part = page.locator("section").filter(has=page.get_by_role("heading", name="Nhóm Zalo"))
    book = load_workbook(walker.saves(part.get_by_role("link", name="Xuất Excel")))
    for row in book.worksheets[0].iter_rows():
        if row[0].value == "BG-1":
            row[1].value = "Nhóm Bắc Giang mới"
    changed = io.BytesIO()
    book.save(changed)
    file = {"name": "nhom.xlsx", "mimeType": "application/octet-stream", "buffer": changed.getvalue()}
    part.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]  # a file as the library wants it
    walker.presses(part.get_by_role("button", name="So sánh"))
    expect(page.locator(".was")).to_have_text("Nhóm phường Bắc Giang")
    expect(page.locator(".becomes")).to_have_text("Nhóm Bắc Giang mới")
    walker.presses(page.get_by_role("button", name="Áp dụng"))
    walker.sees("Đã áp dụng 1 thay đổi.")
    walker.presses_button("Hoàn tác lần nhập này")
    walker.sees("Đã hoàn tác 1 thay đổi.")
