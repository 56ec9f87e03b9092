"""What only a browser shows: ticks and ward kept on the device, pages without network, a screen reader's view."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.axe import EVERY_RULE, found_by_axe
from tests.public.addresses import PAGES

pytestmark = pytest.mark.browser


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # werkzeug's own name
        pass


class Site:
    """The public pages on this machine; `stop` takes the network away for good."""

    def __init__(self, app: Flask) -> None:
        self._server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    site = Site(app)
    yield site
    site.stop()


def test_ticks_and_the_chosen_ward_stay_on_the_device(site: Site, phone: Page) -> None:
    phone.goto(f"{site.url}/thu-tuc/1.003197")
    first = phone.locator(".ticks input").first
    first.check()
    expect(phone.locator("[data-count]")).to_have_text("1/2")
    phone.get_by_label("Tên xã, phường nơi bạn ở").fill("xa tan dinh")
    phone.get_by_role("button", name="Xem nơi nộp").click()
    expect(phone.get_by_text("Công an xã Tân Dĩnh", exact=True)).to_be_visible()
    assert phone.url == f"{site.url}/thu-tuc/1.003197"

    phone.goto(f"{site.url}/noi-nop")
    expect(phone.get_by_text("Công an xã Tân Dĩnh", exact=True)).to_be_visible()
    phone.goto(f"{site.url}/thu-tuc/1.003197")
    expect(phone.locator(".ticks input").first).to_be_checked()
    assert phone.context.cookies() == []

    phone.emulate_media(media="print")
    expect(phone.get_by_role("heading", name="Giấy tờ cần có")).to_be_visible()
    expect(phone.get_by_role("navigation").first).to_be_hidden()
    expect(phone.get_by_role("button", name="In danh sách")).to_be_hidden()


def test_a_search_puts_the_answer_under_the_question_and_back_brings_it_again(
    site: Site, phone: Page
) -> None:
    phone.goto(site.url)
    phone.get_by_role("searchbox").fill("lam ho chieu")
    phone.get_by_role("button", name="Tìm").click()
    phone.get_by_role("link", name="Xem giấy tờ, lệ phí, nơi nộp").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Cấp hộ chiếu phổ thông ở trong nước")
    phone.go_back()
    expect(phone.get_by_role("link", name="Xem giấy tờ, lệ phí, nơi nộp")).to_be_visible()
    assert phone.url == f"{site.url}/"


def test_the_last_pages_are_read_without_network_and_forms_are_not_kept(site: Site, phone: Page) -> None:
    phone.goto(site.url)
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.reload()
    phone.goto(f"{site.url}/thu-tuc/1.003197")
    phone.goto(f"{site.url}/tin-bao")
    site.stop()

    phone.goto(f"{site.url}/thu-tuc/1.003197")
    expect(phone.get_by_role("heading", name="Giấy tờ cần có")).to_be_visible()
    assert (
        phone.evaluate("getComputedStyle(document.querySelector('.top')).backgroundColor")
        == "rgb(15, 76, 69)"
    )
    phone.goto(f"{site.url}/tin-bao")  # no-store: of one person's matter nothing is kept
    expect(phone.get_by_role("heading", level=1)).to_have_text("Đang không có mạng")
    phone.get_by_role("link", name="Xóa đăng ký thường trú").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Xóa đăng ký thường trú")


def test_a_browser_may_install_the_pages(site: Site, phone: Page) -> None:
    phone.goto(site.url)
    devtools = phone.context.new_cdp_session(phone)
    given = devtools.send("Page.getAppManifest")
    assert given["errors"] == []
    assert '"start_url":"/"' in given["data"].replace(" ", "")
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] in (
        [],
        [{"errorId": "in-incognito", "errorArguments": []}],
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_screen_reader_finds_its_way_on_every_page(site: Site, phone: Page, scheme: str) -> None:
    phone.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for address in PAGES:
        phone.goto(f"{site.url}{address}")
        if address == "/":
            phone.get_by_role("searchbox").fill("con dấu")
            phone.get_by_role("button", name="Tìm").click()
            expect(phone.locator("#ket-qua > *").first).to_be_visible()
        assert found_by_axe(phone, EVERY_RULE) == [], address
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, address
