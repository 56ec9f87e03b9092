"""The second step at the door, setting it up, and being asked again before a dangerous act."""

from __future__ import annotations

import re
from pathlib import Path

import flask_security
import pytest
from sqlalchemy import select

from console import passwords
from console.freshness import FRESH_FOR
from data import officers
from data.session import Database
from data.tables import AuditRow, OfficerSession, SecondFactor
from domain.broadcasts import BroadcastStatus
from domain.roles import MAY, Act, Role, needs_second_factor
from tests import once
from tests.console.doors import APP_KEY, code_of_app, key_shown, sets_up_the_app, spare_code
from tests.console.pages import check_page
from tests.console.world import PASSWORD, Browser, World

HOA = "hoa@bacninh.example"
STEP_TWO = "/console/buoc-hai"
SET_UP = "/console/xac-thuc-hai-buoc"


def gives_password(world: World, email: str = HOA) -> Browser:
    browser = world.browser()
    browser.post("/console/dang-nhap", email=email, password=PASSWORD)
    return browser


def app_code(world: World, steps: int = 0) -> str:
    return code_of_app(world.clock().timestamp() + 30 * steps)


def acts_of(world: World, officer_id: int) -> list[str]:
    with world.database.reading() as session:
        subject = f"officer:{officer_id}"
        return list(
            session.scalars(select(AuditRow.action).where(AuditRow.subject == subject).order_by(AuditRow.id))
        )


# ---- for whom ---------------------------------------------------------------------------------------------------


def test_whoever_sees_tips_or_administers_needs_a_second_factor_and_only_editors_do_without() -> None:
    assert all(needs_second_factor([role]) for role in Role if Act.SEE_TIPS in MAY[role])
    assert needs_second_factor([Role.ADMIN])
    assert [role for role in Role if not needs_second_factor([role])] == [Role.EDITOR]
    assert needs_second_factor([Role.EDITOR, Role.DUTY])


def test_an_editor_comes_in_with_a_password_alone_and_may_add_more(world: World) -> None:
    world.officer(Role.EDITOR, email=HOA, factor=False)
    browser = world.browser()

    assert browser.post("/console/dang-nhap", email=HOA, password=PASSWORD).location == "/console/"

    check_page(browser.get(SET_UP), title="Xác thực hai bước", h1="Xác thực hai bước")
    sets_up_the_app(browser, world)
    assert gives_password(world).get("/console/").status_code == 302


# ---- the second step --------------------------------------------------------------------------------------------


def test_the_password_alone_opens_nothing(world: World) -> None:
    world.officer(Role.DUTY, email=HOA)
    browser = gives_password(world)

    for address in ("/console/", "/console/tin-bao", "/console/tai-khoan"):
        assert browser.get(address).location.startswith("/console/dang-nhap"), address
    check_page(browser.get(STEP_TWO), title="Xác nhận bước hai", h1="Xác nhận bước hai")


def test_whoever_has_a_factor_cannot_add_another_with_the_password_alone(world: World) -> None:
    hoa = world.officer(Role.DUTY, email=HOA)
    browser = gives_password(world)

    assert browser.get(SET_UP).location == STEP_TWO
    for address in (f"{SET_UP}/ung-dung", f"{SET_UP}/khoa"):
        assert browser.post(address, code="000000", passkey="{}").location == STEP_TWO
    assert browser.post(f"{SET_UP}/ma-du-phong").status_code == 401
    assert acts_of(world, hoa) == ["officer.add"]


def test_the_code_of_the_app_opens_once_and_never_again(world: World) -> None:
    world.officer(Role.DUTY, email=HOA)
    code = app_code(world)

    first = gives_password(world).post(STEP_TWO, xac_nhan_ma=f"{code[:3]} {code[3:]}")
    again = gives_password(world).post(STEP_TWO, xac_nhan_ma=code)
    later = gives_password(world).post(STEP_TWO, xac_nhan_ma=app_code(world, steps=1))

    assert first.location == "/console/"
    assert again.status_code == 422
    assert "đã dùng rồi" in again.text
    assert later.location == "/console/"


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_of_another_minute_is_refused(world: World, steps: int) -> None:
    world.officer(Role.DUTY, email=HOA)

    assert gives_password(world).post(STEP_TWO, xac_nhan_ma=app_code(world, steps=steps)).status_code == 422


