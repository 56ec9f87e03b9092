"""Coming in and going out: passwords, lock-out, one-time links, tokens against cross-site requests."""

from __future__ import annotations

from data import officers
from data.tables import Officer
from domain.roles import Role
from tests.console.doors import spare_code
from tests.console.world import PASSWORD, World


def test_an_officer_logs_in_and_sees_who_they_are(world: World) -> None:
    hoa = world.officer(Role.DUTY, name="Nguyễn Thị Hoa", email="hoa@bacninh.example")
    browser = world.browser()

    answer = browser.log_in(" HOA@bacninh.example")

    assert answer.status_code == 302
    page = browser.get("/console/")
    assert page.status_code == 200
    assert "Chào đồng chí Nguyễn Thị Hoa" in page.text
    assert world.row(hoa).last_login_at == world.clock()


def test_the_page_asked_for_comes_after_log_in_but_never_another_site(world: World) -> None:
    world.officer(Role.DUTY, email="hoa@bacninh.example")
    asked = world.browser().get("/console/tin-bao?view=new")
    assert asked.status_code == 302
    assert asked.location.startswith("/console/dang-nhap?next=")

    for wanted in (
        "/console/tin-bao?view=new",
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
    ):
        browser = world.browser()
        given = {"email": "hoa@bacninh.example", "password": PASSWORD, "next": wanted}
        step = browser.post("/console/dang-nhap", **given)
        assert step.location in {"/console/buoc-hai", None}
        answer = browser.post("/console/buoc-hai", xac_nhan_du_phong=spare_code())
        assert not (answer.location or "").startswith(("http", "//", "/\\"))
        if "evil" not in wanted:
            assert answer.location == wanted


def test_every_refusal_sounds_the_same(world: World) -> None:
    world.officer(Role.DUTY, email="hoa@bacninh.example")
    closed = world.officer(Role.DUTY, email="cu@bacninh.example", name="Cũ")
    with world.database.transaction() as session:
        officers.disable_officer(session, session.get_one(Officer, closed), now=world.clock())
    browser = world.browser()

    for email, password in [
        ("hoa@bacninh.example", "sai mat khau"),
        ("khong.co@bacninh.example", PASSWORD),
        ("cu@bacninh.example", PASSWORD),
    ]:
        page = browser.log_in(email, password).text
        assert "Địa chỉ hoặc mật khẩu chưa đúng." in page, email
        assert 'role="alert"' in page
        assert "sai mat khau" not in page
    assert browser.get("/console/").status_code == 302


def test_after_five_wrong_passwords_even_the_right_one_waits(world: World) -> None:
    world.officer(Role.DUTY, email="hoa@bacninh.example")
    world.officer(Role.DUTY, email="tuan@bacninh.example", name="Tuấn")
    browser = world.browser()
    for _ in range(officers.FAILURES_ALLOWED):
        browser.log_in("hoa@bacninh.example", "sai mat khau")

    assert browser.log_in("hoa@bacninh.example").status_code == 200
    assert world.browser().log_in("tuan@bacninh.example").status_code == 302

    world.clock.goes(minutes=15, seconds=1)
    assert browser.log_in("hoa@bacninh.example").status_code == 302


def test_log_out_ends_it(world: World) -> None:
    browser = world.browser(world.officer(Role.DUTY))
    assert browser.get("/console/dang-xuat").status_code == 405

    answer = browser.post("/console/dang-xuat")

    assert answer.location.endswith("/console/dang-nhap")
    assert browser.get("/console/").status_code == 302


def test_a_disabled_officer_is_out_at_once(world: World) -> None:
    hoa = world.officer(Role.DUTY)
    browser = world.browser(hoa)
    with world.database.transaction() as session:
        officers.disable_officer(session, session.get_one(Officer, hoa), now=world.clock())

    assert browser.get("/console/").status_code == 302


def test_a_one_time_link_asks_first_then_works_once_and_leads_to_a_password(world: World) -> None:
    with world.database.transaction() as session:
        row = officers.add_officer(
            session,
            email="moi@bacninh.example",
            name="Lê Văn Mới",
            roles=[Role.DUTY],
            unit_id=None,
            now=world.clock(),
        )
        token = officers.link_token(row, secret="a secret of the tests, 32 characters", now=world.clock())
    address = f"/console/vao/{token}"
    browser, late = world.browser(), world.browser()
    for _ in range(2):
        assert "Chào đồng chí Lê Văn Mới" in browser.get(address).text

    assert browser.post(address).location == "/console/xac-thuc-hai-buoc"
    assert late.get(address).status_code == 410
    assert late.post(address).status_code == 410
    assert late.get("/console/").status_code == 302


def test_a_new_password_is_asked_for_twice_and_ends_other_sessions(world: World) -> None:
    hoa = world.officer(Role.DUTY, email="hoa@bacninh.example")
    here, elsewhere = world.browser(hoa), world.browser(hoa)
    address = "/console/tai-khoan/mat-khau"

    for old, new, again, words in [
        (PASSWORD, "ngắn", "ngắn", "ít nhất 10 ký tự"),
        (PASSWORD, "một câu khác hẳn", "một câu khác", "chưa giống nhau"),
        ("sai mat khau", "một câu khác hẳn", "một câu khác hẳn", "đang dùng chưa đúng"),
    ]:
        refused = here.post(address, old=old, new=new, again=again)
        assert refused.status_code == 422
        assert words in refused.text
    done = here.post(address, old=PASSWORD, new="một câu khác hẳn", again="một câu khác hẳn")

    assert done.status_code == 302
    assert here.get("/console/").status_code == 200
    assert elsewhere.get("/console/").status_code == 302
    assert world.browser().log_in("hoa@bacninh.example", "một câu khác hẳn").status_code == 302
    assert world.browser().log_in("hoa@bacninh.example", PASSWORD).status_code == 200


def test_a_form_without_its_token_does_nothing(world: World) -> None:
    hoa, tip = world.officer(Role.DUTY), world.tip()
    browser = world.browser(hoa)

    for given in ({}, {"csrf_token": "made up"}):
        answer = browser.client.post(f"/console/tin-bao/{tip}/tiep-nhan", data=given)
        assert answer.status_code == 401
        assert "Phiên làm việc đã hết" in answer.text
    assert world.full(tip).line.taken_by is None
    assert browser.client.post("/console/dang-nhap", data={"email": "a", "password": "b"}).status_code == 401


def test_an_htmx_look_without_a_session_is_told_so_and_not_sent_to_another_page(world: World) -> None:
    tip = world.tip()

    answer = world.browser().get(f"/console/tin-bao/{tip}/dien-bien", HX_Request="true")

    assert answer.status_code == 401
    assert "location" not in answer.headers


def test_the_cookie_is_for_the_console_alone(world: World) -> None:
    world.officer(Role.DUTY, email="hoa@bacninh.example")
    cookie = world.browser().log_in("hoa@bacninh.example").headers["Set-Cookie"]

    assert "Path=/console" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_there_is_no_registration_and_no_recovery(world: World) -> None:
    browser = world.browser()
    for path in ("register", "reset", "recover", "confirm", "verify", "us-signin", "login", "change"):
        assert browser.get(f"/console/{path}").status_code == 404
