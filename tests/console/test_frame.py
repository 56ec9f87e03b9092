"""What holds for every page: headers, errors in our voice, assets that stay small."""

from __future__ import annotations

import gzip
import logging
import re

import pytest
from flask import Flask

from console import mount
from console.desk import Desk
from domain.roles import Role
from tests.console.pages import check_page
from tests.console.world import World

FIRST_LOAD_MAX = 150_000


@pytest.mark.parametrize(
    "address", ["/console/dang-nhap", "/console/", "/console/tin-bao", "/console/nowhere"]
)
def test_every_page_is_strict_about_what_a_browser_may_do(world: World, address: str) -> None:
    headers = world.browser(world.officer(Role.DUTY)).get(address).headers

    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Referrer-Policy"] == "same-origin"


def test_log_in_and_account_pages_keep_the_rules_of_pages(world: World) -> None:
    check_page(world.browser().get("/console/dang-nhap"), title="Đăng nhập", h1="Đăng nhập")
    browser = world.browser(world.officer(Role.DUTY))
    check_page(browser.get("/console/tai-khoan"), title="Tài khoản", h1="Tài khoản")


def test_what_is_not_there_is_said_courteously(world: World) -> None:
    page = world.browser(world.officer(Role.DUTY)).get("/console/khong-co-trang-nay")

    assert page.status_code == 404
    assert "Không tìm thấy trang" in page.text
    assert "khong-co-trang-nay" not in page.text


def test_a_fault_of_ours_shows_and_logs_no_words_of_a_resident(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    hoa, tip = world.officer(Role.DUTY), world.tip()
    browser = world.browser(hoa)

    def broken(unit: str, code: str, text: str) -> list[object]:
        raise ValueError(f"cannot say: {text}")

    old: Desk = world.console.extensions["desk"]
    monkeypatch.setitem(
        world.console.extensions,
        "desk",
        Desk(old.database, old.secret_key, old.open_media, broken, old.wake, old.clock),  # type: ignore[arg-type]  # breaks on purpose
    )
    with caplog.at_level(logging.DEBUG):
        page = browser.post(f"/console/tin-bao/{tip}/tra-loi", text="Câu rất riêng tư")

    assert page.status_code == 500
    assert "Hệ thống gặp trục trặc" in page.text
    assert "riêng tư" not in page.text
    assert "riêng tư" not in caplog.text
    assert [getattr(record, "error", None) for record in caplog.records] == ["ValueError"]
    assert world.full(tip).said == ()


def test_the_first_page_weighs_less_than_150_kb(world: World) -> None:
    browser = world.browser(world.officer(Role.DUTY))
    page = browser.get("/console/tin-bao")
    links = set(re.findall(r'(?:href|src)="(/console/static/[^"#]+)', page.text))
    style = browser.get(next(link for link in links if "console.css" in link)).text
    links |= {f"/console/static/{path}" for path in re.findall(r'url\("([^"]+)"\)', style)}
    total = len(gzip.compress(page.data))
    for link in links:
        answer = browser.get(link, Accept_Encoding="gzip")
        assert answer.status_code == 200, link
        total += len(answer.data)

    assert len(links) >= 10
    assert total <= FIRST_LOAD_MAX, total


def test_assets_are_kept_by_the_browser_and_need_no_log_in(world: World) -> None:
    browser = world.browser()
    link = re.search(r'href="(/console/static/console\.css\?v=\w+)"', browser.get("/console/dang-nhap").text)
    assert link
    first = browser.get(link[1])

    assert "immutable" in first.headers["Cache-Control"]
    assert "Set-Cookie" not in first.headers
    assert browser.get(link[1], If_None_Match=first.headers["ETag"]).status_code == 304
    assert first.status_code == 200
    for wrong in ("../app.py", "..%2fapp.py", "nope.css"):
        assert browser.get(f"/console/static/{wrong}").status_code == 404


def test_the_console_hangs_under_its_path_and_leaves_the_rest_alone(world: World) -> None:
    front = Flask("front")
    front.add_url_rule("/consolex", view_func=lambda: "of the front", endpoint="x")
    front.add_url_rule("/", view_func=lambda: "of the front", endpoint="y")
    mount(front, world.console)
    client = front.test_client()

    assert client.get("/").text == "of the front"
    assert client.get("/consolex").text == "of the front"
    assert client.get("/nowhere").status_code == 404
    assert "Cầu Nối" not in client.get("/nowhere").text
    assert "Đăng nhập" in client.get("/console/dang-nhap").text
    assert client.get("/console").status_code == 308


@pytest.mark.parametrize("theme", ["dark", "light", "auto"])
def test_the_look_is_kept_in_the_browser(world: World, theme: str) -> None:
    browser = world.browser(world.officer(Role.DUTY))

    back = browser.post("/console/giao-dien", theme=theme, back="/console/tin-bao")

    assert back.location == "/console/tin-bao"
    assert f'data-theme="{theme}"' in browser.get("/console/").text
    assert browser.post("/console/giao-dien", theme="x", back="//evil.example").location == "/console/"
