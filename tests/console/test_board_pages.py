"""Composing boards in the console: own unit only, draft and published, nothing lost, sheets and counts."""

from __future__ import annotations

import re

import pypdfium2
import pytest

from data import board_codes
from data.session import Database
from domain.roles import Role
from tests.console.world import PROVINCE, WARD_3, WARD_5, World

MINE, OTHERS = "/console/bang/xa/07210", "/console/bang/xa/07228"


@pytest.fixture
def world(sqlite_database: Database) -> World:
    return World(sqlite_database)


def form(version: int = 0, **more: object) -> dict[str, object]:
    """Two fields, citizen identity first."""
    return {
        "version": version,
        "on": ["residence", "citizen_id"],
        "place_residence": "2",
        "place_citizen_id": "1",
        "label_residence": "Cư trú",
        "label_citizen_id": "Căn cước",
        "words_residence": "đăng ký tạm trú",
        "words_citizen_id": "làm căn cước",
        **more,
    }


def version_on(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_the_head_of_a_unit_composes_its_own_board_and_sees_no_other(world: World) -> None:
    browser = world.browser(world.officer(Role.UNIT_HEAD))
    listing = browser.get("/console/bang").text
    assert MINE in listing
    assert OTHERS not in listing
    assert browser.get(OTHERS).status_code == 404
    assert browser.post(OTHERS, **form()).status_code == 404
    assert browser.get(f"{OTHERS}/to-in.pdf").status_code == 404

    saved = browser.post(MINE, **form(hotline="0204 3855 555"))
    assert saved.status_code == 302
    page = browser.get(MINE).text
    assert "Có bản nháp" in page
    assert page.index('value="citizen_id" checked') < page.index('value="residence" checked')
    assert browser.post(MINE, **form(1, then="publish", hotline="0204 3855 555")).status_code == 302
    assert "Đã công bố" in browser.get(MINE).text


def test_what_cannot_be_kept_is_said_and_stays_typed(world: World) -> None:
    browser = world.browser(world.officer(Role.UNIT_HEAD))
    page = browser.post(MINE, **form(hotline="gọi anh Ba", note="Lời dặn dài", languages="en"))
    assert page.status_code == 422
    assert "Đường dây nóng chỉ gồm chữ số" in page.text
    assert "cần tên tiếng Anh" in page.text
    assert "Lời dặn dài" in page.text
    assert 'value="gọi anh Ba"' in page.text


def test_two_officers_at_once_the_second_keeps_what_they_typed(world: World) -> None:
    first, second = (
        world.browser(world.officer(Role.UNIT_HEAD)),
        world.browser(world.officer(Role.EDITOR, unit_id=None)),
    )
    assert first.post(MINE, **form()).status_code == 302
    late = second.post(MINE, **form(note="Của người đến sau"))
    assert late.status_code == 409
    assert "vừa được người khác lưu" in late.text
    assert "Của người đến sau" in late.text
    assert second.post(MINE, **form(int(version_on(late.text)), note="Của người đến sau")).status_code == 302


def test_an_earlier_board_comes_back_by_one_button(world: World) -> None:
    browser = world.browser(world.officer(Role.UNIT_HEAD))
    browser.post(MINE, **form(note="Bản một"))
    browser.post(MINE, **form(1, note="Bản hai"))
    page = browser.get(MINE).text
    step = re.findall(r'name="step" value="(\d+)"', page)[-1]
    assert browser.post(f"{MINE}/lay-lai", version="2", step=step).status_code == 302
    page = browser.get(MINE).text
    assert 'value="Bản một"' in page
    assert "Lấy lại bản trước" in page
    assert browser.post(f"{MINE}/lay-lai", version="2", step=step).status_code == 409
    assert browser.post(f"{MINE}/lay-lai", version="3", step="999").status_code == 422


def test_a_sheet_and_a_batch_are_printed_and_posters_keep_their_codes(world: World) -> None:
    head, editor = (
        world.browser(world.officer(Role.UNIT_HEAD)),
        world.browser(world.officer(Role.EDITOR, unit_id=None)),
    )
    one = head.get(f"{MINE}/to-in.pdf?kho=A5")
    assert (one.status_code, one.mimetype) == (200, "application/pdf")
    assert one.headers["Cache-Control"] == "private, no-store"
    assert texts(one.data)[0].count("Công an phường Bắc Giang") == 1
    both = editor.get("/console/bang/xa/to-in.pdf?kho=A4")
    assert len(texts(both.data)) == 2
    assert len(texts(head.get("/console/bang/xa/to-in.pdf").data)) == 1
    with world.database.transaction() as session:
        codes = board_codes.codes(session, WARD_3, "xa", ["residence"], now=world.clock())
    for code in codes.values():
        assert f"{code[:3]} {code[3:]}" in texts(head.get(f"{MINE}/to-in.pdf").data)[0]
        assert f"{code[:3]} {code[3:]}" in head.get(MINE).text
    assert head.get("/console/bang/tinh/24/to-in.pdf").status_code == 404
    assert editor.get("/console/bang/tinh/24/to-in.pdf?kho=A3").status_code == 200
    assert editor.get("/console/bang/huyen-2022/to-in.pdf").status_code == 404


def test_scans_are_shown_for_the_own_unit_and_in_excel(world: World) -> None:
    with world.database.transaction() as session:
        for unit, times in ((WARD_3, 3), (WARD_5, 8)):
            codes = board_codes.codes(session, unit, "xa", ["residence"], now=world.clock())
            found = board_codes.meaning(session, codes["residence"])
            assert found is not None
            for _ in range(times):
                board_codes.count_scan(session, found, now=world.clock())
    mine = world.browser(world.officer(Role.DUTY)).get("/console/bang/luot-quet").text
    assert "<strong>3</strong>" in mine
    assert "Đa Mai" not in mine
    everyone = (
        world.browser(world.officer(Role.INSPECTOR, unit_id=PROVINCE)).get("/console/bang/luot-quet").text
    )
    assert "<strong>0</strong>" in everyone
    province = world.browser(world.officer(Role.ADMIN, unit_id=None))
    assert "<strong>11</strong>" in province.get("/console/bang/luot-quet?ngay=7").text
    assert province.get("/console/bang/luot-quet.xlsx").data[:2] == b"PK"
    assert "3 lượt quét" in world.browser(world.officer(Role.UNIT_HEAD)).get(MINE).text


def test_who_only_looks_gets_no_buttons(world: World) -> None:
    browser = world.browser(world.officer(Role.DUTY))
    assert "Lưu và công bố" not in browser.get(MINE).text
    assert browser.post(MINE, **form()).status_code == 403


def texts(made: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(made)
    found = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return found
