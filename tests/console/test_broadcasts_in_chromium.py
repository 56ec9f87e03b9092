"""Writing, approving and watching a broadcast in a real browser: the map, the ring, the blanks, the live wall."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from broadcasts.plan import plan_due
from data.session import Database
from data.tables import Delivery
from domain.broadcasts import BroadcastStatus
from domain.roles import Role
from tests.console.walks import Walker, hand
from tests.console.world import WARD_3, WARD_5, World

pytestmark = pytest.mark.browser
OpenDesk = Callable[..., Page]


@pytest.fixture
def world(sqlite_database: Database) -> World:
    world = World(sqlite_database)
    world.group("BG-1", "Nhóm phường Bắc Giang", unit_id=WARD_3)
    world.group("BG-2", "Nhóm phường Đa Mai", unit_id=WARD_5)
    return world


@pytest.fixture(params=["phone", "desk"])
def narrow(request: pytest.FixtureRequest) -> bool:
    return str(request.param) == "phone"


@pytest.fixture
def open_desk(browser: Browser, world: World, address: str, narrow: bool) -> Iterator[OpenDesk]:
    """The browser of somebody new with these roles, on a phone and then at a desk."""
    opened: list[Walker] = []

    def open_one(*roles: Role, name: str) -> Page:
        walker = Walker(world, address, hand(browser, narrow).new_page(), narrow)
        walker.comes_in(world.officer(*roles, unit_id=None, name=name))
        opened.append(walker)
        return walker.page

    yield open_one
    for walker in opened:
        walker.page.context.close()
    assert [fault for walker in opened for fault in walker.faults] == []


def small_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return out.getvalue()


def test_written_with_blanks_and_a_ring_on_the_map_approved_and_watched(
    world: World, address: str, open_desk: OpenDesk
):
    lan = open_desk(Role.BROADCASTER, name="Lan")
    minh = open_desk(Role.APPROVER, name="Minh")

    lan.goto(f"{address}/console/tuyen-truyen/moi")
    lan.fill("#title", "Tìm trẻ lạc")
    lan.select_option("#kind", "lost_child")
    lan.click("summary:has-text('Soạn theo mẫu')")
    for field, text in (
        ("name", "An"),
        ("age", "6"),
        ("where", "chợ Thương"),
        ("when", "9 giờ"),
        ("phone", "113"),
    ):
        lan.fill(f"#blank-lost_child-{field}", text)
    expect(lan.locator("#blank-crime-what")).to_be_hidden()
    lan.click("button[value=fill]")
    expect(lan.locator("#text")).to_have_value(
        "KHẨN: TÌM TRẺ LẠC\nCháu An, 6 tuổi.\nĐược nhìn thấy lần cuối tại chợ Thương lúc 9 giờ.\n"
        "Ai thấy cháu, xin giữ cháu an toàn và gọi ngay 113 hoặc 113."
    )
    expect(lan.locator("#xem-truoc")).to_contain_text("Cháu An, 6 tuổi.")
    lan.set_input_files("#files", {"name": "an.png", "mimeType": "image/png", "buffer": small_picture()})
    expect(lan.locator("#xem-anh img")).to_have_count(1)

    lan.check("#audience-some")
    expect(lan.locator("#so-nhom")).to_have_text("0 nhóm")
    lan.click("summary:has-text('Trên bản đồ')")
    _click(lan, "07210")
    expect(lan.locator("#so-nhom")).to_have_text("1 nhóm")
    _click(lan, "07210")
    expect(lan.locator("#so-nhom")).to_have_text("0 nhóm")
    _ring_around_everything(lan)
    expect(lan.locator("#so-nhom")).to_have_text("2 nhóm")

    lan.select_option("#rhythm", "now")
    lan.click("button[value=propose]")
    expect(lan.locator("main")).to_contain_text("Chờ duyệt")
    minh.goto(lan.url)
    expect(minh.locator(".zalo-pictures img")).to_have_js_property("complete", True)
    minh.click("button:has-text('Duyệt, cho gửi 2 nhóm')")
    expect(minh.locator("main")).to_contain_text("Đã lên lịch")

    plan_due(world.database, now=world.clock())
    minh.clock.install()
    minh.goto(f"{lan.url}/ban-do")
    expect(minh.locator(".tile.tone-gray")).to_have_count(2)
    with world.database.transaction() as session:
        row = session.query(Delivery).filter(Delivery.group_code == "BG-1").one()
        row.state = "sent"
    minh.clock.fast_forward(10_000)  # to the next look, for which nobody waits
    expect(minh.locator(".tile.tone-green")).to_have_count(1)
    expect(minh.locator("use.tone-green")).to_have_count(1)
    assert world.row_of(1).status == BroadcastStatus.SENDING


def test_what_was_typed_is_still_there_after_a_reload_and_gone_once_it_is_saved(
    address: str, open_desk: OpenDesk
):
    lan = open_desk(Role.BROADCASTER, name="Lan")
    lan.goto(f"{address}/console/tuyen-truyen/moi")
    lan.fill("#title", "Tin đang soạn")
    lan.fill("#text", "Một nửa câu")
    lan.select_option("#kind", "traffic")
    lan.reload()
    expect(lan.locator("#text")).to_have_value("Một nửa câu")
    expect(lan.locator("#kind")).to_have_value("traffic")
    lan.select_option("#rhythm", "now")
    lan.click("button[value=draft]")
    expect(lan.locator("main")).to_contain_text("Đã lưu bản nháp")
    lan.click("a:has-text('Sửa')")
    lan.fill("#text", "Cả một câu")
    lan.reload()
    expect(lan.locator("#text")).to_have_value("Cả một câu")
    lan.goto(f"{address}/console/tuyen-truyen/moi")
    expect(lan.locator("#text")).to_have_value("")


def _click(page: Page, ward: str) -> None:
    shape = page.locator(f"[data-ward-picker] [data-ward='{ward}']")
    shape.scroll_into_view_if_needed()
    x, y = float(shape.get_attribute("data-x") or 0), float(shape.get_attribute("data-y") or 0)
    place = page.evaluate(
        "([x, y]) => { const m = document.querySelector('[data-ward-picker]').getScreenCTM();"
        " const p = new DOMPoint(x, y).matrixTransform(m); return [p.x, p.y]; }",
        [x, y],
    )
    page.mouse.click(*place)


def _ring_around_everything(page: Page) -> None:
    page.locator("[data-ward-picker]").scroll_into_view_if_needed()
    box = page.locator("[data-ward-picker]").bounding_box()
    assert box
    left, top = box["x"] + 1, box["y"] + 1
    right, bottom = box["x"] + box["width"] - 1, box["y"] + box["height"] - 1
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom), (left, top)):
        page.mouse.move(x, y, steps=4)
    page.mouse.up()
