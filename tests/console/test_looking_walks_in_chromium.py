"""Looking without changing, on a phone and at a desk: map and figures down to the tips behind them, a sheet for
Excel, another role, the tour, the other language."""

from __future__ import annotations

import re

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, expect

from domain.roles import Role
from tests.console.walks import IN_A_TABLE, Walker
from tests.console.world import WARD_5, World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def counted(province: World) -> None:
    """Enough tips of two kinds in two wards for numbers that may be told."""
    for _ in range(6):
        province.tip(category="noise")
    for _ in range(7):
        province.tip(category="drugs", unit_id=WARD_5)


def view_of(picture: Locator) -> list[float]:
    return [float(one) for one in (picture.get_attribute("viewBox") or "").split()]


@pytest.mark.usefixtures("counted")
def test_the_map_is_zoomed_and_moved_and_a_ward_leads_to_its_tips(walker: Walker) -> None:
    page = walker.page
    walker.comes_in(walker.officer(Role.INSPECTOR, name="Thanh tra", unit_id=None))
    walker.opens("/console/")
    walker.chooses_from_menu("Bản đồ tin báo")
    picture = page.locator("#ban-do")
    walker.presses_button("Phóng to")
    expect(picture).to_have_class(re.compile("is-near"))
    near = view_of(picture)
    _drags(walker, picture)
    moved = view_of(picture)
    assert moved[0] < near[0], "to the side"
    assert moved[1] < near[1], "and up"
    walker.presses_button("Toàn bộ")
    expect(picture).not_to_have_class(re.compile("is-near"))
    assert view_of(picture)[:2] == [0, 0]

    ward = page.get_by_role("link", name="Công an phường Đa Mai: 7 tin")
    if walker.narrow:
        ward.click()
    else:
        walker.presses_button("Phóng to")
        ward.focus()
        expect(ward).to_be_in_viewport()
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Công an phường Đa Mai")).to_be_visible()
    walker.presses(page.get_by_role("link", name=re.compile("7 tin của")), IN_A_TABLE)
    expect(page.locator("a[data-row]")).to_have_count(7)
    walker.presses(page.locator("a[data-row]").first)
    walker.is_at("Người báo tin Sen-42")


def _drags(walker: Walker, picture: Locator) -> None:
    """From the middle to the right and downwards, as a hand moves a paper."""
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    if not walker.narrow:
        walker.page.mouse.move(x, y)
        walker.page.mouse.down()
        walker.page.mouse.move(x + 40, y + 60, steps=3)
        walker.page.mouse.up()
        return
    finger = walker.page.context.new_cdp_session(walker.page)
    for kind, by in (
        ("touchStart", 0),
        ("touchMove", 20),
        ("touchMove", 40),
        ("touchMove", 60),
        ("touchEnd", None),
    ):
        points = [] if by is None else [{"x": x + by, "y": y + by}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest.mark.usefixtures("counted")
def test_a_number_leads_to_the_tips_behind_it_and_all_of_them_to_excel(walker: Walker) -> None:
    page = walker.page
    walker.comes_in(walker.officer(Role.INSPECTOR, name="Thanh tra", unit_id=None))
    walker.opens("/console/")
    walker.chooses_from_menu("Thống kê")
    book = load_workbook(walker.saves(page.get_by_role("link", name="Xuất Excel")))
    cells = [str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert "Ma túy" in cells
    assert "7" in cells

    walker.presses(
        page.get_by_role("row", name=re.compile("Ma túy")).get_by_role("link", name="7"), IN_A_TABLE
    )
    expect(page.locator("a[data-row]")).to_have_count(7)
    walker.presses_link("Thống kê tin báo")
    for part in ("Thời gian xử lý", "Câu hỏi", "Tuyên truyền"):
        walker.presses(page.locator(".tabs").get_by_role("link", name=part))
        expect(page.locator(".tabs [aria-current]")).to_have_text(part)


def test_another_role_is_looked_through_and_left(walker: Walker) -> None:
    page = walker.page
    walker.comes_in(walker.officer(Role.ADMIN, name="Quản trị", unit_id=None))
    walker.opens("/console/")
    walker.chooses_from_menu("Xem như vai trò")
    walker.presses(page.locator("label.check").filter(has_text="Trực ban"))
    walker.presses_button("Xem thử")
    walker.sees("Đang xem như vai trò Trực ban")
    walker.chooses_from_menu("Tin báo")
    walker.is_at("Tin báo")
    expect(page.locator("a[data-row]")).to_have_count(0)
    walker.presses_button("Thôi xem thử")
    expect(page.locator(".notice-preview")).to_have_count(0)
    walker.chooses_from_menu("Cán bộ")
    walker.is_at("Cán bộ")


def test_the_tour_goes_over_the_pages_and_its_card_covers_no_menu(walker: Walker) -> None:
    page = walker.page
    walker.comes_in(walker.officer(Role.EDITOR, name="Biên tập", unit_id=None))
    walker.opens("/console/")
    if walker.narrow:
        walker.chooses_from_menu("Hướng dẫn")
    else:
        walker.presses(page.locator(".side-tools").get_by_role("link", name="Hướng dẫn"))
    walker.presses_link("Đi một vòng")
    card = page.locator(".tour-card")
    steps = int(card.inner_text().split(" trên ")[1].split()[0])
    for step in range(1, steps + 1):
        expect(card).to_contain_text(f"bước {step} trên {steps}")
        expect(page.locator(".tour-here")).to_be_in_viewport()
        walker.presses(card.get_by_role("link", name="Bước sau" if step < steps else "Xong"))
    expect(card).to_have_count(0)


def test_the_language_and_the_look_are_switched_and_switched_back(walker: Walker) -> None:
    page = walker.page
    walker.comes_in(walker.officer(Role.DUTY))
    walker.opens("/console/")
    if walker.narrow:
        walker.chooses_from_menu("Tài khoản")
    tools = page.locator("main" if walker.narrow else ".side-tools")
    walker.presses(tools.get_by_role("button", name=re.compile("English")))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    walker.presses(tools.get_by_role("button", name=re.compile("Tiếng Việt")))
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    walker.presses(tools.get_by_role("button", name="Tối" if walker.narrow else "Đổi giao diện"))
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
