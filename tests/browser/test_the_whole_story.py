"""What a stranger does in the first five minutes, in a real browser: ask, report, answer, broadcast."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from bot.connecting import add_officer
from tests.chromium import DESK, PHONE
from tests.console.doors import sets_up_the_app_in
from tests.town import PASSWORD, Town, running_town

pytestmark = pytest.mark.browser
PATIENCE_MS = 20_000


@pytest.fixture
def town(seeded_sqlite_url: str, tmp_path: Path) -> Iterator[Town]:
    with running_town(seeded_sqlite_url, tmp_path) as town:
        yield town


def open_page(browser: Browser, size: ViewportSize) -> Page:
    page = browser.new_context(viewport=size, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh").new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def says(chat: Page, words: str) -> None:
    chat.fill("#words", words)
    chat.click("#composer button[aria-label=Gửi]")


def logs_in(town: Town, browser: Browser, *roles: str, unit: str | None = None) -> Page:
    email = f"{roles[0]}@example.vn"
    add_officer(
        town.database, email=email, name=f"Cán bộ {roles[0]}", roles=roles, unit=unit, password=PASSWORD
    )
    page = open_page(browser, DESK)
    page.goto(f"{town.bot}/console/dang-nhap")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button, form button")
    sets_up_the_app_in(page)
    expect(page.locator("body")).to_contain_text("Đăng xuất")
    return page


def test_ask_report_and_be_answered(town: Town, browser: Browser):
    chat = open_page(browser, PHONE)
    chat.goto(f"{town.zalo}/chat/nguoi-dan-1")
    talk = chat.locator("#talk")
    says(chat, "lam ho chieu can giay to gi")
    expect(talk).to_contain_text("Cấp hộ chiếu phổ thông ở trong nước")

    says(chat, "tin báo")
    expect(talk).to_contain_text("Bạn có đồng ý không")
    says(chat, "đồng ý")
    expect(talk).to_contain_text("Bạn hãy kể sự việc")
    says(chat, "Có nhóm đánh bạc sau chợ")
    expect(talk).to_contain_text("Sự việc xảy ra ở đâu")
    chat.click("#open-tray")
    chat.click("#place")
    chat.click("#send-place")
    expect(talk).to_contain_text("Tin báo sẽ gửi tới: Công an phường Bắc Giang")
    for sample, answer in (("#sample-photos", "Đã nhận 2 tệp"), ("#sample-clip", "tệp")):
        if not chat.locator(sample).is_visible():
            chat.click("#open-tray")
        chat.click(sample)
        if chat.locator("#waiting").is_visible():
            chat.click("#composer button[aria-label=Gửi]")
        expect(talk).to_contain_text(answer)
    says(chat, "xong")
    expect(talk).to_contain_text(re.compile(r"Mã tin báo: TB-\w{4}-\w{4}-\w"))

    officer = logs_in(town, browser, "duty", unit="07210")
    officer.goto(f"{town.bot}/console/tin-bao")
    officer.click("a[href^='/console/tin-bao/']:visible >> nth=0")
    expect(officer.locator("main")).to_contain_text("Có nhóm đánh bạc sau chợ")
    photo = officer.locator("img[src^='/console/media/']").first
    expect(photo).to_be_visible()
    assert photo.evaluate("photo => photo.decode().then(() => photo.naturalWidth)") > 0
    officer.locator(".file-clip a.file-open").first.click()
    clip = officer.locator("video")
    clip.evaluate("clip => { clip.muted = true; return clip.play() }")
    assert clip.evaluate("clip => clip.videoWidth") > 0, "the clip plays"
    officer.go_back()

    officer.fill("textarea[name=text]#answer", "Công an phường đã cử người tới xác minh.")
    officer.click("button:has-text('Gửi trả lời')")
    expect(talk).to_contain_text("Công an phường đã cử người tới xác minh.")


def test_a_broadcast_fills_the_wall_of_225_groups(town: Town, browser: Browser):
    writer = logs_in(town, browser, "broadcaster")
    approver = logs_in(town, browser, "approver")
    wall = open_page(browser, DESK)
    wall.goto(f"{town.zalo}/wall")

    writer.goto(f"{town.bot}/console/tuyen-truyen/moi")
    writer.fill("#title", "Cảnh báo giả danh công an")
    writer.fill("#text", "Công an không làm việc qua điện thoại. Xin cảnh giác!")
    writer.check("#audience-all")
    writer.select_option("#rhythm", "now")
    writer.click("button[value=propose]")
    expect(writer.locator("main")).to_contain_text(re.compile("Chờ duyệt|giờ không gửi|Vẫn gửi vào giờ này"))
    if writer.locator("input[name=quiet_ok]").is_visible():  # the test may run in the evening
        writer.check("input[name=quiet_ok]")
        writer.click("button[value=propose]")
    expect(writer.locator("main")).to_contain_text("Chờ duyệt")

    approver.goto(writer.url)
    approver.click("button:has-text('Duyệt')")
    expect(writer.locator("main")).to_contain_text("Đã gửi", timeout=60_000)
    approver.goto(writer.url)
    expect(approver.locator("main")).to_contain_text("Đã xong", timeout=60_000)
    expect(wall.locator("body")).to_contain_text("225/225", timeout=60_000)
    assert len(town.groups_that_got("Xin cảnh giác!")) == 225
