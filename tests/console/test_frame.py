"""What holds for every page: headers, errors in our voice, assets that stay small."""

from __future__ import annotations

import gzip
import logging
import re

import pytest
from flask import Flask

from console.app import create_console, mount
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


@pytest.mark.parametrize("secure", [True, False])
def test_only_a_secure_address_is_said_to_stay_secure(world: World, secure: bool) -> None:
    old: Desk = world.console.extensions["desk"]
    console = create_console(
        database=world.database,
        secret_key=old.secret_key,
        secure=secure,
        open_media=old.open_media,
        compose_answer=old.compose_answer,
    )
    headers = console.test_client().get("/console/dang-nhap").headers

    assert headers.get("Strict-Transport-Security") == ("max-age=31536000" if secure else None)
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_no_page_carries_script_or_style_of_its_own(world: World) -> None:
    tip, browser = world.tip(), world.browser(world.officer(*Role, unit_id=None))
    photo = world.file(tip)
    for address in pages_to_weigh(tip, photo):
        text = browser.get(address).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", text), address


def pages_to_weigh(tip: int, photo: int) -> list[str]:
    """One page of every kind; parts of theirs are made of the same."""
    return [
        "/console/dang-nhap",
        "/console/",
        "/console/tin-bao",
        f"/console/tin-bao/{tip}",
        f"/console/xem-tep/{photo}",
        "/console/ban-giao",
        "/console/tuyen-truyen",
        "/console/tuyen-truyen/moi",
        "/console/thu-tuc",
        "/console/can-bo",
        "/console/nhat-ky",
        "/console/huong-dan",
        "/console/ngoai-tuyen",
        "/console/khong-co",
    ]


def test_every_page_weighs_less_than_150_kb_when_it_is_opened_first(world: World) -> None:
    """Page, style, script, fonts, icons and (as small pictures) what lies in the gallery, as a browser asks for them."""
    tip, browser = world.tip(), world.browser(world.officer(*Role, unit_id=None))
    for number in range(20):
        world.tip(what=f"Một lời kể dài chừng hai dòng của người dân ở tổ {number}. " * 3)
    photo = world.file(tip)
    weights: dict[str, int] = {}

    def weighed(link: str) -> int:
        if link not in weights:
            answer = browser.get(link, Accept_Encoding="gzip")
            assert answer.status_code == 200, link
            weights[link] = len(answer.data)
        return weights[link]

    for address in pages_to_weigh(tip, photo):
        page = (world.browser() if address.endswith("dang-nhap") else browser).get(address)
        links = set(re.findall(r'(?:href|src)="(/console/static/[^"#]+)', page.text))
        style = browser.get(next(link for link in links if "console.css" in link)).text
        links |= {f"/console/static/{path}" for path in re.findall(r'url\("([^"]+)"\)', style)}
        links |= set(re.findall(r'<img src="(/console/media/[^"]+)"', page.text))
        total = len(gzip.compress(page.data)) + sum(weighed(link) for link in links)
        assert len(links) >= 9, address
        assert total <= FIRST_LOAD_MAX, (address, total)


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


@pytest.mark.parametrize("role", Role)
def test_on_a_phone_four_pages_stand_below_and_the_rest_under_more_once_each(
    world: World, role: Role
) -> None:
    page = world.browser(world.officer(role)).get("/console/").text
    menu = page.split('class="side-nav"')[1].split("</nav>")[0]
    bar, more = menu.split("<details", 1)
    places = re.findall(r'<a href="([^"]+)" (class="only-desk-entry")?', bar)
    below = [place for place, desk_only in places if not desk_only]
    rest = [place for place, desk_only in places if desk_only]

    assert len(below) == min(4, len(places))
    assert len({place for place, _ in places}) == len(places), "no page twice"
    assert re.findall(r'<li><a href="([^"]+)"', more) == [*rest, "/console/huong-dan", "/console/tai-khoan"]


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
