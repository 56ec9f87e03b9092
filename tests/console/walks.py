"""Officers who walk through the console in Chromium, on a phone and at a desk.

The door has walks of its own (test_doors_in_chromium); here whoever walks is let in as `World.browser` lets in.
"""

from __future__ import annotations

import io
import itertools
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from werkzeug.serving import make_server

from data import officers
from domain.roles import Role
from tests.chromium import DESK, PHONE
from tests.console.world import WARD_3, World

PRESSED, IN_A_TABLE = 44, 24
"""How high, in px, what a finger presses has to be; a number in a table may keep to the least of WCAG 2.2."""
NEW = itertools.count(1)
WATCH = """addEventListener("load", () => {
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) console.error(`${page.scrollWidth - page.clientWidth} px too wide`);
})"""


@contextmanager
def served(console: Flask, host: str = "127.0.0.1") -> Iterator[str]:
    """The console on a free port of this machine; gone at once when it is no longer needed."""
    server = make_server(host, 0, console, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def comes_in(page: Page, world: World, address: str, officer: int | str) -> None:
    """From here on the browser of this page is this officer's, named by number or by address of log-in."""
    if isinstance(officer, str):
        with world.database.reading() as session:
            row = officers.by_email(session, officer)
            assert row is not None, officer
            officer = row.id
    kept = world.browser(officer).client.get_cookie("console", path="/console")
    assert kept is not None
    host = urlsplit(address).hostname or ""
    page.context.add_cookies(
        [
            {"name": kept.key, "value": kept.value, "domain": host, "path": "/console"}
        ]  # as the console names it
    )


@dataclass
class Walker:
    """One page in somebody's hand. What is wrong on any page walked over is kept in `faults`."""

    world: World
    address: str
    page: Page
    narrow: bool
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("console", lambda said: self._hears(said.type, said.text))
        self.page.on("dialog", lambda asked: asked.accept())

    def officer(self, *roles: Role, name: str = "Hoa", unit_id: str | None = WARD_3) -> int:
        """Somebody new: what an earlier walk left behind is another officer's."""
        return self.world.officer(*roles, unit_id=unit_id, name=f"{name} {next(NEW)}")

    def comes_in(self, officer_id: int) -> None:
        comes_in(self.page, self.world, self.address, officer_id)

    def opens(self, place: str) -> None:
        self.page.goto(f"{self.address}{place}")

    def presses(self, target: Locator, least: int = PRESSED) -> None:
        """What is pressed has to be in reach of the mouse, and on a phone large enough for a finger.

        It is a click in both hands: a tap that a busy machine stretches over half a second would be a long press.
        """
        if self.narrow:
            target.wait_for()
            box = target.bounding_box()
            assert box is not None, target
            if box["height"] < least:
                self.faults.append(f"{self.page.url}: {box['height']} px are too little to press {target}")
        target.click()

    def presses_button(self, name: str | re.Pattern[str]) -> None:
        self.presses(self.page.get_by_role("button", name=name))

    def presses_link(self, name: str | re.Pattern[str], least: int = PRESSED) -> None:
        self.presses(self.page.get_by_role("link", name=name).first, least)

    def unfolds(self, words: str | re.Pattern[str]) -> None:
        """What is folded away below these words."""
        self.presses(self.page.locator("main summary").filter(has_text=words).first)

    def chooses_from_menu(self, name: str) -> None:
        """At the side of a desk; at the foot of a phone, behind “Thêm” when there is no room."""
        menu = self.page.locator(".side-nav")
        first, rest = f"a[title='{name}']:visible", f".more-list a:visible:text-is('{name}')"
        if not menu.locator(first).count():
            self.presses(menu.locator("summary"))
        self.presses(menu.locator(f"{first}, {rest}"))

    def writes(self, label: str, words: str) -> None:
        self.page.get_by_label(label, exact=True).fill(words)

    def sees(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.locator("main")).to_contain_text(words)

    def is_at(self, heading: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def saves(self, link: Locator) -> IO[bytes]:
        """The file that pressing it brings."""
        with self.page.expect_download() as saved:
            self.presses(link)
        return io.BytesIO(saved.value.path().read_bytes())

    def _hears(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:
            self.faults.append(f"{self.page.url}: {text}")


def hand(browser: Browser, narrow: bool) -> BrowserContext:
    """A phone that is touched, or the browser of a desk. Pages of one context share what was loaded once."""
    size, touched = (PHONE, True) if narrow else (DESK, False)
    context = browser.new_context(
        viewport=size,
        has_touch=touched,
        is_mobile=touched,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
    )
    context.set_default_timeout(10_000)
    context.add_init_script(WATCH)
    return context
