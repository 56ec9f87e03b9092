"""A unit says by a sheet where its dossiers stand: nothing is lost, nothing changes unseen, units stay apart."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select
from urllib3.filepost import encode_multipart_formdata

from data import dossier_sheets
from data.tables import AuditRow, Dossier
from domain.roles import Role
from domain.work import Kind
from tests.console.pages import check_page
from tests.console.world import DOSSIER_CODE, PROVINCE, WARD_3, WARD_5, Browser, World

SHEET = (
    "Mã hồ sơ;Bước;Ngày;Thủ tục;4 số cuối điện thoại\n"
    f"{DOSSIER_CODE};Đang giải quyết;21/11/2026;Đăng ký tạm trú;0123\n"
    "H57.132-260804-0583;Có kết quả;21/11/2026;;4567\n"
)


def sends(browser: Browser, sheet: str | bytes, name: str = "ho-so.csv"):
    content = sheet.encode() if isinstance(sheet, str) else sheet
    form: dict[str, str | tuple[str, bytes]] = {"csrf_token": browser.token(), "file": (name, content)}
    body, kind = encode_multipart_formdata(
        list(form.items())
    )  # the test client would leave a large file open
    return browser.client.post("/console/ho-so", data=body, content_type=kind)


def kept(world: World) -> list[tuple[str, str]]:
    with world.database.reading() as session:
        return [(row.code, row.step) for row in session.scalars(select(Dossier).order_by(Dossier.id))]


def test_a_sheet_is_shown_first_and_holds_when_the_officer_says_so(world: World) -> None:
    world.dossier()
    browser = world.browser(world.officer(Role.DUTY))
    answer = sends(browser, SHEET)
    assert answer.status_code == 302
    shown = browser.get(answer.location)
    check_page(shown, title="So sánh bảng hồ sơ", h1="So sánh bảng hồ sơ")
    page = shown.text
    assert "1</strong><span>hồ sơ mới" in page
    assert "1</strong><span>hồ sơ sang bước khác" in page
    assert "0123" not in page
    assert "4567" not in page
    assert kept(world) == [(DOSSIER_CODE, "received")]

    browser.post(f"{answer.location}/ap-dung")
    assert kept(world) == [(DOSSIER_CODE, "processing"), ("H57.132-260804-0583", "ready")]
    assert {Kind.OUTBOX, Kind.HOOKS} <= set(world.woken)
    assert browser.post(f"{answer.location}/ap-dung").status_code == 409  # the second click
    late = browser.post(f"{answer.location}/bo")
    assert (late.status_code, "đã được xử lý" in late.text) == (409, True), (
        "what holds is not said to be dropped"
    )
    listing = browser.get("/console/ho-so")
    check_page(listing, title="Hồ sơ của người dân", h1="Hồ sơ của người dân")
    assert "Có kết quả" in listing.text
    with world.database.reading() as session:
        audit = session.scalars(select(AuditRow).where(AuditRow.action == "dossier.import")).all()
        assert [row.after for row in audit] == [{"dossiers": 2, "unit_id": WARD_3}]


def test_faults_are_named_by_line_and_nothing_can_be_applied(world: World) -> None:
    browser = world.browser(world.officer(Role.UNIT_HEAD))
    answer = sends(browser, SHEET + "xx;Đang bay;1/1/2026;;12\n")
    page = browser.get(answer.location).text
    assert re.search(r'<td class="code">4</td><td>Bước</td><td>Không có bước này', page)
    assert "ap-dung" not in page
    assert browser.post(f"{answer.location}/ap-dung").status_code == 409
    assert kept(world) == []
    browser.post(f"{answer.location}/bo")
    assert "Đã bỏ" in browser.get(answer.location).text


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.csv", "không có dòng nào"),
        (b"PK\x03\x04 broken", "a.xlsx", "Không đọc được tệp Excel"),
        ("Cột lạ;Khác\n1;2\n".encode(), "a.csv", "Dòng đầu thiếu cột"),
        ("Mã hồ sơ".encode("utf-16"), "a.csv", "UTF-8"),
        (b"x" * (dossier_sheets.BYTES_MAX + 1), "a.csv", "lớn hơn 4 MB"),
    ],
)
def test_what_is_no_sheet_gets_a_sentence(world: World, content: bytes, name: str, words: str) -> None:
    answer = sends(world.browser(world.officer(Role.DUTY)), content, name)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_form_without_a_file_says_so(world: World) -> None:
    answer = world.browser(world.officer(Role.DUTY)).post("/console/ho-so")
    assert answer.status_code == 422
    assert "Mời chọn một tệp" in answer.text


def test_another_unit_sees_nothing_of_it_and_may_not_change_it(world: World) -> None:
    dossier = world.dossier()
    mine = world.browser(world.officer(Role.DUTY))
    theirs = world.browser(world.officer(Role.DUTY, unit_id=WARD_5))
    sheet = sends(mine, SHEET).location
    assert DOSSIER_CODE not in theirs.get("/console/ho-so").text
    assert theirs.get(f"/console/ho-so/{dossier}").status_code == 404
    assert theirs.get(sheet).status_code == 404
    assert theirs.post(f"{sheet}/ap-dung").status_code == 404
    assert theirs.post(f"{sheet}/bo").status_code == 404
    assert "ap-dung" in mine.get(sheet).text
    page = theirs.get(sends(theirs, SHEET.splitlines()[0] + "\n" + SHEET.splitlines()[1]).location).text
    assert "thuộc đơn vị khác" in page
    assert kept(world) == [(DOSSIER_CODE, "received")]


def test_an_administrator_of_the_province_names_the_unit_in_each_row(world: World) -> None:
    browser = world.browser(world.officer(Role.ADMIN, unit_id=None))
    assert "Mỗi dòng cần mã đơn vị" in browser.get("/console/ho-so").text
    assert "Chưa có mã đơn vị" in browser.get(sends(browser, SHEET).location).text
    lines = SHEET.splitlines()
    named = "\n".join([f"{lines[0]};Đơn vị", f"{lines[1]};{WARD_5}", f"{lines[2]};{PROVINCE}"])
    answer = sends(browser, named)
    browser.post(f"{answer.location}/ap-dung")
    with world.database.reading() as session:
        assert session.scalars(select(Dossier.unit_id).order_by(Dossier.id)).all() == [WARD_5, PROVINCE]
        assert session.scalar(select(func.count()).select_from(Dossier)) == 2


def test_a_dossier_is_found_by_its_code_and_its_page_shows_the_steps(world: World) -> None:
    dossier = world.dossier()
    browser = world.browser(world.officer(Role.DUTY))
    assert f"/console/ho-so/{dossier}" in browser.get("/console/ho-so?q=g01 899 909 261120 000017").text
    assert "Không có hồ sơ nào" in browser.get("/console/ho-so?q=abc").text
    shown = browser.get(f"/console/ho-so/{dossier}")
    check_page(shown, title="Hồ sơ", h1=DOSSIER_CODE)
    page = shown.text
    assert "Đã tiếp nhận" in page
    assert "0 người đang theo dõi" in page


def test_the_template_is_an_excel_file(world: World) -> None:
    answer = world.browser(world.officer(Role.DUTY)).get("/console/ho-so/mau.xlsx")
    assert answer.data[:2] == b"PK"
