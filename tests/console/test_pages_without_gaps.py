"""No page is left out: which ones are looked at in Chromium, what each weighs, how long the server works for it."""

from __future__ import annotations

import gzip
import re
import time
from collections import defaultdict

import pytest
from playwright.sync_api import Page, expect

from bench import screenshots
from data import officers
from data.tables import Officer
from domain.roles import Role
from tests.console.doors import sets_up_the_app_in, step_two
from tests.console.routes import ROUTES
from tests.console.test_in_chromium import EVERYBODY, full_world, looked_at
from tests.console.world import PASSWORD, Browser, World

SECRET = "a secret of the tests, 32 characters"
FIRST_LOAD_MAX = 150_000
SERVER_MAX_S = 0.1

PARTS = {
    "broadcast_wall.part",
    "broadcasts.part",
    "changes.progress",
    "tips.part",
    "tips.queue_part",
}
"""Asked for again and again by a page that is looked at."""
FILES = {
    "board_scans.sheet",
    "boards.print_all",
    "boards.print_one",
    "broadcast_files.show",
    "broadcast_reports.export",
    "broadcast_wall.export",
    "complaint_acts.proof",
    "dossiers.template",
    "media.poster",
    "media.show",
    "media.small",
    "offline.worker",
    "registry.export",
    "score_reports.as_excel",
    "score_reports.as_pdf",
    "sheets.csv",
    "sheets.template",
    "sheets.xlsx",
    "staff_sheets.template",
    "static",
    "time_statistics.export_questions",
    "tip_statistics.export",
}
DOORS = {"login.ask", "second_factor.ask", "security.login"}
"""Looked at by the test of the doors."""


def test_every_page_there_is_is_looked_at(world: World) -> None:
    """A new page has to stand in `full_world`, or here with what it is instead."""
    map_of_addresses = world.console.url_map.bind("")
    seen = {
        map_of_addresses.match(one.partition("?")[0])[0]
        for one in full_world(world)
        if not one.endswith("/khong-co")
    }
    pages = {name.split()[0] for name in ROUTES if name.endswith(" GET")} - PARTS - FILES - DOORS

    assert sorted(pages - seen) == []


def test_every_page_there_is_has_its_picture(world: World) -> None:
    """`make screenshots` takes it for the officers who look; DOORS it takes on its walk through them."""
    map_of_addresses = world.console.url_map.bind("")
    anything: defaultdict[str, str] = defaultdict(lambda: "1")
    taken = {
        map_of_addresses.match("/console" + one.partition("?")[0].format_map(anything))[0]
        for places in screenshots.PAGES.values()
        for one in places
        if one != "/khong-co-trang-nay"
    }
    pages = {name.split()[0] for name in ROUTES if name.endswith(" GET")} - PARTS - FILES - DOORS

    assert sorted(pages - taken) == []


@pytest.mark.browser
def test_the_doors_and_the_pages_of_errors_are_accessible_at_every_width(
    world: World, address: str, desk: Page
) -> None:
    faults: list[str] = []

    def look(name: str, heading: str) -> None:
        expect(desk.get_by_role("heading", level=1)).to_have_text(heading)
        faults.extend(looked_at(desk, name))

    desk.goto(f"{address}/console/vao/khong-co")
    look("a link that is over", "Đường dẫn không còn hiệu lực")
    desk.goto(address + invitation(world))
    look("an invitation", "Chào đồng chí Lê Văn Mới")
    desk.get_by_role("button", name="Vào làm việc").click()
    look("setting up", "Xác thực hai bước")
    sets_up_the_app_in(desk, at=world.clock().timestamp(), at_the_codes=lambda: look("codes", "Mã dự phòng"))
    desk.goto(f"{address}/console/can-bo")
    look("no right", "Đồng chí không có quyền xem trang này")
    desk.context.clear_cookies()

    world.officer(*Role, email=EVERYBODY)
    tip = world.tip()
    desk.goto(f"{address}/console/dang-nhap")
    look("log-in", "Đăng nhập")
    desk.get_by_label("Địa chỉ thư điện tử").fill(EVERYBODY)
    desk.get_by_label("Mật khẩu").fill(PASSWORD)
    desk.get_by_role("button", name="Đăng nhập").click()
    look("second step", "Xác nhận bước hai")
    step_two(desk)
    desk.wait_for_url("**/console/")
    world.clock.goes(minutes=11)
    desk.goto(f"{address}/console/can-bo/bang-tinh")
    look("asked again", "Xác nhận lại trước khi tiếp tục")
    desk.goto(f"{address}/console/tin-bao/{tip}")
    desk.context.clear_cookies()
    desk.get_by_role("button", name="Tiếp nhận").first.click()
    look("session over", "Phiên làm việc đã hết")
    assert not faults, "\n".join(faults)


def test_every_page_is_light_to_open_first_and_quick_to_make(world: World) -> None:
    """Weight: page, style, script, fonts, icons and small pictures, gzipped. Time: of the processor, best of three,
    so that a busy machine does not count; with a million tips see bench/queue.py and bench/statistics.py."""
    pages = full_world(world)
    browser = world.browser()
    browser.log_in(EVERYBODY)
    weights: dict[str, int] = {}
    faults = []
    for one in pages:
        took = min(_seconds(browser, one) for _ in range(3))
        weight = _first_load(browser, one, weights)
        if took > SERVER_MAX_S:
            faults.append(f"{one} takes {took * 1000:.0f} ms")
        if weight > FIRST_LOAD_MAX:
            faults.append(f"{one} weighs {weight}")
    assert not faults, "\n".join(faults)


def _seconds(browser: Browser, page: str) -> float:
    began = time.process_time()
    browser.get(page)
    return time.process_time() - began


def _first_load(browser: Browser, page: str, weights: dict[str, int]) -> int:
    """`weights`: of what was fetched before, by its address."""
    answer = browser.get(page)
    links = set(re.findall(r'(?:href|src)="(/console/static/[^"#]+)', answer.text))
    style = browser.get(next(link for link in links if "console.css" in link)).text
    links |= {f"/console/static/{path}" for path in re.findall(r'url\("([^"]+)"\)', style)}
    links |= set(re.findall(r'<img src="(/console/media/[^"]+)"', answer.text))
    for link in links - weights.keys():
        weights[link] = len(browser.get(link, Accept_Encoding="gzip").data)
    assert len(links) >= 9, page
    return len(gzip.compress(answer.data)) + sum(weights[link] for link in links)


def invitation(world: World) -> str:
    with world.database.transaction() as session:
        row: Officer = officers.add_officer(
            session,
            email="moi@bacninh.example",
            name="Lê Văn Mới",
            roles=(Role.DUTY,),
            unit_id=None,
            now=world.clock(),
        )
        return f"/console/vao/{officers.link_token(row, secret=SECRET, now=world.clock())}"
