"""Ways through the console that a browser alone can show: without scripts, through a photo, on paper."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from domain.roles import Role
from tests.chromium import DESK, PHONE
from tests.console.doors import step_two
from tests.console.walks import comes_in
from tests.console.world import PASSWORD, World, picture

pytestmark = pytest.mark.browser
CONSOLE = Path(__file__).parent.parent.parent / "console"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_tip_is_taken_answered_and_ended_without_scripts(
    world: World, address: str, browser: Browser, size: ViewportSize
) -> None:
    world.officer(Role.DUTY, email="hoa@bacninh.example")
    tip = world.tip(what="Đánh nhau ở chợ")
    photo = world.file(tip, body=picture(1200, 900))
    context = browser.new_context(viewport=size, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/console/dang-nhap")
    page.get_by_label("Địa chỉ thư điện tử").fill("hoa@bacninh.example")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    step_two(page)

    page.get_by_role("link", name=re.compile("Đánh nhau ở chợ")).click()
    page.get_by_role("button", name="Tiếp nhận").click()
    page.get_by_label("Nội dung gửi tới người báo tin qua Zalo").fill("Xin cảm ơn anh chị")
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_text("Đã chuyển câu trả lời tới người báo tin.")).to_be_visible()
    page.goto(f"{address}/console/xem-tep/{photo}")
    page.get_by_role("link", name="Xem ảnh rõ").click()
    page.goto(f"{address}/console/tin-bao?q=danh+nhau")
    page.get_by_role("link", name=re.compile("Đánh nhau ở chợ")).first.click()
    page.locator("summary").filter(has_text=re.compile("xử lý xong")).first.click()
    page.locator("details[open] textarea").fill("Đã giải quyết tại chỗ")
    page.locator("details[open] button").click()
    assert world.full(tip).line.status == "done"
    context.close()


def test_on_a_slow_line_the_large_photo_comes_when_it_is_asked_for(
    world: World, address: str, phone: Page
) -> None:
    world.officer(Role.DUTY, email="hoa@bacninh.example")
    photo = world.file(world.tip(), body=picture(1200, 900))
    phone.add_init_script(
        "Object.defineProperty(navigator, 'connection', { value: { effectiveType: '2g' } })"
    )
    comes_in(phone, world, address, "hoa@bacninh.example")
    phone.goto(f"{address}/console/xem-tep/{photo}")
    shown = phone.locator("#khung img")
    expect(shown).to_have_attribute("src", f"/console/media/{photo}/nho")

    phone.get_by_role("button", name="Tải ảnh rõ").click()
    expect(shown).to_have_attribute("src", re.compile(rf"/console/media/{photo}$"))


def test_statistics_on_paper_have_every_number_and_no_menu(world: World, address: str, desk: Page) -> None:
    world.officer(Role.INSPECTOR, unit_id=None, email="lan@bacninh.example")
    for _ in range(6):
        world.tip(category="noise")
    comes_in(desk, world, address, "lan@bacninh.example")
    desk.goto(f"{address}/console/thong-ke-tin-bao")
    expect(desk.get_by_role("link", name="Xuất Excel")).to_be_visible()
    desk.emulate_media(media="print")

    expect(desk.locator(".side")).to_be_hidden()
    expect(desk.get_by_role("link", name="Xuất Excel")).to_be_hidden()
    expect(desk.locator("#theo-gio ~ details table")).to_be_visible()


def test_the_list_of_keys_has_every_key_there_is(world: World) -> None:
    page = world.browser(world.officer(Role.DUTY)).get("/console/tin-bao").text
    told = set(re.findall(r"<kbd>([^<]+)</kbd>", page))
    asked = {
        key
        for template in (CONSOLE / "templates").rglob("*.html")
        for key in re.findall(r'data-key="(.)"', template.read_text("utf-8"))
    }
    keys = (
        (CONSOLE / "static" / "keys.js").read_text("utf-8").partition("const acts = {")[2].partition("};")[0]
    )
    asked |= set(re.findall(r'^  "?([a-z?/])"?: ', keys, re.MULTILINE))
    viewer = (CONSOLE / "static" / "viewer.js").read_text("utf-8")
    asked |= set(re.findall(r'"([-+,.])": "', viewer))

    assert len(asked) >= 15
    assert sorted(asked - {key for one in told for key in one.split()}) == []


def test_list_tip_and_notes_stand_side_by_side_on_a_desk_and_keys_go_from_tip_to_tip(
    world: World, address: str, desk: Page
) -> None:
    world.officer(Role.UNIT_HEAD, email="hoa@bacninh.example")
    first, second = world.tip(), world.tip(age=timedelta(hours=2))
    comes_in(desk, world, address, "hoa@bacninh.example")
    desk.goto(f"{address}/console/tin-bao/{first}")
    panes = [desk.locator(one) for one in (".inbox-list", ".tip-main", ".tip-aside")]
    boxes = [pane.bounding_box() for pane in panes]
    lefts = [box["x"] for box in boxes if box]
    assert lefts == sorted(set(lefts)), "one beside the other"

    desk.keyboard.press("n")
    desk.wait_for_url(f"**/console/tin-bao/{second}*")
    desk.keyboard.press("p")
    desk.wait_for_url(f"**/console/tin-bao/{first}*")
    desk.keyboard.press("c")
    expect(desk.locator("details[open] select")).to_be_focused()

    desk.set_viewport_size(PHONE)
    expect(panes[0]).to_be_hidden()
    narrow = [pane.bounding_box() for pane in panes[1:]]
    assert len({box["x"] for box in narrow if box}) == 1, "one below the other"
    assert all(narrow)