def test_a_recovery_code_opens_once_however_it_is_typed(world: World) -> None:
    hoa = world.officer(Role.DUTY, email=HOA)
    code = spare_code()

    typed = gives_password(world).post(STEP_TWO, xac_nhan_du_phong=f" {code.upper().replace('-', ' ')}")
    again = gives_password(world).post(STEP_TWO, xac_nhan_du_phong=code)

    assert typed.location == "/console/"
    assert again.status_code == 422
    assert "officer.recovery_used" in acts_of(world, hoa)


def test_wrong_codes_lock_the_account_like_wrong_passwords_with_growing_waits(world: World) -> None:
    hoa = world.officer(Role.DUTY, email=HOA)
    browser = gives_password(world)
    for _ in range(officers.FAILURES_ALLOWED):
        browser.post(STEP_TWO, xac_nhan_ma="000000")

    locked = browser.post(STEP_TWO, xac_nhan_ma=app_code(world))
    assert locked.status_code == 422
    assert "tạm khóa" in locked.text
    world.clock.goes(minutes=15, seconds=1)
    assert world.row(hoa).failed_logins == officers.FAILURES_ALLOWED
    browser.post(STEP_TWO, xac_nhan_ma="000000")
    world.clock.goes(minutes=15, seconds=1)
    assert world.browser().log_in(HOA).status_code == 200, "the second wait is longer than the first"
    world.clock.goes(minutes=15)
    assert world.browser().log_in(HOA).location == "/console/"
    assert world.row(hoa).failed_logins == 0


def test_the_right_password_does_not_forgive_wrong_codes(world: World) -> None:
    world.officer(Role.DUTY, email=HOA)
    for _ in range(officers.FAILURES_ALLOWED):
        gives_password(world).post(STEP_TWO, xac_nhan_ma="000000")

    refused = world.browser().post("/console/dang-nhap", email=HOA, password=PASSWORD)

    assert "Địa chỉ hoặc mật khẩu chưa đúng." in refused.text


def test_who_stands_at_the_door_too_long_begins_again(world: World) -> None:
    world.officer(Role.DUTY, email=HOA)
    browser = gives_password(world)
    world.clock.goes(minutes=21)

    answer = browser.post(STEP_TWO, xac_nhan_ma=app_code(world))

    assert answer.location.startswith("/console/dang-nhap")
    assert browser.get("/console/").status_code == 302


# ---- setting up -------------------------------------------------------------------------------------------------


def test_the_first_log_in_sets_the_app_up_and_shows_recovery_codes_once(world: World) -> None:
    hoa = world.officer(Role.DUTY, email=HOA, factor=False)
    browser = gives_password(world)
    page = browser.get(SET_UP)
    check_page(page, title="Xác thực hai bước", h1="Xác thực hai bước")
    key = key_shown(page.text)

    wrong = browser.post(f"{SET_UP}/ung-dung", code="12 34")
    assert wrong.status_code == 422
    assert key_shown(wrong.text) == key, "a wrong code does not mean scanning again"
    assert browser.get("/console/").status_code == 302
    codes = sets_up_the_app(browser, world)

    assert len(set(codes)) == 10
    assert browser.get("/console/").status_code == 200
    assert not any(code in browser.get("/console/tai-khoan").text for code in codes)
    with world.database.reading() as session:
        row = session.get_one(SecondFactor, hoa)
        kept = f"{row.totp_sealed!r}{row.recovery}"
        audit = " ".join(f"{one.before}{one.after}" for one in session.scalars(select(AuditRow)))
    assert key not in kept + audit
    assert not any(code in kept + audit for code in codes)
    world.clock.goes(minutes=5)
    assert gives_password(world).post(STEP_TWO, xac_nhan_du_phong=codes[3]).location == "/console/"
    code = code_of_app(world.clock().timestamp(), key)
    assert gives_password(world).post(STEP_TWO, xac_nhan_ma=code).location == "/console/"


def test_a_new_set_of_recovery_codes_voids_the_old_one(world: World) -> None:
    hoa = world.officer(Role.DUTY, email=HOA)
    old = spare_code()

    shown = world.browser(hoa).post(f"{SET_UP}/ma-du-phong")

    check_page(shown, title="Mã dự phòng", h1="Mã dự phòng")
    assert gives_password(world).post(STEP_TWO, xac_nhan_du_phong=old).status_code == 422
    new = re.findall(r"<li><code>([^<]+)</code>", shown.text)[0]
    assert gives_password(world).post(STEP_TWO, xac_nhan_du_phong=new).location == "/console/"


def test_the_only_factor_of_an_officer_who_needs_one_stays(world: World) -> None:
    duty, editor = world.browser(world.officer(Role.DUTY)), world.browser(world.officer(Role.EDITOR))

    for browser in (duty, editor):
        browser.post(f"{SET_UP}/ung-dung/bo")

    assert "cần ít nhất một cách" in duty.get("/console/tai-khoan").text
    assert "Chưa thiết lập" in editor.get("/console/tai-khoan").text


