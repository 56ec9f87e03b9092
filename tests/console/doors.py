"""How officers of the tests get through the door: their second factor, in a browser with or without scripts.

Every officer of `World` has an authenticator app with one key and the same long list of recovery codes. A recovery code
works once, whatever the clock says: the quickest second factor for a test that is about something else.
"""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from passlib.totp import TOTP
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from data import second_factors
from data.sealing import Sealer
from data.tables import SecondFactor

APP_KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SEALER = Sealer([b"k" * 32])
SPARE = 60
if TYPE_CHECKING:
    from tests.console.world import Browser, World

_numbers: Iterator[int] = itertools.cycle(range(SPARE))


def code_of_app(at: float, key: str = APP_KEY) -> str:
    """What the app shows at this moment (seconds since 1970)."""
    return str(TOTP(key=key).generate(time=at).token)


def spare_code() -> str:
    """The next recovery code of whoever."""
    return _spare(next(_numbers))


def give_factor(session: Session, officer_id: int, *, now: datetime) -> None:
    """App and recovery codes, without the audit rows of setting them up."""
    session.add(
        SecondFactor(
            officer_id=officer_id,
            totp_sealed=_SEALED,
            totp_counter=0,
            totp_since=now,
            recovery=_HASHES,
            recovery_since=now,
        )
    )


def key_shown(page: str) -> str:
    """The key of the app that a page of setting up shows."""
    return page.split('id="khoa-chu">')[1].split("<")[0].replace(" ", "")


def sets_up_the_app(browser: Browser, world: World) -> list[str]:
    """At the door after the first log-in: scan, type the code; the recovery codes that are shown."""
    key = key_shown(browser.get("/console/xac-thuc-hai-buoc").text)
    code = code_of_app(world.clock().timestamp(), key)
    shown = browser.post("/console/xac-thuc-hai-buoc/ung-dung", code=code)
    assert shown.status_code == 200, shown.text
    return re.findall(r"<li><code>([^<]+)</code>", shown.text)


def sets_up_the_app_in(
    page: Page, *, at: float | None = None, at_the_codes: Callable[[], None] = lambda: None
) -> None:
    """The same in Chromium; `at`: the console's own clock, else that of this machine. `at_the_codes`: what to do
    while the recovery codes are shown."""
    key = page.locator("#khoa-chu").inner_text().replace(" ", "")
    page.get_by_label("Mã 6 số trên ứng dụng").fill(code_of_app(at or time.time(), key))
    page.get_by_role("button", name="Lưu ứng dụng xác thực").click()
    at_the_codes()
    page.get_by_role("link", name="Tôi đã cất các mã").click()


def step_two(page: Page) -> None:
    """In Chromium: the page that asks for the second factor is open."""
    page.locator("main summary").click()
    page.get_by_label("Mã dự phòng").fill(spare_code())
    page.get_by_role("button", name="Xác nhận bằng mã dự phòng").click()


def _spare(number: int) -> str:
    return f"spare-code-{number:04d}"


_SEALED = SEALER.seal(APP_KEY.encode(), purpose=second_factors.PURPOSE)
_HASHES = [second_factors.hash_of(_spare(number)) for number in range(SPARE)]
