"""Figures in a browser: a map without scripts, plots whose letters can be read."""

from __future__ import annotations

import itertools

import pytest
from playwright.sync_api import Browser, Page, expect

from domain.roles import Role
from tests.chromium import DESK
from tests.console.test_in_chromium import WIDTHS
from tests.console.walks import comes_in
from tests.console.world import WARD_5, World

pytestmark = pytest.mark.browser

EMAIL = "thanh.tra@bacninh.example"


def filled(world: World) -> None:
    world.officer(Role.INSPECTOR, Role.ADMIN, unit_id=None, email=EMAIL)
    for _ in range(6):
        world.tip(category="noise")
    for _ in range(7):
        world.tip(category="drugs", unit_id=WARD_5)


def test_the_map_works_without_scripts(world: World, address: str, browser: Browser) -> None:
    filled(world)
    context = browser.new_context(viewport=DESK, java_script_enabled=False)
    page = context.new_page()
    comes_in(page, world, address, EMAIL)
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


def test_the_letters_of_a_plot_can_be_read_at_every_width(world: World, address: str, desk: Page) -> None:
    filled(world)
    comes_in(desk, world, address, EMAIL)
    pages = ("/console/thong-ke-tin-bao", "/console/thong-ke-cau-hoi", "/console/thong-ke-gui-tin")
    for one, width in itertools.product(pages, WIDTHS):
        if width == WIDTHS[0]:
            desk.goto(f"{address}{one}")
        desk.set_viewport_size({"width": width, "height": 900})
        plots = desk.evaluate(LETTERS)
        assert len(plots) == desk.locator(".plot").count() / 2, f"{one}: each plot is shown once"
        for plot in plots:
            assert 11 <= plot["size"] <= 17, (one, plot)
            assert plot["below"][-1][1] <= plot["right"], f"{one}: the last label is cut off"
            for left, right in itertools.pairwise(plot["below"]):
                assert left[1] + 2 <= right[0], f"{one}: labels run into each other"