# ---- asked again ------------------------------------------------------------------------------------------------


def test_a_dangerous_act_asks_again_and_loses_nothing_that_was_typed(world: World) -> None:
    admin = world.browser(world.officer(Role.ADMIN, unit_id=None))
    world.clock.goes(seconds=FRESH_FOR.total_seconds() + 1)
    form = {
        "name": "Lê “Mới” <b>",
        "email": "moi@bacninh.example",
        "unit_id": "",
        "roles": ["duty", "unit_head"],
    }
    token = admin.token()

    asked = admin.client.post("/console/can-bo", data={"csrf_token": token, **form})
    assert asked.status_code == 401
    assert "Xác nhận lại" in asked.text
    assert 'action="/console/can-bo"' in asked.text
    carried = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', asked.text.split("<form")[1])
    assert ("name", "Lê “Mới” &lt;b&gt;") in carried
    assert [value for name, value in carried if name == "roles"] == ["duty", "unit_head"]
    wrong = admin.client.post("/console/can-bo", data={"csrf_token": token, **form, "xac_nhan_ma": "000000"})
    assert wrong.status_code == 401
    assert "chưa đúng" in wrong.text

    right = {"csrf_token": token, **form, "xac_nhan_ma": app_code(world)}
    done = admin.client.post("/console/can-bo", data=right)

    assert "/console/vao/" in done.text
    assert "moi@bacninh.example" in admin.get("/console/can-bo").text
    assert admin.client.post("/console/can-bo", data={"csrf_token": token}).status_code == 422, "fresh again"


def test_a_page_that_is_opened_asks_first_and_then_opens(world: World) -> None:
    browser = world.browser(world.officer(Role.APPROVER, unit_id=None))
    world.clock.goes(minutes=11)
    address = "/console/tuyen-truyen/bao-cao.xlsx"

    asked = browser.get(f"{address}?thang=2026-11")
    assert asked.status_code == 401
    check = {"csrf_token": browser.token(), "then": f"{address}?thang=2026-11"}
    for then in ("https://evil.example/", "//evil.example"):
        evil = browser.client.post(
            "/console/xac-nhan", data=check | {"then": then, "xac_nhan_ma": app_code(world)}
        )
        assert not (evil.location or "").startswith(("http", "//"))
        world.clock.goes(minutes=11)
    done = browser.client.post("/console/xac-nhan", data=check | {"xac_nhan_du_phong": spare_code()})

    assert done.location == f"{address}?thang=2026-11"
    assert browser.get(done.location).status_code == 200


def test_approving_a_broadcast_and_the_stop_button_wait_for_the_second_factor(world: World) -> None:
    author = world.officer(Role.BROADCASTER, unit_id=None, name="Soạn")
    one = world.broadcast(author, status=BroadcastStatus.PROPOSED)
    approver = world.browser(world.officer(Role.APPROVER, unit_id=None))
    world.clock.goes(minutes=11)
    data = {"csrf_token": approver.token(), "reason": "Tin sai"}

    for address in (f"/console/tuyen-truyen/{one}/duyet", "/console/tuyen-truyen/dung"):
        assert approver.client.post(address, data=data).status_code == 401
    assert world.row_of(one).status == BroadcastStatus.PROPOSED
    assert "đang dừng" not in approver.get("/console/tuyen-truyen/dung").text.lower()


# ---- sessions ---------------------------------------------------------------------------------------------------


def test_the_account_page_lists_sessions_and_ends_one_or_all_others(world: World) -> None:
    hoa = world.officer(Role.DUTY, email=HOA)
    here, phone, cafe = (world.browser(hoa) for _ in range(3))
    world.clock.goes(minutes=3)
    here.get("/console/")
    page = here.get("/console/tai-khoan").text
    assert page.count("Máy thử") >= 3
    assert page.count("Phiên này") == 1
    with world.database.reading() as session:
        ids = list(session.scalars(select(OfficerSession.id).order_by(OfficerSession.id)))

    assert here.post(f"/console/tai-khoan/phien/{ids[1]}/ket-thuc").status_code == 302
    assert phone.get("/console/").status_code == 302
    assert cafe.get("/console/").status_code == 200
    with here.client.session_transaction() as cookie:
        copied = dict(cookie)
    assert here.post("/console/tai-khoan/phien/ket-thuc-het").status_code == 302
    assert cafe.get("/console/").status_code == 302
    assert here.get("/console/").status_code == 200
    thief = world.browser()
    with thief.client.session_transaction() as cookie:
        cookie.update(copied)
    assert thief.get("/console/").status_code == 302, "a copied cookie is worth nothing afterwards"


