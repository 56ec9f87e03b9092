"""Statistics, map and administration in a browser: zoom, keyboard, without scripts, and by the rules of axe.

The frame around a page (menu, brand) is looked at elsewhere: here it is what stands in `main`.
"""

from __future__ import annotations

from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from domain.roles import Role
from tests.chromium import DESK
from tests.console.test_in_chromium import WIDTHS, address, log_in
from tests.console.world import WARD_5, World

pytestmark = pytest.mark.browser

__all__ = ["address"]
EMAIL = "thanh.tra@bacninh.example"
PAGES = (
    "/console/thong-ke-tin-bao",
    "/console/ban-do-tin-bao",
    "/console/ban-do-tin-bao?kieu=cum",
    f"/console/ban-do-tin-bao?don-vi={WARD_5}",
    "/console/thong-ke-thoi-gian",
    "/console/thong-ke-cau-hoi",
    "/console/thong-ke-gui-tin",
    "/console/don-vi",
    "/console/don-vi/sap-xep",
    "/console/thiet-dat",
    "/console/thiet-dat/noise.keep_days",
    "/console/oa",
    "/console/danh-ba",
    "/console/nhat-ky",
)


def filled(world: World) -> None:
    world.officer(Role.INSPECTOR, Role.ADMIN, unit_id=None, email=EMAIL)
    for _ in range(6):
        world.tip(category="noise")
    for _ in range(7):
        world.tip(category="drugs", unit_id=WARD_5)


def test_the_map_zooms_and_a_ward_opens_by_keyboard(world: World, address: str, desk: Page) -> None:
    filled(world)
    log_in(desk, address, EMAIL)
    desk.goto(f"{address}/console/ban-do-tin-bao")
    picture = desk.locator("#ban-do")
    whole = picture.get_attribute("viewBox")
    desk.get_by_role("button", name="Phóng to").click()
    assert picture.get_attribute("viewBox") != whole
    ward = desk.get_by_role("link", name="Công an phường Đa Mai: 7 tin")
    ward.focus()
    expect(ward).to_be_in_viewport()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Công an phường Đa Mai")).to_be_visible()
    desk.goto(f"{address}/console/ban-do-tin-bao")
    desk.get_by_role("button", name="Phóng to").click()
    desk.get_by_role("button", name="Toàn bộ").click()
    assert [float(one) for one in (picture.get_attribute("viewBox") or "").split()] == [
        float(one) for one in (whole or "").split()
    ]


def test_the_map_works_without_scripts(world: World, address: str, browser: Browser) -> None:
    filled(world)
    context = browser.new_context(viewport=DESK, java_script_enabled=False)
    page = context.new_page()
    log_in(page, address, EMAIL)
    page.goto(f"{address}/console/ban-do-tin-bao")
    page.get_by_role("link", name="Công an phường Đa Mai: 7 tin").click()
    expect(page.get_by_role("heading", name="Công an phường Đa Mai")).to_be_visible()
    expect(page.get_by_role("button", name="Phóng to")).to_be_hidden()
    context.close()


LETTERS = """[...document.querySelectorAll(".plot")].filter((plot) => plot.getClientRects().length).map((plot) => ({
  right: plot.getBoundingClientRect().right,
  size: 12 * plot.getBoundingClientRect().width / plot.viewBox.baseVal.width,
  below: [...plot.querySelectorAll(".plot-mark")].map((mark) => mark.getBoundingClientRect()).map((box) => [box.left, box.right]),
}))"""
"""Of each plot that is shown: how large its letters are, and where its labels stand."""


@pytest.mark.parametrize("width", WIDTHS)
def test_the_letters_of_a_plot_can_be_read_at_every_width(
    world: World, address: str, desk: Page, width: int
) -> None:
    filled(world)
    log_in(desk, address, EMAIL)
    desk.set_viewport_size({"width": width, "height": 900})
    for one in ("/console/thong-ke-tin-bao", "/console/thong-ke-cau-hoi", "/console/thong-ke-gui-tin"):
        desk.goto(f"{address}{one}")
        plots = desk.evaluate(LETTERS)
        assert len(plots) == desk.locator(".plot").count() / 2, f"{one}: each plot is shown once"
        for plot in plots:
            assert 11 <= plot["size"] <= 17, (one, plot)
            assert plot["below"][-1][1] <= plot["right"], f"{one}: the last label is cut off"
            for left, right in pairwise(plot["below"]):
                assert left[1] + 2 <= right[0], f"{one}: labels run into each other"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_these_pages(world: World, address: str, desk: Page, scheme: str) -> None:
    desk.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    filled(world)
    log_in(desk, address, EMAIL)
    for one in PAGES:
        desk.goto(f"{address}{one}")
        found = Axe().run(desk, context="main")
        assert found.violations_count == 0, f"{one}: {found.generate_report()}"
