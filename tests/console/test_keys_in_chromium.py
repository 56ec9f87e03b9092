"""The console without a mouse, and with several officers at one computer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from domain.roles import Role
from tests.console.doors import code_of_app
from tests.console.walks import comes_in
from tests.console.world import PASSWORD, World

pytestmark = pytest.mark.browser


def test_a_tip_goes_from_log_in_to_its_end_by_keys_alone(world: World, address: str, desk: Page) -> None:
    world.officer(Role.DUTY, email="hoa@bacninh.example")
    tip = world.tip(what="Đánh nhau ở chợ")
    world.tip(what="Tin khác", age=timedelta(hours=3))
    keys = desk.keyboard
    desk.goto(f"{address}/console/dang-nhap")
    keys.type("hoa@bacninh.example")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(desk.get_by_label("Mã 6 số")).to_be_focused()
    keys.type(code_of_app(world.clock().timestamp()))
    keys.press("Enter")
    desk.wait_for_url("**/console/")

    keys.press("j")
    keys.press("j")
    expect(desk.locator(f"#tin-{tip}")).to_be_focused()
    keys.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Người báo tin Sen-42")
    keys.press("t")
    expect(desk.get_by_text("Đồng chí đang phụ trách")).to_be_visible()
    keys.press("r")
    keys.type("Xin cảm ơn anh chị")
    keys.press("Control+Enter")
    expect(desk.get_by_text("Đã chuyển câu trả lời tới người báo tin.")).to_be_visible()
    keys.press("g")
    keys.type("Chữ j trong ô là chữ, không phải phím tắt")
    keys.press("Control+Enter")
    expect(desk.get_by_text("Đã lưu ghi chú nội bộ.")).to_be_visible()
    keys.press("x")
    keys.type("Đã giải quyết tại chỗ")
    keys.press("Control+Enter")
    expect(desk.get_by_text("Đã chuyển sang “Đã xử lý xong”.")).to_be_visible()
    assert world.full(tip).line.status == "done"

    keys.press("?")
    expect(desk.get_by_role("dialog", name="Phím tắt")).to_be_visible()
    desk.get_by_label("Dùng phím tắt trên máy này").press("Space")
    keys.press("Escape")
    keys.press("u")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Người báo tin Sen-42")


def test_rows_are_ticked_taken_and_called_back_by_keys(world: World, address: str, desk: Page) -> None:
    world.officer(Role.DUTY, email="hoa@bacninh.example")
    first, second = world.tip(), world.tip(age=timedelta(hours=2))
    comes_in(desk, world, address, "hoa@bacninh.example")
    desk.goto(f"{address}/console/tin-bao")
    bar = desk.locator("[data-many]")
    expect(bar).to_be_hidden()

    for key in ("j", "s", "j", "s"):
        desk.keyboard.press(key)
    expect(bar).to_contain_text("Các tin đã đánh dấu 2")
    with desk.expect_response("**/nhieu-tin"):
        bar.get_by_role("button", name="Tiếp nhận").press("Enter")
    expect(desk.get_by_text("Đã tiếp nhận 2 tin.")).to_be_visible()
    desk.get_by_role("button", name="Hoàn tác").press("Enter")
    expect(desk.get_by_text("Đã hoàn tác 2 tin.")).to_be_visible()
    assert [world.full(tip).line.status for tip in (first, second)] == ["new", "new"]


def test_what_one_officer_typed_is_not_shown_to_the_next_at_the_same_computer(
    world: World, address: str, desk: Page
) -> None:
    for email, name in (("hoa@bacninh.example", "Hoa"), ("lan@bacninh.example", "Lan")):
        world.officer(Role.DUTY, email=email, name=name)
    tip = world.tip()
    field = desk.get_by_label("Nội dung gửi tới người báo tin qua Zalo")
    comes_in(desk, world, address, "hoa@bacninh.example")
    desk.goto(f"{address}/console/tin-bao/{tip}")
    field.press_sequentially("Riêng của Hoa")
    desk.context.clear_cookies()
    comes_in(desk, world, address, "lan@bacninh.example")
    desk.goto(f"{address}/console/tin-bao/{tip}")
    expect(field).to_have_value("")
