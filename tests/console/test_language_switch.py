"""The other language: offered on every page where choosing it loses nothing, and kept to from then on."""

from __future__ import annotations

import io
import re

import pytest
from sqlalchemy import select

from console.language import COOKIE, LANGUAGES
from data import officers
from data.tables import Officer, OfficerSession
from domain.devices import UNKNOWN, device_of, device_said
from domain.roles import Role
from tests.console.world import Browser, World

LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


def offers(page: str) -> list[tuple[str, str]]:
    """(language, where the page opens again) of each button."""
    forms = re.findall(r'<form[^>]*action="/console/ngon-ngu".*?</form>', page, re.DOTALL)
    found = []
    for form in forms:
        back = re.search(r'name="back" value="([^"]*)"', form)
        assert back is not None
        for button in re.findall(r"<button[^>]*>", form):
            assert 'name="language"' in button
            code = re.search(r'value="(\w+)"', button)[1]  # type: ignore[index]  # it has one
            assert f'lang="{code}"' in button, "a reader says it in its own language"
            found.append((code, back[1]))
    return found


def in_english(browser: Browser) -> Browser:
    browser.client.set_cookie(COOKIE, "en", path="/console")
    return browser


def link_of(world: World, officer_id: int) -> str:
    secret = world.console.extensions["desk"].secret_key
    token = officers.link_token(world.row(officer_id), secret=secret, now=world.clock())
    return f"/console/vao/{token}?ma=abcd"


def test_every_page_of_the_desk_offers_the_other_language_beside_the_look(world: World) -> None:
    browser = world.browser(world.officer(Role.DUTY))

    page = browser.get("/console/tin-bao?view=new").text
    assert offers(page) == [("en", "/console/tin-bao?view=new")]
    assert 'title="English" aria-label="EN: English">EN</button>' in page

    page = in_english(browser).get("/console/tin-bao").text
    assert offers(page) == [("vi", "/console/tin-bao")]
    assert 'title="Tiếng Việt" aria-label="VI: Tiếng Việt">VI</button>' in page


def test_the_door_offers_it_before_anybody_is_known(world: World) -> None:
    link = link_of(world, world.officer(Role.DUTY))
    browser = world.browser()

    for address in ("/console/dang-nhap?het_phien=1", link, "/console/vao/da-dung"):
        page = browser.get(address).text
        assert offers(page) == [("en", address)]
        assert re.search(r'lang="en" *>English</button>', page)


def test_the_account_page_names_both_and_marks_the_chosen_one(world: World) -> None:
    page = in_english(world.browser(world.officer(Role.DUTY))).get("/console/tai-khoan").text
    section = page[page.index('aria-labelledby="ngon-ngu"') :]

    assert [code for code, _ in offers(section)] == list(LANGUAGES)
    assert re.findall(r'value="(\w+)" lang="\w+" aria-pressed="(\w+)"', section) == [
        ("vi", "false"),
        ("en", "true"),
    ]


def test_the_page_stays_and_nothing_else_can_be_opened_through_the_choice(world: World) -> None:
    link = link_of(world, world.officer(Role.DUTY))
    browser = world.browser(world.officer(Role.UNIT_HEAD))
    for back, opened in (
        ("/console/tin-bao?view=new", "/console/tin-bao?view=new"),
        (link, link),
        ("/console/tai-khoan/mat-khau", "/console/"),  # only answers a form
        ("/console/khong-co", "/console/"),
        ("//evil.example/console/", "/console/"),
        ("https://evil.example/", "/console/"),
        ("", "/console/"),
    ):
        for address, choice in (("ngon-ngu", {"language": "en"}), ("giao-dien", {"theme": "dark"})):
            assert browser.post(f"/console/{address}", back=back, **choice).location == opened


def test_pages_that_would_lose_what_they_hold_offer_nothing(world: World) -> None:
    browser = world.browser(world.officer(Role.DUTY))
    codes = browser.post("/console/xac-thuc-hai-buoc/ma-du-phong")
    assert "Mã dự phòng" in codes.text
    assert not offers(codes.text), "the codes are shown once"

    world.clock.goes(minutes=30)
    asked = browser.client.post(
        "/console/xac-thuc-hai-buoc/ma-du-phong", data={"csrf_token": browser.token()}
    )
    assert 'id="xac-nhan"' in asked.text
    assert not offers(asked.text), "the form is on its way"
    assert not offers(browser.get("/console/ngoai-tuyen").text)


def test_an_error_offers_it_without_a_word_of_the_address(world: World) -> None:
    for browser, back in (
        (world.browser(), "/console/dang-nhap"),
        (world.browser(world.officer(Role.DUTY)), "/console/"),
    ):
        page = browser.get("/console/khong-co-trang-nay?q=1")
        assert page.status_code == 404
        assert offers(page.text) == [("en", back)]


# ---- what the choice changes ------------------------------------------------------------------------------------


def test_the_log_in_refuses_in_the_chosen_language(world: World) -> None:
    browser = in_english(world.browser())

    page = browser.post("/console/dang-nhap", email="ai@bacninh.example", password="sai")
    assert "The address or password is not right. After 5 wrong tries" in page.text
    browser.client.delete_cookie(COOKIE, path="/console")
    page = browser.post("/console/dang-nhap", email="ai@bacninh.example", password="sai")
    assert "Địa chỉ hoặc mật khẩu chưa đúng. Nhập sai 5 lần" in page.text


def test_a_session_is_kept_in_vietnamese_and_named_in_the_language_of_whoever_looks(world: World) -> None:
    world.officer(Role.DUTY, email="hoa@bacninh.example")
    browser = in_english(world.browser())
    browser.client.environ_base["HTTP_USER_AGENT"] = LINUX

    browser.log_in("hoa@bacninh.example")

    with world.database.reading() as session:
        assert list(session.scalars(select(OfficerSession.device))) == ["Firefox trên Linux"]
    assert "Firefox on Linux" in browser.get("/console/tai-khoan").text


@pytest.mark.parametrize("agent", [LINUX, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15)", "Firefox", "curl"])
def test_the_name_of_a_device_can_be_said_again(agent: str) -> None:
    kept = device_of(agent)
    assert type(kept) is str
    assert device_said(kept) == kept
    assert kept != UNKNOWN or agent == "curl"


def test_the_faults_of_a_sheet_are_read_in_either_language(world: World) -> None:
    admin = world.browser(world.officer(Role.ADMIN, unit_id=None))
    rows = "Họ tên;Địa chỉ thư điện tử;Vai trò\nLê Văn Lạ;la@x.example;Vua\nLê Văn Ba;ba@x.example;Trực ban"
    shown = admin.post("/console/can-bo/bang-tinh", file=(io.BytesIO(rows.encode()), "a.csv")).location

    assert "Không có vai trò “Vua”." in admin.get(shown).text
    page = in_english(admin).get(shown).text
    assert "There is no role “Vua”." in page
    assert "Duty officer" in page
    assert "Whole province" in page


def test_roles_and_refusals_are_said_in_english(world: World) -> None:
    chief = world.officer(Role.ADMIN, unit_id=None, name="Trực ban")
    admin = in_english(world.browser(chief))

    page = admin.get(f"/console/can-bo/{chief}").text
    assert "System administrator" in page
    assert "<h1>Trực ban</h1>" in page, "a name is never translated, whatever it is"
    refused = admin.post("/console/can-bo", name="Ba", email="khong-phai", roles="duty")
    assert "“khong-phai” is not an email address." in refused.text
    with world.database.reading() as session:
        assert len(list(session.scalars(select(Officer.id)))) == 1