def test_nobody_ends_the_session_of_somebody_else_by_guessing_its_number(world: World) -> None:
    hoa, tuan = world.officer(Role.DUTY), world.officer(Role.DUTY, name="Tuấn")
    hers, his = world.browser(hoa), world.browser(tuan)
    with world.database.reading() as session:
        number = session.scalars(select(OfficerSession.id).where(OfficerSession.officer_id == hoa)).one()

    assert his.post(f"/console/tai-khoan/phien/{number}/ket-thuc").status_code == 404
    assert hers.get("/console/").status_code == 200


def test_after_log_out_the_same_cookie_opens_nothing(world: World) -> None:
    browser = world.browser(world.officer(Role.DUTY))
    with browser.client.session_transaction() as cookie:
        copied = dict(cookie)
    browser.post("/console/dang-xuat")

    thief = world.browser()
    with thief.client.session_transaction() as cookie:
        cookie.update(copied)
    assert thief.get("/console/").status_code == 302


def test_a_session_lasts_one_shift_even_when_the_cookie_lives_on(world: World) -> None:
    browser = world.browser(world.officer(Role.DUTY))
    world.clock.goes(hours=12, seconds=1)

    assert browser.get("/console/").status_code == 302


# ---- guessing, defaults -----------------------------------------------------------------------------------------


def test_an_address_that_guesses_at_many_accounts_has_to_wait_without_a_hint(world: World) -> None:
    world.officer(Role.DUTY, email=HOA)
    guesser = world.browser()
    pages = [guesser.log_in(f"ai-do-{number}@bacninh.example", "sai mat khau").text for number in range(20)]
    waits = guesser.log_in(HOA).text

    assert guesser.get(STEP_TWO).status_code == 302, "not even the right password"
    assert "Địa chỉ hoặc mật khẩu chưa đúng." in waits
    assert _bare(waits, HOA) == _bare(pages[-1], "ai-do-19@bacninh.example")
    elsewhere = world.browser()
    elsewhere.client.environ_base["REMOTE_ADDR"] = "10.9.8.7"
    assert elsewhere.log_in(HOA).location == "/console/"
    world.clock.goes(minutes=15, seconds=1)
    assert guesser.log_in(HOA).location == "/console/"


def test_passwords_are_kept_as_argon2id(world: World) -> None:
    assert str(world.row(world.officer(Role.DUTY)).password).startswith("$argon2id$")


def test_a_guess_costs_what_is_advised_at_the_log_in_as_elsewhere(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 9106, section 4. All other tests run with a cost of next to nothing (tests.once)."""
    monkeypatch.setattr(passwords, "COST", once.REAL_COST)
    with World(sqlite_database).console.app_context():
        hashes = passwords.hash_password(PASSWORD), flask_security.hash_password(PASSWORD)

    assert [one.rsplit("$", 2)[0] for one in hashes] == ["$argon2id$v=19$m=65536,t=3,p=4"] * 2


def test_there_is_no_password_in_the_demo_or_the_content_and_no_way_to_switch_the_second_factor_off() -> None:
    """Passwords are asked for or made at random. No setting, variable or option skips the second factor."""
    demo = Path("bot/demo.py").read_text("utf-8")
    assert not re.search(r"password\s*=\s*f?[\"']", demo)
    for path in [*Path("bot").glob("*.py"), *Path("console").rglob("*.py"), *Path("data").glob("*.py")]:
        text = path.read_text("utf-8")
        assert not re.search(r"(password|mat_khau)\s*[:=]\s*f?[\"'][^\"'{]{4,}[\"']", text), path
    settings = Path("bot/settings.py").read_text("utf-8").lower()
    assert "factor" not in settings
    assert "password" not in settings
    assert "argon2" not in "".join(
        path.read_text("utf-8")
        for path in Path("data/content").rglob("*")
        if path.suffix in {".toml", ".csv", ".jsonl"}
    )


def _bare(page: str, email: str) -> str:
    """Without what differs from request to request."""
    return re.sub(r'value="[^"]{20,}"', "", page.replace(email, ""))


def test_the_key_of_the_tests_is_no_key_of_the_house() -> None:
    for path in [*Path("bot").rglob("*.py"), *Path("console").rglob("*.py"), *Path("data").rglob("*.py")]:
        assert APP_KEY not in path.read_text("utf-8"), path
