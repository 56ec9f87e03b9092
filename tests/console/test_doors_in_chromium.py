"""The door in a real browser: a passkey from Chromium's virtual authenticator, the app, and the act that went on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from data import officers
from domain.roles import Role
from tests.console.doors import sets_up_the_app_in
from tests.console.walks import served
from tests.console.world import World

pytestmark = pytest.mark.browser

SECRET = "a secret of the tests, 32 characters"


@pytest.fixture
def address(world: World) -> Iterator[str]:
    """By name, not by number: a passkey belongs to a name."""
    with served(world.console, "localhost") as address:
        yield address


def invited(world: World, *roles: Role) -> str:
    """The one-time link of a new officer."""
    with world.database.transaction() as session:
        row = officers.add_officer(
            session,
            email="moi@bacninh.example",
            name="Lê Văn Mới",
            roles=roles,
            unit_id=None,
            now=world.clock(),
        )
        return f"/console/vao/{officers.link_token(row, secret=SECRET, now=world.clock())}"


def touch_sensor(page: Page) -> None:
    """A fingerprint sensor that always recognises the officer."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_a_passkey_from_the_invitation_to_a_dangerous_act(world: World, address: str, page: Page) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
    touch_sensor(page)

    page.goto(address + invited(world, Role.ADMIN))
    page.get_by_role("button", name="Vào làm việc").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xác thực hai bước")
    page.get_by_label("Tên để nhận ra thiết bị").fill("Điện thoại trực ban")
    page.get_by_role("button", name="Tạo khóa truy cập").click()
    expect(page.locator("#cac-ma code")).to_have_count(10)
    page.get_by_role("link", name="Tôi đã cất các mã").click()
    page.get_by_label("Mật khẩu mới", exact=True).fill("một câu để nhớ")
    page.get_by_label("Nhập lại mật khẩu mới").fill("một câu để nhớ")
    page.get_by_role("button", name="Lưu mật khẩu").click()
    expect(page.locator("main")).to_contain_text("Khóa truy cập: Điện thoại trực ban")

    page.context.clear_cookies()
    page.goto(f"{address}/console/can-bo")
    page.get_by_label("Địa chỉ thư điện tử").fill("moi@bacninh.example")
    page.get_by_label("Mật khẩu").fill("một câu để nhớ")
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("button", name="Dùng khóa truy cập").click()
    page.wait_for_url("**/console/can-bo")

    world.clock.goes(minutes=11)
    page.locator("main summary").first.click()
    page.get_by_label("Họ tên").fill("Nguyễn Thị An")
    page.get_by_label("Địa chỉ thư điện tử để đăng nhập").fill("an@bacninh.example")
    page.get_by_label("Trực ban").check()
    page.get_by_role("button", name="Thêm và lấy đường dẫn").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xác nhận lại trước khi tiếp tục")
    page.get_by_role("button", name="Dùng khóa truy cập").click()
    expect(page.locator(".notice-good")).to_contain_text("Nguyễn Thị An")
    expect(page.locator("#duong-dan")).to_contain_text("/console/vao/")
    assert faults == []


def test_the_authenticator_app_is_scanned_or_typed_and_needs_no_script(
    world: World, address: str, desk: Page
) -> None:
    """On a browser without passkeys the page leaves them away. The clock of the world is the clock of the app."""
    desk.route("**/passkey.js*", lambda route: route.abort())
    desk.goto(address + invited(world, Role.DUTY))
    desk.get_by_role("button", name="Vào làm việc").click()
    expect(desk.get_by_role("button", name="Tạo khóa truy cập")).to_be_hidden()
    assert desk.locator("img.qr").evaluate("code => code.naturalWidth") > 100

    sets_up_the_app_in(desk, at=world.clock().timestamp())

    expect(desk.get_by_role("heading", level=1)).to_have_text("Tài khoản")
    expect(desk.locator("main")).to_contain_text("Đặt mật khẩu")
